"""Every operator nested in every other: at each argument, for each type that fits, over columns and over constants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count, islice

import pytest
from places import place
from signatures import AGGREGATE_SIGNATURES, GIVING, SIGNATURES, Signature, ValueSignature
from smallest import agree_or_explain
from strategies import bound, constants
from tables import fixed_tables
from world import BY_NAME

from c360.datatypes import DataType
from c360.engines.duckdb import DuckDBEngine
from c360.errors import TypeMismatch
from c360.expr.nodes import Node
from c360.expr.operator import OPERATORS
from c360.language.expression import Expression, apply
from c360.language.sources import Rows

DAY = date(2026, 10, 31)
# More than this many expressions asked for: every pair for every type, not once.
MANY = 3000
Leaf = Callable[[DataType, int], Expression]
Inner = Mapping[int, Expression]
Wanted = Callable[[str], bool]
Pairs = Iterator[tuple[str, Expression | None]]


def column_of(source: str) -> Leaf:
    """Return columns of *source* and what its keys lead to, another for each argument; constants of what it has none of."""
    leaves = place(source).leaves
    return lambda type, nth: leaves[type][nth % len(leaves[type])] if type in leaves else constant(type, nth)


def constant(type: DataType, nth: int) -> Expression:
    """Return one of the constants of a type; of lists, which have none, a definition."""
    fixed = constants(type) or place("customer").leaves[type]
    return fixed[nth % len(fixed)]


def called(signature: Signature, leaf: Leaf, inner: Inner | None = None, shifts: int = 6) -> Expression | None:
    """Return the call over leaves and *inner*, by argument; None where no constant of the first few is one that it takes."""
    for shift in range(shifts):
        args = [
            inner[i] if inner and i in inner
            else constant(type, i + shift) if signature.constants and i
            else leaf(type, i + shift)
            for i, type in enumerate(signature.types)
        ]  # fmt: skip
        try:
            return apply(signature.op, *args, **dict(signature.options))
        except TypeMismatch:
            continue
    return None


def alike(signature: Signature, position: int) -> list[int]:
    """Return the arguments that take what the one at *position* takes."""
    return [i for i in signature.wants_column_at if signature.types[i] == signature.types[position]]


def any_call(signatures: Sequence[Signature], leaf: Leaf) -> Expression | None:
    """Return the first call over leaves that can be made."""
    return next((made for signature in signatures if (made := called(signature, leaf)) is not None), None)


def operators_in_operators(inside: Leaf, beside: Leaf | None, wanted: Wanted, told: str = "{outer}_{inner}") -> Pairs:
    """Yield every operator over *inside* in every other, with *beside* for the other arguments, for each type that fits.

    *told* names what counts as a pair. Without *beside* the inner call stands in every argument of its type.
    """
    for outer in SIGNATURES:
        for position in outer.wants_column_at:
            for op, inners in GIVING.get(outer.types[position], {}).items():
                if wanted(name := told.format(outer=outer.op, position=position, inner=op)):
                    inner = any_call(inners, inside)
                    places = [position] if beside is not None else alike(outer, position)
                    yield name, None if inner is None else called(outer, beside or inside, dict.fromkeys(places, inner))


def brought_up(signature: ValueSignature, source: str, value: Expression | None) -> Expression:
    """Return the aggregate over all rows of *source*."""
    rows = Rows(BY_NAME[source])
    if value is None:
        return rows.count() if signature.op == "count" else rows.longest_run()
    return rows[value]._aggregate(signature.op, **dict(signature.options))


def aggregates_of_operators(source: str, wanted: Wanted) -> Pairs:
    """Yield every aggregate over every operator."""
    for outer in AGGREGATE_SIGNATURES:
        for op, signatures in GIVING.get(outer.value, {}).items() if outer.value is not None else ():
            if wanted(name := f"{outer.op}_{op}"):
                value = any_call(signatures, column_of(source))
                yield name, None if value is None else brought_up(outer, source, value)


def operators_of_aggregates(source: str, wanted: Wanted) -> Pairs:
    """Yield every operator over every aggregate."""
    within, leaf = column_of(source), column_of("customer")
    for outer in SIGNATURES:
        for position in outer.wants_column_at:
            for inner in AGGREGATE_SIGNATURES:
                if inner.result == outer.types[position] and wanted(name := f"{outer.op}_{position}_{inner.op}"):
                    value = None if inner.value is None else within(inner.value, 0)
                    yield name, called(outer, leaf, {position: brought_up(inner, source, value)})


def insisted_constants(leaf: Leaf, wanted: Wanted) -> Pairs:
    """Yield every operator that insists on a constant with each that it takes: texts hold what patterns are made of."""
    for outer in SIGNATURES:
        choices = constants(outer.types[1]) if outer.constants and len(outer.types) == 2 else ()
        for nth, choice in enumerate(choices):
            if wanted(name := f"{outer.op}_{outer.types[0].kind}_{outer.types[1].kind}_{nth}"):
                yield name, called(outer, leaf, {1: choice}, shifts=1)


def named_trees(pairs: Pairs, made: set[str]) -> Iterator[tuple[str, Node]]:
    """Yield the trees under names of their own; *made* takes the pairs that could be built."""
    number = count()
    for name, expression in pairs:
        if expression is not None:
            made.add(name)
            yield f"{name}_{next(number)}", bound(expression, "customer")


EACH_ARGUMENT = "{outer}_{position}_{inner}"
OF_CUSTOMER = column_of("customer")
FAMILIES: dict[str, tuple[Callable[[Wanted], Pairs], int]] = {
    "over and beside columns": (lambda wanted: operators_in_operators(OF_CUSTOMER, OF_CUSTOMER, wanted, EACH_ARGUMENT), 500),
    "over columns, beside constants": (lambda wanted: operators_in_operators(OF_CUSTOMER, constant, wanted), 500),
    "over constants, everywhere": (lambda wanted: operators_in_operators(constant, None, wanted), 500),
    "insisted constants": (lambda wanted: insisted_constants(OF_CUSTOMER, wanted), 500),
    "aggregates of operators": (lambda wanted: aggregates_of_operators("usage", wanted), 40),
    "operators of aggregates": (lambda wanted: operators_of_aggregates("usage", wanted), 500),
}


@pytest.mark.thorough
@pytest.mark.parametrize("family", FAMILIES)
def test_engines_agree_on_every_pair(duckdb_engine: DuckDBEngine, expression_count: int, family: str) -> None:
    pairs, size = FAMILIES[family]
    rows, made = fixed_tables(DAY), set[str]()
    every_type = expression_count >= MANY
    trees = named_trees(pairs(lambda name: every_type or name not in made), made)
    while nodes := dict(islice(trees, size)):
        agree_or_explain(duckdb_engine, nodes, rows, "customer", DAY)
    assert made


def test_every_operator_nests_and_is_nested() -> None:
    made: set[str] = set()
    pairs = operators_in_operators(OF_CUSTOMER, OF_CUSTOMER, lambda name: name not in made, "{outer} {inner}")
    assert all(name for name, _ in named_trees(pairs, made))
    assert {name.split()[0] for name in made} == {name.split()[1] for name in made} == set(OPERATORS)
