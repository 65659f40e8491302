"""Which argument types every operator and aggregate takes, found by asking the records; knows no row and no engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeVar

from world import SAMPLE_TYPES

from c360.datatypes import BOOLEAN, INTEGER, MONEY, TEXT, DataType
from c360.errors import TypeMismatch
from c360.expr.nodes import Call, Column
from c360.expr.operator import AGGREGATES, OPERATORS, Operator

FEW_TYPES = (BOOLEAN, INTEGER, MONEY, TEXT)


@dataclass(frozen=True)
class Signature:
    """One way to call an operator; *constants* says that arguments after the first must be constants."""

    op: str
    options: tuple[tuple[str, Any], ...]
    types: tuple[DataType, ...]
    result: DataType
    constants: bool

    @property
    def wants_column_at(self) -> tuple[int, ...]:
        """The arguments that may be any expression."""
        return (0,) if self.constants else tuple(range(len(self.types)))


@dataclass(frozen=True)
class AggregateSignature:
    """One way to bring rows up; *value* is None for a count of rows."""

    op: str
    value: DataType | None
    result: DataType


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
    for types in _argument_types(record):
        for options in record.sample_options:
            result = record.typing(*types, **options)
            if result is not None:
                columns = tuple(Column(t, "source", f"c{i}") for i, t in enumerate(types))
                pairs = tuple(sorted(options.items()))
                yield Signature(
                    record.name,
                    pairs,
                    types,
                    result,
                    _only_constants(record, Call(result, record.name, columns, pairs)),
                )


def _aggregate_signatures() -> Iterator[AggregateSignature]:
    for record in AGGREGATES.values():
        for value in (None, *SAMPLE_TYPES):
            result = record.typing(value)
            if result is not None and record.needs_value == (value is not None):
                yield AggregateSignature(record.name, value, result)


SIGNATURES: tuple[Signature, ...] = tuple(s for record in OPERATORS.values() for s in _signatures(record))
AGGREGATE_SIGNATURES: tuple[AggregateSignature, ...] = tuple(_aggregate_signatures())


S = TypeVar("S", Signature, AggregateSignature)


def by_name(signatures: Iterable[S]) -> dict[str, list[S]]:
    """Return the signatures of each operator."""
    found: dict[str, list[S]] = {}
    for signature in signatures:
        found.setdefault(signature.op, []).append(signature)
    return found


def _by_op_and_result() -> dict[DataType, dict[str, list[Signature]]]:
    found: dict[DataType, dict[str, list[Signature]]] = {}
    for signature in SIGNATURES:
        found.setdefault(signature.result, {}).setdefault(signature.op, []).append(signature)
    return found


# What gives a value of a type: first choose the operator, then its argument types, so that every operator is as likely.
GIVING: dict[DataType, dict[str, list[Signature]]] = _by_op_and_result()
AGGREGATES_GIVING: dict[DataType, list[AggregateSignature]] = {
    type_: [s for s in AGGREGATE_SIGNATURES if s.result == type_] for type_ in SAMPLE_TYPES
}
