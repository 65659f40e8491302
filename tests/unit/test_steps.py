"""A large plan runs in steps, each a table: the same answers as one query, and nothing left behind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlglot import exp

import c360 as library
from c360.datatypes import BOOLEAN
from c360.expr.nodes import Literal
from c360.plan import Output
from c360.plan.steps import Join, Layer, Named
from c360.sql import queries
from c360.sql.homes import homes_of
from c360.sql.parts import WHOLE, Parts, cuts_between
from c360.workspace import Workspace as Opened
from tiny import Workspace, workspace  # noqa: F401 - fixtures

TAGS = ("arpu_3m", "value_tier", "tickets_90d", "risk", "grade", "visits", "lines_active")


@pytest.fixture
def opened(workspace: Workspace) -> Opened:  # noqa: F811
    return library.open(workspace.folder)


def tables_of(opened: Opened) -> list[str]:
    return [row[0] for row in opened.engine.rows("SELECT table_schema FROM information_schema.tables")]


@pytest.mark.thorough
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
    made = [statement.name for statement in statements]
    dropped = [name for statement in statements for name in statement.drops]
    assert len(made) == len(set(made)) and sorted(dropped) == sorted(made[:-1])
    for place, statement in enumerate(statements):
        assert all(made.index(read) < place for read in statement.reads)
        assert not any(name in later.reads for name in statement.drops for later in statements[place + 1 :])
    assert made[-1] in after.table() and "WITH" not in after.table()


def rows_in_parts(opened: Opened, parts: Parts) -> list[tuple[object, ...]]:
    outputs = tuple(Output(name, opened.reference(name)) for name in TAGS)
    statements, after = opened.run(outputs, "customer", None).sql.in_steps("run_x", parts, always=True)
    parts_of = {statement.name: statement.parts for statement in statements}
    opened.engine.execute("CREATE SCHEMA run_x")
    for statement in statements:
        for part in range(statement.parts):
            opened.engine.execute(statement.make(part))
        for text in (*statement.unite(), *statement.tidy(parts_of)):
            opened.engine.execute(text)
    rows = opened.engine.rows(after.table())
    opened.engine.execute("DROP SCHEMA run_x CASCADE")
    return rows


@pytest.mark.thorough
@pytest.mark.parametrize("count", [2, 3, 7])
def test_parts_of_the_owners_give_the_rows_of_all_at_once(opened: Opened, count: int) -> None:
    assert rows_in_parts(opened, Parts(count)) == rows_in_parts(opened, WHOLE)


@pytest.mark.thorough
def test_ranges_of_keys_are_parts_too_and_leave_nobody_out(opened: Opened) -> None:
    whole = rows_in_parts(opened, WHOLE)
    cuts = cuts_between([str(whole[1][0]), str(whole[2][0])], str(whole[-1][0]))
    assert cuts is not None and rows_in_parts(opened, Parts(3, {"customer": cuts})) == whole


def test_a_cut_is_quoted_as_a_text_is() -> None:
    parts = Parts(1, {"customer": ("", "O'Hara")})
    (first, after) = Parts(2, {"customer": ("", "O'Hara", "x")}).condition(exp.column("k"), "customer")
    assert parts.filled(f"{first.sql()} AND {after.sql()}", 0) == "k >= '' AND k < 'O''Hara'"


def test_a_step_holds_only_the_columns_that_are_read(opened: Opened) -> None:
    run = opened.run((Output("grade", opened.reference("grade")),), "customer", None)
    statements, _ = run.sql.in_steps("run_x", always=True)
    assert not any("*" in statement.body.replace("count(*)", "").replace("COUNT(*)", "") for statement in statements)


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


def test_a_column_stays_in_the_first_kept_table_that_has_it() -> None:
    day, yes = date(2026, 10, 31), Literal(BOOLEAN, True)
    join = Join("joined", "customer", day, "spine", (Named("age", yes),), (), (), ())
    first = Layer("tags_1", "joined", day, (Named("a", yes),), entity="customer")
    second = Layer("tags_2", "tags_1", day, (Named("b", yes),), entity="customer")
    third = Layer("tags_3", "tags_2", day, (Named("c", yes),), entity="customer")
    steps = {step.name: step for step in (join, first, second, third)}
    homes = homes_of(steps, {"tags_1", "tags_3"}, "tags_3", ["customer", "age", "a", "b", "c"])
    assert homes == {"customer": "tags_3", "age": "tags_1", "a": "tags_1", "b": "tags_3", "c": "tags_3"}


def test_a_step_says_which_sources_it_reads(opened: Opened) -> None:
    run = opened.run((Output("arpu_3m", opened.reference("arpu_3m")),), "customer", None)
    statements, _ = run.sql.in_steps("run_x", always=True)
    assert [(s.name, s.sources) for s in statements if "bill" in s.sources] == [("bill_by_line", ("bill",))]
