"""Every strategy of a pass gives the same table, and the one the reference engine gives; which one is chosen, and why."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agreement import Tables, _values, on_reference, schema_of, shown
from c360 import (
    Boolean,
    Date,
    Entity,
    Facts,
    Integer,
    Key,
    Money,
    Number,
    Ordered,
    Volume,
    days,
    event,
    fixed,
    later,
    months,
    since,
)
from c360.engines.duckdb import DuckDBEngine
from c360.expr.grain import bind_entity
from c360.expr.nodes import Node
from c360.expr.operator import AGGREGATES
from c360.plan import Output, Request, make_plan
from c360.plan.steps import Pass, PassColumn, Plan, Rollup
from c360.plan.strategies import FactShape, strategy
from c360.sql.queries import PlanSql

DAY = date(2026, 10, 31)


class Customer(Entity):
    """One row a customer."""

    default = True
    joined_on: Date = since()


class Line(Entity):
    """One row a line."""

    customer: Key[Customer] = fixed()
    activated_on: Date = since()


class Usage(Facts):
    """One line's day."""

    line: Key[Line]
    day: Date = event()
    minutes: Volume
    charge: Money
    speed: Number
    calls: Integer
    roamed: Boolean
    band: Ordered["low", "mid", "high"]
    settled_on: Date = later(by="settled_on")


SCHEMA = schema_of(Customer, Line, Usage)
WINDOWS = [days(1), days(30), days(62), months(1), months(3).before(months(1)), months(2)]


def _rows() -> Tables:
    """Return lines without usage or owner, one that came late; ties, nulls, month ends, days before all windows."""
    draw = random.Random(6)
    customers = [{"customer": f"C{i}", "joined_on": date(2026, 1 + i % 8, 28)} for i in range(8)]
    lines: list[dict[str, Any]] = [
        {"line": f"L{i}", "customer": None if i == 9 else f"C{i % 6}", "activated_on": date(2026, 5 if i < 8 else 9, 30)}
        for i in range(12)
    ]
    days_seen = [
        date(2026, m, d) for m, d in ((10, 31), (10, 2), (10, 1), (9, 30), (8, 31), (8, 1), (7, 31), (7, 1), (6, 30), (2, 28))
    ]
    usage = [
        {
            "line": draw.choice(["L0", "L1", "L2", "L3", "L6", "L8", "L9", None]),
            "day": draw.choice([*days_seen, None, *(DAY - timedelta(days=n) for n in (5, 29, 61, 62))]),
            "minutes": draw.choice([None, Decimal("0.000"), Decimal("1.125"), Decimal("7.500")]),
            "charge": draw.choice([None, Decimal("-1.10"), Decimal("80.15"), Decimal("0.00")]),
            "speed": draw.choice([None, 0.1, 0.2, -3.7]),
            "calls": draw.choice([None, 0, 3, 3, 9]),
            "roamed": draw.choice([None, True, False]),
            "band": draw.choice([None, "low", "mid", "high"]),
            "settled_on": draw.choice([None, date(2026, 9, 15), date(2026, 10, 31), date(2026, 7, 1)]),
        }
        for _ in range(160)
    ]
    return {"customer": customers, "line": lines, "usage": usage}


def _nodes() -> Iterator[tuple[str, Any]]:
    """Yield every aggregate that composes, in every window, now and then."""
    for place, window in enumerate(WINDOWS):
        rows = Usage.last(window)
        busy = rows.where(Usage.calls > 0)
        yield from (
            (f"count_{place}", rows.count()),
            (f"busy_{place}", busy.count()),
            (f"known_{place}", busy.charge.count_known()),
            (f"sum_{place}", rows.charge.sum()),
            (f"volume_{place}", busy.minutes.sum()),
            (f"float_{place}", rows.speed.sum()),
            (f"mean_{place}", rows.minutes.mean()),
            (f"stddev_{place}", rows.charge.stddev()),
            (f"min_{place}", rows.speed.min()),
            (f"max_{place}", busy.day.max()),
            (f"band_{place}", rows.band.max()),
            (f"any_{place}", rows.roamed.any()),
            (f"all_{place}", rows.roamed.all()),
            (f"none_{place}", busy.roamed.none()),
            (f"share_{place}", rows.roamed.share()),
            (f"settled_{place}", rows.settled_on.max()),
            (f"then_{place}", rows.minutes.sum().ago(months=1)),
            (f"settled_then_{place}", rows.settled_on.count_known().ago(months=1)),
            (f"distinct_{place}", rows.calls.distinct()),
        )
    yield "ever", Usage.charge.sum()
    yield "ever_then", Usage.count().ago(months=2)
    yield "age", Usage.last(months(3)).calls.sum() / Usage.count()


