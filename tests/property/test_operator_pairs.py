"""Every operator nested in every other: at each argument, for each type that fits, over columns and over constants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice

import pytest
from agreement import check_agreement
from places import place
from signatures import AGGREGATE_SIGNATURES, GIVING, SIGNATURES, Signature
from strategies import bound, constants
from tables import fixed_tables
from world import DEFINITIONS, SCHEMA

from c360.datatypes import DataType
from c360.engines.duckdb import DuckDBEngine
from c360.errors import TypeMismatch
from c360.expr import build
from c360.expr.grain import row_of, upwards
from c360.expr.nodes import Node
from c360.expr.operator import AGGREGATES, OPERATORS
from c360.language.expression import Expression, apply

DAY = date(2026, 10, 31)
IN_ONE_QUERY = 150
Leaf = Callable[[DataType, int], Expression]


def column_of(source: str) -> Leaf:
    """Return columns of *source* and what its keys lead to, another for each argument."""
    leaves = place(source).leaves
    return lambda type, nth: leaves[type][nth % len(leaves[type])] if type in leaves else constant(type, nth)


def constant(type: DataType, nth: int) -> Expression:
    """Return one of the constants of a type."""
    return constants(type)[nth % len(constants(type))]


def called(signature: Signature, leaf: Leaf, position: int = -1, inner: Expression | None = None) -> Expression | None:
    """Return the call over leaves, *inner* in one place; None where no constant of the first few is one that it takes."""
    for shift in range(6):
        args = [
            inner if i == position and inner is not None
            else constant(type, i + shift) if signature.constants and i
            else leaf(type, i + shift)
            for i, type in enumerate(signature.types)
        ]  # fmt: skip
        try:
            return apply(signature.op, *args, **dict(signature.options))
        except TypeMismatch:
            continue
    return None


def pairs(leaf: Leaf) -> Iterator[tuple[str, Expression]]:
    """Yield every operator in every other, once for each argument and type."""
    seen = set()
    for outer in SIGNATURES:
        for position in outer.wants_column_at:
            type = outer.types[position]
            for op, inners in GIVING.get(type, {}).items():
                if (outer.op, outer.options, position, type, op) not in seen:
                    inner = next((made for s in inners if (made := called(s, leaf)) is not None), None)
                    made = None if inner is None else called(outer, leaf, position, inner)
                    if made is not None:
                        seen.add((outer.op, outer.options, position, type, op))
                        yield f"{outer.op}_{position}_{op}", made


def aggregated(source: str) -> Iterator[tuple[str, Expression]]:
    """Yield every aggregate over every operator, and every operator over every aggregate."""
    up = upwards(row_of(source, SCHEMA.sources))
    brought: dict[DataType, dict[str, Expression]] = {}
    for s in AGGREGATE_SIGNATURES:
        inners = GIVING.get(s.value, {}) if s.value is not None else {"": []}
        for op, signatures in inners.items():
            value = next((made for inner in signatures if (made := called(inner, column_of(source))) is not None), None)
            node = build.aggregate(s.op, source, None if value is None else value.node, None, None)
            made = Expression(node, up)
            brought.setdefault(node.type, {}).setdefault(s.op, made)
            yield f"{s.op}_{op}", made
    leaf, seen = column_of("customer"), set()
    for outer in SIGNATURES:
        for position in outer.wants_column_at:
            for op, inner in brought.get(outer.types[position], {}).items():
                made = None if (outer.op, position, op) in seen else called(outer, leaf, position, inner)
                if made is not None:
                    seen.add((outer.op, position, op))
                    yield f"{outer.op}_{position}_{op}", made


def in_batches(some: Iterator[tuple[str, Expression]]) -> Iterator[dict[str, Node]]:
    """Yield the trees under names of their own, as many as one query takes."""
    numbered = ((f"{name}_{i}", bound(made, "customer")) for i, (name, made) in enumerate(some))
    while batch := dict(islice(numbered, IN_ONE_QUERY)):
        yield batch
