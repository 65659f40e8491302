"""The demo's files: same seed same rows, sound keys and values, known answers found again from the files alone."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from c360.demo import AS_OF, NOISE, DemoFacts, place_of, write_demo
from c360.demo.files import Recipe, recorded
from c360.errors import ResourceError, TargetExists, UsageError

SOURCES = (
    "unit", "manager", "channel", "customer_group", "customer", "interest", "consent", "account", "plan", "line", "plan_change",
    "suspension", "contract", "membership", "bill", "payment", "usage", "subscription", "ticket", "offer", "campaign", "contact",
    "browse", "points", "referral", "churn_event", "visit", "competitor_campaign",
)  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFacts:
    return write_demo(tmp_path_factory.mktemp("demo") / "c360-demo", customers=500, seed=7)


@pytest.fixture(scope="module")
def db(demo: DemoFacts) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        connection.execute("SET async_threads = 0")
        for source in SOURCES:
            connection.read_parquet(demo.place(source)).create(source)
        connection.read_parquet(str(demo.folder / "truth" / "customer.parquet")).create("truth")
        for name in ("churn_event", "bill"):
            connection.read_parquet(str(demo.folder / "future" / f"{name}.parquet")).create(f"future_{name}")
        connection.execute(WINDOWS)
        yield connection


@pytest.fixture(scope="module")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("small") / "demo", customers=20, seed=1).folder


def one(db: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = db.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


def digest(folder: Path, source: str) -> tuple[object, ...]:
    """Return the number of rows of a file and a sum over them that does not depend on their order."""
    rows = duckdb.read_parquet(place_of(folder, source))
    (found,) = rows.query("rows", "SELECT count(*), sum(hash(rows)::HUGEINT) FROM rows").fetchall()
    return tuple(found)


@pytest.mark.thorough
def test_the_same_seed_gives_the_same_rows(demo: DemoFacts, tmp_path: Path) -> None:
    again = write_demo(tmp_path / "again", customers=500, seed=7)
    assert not again.reused
    assert dataclasses.replace(again, folder=demo.folder) == demo
    assert {s: digest(again.folder, s) for s in SOURCES} == {s: digest(demo.folder, s) for s in SOURCES}


@pytest.mark.thorough
def test_another_seed_gives_other_rows(demo: DemoFacts, tmp_path: Path) -> None:
    other = write_demo(tmp_path / "other", customers=500, seed=8)
    same = {s for s in SOURCES if digest(other.folder, s) == digest(demo.folder, s)}
    assert same == {"unit", "plan", "offer", "campaign"}


@pytest.fixture
def small(tmp_path: Path, small_demo: Path) -> Path:
    return Path(shutil.copytree(small_demo, tmp_path / "demo"))


def test_a_demo_that_is_there_is_reused(small: Path) -> None:
    written = {path: path.stat().st_mtime_ns for path in small.rglob("*")}
    found = write_demo(small, customers=20, seed=1)
    assert (found.reused, found.customers, found.rows["customer"], found.folder) == (True, 20, 20, small)
    assert {path: path.stat().st_mtime_ns for path in small.rglob("*")} == written


@pytest.mark.parametrize(
    ("name", "content"), [("bill.parquet", b"PAR1"), ("bill.parquet", None), ("demo.json", b"[]"), ("demo.json", b"{")]
)
def test_a_damaged_demo_is_not_reused(small: Path, name: str, content: bytes | None) -> None:
    assert recorded(small, Recipe(20, 1, AS_OF, NOISE)) is not None
    (small / name).unlink()
    if content is not None:
        (small / name).write_bytes(content)
    assert recorded(small, Recipe(20, 1, AS_OF, NOISE)) is None


@pytest.mark.thorough
def test_a_damaged_demo_is_written_again(small: Path, small_demo: Path) -> None:
    (small / "bill.parquet").write_bytes(b"PAR1")
    (small / "mine.txt").write_text("kept")
    assert not write_demo(small, customers=20, seed=1).reused
    assert {s: digest(small, s) for s in SOURCES} == {s: digest(small_demo, s) for s in SOURCES}
    assert (small / "mine.txt").read_text() == "kept"
    assert [path.name for path in small.parent.iterdir()] == ["demo"]


@pytest.mark.thorough
def test_another_size_replaces_the_demo(small: Path) -> None:
    larger = write_demo(small, customers=30, seed=1)
    assert (larger.reused, larger.rows["customer"]) == (False, 30)
    assert json.loads((small / "demo.json").read_text())["customers"] == 30


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="found 0"):
        write_demo(tmp_path / "demo", customers=0)
    (tmp_path / "file").write_text("a file")
    with pytest.raises(TargetExists, match="found a file"):
        write_demo(tmp_path / "file", customers=20)
    with pytest.raises(ResourceError, match="Not a directory"):
        write_demo(tmp_path / "file" / "demo", customers=20)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_importing_the_demo_loads_no_engine() -> None:
    probe = "import sys, c360.demo; print('duckdb' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_rows_are_those_of_the_record(demo: DemoFacts, db: duckdb.DuckDBPyConnection) -> None:
    assert demo.rows == {s: one(db, f"SELECT count(*) FROM {s}") for s in SOURCES}
    assert (demo.as_of, demo.rows["customer"]) == (AS_OF, 500) == (date(2026, 10, 31), 500)


def test_columns_have_the_types_of_the_contracts(db: duckdb.DuckDBPyConnection) -> None:
    types = {f"{source}.{name}": kind for source in SOURCES for name, kind, *_ in db.execute(f"DESCRIBE {source}").fetchall()}
    for column, kind in types.items():
        name = column.split(".")[1]
        if name.endswith("_id"):
            assert kind == "VARCHAR", column
        if name.endswith(("_on", "_date")) or name in ("on", "day", "month"):
            assert kind == "DATE", column
        if name in ("monthly_fee", "committed_monthly", "plan_fee", "total") or column == "bill.discount":
            assert kind == "DECIMAL(18,2)", column
        if name in ("minutes_out", "data_mb"):
            assert kind == "DECIMAL(18,3)", column


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("customer", "customer_id"),
        ("plan", "plan_id"),
        ("line", "line_id"),
        ("bill", "line_id, month"),
        ("usage", "line_id, day"),
        ("contract", "line_id, start_on"),
        ("membership", "customer_id, group_kind"),
        ("customer", "coalesce(phone, customer_id)"),
    ],
)
def test_keys_are_unique(db: duckdb.DuckDBPyConnection, source: str, key: str) -> None:
    assert one(db, f"SELECT count(*) - count(DISTINCT ({key})) FROM {source}") == 0


@pytest.mark.parametrize(
    ("source", "key", "parent"),
    [("line", "customer_id", "customer"), ("line", "plan_id", "plan")]
    + [(source, "line_id", "line") for source in ("contract", "bill", "usage")]
    + [(source, "customer_id", "customer") for source in ("membership", "ticket", "contact")],
)
def test_there_are_no_orphans(db: duckdb.DuckDBPyConnection, source: str, key: str, parent: str) -> None:
    assert one(db, f"SELECT count(*) FROM {source} ANTI JOIN {parent} USING ({key})") == 0


FAULTS = {
    "negative amounts": "FROM bill WHERE least(plan_fee, total, discount) < 0",
    "discount beyond the bill": "FROM bill WHERE discount > plan_fee + total",
    "negative usage": "FROM usage WHERE least(calls_out, calls_in, minutes_out, data_mb, competitor_hotline_calls) < 0",
    "a usage row without usage": "FROM usage WHERE calls_out + calls_in + data_mb = 0",
    "a hotline call that is no call": "FROM usage WHERE competitor_hotline_calls > calls_out",
    "bills off the first of a month": "FROM bill WHERE day(month) <> 1",
    "bills off the history": "FROM bill WHERE month NOT BETWEEN '2025-07-01' AND '2026-10-01'",
    "bills of a line not active in the month": """FROM bill JOIN line USING (line_id)
        WHERE activated_on > last_day(month) OR deactivated_on <= month""",
    "usage of a line not active on the day": """FROM usage JOIN line USING (line_id)
        WHERE day < activated_on OR day >= deactivated_on""",
    "usage off the history": "FROM usage WHERE day NOT BETWEEN '2026-02-01' AND '2026-10-31'",
    "lines before their customer": """FROM line JOIN customer USING (customer_id)
        WHERE activated_on < joined_on OR deactivated_on <= activated_on""",
    "contracts outside their line": """FROM contract JOIN line USING (line_id)
        WHERE start_on < activated_on OR start_on >= deactivated_on OR end_on <= start_on""",
    "contract terms": "FROM contract WHERE term_months NOT IN (12, 24)",
    "dates after the end": """FROM (SELECT joined_on AS d FROM customer UNION ALL SELECT activated_on FROM line
        UNION ALL SELECT deactivated_on FROM line UNION ALL SELECT start_on FROM contract
        UNION ALL SELECT since_on FROM membership UNION ALL SELECT opened_on FROM ticket
        UNION ALL SELECT closed_on FROM ticket UNION ALL SELECT "on" FROM contact) WHERE d > '2026-10-31'""",
    "facts before their customer": """FROM (SELECT customer_id, opened_on AS d FROM ticket UNION ALL
        SELECT customer_id, "on" FROM contact UNION ALL SELECT customer_id, since_on FROM membership)
        JOIN customer USING (customer_id) WHERE d < joined_on""",
    "ticket closings": "FROM ticket WHERE closed_on < opened_on OR (closed_on IS NULL AND satisfaction IS NOT NULL)",
    "satisfaction": "FROM ticket WHERE satisfaction NOT BETWEEN 1 AND 5",
    "phones": "FROM customer WHERE NOT regexp_full_match(phone, '(13|15|18)0[0-9]{8}')",
    "organisations with a birth or gender": """FROM customer
        WHERE kind <> 'person' AND (birth_date IS NOT NULL OR gender IS NOT NULL)""",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_rows_are_sound(db: duckdb.DuckDBPyConnection, fault: str) -> None:
    assert one(db, f"SELECT count(*) {FAULTS[fault]}") == 0


def test_every_billable_month_has_its_bill(db: duckdb.DuckDBPyConnection) -> None:
    billable = """
        SELECT count(*)
        FROM line
        CROSS JOIN (SELECT unnest(range(DATE '2025-07-01', DATE '2026-11-01', INTERVAL 1 MONTH))::DATE AS month)
        WHERE activated_on <= last_day(month) AND coalesce(deactivated_on, DATE '2999-01-01') > month
    """
    assert one(db, billable) == one(db, "SELECT count(*) FROM bill")


def test_every_level_of_the_contracts_occurs(db: duckdb.DuckDBPyConnection) -> None:
    levels = {
        "customer.kind": 3, "customer.gender": 2, "plan.tier": 3, "line.service_type": 4, "membership.group_kind": 2,
        "membership.role": 4, "ticket.kind": 8, "contact.channel": 7, "contact.purpose": 4, "contact.outcome": 4,
    }  # fmt: skip
    found = {c: one(db, "SELECT count(DISTINCT {1}) FROM {0}".format(*c.split("."))) for c in levels}
    assert found == levels


# What a line or customer looks like from the files alone. Facts of October are compared with July to September.
WINDOWS = """
CREATE VIEW line_use AS
SELECT
    line_id,
    sum(minutes_out) FILTER (day >= '2026-10-01') AS minutes,
    sum(data_mb) FILTER (day >= '2026-10-01') AS megabytes,
    sum(minutes_out) FILTER (day BETWEEN '2026-07-01' AND '2026-09-30') / 3 AS minutes_before,
    sum(data_mb) FILTER (day BETWEEN '2026-07-01' AND '2026-09-30') / 3 AS megabytes_before,
    coalesce(sum(calls_out + calls_in) FILTER (day > '2026-10-24'), 0) AS calls_7,
    coalesce(sum(calls_out) FILTER (day > '2026-10-24'), 0) AS calls_out_7,
    sum(competitor_hotline_calls) FILTER (day > '2026-10-01') AS hotline_30,
    sum(competitor_hotline_calls) FILTER (day > DATE '2026-10-31' - 90) AS hotline_90
