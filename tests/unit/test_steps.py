"""A large plan runs in steps, each a table: the same answers as one query, and nothing left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

import c360 as library
from c360.plan import Output
from c360.sql import queries
from c360.workspace import Workspace as Opened
from tiny import Workspace, workspace  # noqa: F401 - fixtures

TAGS = ("arpu_3m", "value_tier", "tickets_90d", "risk", "grade", "visits", "lines_active")


@pytest.fixture
def opened(workspace: Workspace) -> Opened:  # noqa: F811
    return library.open(workspace.folder)


def tables_of(opened: Opened) -> list[str]:
    return [row[0] for row in opened.engine.rows("SELECT table_schema FROM information_schema.tables")]


def test_steps_give_the_values_of_one_query(opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = opened.table(*TAGS), opened.size("worth_keeping"), opened.export("worth_keeping", dry_run=True)
    monkeypatch.setattr(queries, "MANY_STEPS", 1)
    parts = opened.table(*TAGS), opened.size("worth_keeping"), opened.export("worth_keeping", dry_run=True)
    assert parts[0].equals(whole[0])
    assert parts[1] == whole[1]
    assert parts[2].frame.equals(whole[2].frame) and parts[2].waterfall == whole[2].waterfall
    assert tables_of(opened) == []


def test_each_step_is_made_once_and_dropped_behind_its_last_reader(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MANY_STEPS", 1)
    run = opened.run((Output("value_tier", opened.reference("value_tier")),), "customer", None)
    statements, after = run.sql.in_steps("run_x")
    made = [s.split()[2] for s in statements if s.startswith("CREATE")]
    dropped = [s.split()[2] for s in statements if s.startswith("DROP")]
    assert len(made) == len(set(made)) and set(dropped) == set(made[:-1])
    assert made[-1] in after.table() and "WITH" not in after.table()


def test_a_small_plan_is_one_query(opened: Opened) -> None:
    run = opened.run((Output("value_tier", opened.reference("value_tier")),), "customer", None)
    statements, after = run.sql.in_steps("run_x")
    assert statements == [] and after is run.sql


def test_a_step_that_fails_leaves_no_table(opened: Opened, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    from c360.engines.duckdb import DuckDBEngine
    from c360.errors import ResourceError

    monkeypatch.setattr(queries, "MANY_STEPS", 1)
    execute, seen = DuckDBEngine.execute, []

    def failing(engine: DuckDBEngine, sql: str, where: str | None = None) -> None:
        seen.append(sql)
        if sql.startswith("CREATE TABLE") and len(seen) > 3:
            raise ResourceError("memory ran out", hint="ask for less")
        execute(engine, sql, where)

    monkeypatch.setattr(DuckDBEngine, "execute", failing)
    with pytest.raises(ResourceError):
        opened.table("value_tier")
    assert tables_of(opened) == []
