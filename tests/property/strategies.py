"""Random typed expressions: rows, a type and chance in, an author's `Expression` out; derived from the operator records.

A value comes from a leaf (column, followed column, definition, constant), from a call whose signature gives its type, from an
aggregate over rows that the entity owns, from a key that is followed to any expression of the row it names, from the same row at
an earlier date, or from a place among all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st
from magnitude import is_small
from places import Place, place
from signatures import AGGREGATED, BRINGING, CALLS, GIVING, PLACING, RANKED, S, Signature, ValueSignature
from tables import CHANCE, VALUES
from world import SCHEMA

from c360 import days, months
from c360.datatypes import BOOLEAN, DATE, INTEGER, MONEY, NUMBER, DataType
from c360.errors import TypeMismatch
from c360.expr.grain import ANY, bind_entity
from c360.expr.nodes import Literal, Node, SegmentRef
from c360.expr.operator import AGGREGATES
from c360.language.expression import Expression, apply
from c360.language.sources import Rows

T = TypeVar("T")
DEPTH = 3
MONTH_SPANS = (months(1), months(2), months(3), months(12), months(3).before(months(1)))
DAY_SPANS = (days(1), days(30), days(31), days(30).before(months(2)), months(1).before(days(30)))
SHIFTS = ({"months": 1}, {"days": 1}, {"months": 12}, {"months": 1, "days": 7})
CONSTANT_DAYS = (date(2026, 10, 31), date(2024, 2, 29), date(2026, 11, 1), date(2023, 2, 28), date(2027, 3, 1))
# How often each way is tried where it is open.
WEIGHTS = {"leaf": 4, "call": 10, "aggregate": 6, "follow": 2, "ago": 1, "rank": 1}


def random_expression(
    draw: Random, source: str, wanted: DataType | None = None, depth: int = DEPTH, local: bool = False
) -> Expression:
    """Return an expression about rows of *source*, of type *wanted* or, beside constants, of a type like it.

    Without *wanted* the outermost operator is chosen first, each as likely as the others.
    """
    here = place(source, local)
    if wanted is not None:
        return _expression(draw, here, wanted, depth)
    name = _pick(draw, (*CALLS, *(AGGREGATED if here.children else ()), *(RANKED if here.has_ranks else ())))
    signature = _of_types(draw, {**CALLS, **AGGREGATED, **RANKED}[name])
    make = _call if name in CALLS else _aggregate if name in AGGREGATED else _rank
    return _kept(make(draw, here, signature, depth), draw, here, signature.result)  # type: ignore[operator]


def expressions(
    source: str, wanted: DataType | None = None, depth: int = DEPTH, local: bool = False
) -> st.SearchStrategy[Expression]:
    """Return `random_expression` as a strategy."""
    return CHANCE.map(lambda draw: random_expression(draw, source, wanted, depth, local))


def random_nodes(draw: Random, entity: str, count: int, local: bool = False) -> dict[str, Node]:
    """Return trees of values of *entity*, so that one query answers many."""
    return {f"e{i}": bound(random_expression(draw, entity, local=local), entity) for i in range(count)}


def bound(expression: Expression, entity: str) -> Node:
    """Return the tree with its open aggregates owned by *entity*."""
    return bind_entity(expression.node, entity)


@cache
def constants(type: DataType) -> tuple[Expression, ...]:
    """Return constants in the form they take beside a neighbour of *type*; beside a month they are dates, a list has none."""
    match type.kind:
        case "category":
            values: tuple[Any, ...] = type.all_levels
        case "key":
            values = ("C1", "X9", "")
        case "date" | "month":
            type, values = DATE, CONSTANT_DAYS
        case kind:
            values = VALUES.get(kind, ())
    return tuple(Expression(Literal(type, value), ANY) for value in values)


def _pick(draw: Random, some: Sequence[T]) -> T:
    return some[draw.randrange(len(some))]


def _one_in(draw: Random, count: int) -> bool:
    return draw.randrange(count) == 0


@cache
def _ways(here: Place, wanted: DataType, depth: int) -> tuple[str, ...]:
    ways = ["leaf"]
    if depth > 0:
        ways += ["call"] * (wanted in GIVING) + ["follow"] * bool(here.keys) + ["ago"] * here.is_entity
        ways += ["aggregate"] * bool(here.children and wanted in BRINGING) + ["rank"] * bool(here.has_ranks and wanted in PLACING)
    return tuple(way for way in ways for _ in range(WEIGHTS[way]))


def _expression(draw: Random, here: Place, wanted: DataType, depth: int) -> Expression:
    made: Expression | None = None
    match _pick(draw, _ways(here, wanted, depth)):
        case "call":
            made = _call(draw, here, _signature(draw, GIVING[wanted]), depth)
        case "aggregate":
            made = _aggregate(draw, here, _signature(draw, BRINGING[wanted]), depth)
        case "rank":
            made = _rank(draw, here, _signature(draw, PLACING[wanted]), depth)
        case "follow":
            key = _pick(draw, here.keys)
            value = _expression(draw, place(key.type.entity, here.local), wanted, depth - 1)
            made = None if value.grain.kind == "any" else key[value]
        case "ago":
            value = _expression(draw, here, wanted, depth - 1)
            made = None if value.grain.kind == "any" else value.ago(**_pick(draw, SHIFTS))
    return _kept(made, draw, here, wanted)


def _signature(draw: Random, by_op: dict[str, list[S]]) -> S:
    return _of_types(draw, by_op[_pick(draw, tuple(by_op))])


def _of_types(draw: Random, signatures: Sequence[S]) -> S:
    """Choose the first type, then the others: most pairs of types are pairs of numbers."""
    first = _pick(draw, tuple(dict.fromkeys(s.first for s in signatures)))
    return _pick(draw, [s for s in signatures if s.first == first])


def _kept(made: Expression | None, draw: Random, here: Place, wanted: DataType) -> Expression:
    return made if made is not None and is_small(made.node) else _leaf(draw, here, wanted)


def _leaf(draw: Random, here: Place, wanted: DataType) -> Expression:
    """Return a column or like; a constant now and then, and where nothing else has the type."""
    some, fixed = here.leaves.get(wanted, ()), constants(wanted)
    if not some or (fixed and _one_in(draw, 4)):
        return _pick(draw, fixed)
    return _pick(draw, some)


def _call(draw: Random, here: Place, signature: Signature, depth: int) -> Expression | None:
    args = []
    for position, type in enumerate(signature.types):
        fixed = position > 0 and (signature.constants or (bool(constants(type)) and _one_in(draw, 3)))
        args.append(_pick(draw, constants(type)) if fixed else _expression(draw, here, type, depth - 1))
    try:
        return apply(signature.op, *args, **dict(signature.options))
    except TypeMismatch:  # a constant that the operator's check refuses, or that is no level of its neighbour
        return None


def _rank(draw: Random, here: Place, signature: ValueSignature, depth: int) -> Expression | None:
    assert signature.value is not None
    value = _expression(draw, here, signature.value, depth - 1)
    segments = [leaf for leaf in here.leaves[BOOLEAN] if isinstance(leaf.node, SegmentRef)]
    among = _pick(draw, segments) if segments and _one_in(draw, 2) else None
    within = _expression(draw, here, BOOLEAN, depth - 2) if _one_in(draw, 3) else None
    if value.grain.kind == "any":
        return None
    try:
        return value._rank(signature.op, among, within, **dict(signature.options))
    except TypeMismatch:  # beside constants the value's type may have changed
        return None


def _aggregate(draw: Random, here: Place, signature: ValueSignature, depth: int) -> Expression | None:
    below = place(_pick(draw, here.children), here.local)
    monthly = SCHEMA.source(below.source).is_monthly
    rows = Rows(below.contract)
    if _one_in(draw, 3):
        rows = rows.where(_expression(draw, below, BOOLEAN, depth - 1))
    if _one_in(draw, 2):
        rows = rows.last(_pick(draw, MONTH_SPANS if monthly else MONTH_SPANS + DAY_SPANS))
    if signature.value is None:
        return rows.count() if signature.op == "count" else None if monthly else rows.longest_run()
    value = _expression(draw, below, signature.value, depth - 1)
    options = dict(signature.options)
    if AGGREGATES[signature.op].pick == "top" and _one_in(draw, 2):
        options["by"] = _expression(draw, below, _pick(draw, (INTEGER, NUMBER, MONEY)), depth - 1)
    try:
        return rows[value]._aggregate(signature.op, **options)
    except TypeMismatch:  # beside constants the value's type may have changed
        return None