FROM line LEFT JOIN usage USING (line_id)
GROUP BY line_id;
CREATE VIEW line_view AS
SELECT
    *,
    deactivated_on IS NULL AS active,
    service_type IN ('mobile', 'fixed') AS voice,
    coalesce(deactivated_on IS NULL AND minutes_before + megabytes_before > 0
        AND coalesce(minutes, 0) <= 0.5 * minutes_before
        AND coalesce(megabytes, 0) <= 0.5 * megabytes_before, false) AS dropped
FROM line LEFT JOIN line_use USING (line_id);
CREATE VIEW contract_end AS
SELECT (max(end_on) - DATE '2026-10-31')::INTEGER AS days
FROM line LEFT JOIN contract USING (line_id)
WHERE deactivated_on IS NULL
GROUP BY line_id;
CREATE VIEW tier AS
SELECT
    joined_on,
    floor(coalesce(sum(total) FILTER (month >= '2026-08-01'), 0) / 3 * 100) / 100 AS arpu,
    floor(coalesce(sum(total) FILTER (month BETWEEN '2026-05-01' AND '2026-07-01'), 0) / 3 * 100) / 100 AS arpu_before,
    CASE WHEN arpu >= 150 THEN 4 WHEN arpu >= 100 THEN 3 WHEN arpu >= 20 THEN 2 ELSE 1 END AS now,
    CASE WHEN arpu_before >= 150 THEN 4 WHEN arpu_before >= 100 THEN 3 WHEN arpu_before >= 20 THEN 2 ELSE 1 END
        AS before
