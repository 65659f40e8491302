"""The SQL of one request a plan shape, compared with a file; `UPDATE_GOLDEN=1 pytest tests/sql` writes the files anew."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlglot import exp

from agreement import schema_of
from c360 import (
    Attributes,
    Boolean,
    Category,
    Date,
    Entity,
    Facts,
    Integer,
    Key,
    Money,
    Month,
    Ordered,
    Segment,
    Volume,
    current,
    event,
    first_match,
    fixed,
    later,
    months,
    segment,
    since,
    tag,
    tiers,
)  # fmt: skip
from c360.language.definitions import Named
from c360.language.sources import Source
from c360.plan import Output, Request, make_plan
from c360.plan.steps import ReadSource
from c360.sql.queries import Ordering, PlanSql

GOLDEN = Path(__file__).parent / "golden"
DAY = date(2026, 10, 31)


class Customer(Entity):
    """One row a customer."""

    default = True
    joined_on: Date = since()
    gender: Category["female", "male"] = fixed()


class Profile(Attributes[Customer]):
    """What is known of a customer today."""

    band: Ordered["low", "mid", "high"] = current()
    agrees: Boolean = current()


class Plan(Entity):
    """One row a plan."""

    monthly_fee: Money = fixed()


class Line(Entity):
    """One row a line."""

    customer: Key[Customer] = fixed()
    plan: Key[Plan] = fixed()
    activated_on: Date = since()
    deactivated_on: Date = later(by="deactivated_on")


class Bill(Facts):
    """One line's bill for a month."""

    line: Key[Line]
    month: Month
    total: Money


class Usage(Facts):
    """One line's day."""

    line: Key[Line]
    day: Date = event()
    minutes: Volume
    calls: Integer


class Contact(Facts):
    """One touch; `on` and `order` are words of SQL."""

    customer: Key[Customer]
    on: Date = event()
    order: Integer


SOURCES: tuple[type[Source], ...] = (Customer, Profile, Plan, Line, Bill, Usage, Contact)

arpu_3m = tag(Bill.last(months(3)).total.sum().or_zero() / 3, name="arpu_3m")
value_tier = tag(tiers(arpu_3m, high=150, mid=100, low=20, otherwise="minimal"), name="value_tier")
fee_gap = tag((Bill.last(months(1)).total - Bill.last(months(1)).line.plan.monthly_fee).sum(), name="fee_gap")
usage_drop = tag(
    Usage.last(months(1)).minutes.sum() / Usage.last(months(3).before(months(1))).minutes.sum() <= 0.5, name="usage_drop"
)
last_order = tag(Contact.order.latest(), name="last_order")
silent_days = tag(Usage.where(Usage.calls > 0).days_since_last(within=90), name="silent_days")
lines_active = tag(Line.where(Line.deactivated_on.is_null()).count(), name="lines_active")
line_bill = tag(Bill.last(months(1)).total.sum(), entity=Line, name="line_bill")
best_line_bill = tag(Line.where(line_bill > 0).count(), name="best_line_bill")
owner_tier = tag(Line.customer[value_tier], name="owner_tier")
stage = tag(first_match(new=lines_active == 0, woman=Customer.gender == "female", otherwise="other"), name="stage")
have_lines: Segment = segment(lines_active > 0, name="have_lines")
good = segment((value_tier >= "mid") & Profile.agrees, universe=have_lines, name="good")
not_good = segment(~good & (Profile.band >= "mid"), name="not_good")

ALL: tuple[Named, ...] = (
    arpu_3m, value_tier, fee_gap, usage_drop, last_order, silent_days, lines_active, line_bill, best_line_bill, owner_tier, stage,
    have_lines, good, not_good,
)  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """One request: which definitions, over which tables."""

    names: tuple[Named, ...]
    without: tuple[str, ...] = ()
    only: str = ""
    order: tuple[Ordering, ...] = ()


SHAPES: Mapping[str, Shape] = {
    "monthly_windows": Shape((arpu_3m, value_tier)),
    "followed_keys": Shape((fee_gap,)),
    "daily_windows": Shape((usage_drop, silent_days)),
    "last_row": Shape((last_order,)),
    "child_entity": Shape((lines_active, best_line_bill)),
    "other_entity": Shape((line_bill, owner_tier)),
    "attributes_and_match": Shape((stage,)),
    "segment_within_universe": Shape((good,), only="good"),
    "complement": Shape((not_good, value_tier), only="not_good", order=(Ordering("value_tier", falling=True),)),
    "spine_from_keys": Shape((arpu_3m,), without=("customer", "contact", "profile")),
}


@pytest.mark.parametrize("name", SHAPES)
def test_sql_is_as_written_down(name: str) -> None:
    text = _sql(SHAPES[name])
    golden = GOLDEN / f"{name}.sql"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SHAPES)
def test_sql_runs(name: str, duckdb_engine: object) -> None:
    text = _sql(SHAPES[name])
    duckdb_engine.rows(text)  # type: ignore[attr-defined]


def test_no_shape_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.sql")} == set(SHAPES)


def test_no_filter_clause_and_no_clock() -> None:
    for shape in SHAPES.values():
        text = _sql(shape).upper()
        assert "FILTER" not in text
        assert "CURRENT_DATE" not in text
        assert "NOW(" not in text


def _sql(shape: Shape) -> str:
    schema = schema_of(*SOURCES)
    definitions = {d.name: d.draft.finished() for d in ALL}
    outputs = tuple(Output(d.name, d.node) for d in shape.names)
    tables = frozenset(set(schema.sources) - set(shape.without))
    plan = make_plan(Request(shape.names[0].draft.entity, DAY, outputs, tables), schema, definitions)
    universes = {name: d.universe for name, d in definitions.items() if d.kind == "segment"}
    read: Callable[[ReadSource], exp.Select] = lambda step: _empty(step, schema)  # noqa: E731
    return PlanSql(plan, schema, read, universes).table(
        only=shape.only, order=shape.order, head=[", ".join(d.name for d in shape.names)]
    )


def _empty(step: ReadSource, schema: object) -> exp.Select:
    """Return a source without rows, so that the text runs anywhere."""
    from c360.sql.terms import SQL_TYPES

    spec = schema.source(step.source)  # type: ignore[attr-defined]
    columns = [
        exp.alias_(exp.Cast(this=exp.Null(), to=exp.DataType.build(SQL_TYPES[spec.column(name).type.kind])), name)
        for name in step.columns
    ]
    return exp.select(*columns).where(exp.false())
