"""Which argument types every operator, aggregate and rank takes, found by asking the records; knows no row and no engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeVar

from world import SAMPLE_TYPES

from c360.datatypes import BOOLEAN, INTEGER, LIST, MONEY, NUMBER, RATE, TEXT, DataType
from c360.errors import TypeMismatch
from c360.expr.nodes import Call, Column
from c360.expr.operator import AGGREGATES, OPERATORS, RANKS, Operator

Options = tuple[tuple[str, Any], ...]
FEW_TYPES = (BOOLEAN, INTEGER, MONEY, TEXT)


@dataclass(frozen=True)
class Signature:
    """One way to call an operator; *constants* says that arguments after the first must be constants."""

    op: str
    options: Options
    types: tuple[DataType, ...]
    result: DataType
    constants: bool

    @property
    def first(self) -> DataType:
        """The type of the first argument."""
        return self.types[0]

    @property
    def wants_column_at(self) -> tuple[int, ...]:
        """The arguments that may be any expression."""
        return (0,) if self.constants else tuple(range(len(self.types)))


@dataclass(frozen=True)
class ValueSignature:
    """One way to bring rows up, or to rank a value; *value* is None for a count of rows."""

    op: str
    options: Options
    value: DataType | None
    result: DataType

    @property
    def first(self) -> DataType | None:
        """The type of the value."""
        return self.value


# The raw-SQL leaf takes what its author says it takes, so its record cannot be asked.
RAW_SQL = tuple(
    Signature("sql_expr", (("dialects", ("duckdb",)), ("meaning", meaning), ("names", ("a", "b")), ("returns", result),
                           ("template", template)), (NUMBER, INTEGER), result, False)
    for template, meaning, result in (
        ("{a} * 2 - {b}", "a * 2 - b", NUMBER),
        ("{a} < {b} or {b} < 0", "a < b or b < 0", BOOLEAN),
        ("{a} / 8 + {b}", "a / 8 + b", RATE),
    )
)  # fmt: skip


def _argument_types(record: Operator) -> Iterator[tuple[DataType, ...]]:
    low, high = record.arity
    for count in range(low, min(high, max(low, 3)) + 1):
        yield from product(SAMPLE_TYPES, repeat=count)
    for count in range(4, min(high, 5) + 1):
        yield from product(FEW_TYPES, repeat=count)


def _only_constants(record: Operator, node: Call) -> bool:
    try:
        if record.check is not None:
            record.check(node)
    except TypeMismatch:
        return True
    return False


def _signatures(record: Operator) -> Iterator[Signature]:
    for types in _argument_types(record) if record.sample_options else ():
        for options in record.sample_options:
            result = record.typing(*types, **options)
            if result is not None:
                columns = tuple(Column(t, "source", f"c{i}") for i, t in enumerate(types))
                pairs = tuple(sorted(options.items()))
                constants = _only_constants(record, Call(result, record.name, columns, pairs))
                if not (constants and LIST in types[1:]):  # nobody can write a constant list
                    yield Signature(record.name, pairs, types, result, constants)


def _aggregate_signatures() -> Iterator[ValueSignature]:
    for record in AGGREGATES.values():
        for options in record.sample_options:
            typed = {name: value for name, value in options.items() if name != "by"}
            for value in SAMPLE_TYPES if record.needs_value else (None,):
                result = record.typing(value, **typed)
                if result is not None:
                    yield ValueSignature(record.name, tuple(options.items()), value, result)


def _rank_signatures() -> Iterator[ValueSignature]:
    for record in RANKS.values():
        for options in record.sample_options:
            for value in SAMPLE_TYPES:
                result = record.typing(value)
                if result is not None:
                    yield ValueSignature(record.name, tuple(options.items()), value, result)


S = TypeVar("S", Signature, ValueSignature)


def by_name(signatures: Iterable[S]) -> dict[str, list[S]]:
    """Return the signatures of each operator."""
    found: dict[str, list[S]] = {}
    for signature in signatures:
        found.setdefault(signature.op, []).append(signature)
    return found


def by_result(signatures: Iterable[S]) -> dict[DataType, dict[str, list[S]]]:
    """Return what gives each type, by operator: first choose the operator, so that every one is as likely."""
    found: dict[DataType, list[S]] = {}
    for signature in signatures:
        found.setdefault(signature.result, []).append(signature)
    return {result: by_name(some) for result, some in found.items()}


SIGNATURES: tuple[Signature, ...] = (*(s for record in OPERATORS.values() for s in _signatures(record)), *RAW_SQL)
AGGREGATE_SIGNATURES: tuple[ValueSignature, ...] = tuple(_aggregate_signatures())
RANK_SIGNATURES: tuple[ValueSignature, ...] = tuple(_rank_signatures())
CALLS, AGGREGATED, RANKED = by_name(SIGNATURES), by_name(AGGREGATE_SIGNATURES), by_name(RANK_SIGNATURES)
GIVING, BRINGING, PLACING = by_result(SIGNATURES), by_result(AGGREGATE_SIGNATURES), by_result(RANK_SIGNATURES)
