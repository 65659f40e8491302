"""The reference catalogue on the demo: the planted numbers are found again, and hand-written SQL says the same."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars
import pytest

from c360.demo import AS_OF, DemoFacts, place_of, write_demo
from c360.engines.reference import ReferenceEngine
from c360.expr.dates import month_end
from c360.expr.nodes import Node
from c360.expr.schema import SourceSpec
from c360.plan import Output
from c360.running import computing
from c360.workspace import Workspace
from project import ROOT

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFacts:
    return write_demo(tmp_path_factory.mktemp("demo") / "c360-demo", customers=2000, seed=42)


@pytest.fixture(scope="module")
def workspace(demo: DemoFacts, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace_on(demo.folder, tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="module")
def customers(workspace: Workspace) -> polars.DataFrame:
    return values(workspace, "customer", AS_OF)


@pytest.fixture(scope="module")
def lines(workspace: Workspace) -> polars.DataFrame:
    return values(workspace, "line", AS_OF)


@pytest.fixture(scope="module")
def db(demo: DemoFacts) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        connection.execute("SET async_threads = 0")
        for source in demo.rows:
            connection.read_parquet(demo.place(source)).create(source)
        connection.execute((Path(__file__).parent / "telecom_by_hand.sql").read_text(encoding="utf-8"))
        yield connection


def workspace_on(data: Path, folder: Path) -> Workspace:
    """Copy the reference catalogue into *folder* and bind it to *data*."""
    for part in ("tags", "segments"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    settings = (ROOT / "c360.toml").read_text(encoding="utf-8")
    bound = re.sub(r'^data_folder = ".*"$', f'data_folder = "{data.as_posix()}"', settings, flags=re.MULTILINE)
    (folder / "c360.toml").write_text(bound, encoding="utf-8")
    return Workspace(folder, data_folder=data)


def values(workspace: Workspace, entity: str, day: date) -> polars.DataFrame:
    """Return every definition of *entity* that can be asked for on any day, one row a key."""
    return workspace.table(*with_history(workspace, entity), as_of=day)


def with_history(workspace: Workspace, entity: str) -> list[str]:
    """Return the definitions of *entity* that look at no future and at no column without history."""
    plans = workspace.plans([name for name, d in workspace.catalog.definitions.items() if d.entity == entity])
    return [name for name, plan in plans.items() if not plan.outcomes and not plan.current_columns]


def test_the_workspace_is_in_order(workspace: Workspace) -> None:
    report = workspace.check()
    assert report.ok and not report.findings and not report.unavailable
    assert {status.state for status in report.sources} == {"ok"}


# Known answer of the demo: who counts, by tags and segments of the catalogue.
CUSTOMER_ANSWERS = {
    "customers_tier_high": "value_tier = 'high'",
    "customers_tier_mid": "value_tier = 'mid'",
    "customers_tier_low": "value_tier = 'low'",
    "customers_tier_minimal": "value_tier = 'minimal'",
    "customers_tier_declined_3_months": "tier_decline",
    "customers_active": "active_customers",
    "customers_without_line": "lifecycle_stage = 'unknown'",
    "customers_contacted_30_days": "recently_contacted",
    "customers_port_out_inquiry_90_days": "signal_port_out",
    "customers_refused_retention_90_days": "signal_refused_retention",
    # who refers many is influential too, for two points
    "customers_decision_maker_or_key_person": "influence_score - (CASE WHEN referrals_12m >= 3 THEN 2 ELSE 0 END) >= 2",
}
LINE_ANSWERS = {
    "lines_active": "line_is_active",
    "lines_usage_dropped_50": "line_is_active AND line_usage_drop >= 0.5",
    "lines_voice_down_30": "line_is_active AND line_voice_drop >= 0.3",
    "voice_lines_silent_7_days": "line_zero_call_days >= 7",
    "voice_lines_no_outgoing_7_days": "line_no_outgoing_days >= 7",
    "lines_competitor_hotline_30_days": "line_competitor_hotline_calls_30d > 0",
    "lines_below_plan_fee_last_month": "line_below_plan_fee_months >= 1",
    "lines_below_plan_fee_last_2_months": "line_below_plan_fee_months = 2",
    "active_lines_without_contract": "line_is_active AND line_contract_end_on IS NULL",
    "active_lines_contract_ends_0_30_days": "line_is_active AND line_days_to_contract_end BETWEEN 0 AND 30",
    "active_lines_contract_ends_31_90_days": "line_is_active AND line_days_to_contract_end BETWEEN 31 AND 90",
    "active_lines_contract_expired": "line_is_active AND line_days_to_contract_end < 0",
    "active_lines_contract_expired_1_90_days": "line_is_active AND line_days_to_contract_end BETWEEN -90 AND -1",
}


@pytest.mark.parametrize("answer", CUSTOMER_ANSWERS)
def test_customers_are_the_planted_ones(answer: str, demo: DemoFacts, customers: polars.DataFrame) -> None:
    assert counted(customers, CUSTOMER_ANSWERS[answer]) == demo.answers[answer] > 0


@pytest.mark.parametrize("answer", LINE_ANSWERS)
def test_lines_are_the_planted_ones(answer: str, demo: DemoFacts, lines: polars.DataFrame) -> None:
    assert counted(lines, LINE_ANSWERS[answer]) == demo.answers[answer] > 0


BY_HAND = (
    "tenure_months", "lines_active", "revenue_3m", "days_to_contract_end", "contract_state", "lifecycle_stage",
    "zero_call_days", "competitor_hotline_calls_30d", "below_plan_fee_months", "open_complaints", "churn_signals",
    "care_only", "open_to_offers", "worth_keeping", "renewal_due", "renewal_at_risk", "churn_warning",
    "recently_contacted", "churn_warning_list",
)  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND)
def test_hand_written_sql_says_the_same(name: str, customers: polars.DataFrame, db: duckdb.DuckDBPyConnection) -> None:
    by_hand = dict(db.execute(f"SELECT customer_id, {name} FROM customer_by_hand").fetchall())
    assert len(set(by_hand.values())) > 1, "a constant column tells nothing"
    assert dict(customers.select("customer_id", name).rows()) == by_hand


def test_stages_of_lines_are_those_of_hand_written_sql(lines: polars.DataFrame, db: duckdb.DuckDBPyConnection) -> None:
    by_hand = dict(db.execute("SELECT line_id, stage FROM line_by_hand").fetchall())
    assert dict(lines.select("line_id", "line_lifecycle_stage").rows()) == by_hand
    assert set(by_hand.values()) == {"left", "onboarding", "decline", "warning", "growth", "mature"}


def test_influence_adds_the_points_of_every_role(demo: DemoFacts, customers: polars.DataFrame) -> None:
    roles = duckdb.read_parquet(str(demo.folder / "membership.parquet")).filter("role <> 'member'")
    points = roles.query("r", "SELECT role, count(DISTINCT customer_id) FROM r GROUP BY role").fetchall()
    worth = {"decision_maker": 3, "key_person": 2, "head": 1}
    others = (
        (customers["led_group_size"] >= 10).sum() + 2 * (customers["referrals_12m"] >= 3).sum()
        + 0.4 * (customers["referred_revenue_12m"] >= 3000).sum() + 0.5 * customers["knows_many"].sum()
    )  # fmt: skip
    expected = sum(worth[role] * count for role, count in points) + others
    assert customers["influence_score"].sum() == pytest.approx(expected, abs=1e-6)


@pytest.mark.thorough
@pytest.mark.parametrize("day", [AS_OF, date(2026, 9, 15)])
def test_both_engines_agree_on_every_definition(day: date, tmp_path: Path) -> None:
    few = write_demo(tmp_path / "few", customers=24, seed=3)
    workspace = workspace_on(few.folder, tmp_path / "workspace")
    schema, definitions = workspace.catalog.schema, workspace.catalog.definitions
    tables = {name: rows_of(few.folder, schema.source(name)) for name in few.rows}
    engine = ReferenceEngine(schema, tables, definitions)
    for entity in ("customer", "line"):
        nodes = {name: workspace.reference(name) for name in with_history(workspace, entity)}
        found = unmasked(workspace, nodes, entity, day)
        for place, (name, node) in enumerate(nodes.items()):
            assert {key: row[place] for key, row in found.items()} == engine.values(node, entity, day), name


def unmasked(workspace: Workspace, nodes: dict[str, Node], entity: str, day: date) -> dict[str, tuple[Any, ...]]:
    """Return the values of *nodes* by key."""
    outputs = tuple(Output(name, node) for name, node in nodes.items())
    run = workspace.run(outputs, entity, day, allow_stale=True)
    with computing(workspace, run) as sql:
        rows = workspace.engine.rows(sql.table())
    return {key: tuple(tuple(value) if isinstance(value, list) else value for value in values) for key, *values in rows}


def rows_of(folder: Path, spec: SourceSpec) -> list[dict[str, Any]]:
    """Return a demo file's rows under contract names; a month is its last day."""
    found = duckdb.read_parquet(place_of(folder, spec.name))
    names = [next(c.name for c in spec.columns if c.file_name == column) for column in found.columns]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    for row in rows:
        if spec.is_monthly:
            row["month"] = month_end(row["month"])
    return rows


def counted(table: polars.DataFrame, condition: str) -> int:
    """Count the rows of *table* where *condition*, in SQL, holds."""
    count = table.sql(f"SELECT COUNT(*) FROM self WHERE {condition}").item()
    return int(count)
