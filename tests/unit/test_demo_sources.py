"""Every source of the contracts is in the demo, whole and consistent: columns, keys, sums, dates, any day and noise."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from c360.demo import AS_OF, DemoFacts, place_of, write_demo
from c360.demo.files import Recipe, publish
from c360.errors import UsageError
from c360.expr.schema import ENTITY, Schema, SourceSpec
from c360.workspace import Workspace
from project import ROOT

SCHEMA: Schema = Workspace.find(ROOT).catalog.schema
MID_MONTH = date(2026, 8, 20)


@pytest.fixture(scope="module", params=[AS_OF, MID_MONTH], ids=["month end", "mid-month"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DemoFacts:
    return write_demo(tmp_path_factory.mktemp("demo") / "c360-demo", customers=1200, seed=11, as_of=request.param)


@pytest.fixture(scope="module")
def db(demo: DemoFacts) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        connection.execute("SET async_threads = 0")
        connection.execute(f"CREATE MACRO as_of() AS DATE '{demo.as_of}'")
        for source in demo.rows:
            connection.read_parquet(demo.place(source)).create(source)
        for name in ("churn_event", "bill"):
            connection.read_parquet(str(demo.folder / "future" / f"{name}.parquet")).create(f"future_{name}")
        connection.read_parquet(str(demo.folder / "truth" / "customer.parquet")).create("truth")
        yield connection


def one(db: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = db.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


def digest(folder: Path, source: str) -> tuple[object, ...]:
    """Return the number of rows of a source and a sum over them that does not depend on their order."""
    rows = duckdb.read_parquet(place_of(folder, source))
    (found,) = rows.query("rows", "SELECT count(*), sum(hash(rows)::HUGEINT) FROM rows").fetchall()
    return tuple(found)


def kind_of(physical: str) -> str:
    """Return the kind of a Parquet column, as the contracts call it."""
    if physical.startswith("DECIMAL"):
        return "volume" if physical == "DECIMAL(18,3)" else "money"
    return {"VARCHAR": "text", "DATE": "date", "BOOLEAN": "boolean", "DOUBLE": "number"}.get(physical, "integer")


def wanted(spec: SourceSpec) -> dict[str, str]:
    """Return the columns a file of *spec* should have, with their kinds."""
    same = {"key": "text", "category": "text", "ordered": "text", "month": "date"}
    columns = {c.file_name: same.get(c.type.kind, c.type.kind) for c in spec.columns}
    return ({f"{spec.entity}_id": "text"} if spec.kind == ENTITY else {}) | columns


def test_the_demo_has_exactly_the_sources_of_the_contracts(demo: DemoFacts) -> None:
    assert set(demo.rows) == set(SCHEMA.sources)


@pytest.mark.parametrize("source", SCHEMA.sources)
def test_a_file_has_exactly_the_columns_of_its_contract(db: duckdb.DuckDBPyConnection, source: str) -> None:
    found = {name: kind_of(kind) for name, kind, *_ in db.execute(f"DESCRIBE {source}").fetchall()}
    assert found == wanted(SCHEMA.source(source))
    assert one(db, f"SELECT count(*) FROM {source}") > 0


LINKS = [
    (source.name, column.file_name, column.type.entity) for source in SCHEMA.sources.values() for column in source.columns
    if column.type.kind == "key"
]  # fmt: skip


@pytest.mark.parametrize(("source", "column", "parent"), LINKS)
def test_every_key_names_a_row(db: duckdb.DuckDBPyConnection, source: str, column: str, parent: str) -> None:
    lost = f"FROM {source} AS s WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT {parent}_id FROM {parent})"
    assert one(db, f"SELECT count(*) {lost}") == 0
    assert one(db, f"SELECT count({column}) FROM {source}") > 0


EVENTS = [
    (source.name, column.file_name) for source in SCHEMA.sources.values() for column in source.columns
    if column.type.kind in ("date", "month") and column.role not in ("planned", "current")
]  # fmt: skip


@pytest.mark.parametrize(("source", "column"), EVENTS)
def test_nothing_is_known_before_it_happens(db: duckdb.DuckDBPyConnection, source: str, column: str) -> None:
    last = f'last_day("{column}")' if column == "month" else f'"{column}"'
    assert one(db, f"SELECT count(*) FROM {source} WHERE {last} > as_of()") == 0


LEVELS = [
    (source.name, column.name, column.type.levels) for source in SCHEMA.sources.values() for column in source.columns
    if column.type.kind in ("category", "ordered")
]  # fmt: skip


@pytest.mark.parametrize(("source", "column", "levels"), LEVELS)
def test_only_levels_of_the_contract_occur(
    db: duckdb.DuckDBPyConnection, source: str, column: str, levels: tuple[str, ...]
) -> None:
    found = {row[0] for row in db.execute(f'SELECT DISTINCT "{column}" FROM {source}').fetchall()} - {None}
    assert found and found <= set(levels)


FAULTS = {
    "a bill that does not add up": """FROM bill WHERE total <> plan_fee + voice_local + voice_long_distance + voice_roaming
        + data + sms + vas + other - discount""",
    "a negative amount on a bill": """FROM bill WHERE least(plan_fee, voice_local, voice_long_distance, voice_roaming, data, sms,
        vas, other, discount, total, interconnect, network_share, staff, promotion, device_subsidy_amortised, fee_subsidy,
        service_cost, commission) < 0""",
    "a line of another customer's account": """FROM line JOIN account USING (account_id)
        WHERE line.customer_id <> account.customer_id""",
    "an invoice that is not the sum of the account's bills": """FROM payment LEFT JOIN (
            SELECT account_id, (month + INTERVAL 1 MONTH)::DATE + 19 AS due_on, sum(total) AS billed
            FROM bill JOIN line USING (line_id) GROUP BY ALL
        ) USING (account_id, due_on) WHERE billed IS DISTINCT FROM amount_due""",
    "a payment without an amount": "FROM payment WHERE (paid_on IS NULL) <> (amount_paid IS NULL)",
    "usage or a bill of a line that is gone": """FROM line JOIN (
            SELECT line_id, day FROM usage UNION ALL SELECT line_id, month FROM bill) USING (line_id)
        WHERE day >= deactivated_on""",
    "a line that left without an event": "FROM line ANTI JOIN churn_event USING (line_id) WHERE deactivated_on IS NOT NULL",
    "an event on another day": "FROM line JOIN churn_event USING (line_id) WHERE deactivated_on IS DISTINCT FROM churned_on",
    "two ends of one line": "FROM (FROM churn_event UNION ALL FROM future_churn_event) GROUP BY line_id HAVING count(*) > 1",
    "a future end not in the 90 days after": "FROM future_churn_event WHERE churned_on NOT BETWEEN as_of() + 1 AND as_of() + 90",
    "a future bill of a line that has left": "FROM future_bill JOIN churn_event USING (line_id) WHERE month > churned_on",
    "a future bill after the end": """FROM future_bill JOIN future_churn_event USING (line_id)
        WHERE month >= churned_on AND month <> date_trunc('month', churned_on)""",
    "points that do not add up": """FROM (SELECT balance, sum(earned - redeemed) OVER (PARTITION BY customer_id
        ORDER BY moved_on) AS summed FROM points) WHERE balance <> summed""",
    "a referral before either was here": """FROM referral JOIN customer AS c USING (customer_id)
        JOIN customer AS r ON r.customer_id = referred_id WHERE referred_on < greatest(c.joined_on, r.joined_on)""",
    "a subscription outside its line": """FROM subscription JOIN line USING (line_id) WHERE started_on < activated_on
        OR started_on >= deactivated_on AND started_on > activated_on OR ended_on < started_on OR ended_on > deactivated_on""",
    "a suspension outside its line": """FROM suspension JOIN line USING (line_id)
        WHERE from_on < activated_on OR from_on >= deactivated_on OR to_on < from_on""",
    "a contact in a campaign of another time": """FROM contact JOIN campaign USING (campaign_id)
        WHERE "on" NOT BETWEEN starts_on AND ends_on OR contact.offer_id <> campaign.offer_id""",
    "a member before its group": """FROM membership JOIN customer_group USING (customer_group_id)
        WHERE since_on < founded_on OR group_kind <> kind""",
    "a sub-card of another customer's line": """FROM line JOIN line AS main ON main.line_id = line.main_line_id
        WHERE main.customer_id <> line.customer_id OR NOT line.is_sub_card""",
    "a customer outside the manager's cell": """FROM customer JOIN manager USING (manager_id)
        WHERE customer.unit_id <> manager.unit_id""",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_sources_fit_together(db: duckdb.DuckDBPyConnection, fault: str) -> None:
    assert one(db, f"SELECT count(*) FROM (SELECT 1 {FAULTS[fault]})") == 0


def test_history_is_long_enough_to_look_back_from_four_months_ago(demo: DemoFacts, db: duckdb.DuckDBPyConnection) -> None:
    assert one(db, "SELECT count(DISTINCT month) FROM bill") == 16
    complete = "(as_of() + 1 - INTERVAL 1 MONTH) >= date_trunc('month', day)"
    assert one(db, f"SELECT count(DISTINCT date_trunc('month', day)) FROM usage WHERE {complete}") >= 8
    assert one(db, "SELECT max(day) - as_of() FROM usage") == 0


def test_known_answers_hold_on_any_day(demo: DemoFacts, db: duckdb.DuckDBPyConnection) -> None:
    assert demo.answers["lines_active"] == one(db, "SELECT count(*) FROM line WHERE deactivated_on IS NULL")
    silent = """FROM line ANTI JOIN (FROM usage WHERE day > as_of() - 7 AND calls_out + calls_in > 0) AS called USING (line_id)
        WHERE deactivated_on IS NULL AND service_type IN ('mobile', 'fixed')"""
    assert demo.answers["voice_lines_silent_7_days"] == one(db, f"SELECT count(*) {silent}")
    assert demo.answers["customers_leaving_within_90_days"] == one(db, "SELECT count_if(churns_within_90_days) FROM truth")


@pytest.mark.thorough
def test_rows_do_not_depend_on_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = []
    for threads in (1, 4):
        monkeypatch.setattr(os, "cpu_count", lambda threads=threads: threads)
        folders.append(publish(tmp_path / str(threads), Recipe(600, 5, AS_OF, 0.05)).folder)
    for source in SCHEMA.sources:
        assert digest(folders[0], source) == digest(folders[1], source), source


@pytest.mark.thorough
def test_noise_changes_the_rows_and_not_the_truth(tmp_path: Path) -> None:
    low, high = (write_demo(tmp_path / str(noise), customers=600, seed=5, noise=noise) for noise in (0.0, 0.3))
    assert digest(low.folder, "truth/customer") == digest(high.folder, "truth/customer")
    assert digest(low.folder, "bill") != digest(high.folder, "bill")
    assert not write_demo(tmp_path / "0.3", customers=600, seed=5).reused, "another noise is another demo"


@pytest.mark.thorough
def test_a_demo_of_another_size_leaves_no_usage_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "demo" / "usage").mkdir(parents=True)
    (tmp_path / "demo" / "usage" / "1999-01.parquet").write_bytes(b"PAR1")
    monkeypatch.setattr("c360.demo.usage.A_FILE_A_DAY", 100)
    daily = write_demo(tmp_path / "demo", customers=120, seed=5)
    assert len(list((daily.folder / "usage").iterdir())) == (AS_OF - date(2026, 2, 1)).days + 1
    monkeypatch.undo()
    again = write_demo(tmp_path / "monthly", customers=120, seed=5)
    assert len(list((again.folder / "usage").iterdir())) == 9
    assert digest(daily.folder, "usage") == digest(again.folder, "usage")


@pytest.mark.parametrize(
    ("as_of", "noise", "told"),
    [(date(1999, 1, 1), 0.05, "a day from"), (AS_OF, 0.6, "a noise from"), (AS_OF, -0.1, "a noise from")],
)
def test_what_cannot_be_made_is_refused(tmp_path: Path, as_of: date, noise: float, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        write_demo(tmp_path / "demo", customers=20, as_of=as_of, noise=noise)
    assert not list(tmp_path.iterdir())


@pytest.mark.thorough
def test_each_step_is_told_with_its_rows(tmp_path: Path) -> None:
    told: list[tuple[str, int, float]] = []
    made = write_demo(tmp_path / "demo", customers=50, seed=1, told=lambda *step: told.append(step))
    assert sum(rows for name, rows, _ in told if name.startswith("usage/")) == made.rows["usage"]
    assert [share for *_, share in told] == sorted(share for *_, share in told)
    assert told[-1][2] == 1.0