def _plan(entity: str, shape: FactShape | None) -> tuple[Plan, dict[str, Node]]:
    nodes = {name: bind_entity(made.node, entity) for name, made in _nodes()}
    outputs = tuple(Output(name, node) for name, node in nodes.items())
    request = Request(entity, DAY, outputs, frozenset(SCHEMA.sources), shape_of=lambda source, key: shape)
    return make_plan(request, SCHEMA, {}), nodes


def _answer(engine: DuckDBEngine, entity: str, shape: FactShape | None, tables: Tables) -> list[tuple[Any, ...]]:
    plan, _ = _plan(entity, shape)
    return engine.rows(PlanSql(plan, SCHEMA, lambda step: _values(step, SCHEMA, tables), {}).table())


def _shape(rows_a_day: float, days_a_group: float = 1) -> FactShape:
    """Return the shape of a fact of this density over the ten months of the rows."""
    first = date(2026, 1, 1)
    return FactShape(int(rows_a_day * 1000 * ((DAY - first).days + 1)), 1000, first, DAY, days_a_group)


SHAPES = {"every_edge": _shape(10), "long_stretches": _shape(0.25), "few_cuts": _shape(0.08)}


@pytest.mark.thorough
@pytest.mark.parametrize("entity", ["line", "customer"])
@pytest.mark.parametrize("shape", SHAPES)
def test_branches_give_what_one_reading_gives(duckdb_engine: DuckDBEngine, entity: str, shape: str) -> None:
    tables = _rows()
    chosen = next(s.strategy for s in _plan(entity, SHAPES[shape])[0].steps if isinstance(s, Pass) and s.name == "usage_by_line")
    assert chosen.kind == "branches"
    assert _answer(duckdb_engine, entity, SHAPES[shape], tables) == _answer(duckdb_engine, entity, None, tables)


@pytest.mark.thorough
@pytest.mark.parametrize("entity", ["line", "customer"])
def test_branches_give_what_the_reference_engine_gives(duckdb_engine: DuckDBEngine, entity: str) -> None:
    tables = _rows()
    _, nodes = _plan(entity, SHAPES["every_edge"])
    expected = on_reference(SCHEMA, tables, nodes, entity, DAY, {})
    found = _answer(duckdb_engine, entity, SHAPES["every_edge"], tables)
    for place, name in enumerate(nodes, 1):
        assert shown({row[0]: row[place] for row in found}) == shown(expected[name]), name


def test_usage_is_read_once_for_lines_and_customers_now_and_then() -> None:
    plan, _ = _plan("customer", None)
    passes = [step for step in plan.steps if isinstance(step, Pass) and step.rows.source == "usage"]
    assert [(step.name, all(AGGREGATES[c.node.op].parts for c in step.columns)) for step in passes] == [
        ("usage_by_line", True),
        *[(step.name, False) for step in passes[1:]],
    ]
    assert {step.day for step in plan.steps if isinstance(step, Rollup)} == {DAY, date(2026, 9, 30), date(2026, 8, 31)}


@pytest.mark.thorough
def test_a_stretch_reads_its_own_days_of_the_source() -> None:
    plan, _ = _plan("line", SHAPES["every_edge"])
    queries = PlanSql(plan, SCHEMA, lambda step: _values(step, SCHEMA, _rows()), {})
    assert "usage AS NOT MATERIALIZED (" in queries.table()
    assert "NOT MATERIALIZED" not in queries.table(dialect="spark")


def _columns(*windows: tuple[date, date]) -> list[PassColumn]:
    node = bind_entity(Usage.count().node, "line")
    return [PassColumn(f"c{i}", node, first, last, DAY, AGGREGATES["count"].parts[0]) for i, (first, last) in enumerate(windows)]  # type: ignore[arg-type]


MONTH, QUARTER = (date(2026, 10, 1), DAY), (date(2026, 8, 1), DAY)


def test_what_is_known_of_a_fact_decides_how_it_is_read() -> None:
    assert strategy(_columns(MONTH, QUARTER), _shape(0.25)).cuts == (date(2026, 10, 1),)
    assert strategy(_columns(MONTH, QUARTER), _shape(0.03)).kind == "case"  # a row a month: groups would cost more than conditions
    assert strategy(_columns(MONTH, QUARTER), _shape(1, days_a_group=270)).kind == "case"  # every file holds all days
    assert strategy(_columns(MONTH), _shape(1)).kind == "case"  # one stretch
    assert strategy(_columns(MONTH, QUARTER), None).kind == "case"


def test_a_strategy_tells_its_reason() -> None:
    assert "0.25 rows a key and day" in strategy(_columns(MONTH, QUARTER), _shape(0.25)).reason
    assert "270 days a row group" in strategy(_columns(MONTH, QUARTER), _shape(1, days_a_group=270)).reason
