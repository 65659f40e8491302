"""Tiny telecom contracts that specs and traps share, and `agree_on`: text tables of them in, engines that agree out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from agreement import DAY, check_agreement, schema_of, typed
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
    Number,
    Ordered,
    Text,
    Volume,
    column,
    event,
    fixed,
    later,
    planned,
    since,
)
from c360.engines.duckdb import DuckDBEngine
from c360.expr.grain import bind_entity
from c360.expr.nodes import Node
from c360.language.definitions import Named
from c360.language.expression import Expression
from c360.language.sources import Source

Agree = Callable[..., None]


class Customer(Entity):
    """One row a customer, with a column of every type."""

    default = True
    joined_on: Date = since()
    referrer: Key["Customer"] = fixed()
    name: Text = fixed()
    city: Text = fixed()
    gender: Category["f", "m", "x"] = fixed()
    grade: Ordered["bronze", "silver", "gold"] = fixed()
    wish: Ordered["bronze", "silver", "gold"] = fixed()
    vip: Boolean = fixed()
    active: Boolean = fixed()
    points: Integer = fixed()
    visits: Integer = fixed()
    score: Number = fixed()
    weight: Number = fixed()
    credit: Money = fixed()
    debt: Money = fixed()
    quota: Volume = fixed()
    born_on: Date = fixed()
    met_on: Date = fixed()


class Plan(Entity):
    """One row a price plan; it has no since."""

    fee: Money = fixed()
    size: Ordered["small", "large"] = fixed()


class Line(Entity):
    """One row a line of a customer."""

    customer: Key[Customer] = fixed()
    plan: Key[Plan] = fixed()
    activated_on: Date = since()
    deactivated_on: Date = later(by="deactivated_on")
    minutes: Integer = fixed()


class Device(Entity):
    """One row a device of a line; it has no date."""

    line: Key[Line] = fixed()
    price: Money = fixed()


class Services(Attributes[Customer]):
    """One row a customer who has services."""

    contract: Ordered["none", "one_year", "two_year"] = fixed()
    adviser: Key[Customer] = fixed()
    rating: Integer = later(by="rated_on")
    rated_on: Date = later(by="rated_on")


class Bill(Facts):
    """One line's bill for a month."""

    line: Key[Line]
    month: Month
    total: Money
    discount: Money


class Usage(Facts):
    """One line's usage on a day."""

    line: Key[Line]
    day: Date = event()
    mb: Volume
    calls: Integer
    speed: Number


class Ticket(Facts):
    """One request of a customer; how it ended is known once it is closed."""

    customer: Key[Customer]
    opened_on: Date = event()
    closed_on: Date = later(by="closed_on")
    satisfaction: Integer = later(by="closed_on")
    due_on: Date = planned()
    urgent: Boolean
    kind: Category["price", "network", "other"]
    severity: Ordered["low", "mid", "high"]
    note: Text
    minutes: Integer
    cost: Money
    cause: Key[Device] = column()


SOURCES = (Customer, Plan, Line, Device, Services, Bill, Usage, Ticket)


def agree_on(
    engine: DuckDBEngine, expression: Expression, expected: Mapping[str, Any], *,
    entity: str = "customer", day: date = DAY, definitions: Sequence[Named] = (),
    sources: Sequence[type[Source]] = SOURCES, **tables: str,
) -> None:  # fmt: skip
    """Assert that every engine gives *expression* the *expected* values over *tables*, text by class name, as of *day*.

    An entity without a table has the rows that keys name. True is no 1 here, and null is None.
    """
    schema = schema_of(*sources)
    node = bound(expression, entity)
    defined = {one.name: one.draft.finished() for one in definitions}
    values = check_agreement(engine, schema, typed(schema, tables), {"value": node}, entity, day, defined)["value"]
    assert values == dict(expected)
    for key, value in expected.items():
        assert isinstance(values[key], bool) == isinstance(value, bool), f"{key}: {values[key]!r} is no {value!r}"


def bound(expression: Expression, entity: str) -> Node:
    """Return the node of *expression* as a value of *entity*."""
    return bind_entity(expression.node, entity)
