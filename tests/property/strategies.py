"""Random typed expressions: rows, a type and a depth in, an author's `Expression` out; derived from the operator records.

A value comes from a leaf (column, followed column, definition, constant), from a call whose signature gives its type, from an
aggregate over rows that the entity owns, or from a key that is followed to any expression of the row it names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st
from magnitude import is_small
from places import Place, place
from signatures import (
    AGGREGATE_SIGNATURES,
    AGGREGATES_GIVING,
    GIVING,
    SIGNATURES,
    AggregateSignature,
    Signature,
    by_name,
)
from tables import VALUES
from world import SAMPLE_TYPES, SCHEMA

from c360 import days, months
from c360.datatypes import BOOLEAN, DATE, DataType
from c360.errors import TypeMismatch
from c360.expr import build
from c360.expr.grain import ANY, bind_entity, row_of, upwards
from c360.expr.nodes import Literal, Node, Window
from c360.expr.schema import ENTITY
from c360.language.expression import Expression, apply

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[Any]], Any]
DEPTH = 3
MONTH_WINDOWS = tuple(s.window for s in (months(1), months(2), months(3), months(12), months(3).before(months(1))))
DAY_WINDOWS = tuple(
    s.window for s in (days(1), days(30), days(31), days(30).before(months(2)), months(1).before(days(30)))
)
CONSTANT_DAYS = (date(2026, 10, 31), date(2024, 2, 29), date(2026, 11, 1), date(2023, 2, 28), date(2027, 3, 1))
CALLS = by_name(SIGNATURES)
AGGREGATED = by_name(AGGREGATE_SIGNATURES)
ROOTS = (*CALLS, *AGGREGATED)
# How often each way is tried where it is open.
WEIGHTS = {"leaf": 2, "call": 5, "aggregate": 3, "follow": 1}


@st.composite
def expressions(
    draw: Draw, source: str, wanted: DataType | None = None, depth: int = DEPTH, local: bool = False
) -> Expression:
    """Return an expression about rows of *source*, of type *wanted* or, beside constants, of a type like it.

    Without *wanted* the outermost operator is chosen first, each as likely as the others.
    """
    here = place(source, local)
    if wanted is not None:
        return _expression(draw, here, wanted, depth)
    name = _pick(draw, ROOTS if here.children else tuple(CALLS))
    if name in CALLS:
        signature = _pick(draw, CALLS[name])
        return _kept(_call(draw, here, signature, depth), draw, here, signature.result)
    brought = _pick(draw, AGGREGATED[name])
    return _kept(_aggregate(draw, here, brought, depth), draw, here, brought.result)


def bound(expression: Expression, entity: str) -> Node:
    """Return the tree with its open aggregates owned by *entity*."""
    return bind_entity(expression.node, entity)


@cache
def constants(type: DataType) -> tuple[Expression, ...]:
    """Return constants in the form they take beside a neighbour of *type*; beside a month they are dates."""
    match type.kind:
        case "category":
            values: tuple[Any, ...] = type.all_levels
        case "key":
            values = ("C1", "X9", "")
        case "date" | "month":
            type, values = DATE, CONSTANT_DAYS
        case kind:
            values = VALUES[kind]
    return tuple(Expression(Literal(type, value), ANY) for value in values)


def _pick(draw: Draw, some: Sequence[T]) -> T:
    """Draw one of *some*; expressions have no hash and no equality that a strategy could use, positions have."""
    return some[draw(_below(len(some)))]


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


@cache
def _ways(here: Place, wanted: DataType, depth: int) -> tuple[str, ...]:
    open_ways = ["leaf"]
    if depth > 0:
        open_ways += ["call"] * (wanted in GIVING) + ["follow"] * bool(here.keys)
        open_ways += ["aggregate"] * bool(here.children and AGGREGATES_GIVING[wanted])
    return tuple(way for way in open_ways for _ in range(WEIGHTS[way]))


def _expression(draw: Draw, here: Place, wanted: DataType, depth: int) -> Expression:
    match _pick(draw, _ways(here, wanted, depth)):
        case "call":
            by_op = GIVING[wanted]
            made = _call(draw, here, _pick(draw, by_op[_pick(draw, tuple(by_op))]), depth)
        case "aggregate":
            made = _aggregate(draw, here, _pick(draw, AGGREGATES_GIVING[wanted]), depth)
        case "follow":
            key = _pick(draw, here.keys)
            value = _expression(draw, place(key.type.entity, here.local), wanted, depth - 1)
            made = key[value] if value.grain.kind != "any" else None
        case _:
            made = None
    return _kept(made, draw, here, wanted)


def _kept(made: Expression | None, draw: Draw, here: Place, wanted: DataType) -> Expression:
    return made if made is not None and is_small(made.node) else _leaf(draw, here, wanted)


def _leaf(draw: Draw, here: Place, wanted: DataType, *, constant: bool = True) -> Expression:
    """Return a column or like; a constant now and then, and where nothing else has the type."""
    some = here.leaves.get(wanted, ())
    fixed = constants(wanted)
    if not some or (constant and draw(_below(4)) == 3):
        return _pick(draw, fixed)
    return _pick(draw, some)


def _call(draw: Draw, here: Place, signature: Signature, depth: int) -> Expression | None:
    args = []
    for position, type in enumerate(signature.types):
        fixed = signature.constants and position > 0
        args.append(_pick(draw, constants(type)) if fixed else _expression(draw, here, type, depth - 1))
    try:
        return apply(signature.op, *args, **dict(signature.options))
    except TypeMismatch:  # a constant that the operator's check refuses, or that is no level of its neighbour
        return None


def _aggregate(draw: Draw, here: Place, signature: AggregateSignature, depth: int) -> Expression | None:
    rows = place(_pick(draw, here.children), here.local)
    spec = SCHEMA.source(rows.source)
    value = None
    if signature.value is not None:
        value = _expression(draw, rows, signature.value, depth - 1)
        if value.grain.kind == "any":
            value = _leaf(draw, rows, signature.value, constant=False)
        if value.grain.kind == "any":
            return None
    where = _expression(draw, rows, BOOLEAN, depth - 1) if draw(_below(3)) == 2 else None
    own = rows.source if spec.kind == ENTITY else ""
    nodes = [e if e is None else bound(e, own) if own else e.node for e in (value, where)]
    try:
        node = build.aggregate(signature.op, rows.source, nodes[0], nodes[1], _window(draw, rows))
    except TypeMismatch:  # beside constants the value's type may have changed
        return None
    return Expression(node, upwards(row_of(rows.source, SCHEMA.sources)), 2)


def _window(draw: Draw, rows: Place) -> Window | None:
    spec = SCHEMA.source(rows.source)
    if spec.date_column is None:
        return None
    return _pick(draw, (None, *MONTH_WINDOWS, *(() if spec.is_monthly else DAY_WINDOWS)))