FROM customer LEFT JOIN line USING (customer_id) LEFT JOIN bill USING (line_id)
GROUP BY customer_id, joined_on;
"""
ANSWERS = {
    "lines_active": "FROM line_view WHERE active",
    "lines_left_30_180_days_ago": "FROM line WHERE DATE '2026-10-31' - deactivated_on BETWEEN 30 AND 180",
    "lines_left_within_30_days": "FROM line WHERE DATE '2026-10-31' - deactivated_on < 30",
    "lines_usage_dropped_50": "FROM line_view WHERE dropped",
    "lines_voice_down_30": """FROM line_view
        WHERE active AND minutes_before > 0 AND coalesce(minutes, 0) <= 0.7 * minutes_before""",
    "voice_lines_silent_7_days": "FROM line_view WHERE active AND voice AND calls_7 = 0",
    "voice_lines_no_outgoing_7_days": "FROM line_view WHERE active AND voice AND calls_out_7 = 0",
    "lines_competitor_hotline_30_days": "FROM line_view WHERE hotline_30 > 0",
    "lines_competitor_hotline_90_days": "FROM line_view WHERE hotline_90 > 0",
    "lines_dropped_silent_and_hotline": "FROM line_view WHERE dropped AND voice AND calls_7 = 0 AND hotline_30 > 0",
    "customers_person": "FROM customer WHERE kind = 'person'",
    "customers_family": "FROM customer WHERE kind = 'family'",
    "customers_organisation": "FROM customer WHERE kind = 'organisation'",
    "customers_joined_last_3_months": "FROM customer WHERE joined_on > DATE '2026-07-31'",
    "customers_without_line": "FROM customer ANTI JOIN line USING (customer_id)",
    "customers_active": "FROM customer SEMI JOIN (FROM line WHERE deactivated_on IS NULL) AS alive USING (customer_id)",
    "active_customers_silent_7_days": """FROM (SELECT 1 FROM line_view GROUP BY customer_id
        HAVING bool_or(active) AND sum(calls_7) = 0)""",
    "organisations_with_2_dropped_lines": """FROM (SELECT 1 FROM line_view JOIN customer USING (customer_id)
        WHERE kind = 'organisation' AND dropped GROUP BY customer_id HAVING count(*) >= 2)""",
    "customers_over_contacted": """FROM (SELECT 1 FROM contact WHERE "on" > DATE '2026-10-31' - 60 GROUP BY customer_id
        HAVING count(*) >= 6 AND NOT bool_or(outcome = 'accepted'))""",
    "lines_returned_within_60_days": """FROM line AS later WHERE service_type = 'mobile' AND EXISTS (
        FROM line AS l WHERE l.customer_id = later.customer_id AND later.activated_on > l.deactivated_on
        AND later.activated_on <= l.deactivated_on + 60)""",
    "active_lines_without_contract": "FROM contract_end WHERE days IS NULL",
    "active_lines_contract_ends_0_30_days": "FROM contract_end WHERE days BETWEEN 0 AND 30",
    "active_lines_contract_ends_31_90_days": "FROM contract_end WHERE days BETWEEN 31 AND 90",
    "active_lines_contract_expired": "FROM contract_end WHERE days < 0",
    "active_lines_contract_expired_1_90_days": "FROM contract_end WHERE days BETWEEN -90 AND -1",
    "lines_below_plan_fee_last_month": "FROM bill WHERE month = '2026-10-01' AND total < plan_fee",
    "lines_below_plan_fee_last_2_months": """FROM (SELECT 1 FROM bill WHERE month >= '2026-09-01' AND total < plan_fee
        GROUP BY line_id HAVING count(*) = 2)""",
    "customers_tier_high": "FROM tier WHERE now = 4",
    "customers_tier_mid": "FROM tier WHERE now = 3",
    "customers_tier_low": "FROM tier WHERE now = 2",
    "customers_tier_minimal": "FROM tier WHERE now = 1",
    "customers_tier_declined_3_months": "FROM tier WHERE now < before AND joined_on <= '2026-07-31'",
    "tickets_open": "FROM ticket WHERE closed_on IS NULL",
    "tickets_reopened": "FROM ticket WHERE reopened",
    "customers_2_tickets_90_days": """FROM (SELECT 1 FROM ticket WHERE opened_on > DATE '2026-10-31' - 90
        GROUP BY customer_id HAVING count(*) >= 2)""",
    "customers_port_out_inquiry_90_days": """FROM customer SEMI JOIN (FROM ticket
        WHERE kind = 'port_out' AND DATE '2026-10-31' - opened_on < 90) AS asked USING (customer_id)""",
    "customers_contacted_30_days": """FROM customer SEMI JOIN (FROM contact WHERE DATE '2026-10-31' - "on" < 30)
        AS touched USING (customer_id)""",
    "customers_refused_retention_90_days": """FROM customer SEMI JOIN (FROM contact WHERE DATE '2026-10-31' - "on" < 90
        AND purpose = 'retention' AND outcome = 'refused') AS refused USING (customer_id)""",
    "customers_decision_maker_or_key_person": """FROM (SELECT 1 FROM membership
        WHERE role IN ('decision_maker', 'key_person') GROUP BY customer_id)""",
    "customers_household_head": "FROM membership WHERE role = 'head'",
    "customers_of_abnormal_batches": """FROM (SELECT 1 FROM line WHERE channel_id IN ('N0000', 'N0001')
        GROUP BY customer_id)""",
    "made_bleeding": "FROM truth WHERE grid_class = 'bleeding'",
    "customers_leaving_within_90_days": "FROM truth WHERE churns_within_90_days",
}
ANSWERS |= {
    f"made_{stage}": f"FROM truth WHERE lifecycle_stage = '{stage}'"
    for stage in ("onboarding", "decline", "warning", "growth", "mature", "left")
}


def test_known_answers_are_found_from_the_files(demo: DemoFacts, db: duckdb.DuckDBPyConnection) -> None:
    assert demo.answers == {name: one(db, f"SELECT count(*) {rule}") for name, rule in ANSWERS.items()}


def test_every_value_tier_and_planted_behaviour_occurs(demo: DemoFacts) -> None:
    assert [name for name, count in demo.answers.items() if count == 0] == []
