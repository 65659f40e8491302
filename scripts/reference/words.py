"""Operator records and author methods in; how an operator is written, what it takes and gives, out."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from types import ModuleType
from typing import Any

import c360
from c360.datatypes import (
    BOOLEAN,
    DATE,
    INTEGER,
    LIST,
    MONEY,
    MONTH,
    NUMBER,
    RATE,
    TEXT,
    VOLUME,
    DataType,
    category,
    common_type,
    key_of,
)  # fmt: skip
from c360.expr.operator import AGGREGATES, OPERATORS, RANKS, AggregateOperator, Operator, RankOperator
from c360.language.sources import Rows
from c360.operators import FAMILIES, OperatorMethods

Record = Operator | AggregateOperator | RankOperator
SYMBOLS = {
    "__add__": "a + b", "__sub__": "a - b", "__mul__": "a * b", "__truediv__": "a / b", "__floordiv__": "a // b",
    "__mod__": "a % b", "__neg__": "-a", "__abs__": "abs(a)", "__eq__": "a == b", "__ne__": "a != b", "__lt__": "a < b",
    "__le__": "a <= b", "__gt__": "a > b", "__ge__": "a >= b", "__and__": "a & b", "__or__": "a | b", "__invert__": "~a",
}  # fmt: skip
# Operators that are written as a function or as a method of rows.
FUNCTIONS: dict[str, tuple[str, Callable[..., Any]]] = {
    "least": ("least(a, b, …)", c360.least),
    "greatest": ("greatest(a, b, …)", c360.greatest),
    "case": ("when(condition).then(value)….otherwise(value)", c360.when),
    "first_match": ("first_match(level=condition, …, otherwise=…)", c360.first_match),
    "tiers": ("tiers(value, level=cut, …, otherwise=…)", c360.tiers),
    "listed": ("listed(item=condition, …)", c360.listed),
    "sql_expr": ("sql_expr(template, returns=…, dialects=…, meaning=…, …)", c360.sql_expr),
    "count": ("rows.count()", Rows.count),
    "longest_run": ("rows.longest_run()", Rows.longest_run),
}
DUMMIES = {"count": 3, "parts": 4, "share": 0.5, "text": "x", "place": 1}
KINDS = {
    "boolean": BOOLEAN, "integer": INTEGER, "number": NUMBER, "money": MONEY, "volume": VOLUME, "rate": RATE, "text": TEXT,
    "category": category("a", "b"), "ordered category": category("a", "b", ordered=True), "key": key_of("customer"), "date": DATE,
    "month": MONTH, "list": LIST,
}  # fmt: skip
NUMBERS = ("integer", "number", "money", "volume", "rate")
# What a record cannot tell by itself, for its result hangs on what its author writes.
RESULTS = {
    "case": "the common type of its values",
    "first_match": "a category of its levels",
    "tiers": "an ordered category of its levels, low to high",
    "sql_expr": "the type in `returns=`",
}


@dataclass(frozen=True)
class Spelling:
    """One way to write an operator: how it looks, what its docstring says."""

    text: str
    told: str


class _Probe(OperatorMethods):
    """Notes which operators an author method makes."""

    __slots__ = ("made",)

    def __init__(self) -> None:
        self.made: list[str] = []

    def _note(self, op: str, *args: object, **options: object) -> Any:
        self.made.append(op)
        return self

    _call = _aggregate = _rank = _note


@functools.cache
def spellings() -> dict[str, list[Spelling]]:
    """Return every operator, aggregate and rank with the ways to write it."""
    found: dict[str, list[Spelling]] = {name: [] for name in (*OPERATORS, *AGGREGATES, *RANKS)}
    for name, method in _methods():
        made = _made_by(method)
        if len(made) == 1:
            found[made[0]].append(Spelling(_called(name, method), _sentences(method)))
    for op, (text, function) in FUNCTIONS.items():
        found[op].append(Spelling(text, _sentences(function)))
    return found


@functools.cache
def composed() -> dict[str, list[tuple[Spelling, tuple[str, ...]]]]:
    """Return, by family, the methods that are made of several operators."""
    found: dict[str, list[tuple[Spelling, tuple[str, ...]]]] = {}
    for name, method in _methods():
        made = _made_by(method)
        if len(made) > 1:
            spelling = Spelling(_called(name, method), _sentences(method))
            found.setdefault(method.__module__.rpartition(".")[2], []).append((spelling, tuple(made)))
    return found


def records_of(family: ModuleType) -> list[Record]:
    """Return the records that a family's module registers, in its order."""
    records: list[Record] = [*OPERATORS.values(), *AGGREGATES.values(), *RANKS.values()]
    return [record for record in records if _home(record) == family.__name__]


def family_name(family: ModuleType) -> str:
    """Return the name of a family's page."""
    return family.__name__.rpartition(".")[2]


def gives(record: Record) -> str:
    """Say which types come out of an operator."""
    if record.name in RESULTS:
        return RESULTS[record.name]
    if not isinstance(record, Operator):
        return _from_value(record)
    pairs = list(_typed(record))
    if not pairs:
        return "—"
    results = {result for _, result in pairs}
    if len(results) == 1:
        return name_of(results.pop())
    if all(result == taken[0] for taken, result in pairs):
        return "the type of the value"
    if all(result == _common(taken) for taken, result in pairs):
        return "the common type of its arguments"
    return "by the types of its arguments, see the table"


def number_matrix(record: Record) -> list[list[str]] | None:
    """Return the result of an operator on two numbers for every pair of number types; None where one sentence "
    "says it."""
    if not gives(record).endswith("see the table") or not isinstance(record, Operator):
        return None
    rows = []
    for left in NUMBERS:
        made = [record.typing(KINDS[left], KINDS[right], **record.sample_options[0]) for right in NUMBERS]
        rows.append([left, *("—" if result is None else name_of(result) for result in made)])
    return rows


def grain(record: Record) -> str:
    """Say how an operator changes whose row the value speaks of."""
    if isinstance(record, Operator):
        return "that of its arguments, which share one"
    if isinstance(record, AggregateOperator):
        return "up: from the rows of one source to one value of whoever owns them"
    return "an entity's own row, among the rows of its population"


def _methods() -> Iterator[tuple[str, Callable[..., Any]]]:
    for family in FAMILIES:
        for name, owner in inspect.getmembers(family, inspect.isclass):
            if owner.__module__ == family.__name__ and name.endswith("Methods"):
                yield from ((label, method) for label, method in vars(owner).items() if _is_public(label, method))


def _is_public(name: str, method: object) -> bool:
    return inspect.isfunction(method) and (name in SYMBOLS or not name.startswith("_"))


def _made_by(method: Callable[..., Any]) -> list[str]:
    probe = _Probe()
    given: list[object] = []
    for name, parameter in list(inspect.signature(method).parameters.items())[1:]:
        if parameter.kind is parameter.KEYWORD_ONLY or parameter.default is not parameter.empty:
            continue
        given.append(DUMMIES.get(name, "a" if parameter.kind is parameter.VAR_POSITIONAL else 1))
    method(probe, *given)
    return probe.made


def _called(name: str, method: Callable[..., Any]) -> str:
    if name in SYMBOLS:
        return SYMBOLS[name]
    return f".{name}({', '.join(_parameters(method))})"


def _parameters(method: Callable[..., Any]) -> Iterator[str]:
    starred = False
    for name, parameter in list(inspect.signature(method).parameters.items())[1:]:
        if parameter.kind is parameter.VAR_POSITIONAL:
            yield f"{name.rstrip('s')}, …" if name != "choices" else "choice, …"
        elif parameter.default is parameter.empty:
            yield name
        else:
            starred = starred or parameter.kind is parameter.KEYWORD_ONLY
            yield f"{name}={parameter.default!r}".replace("'", '"')


def _sentences(thing: Callable[..., Any]) -> str:
    """Return what a docstring says, without its runnable example."""
    told = inspect.getdoc(thing) or ""
    told = re.split(r"\n\s*>>>", told)[0]
    return literal(" ".join(told.split()))


def literal(text: str) -> str:
    """Return a docstring's text with its code and its parameters as Markdown code."""
    text = text.replace("``", "`")
    return re.sub(r"(?<![*`\w])\*([a-z_]+)\*(?![*\w])", r"`\1`", text)


def _home(record: Record) -> str:
    if isinstance(record, Operator):
        return record.row.__module__
    return record.rows.__module__ if isinstance(record, AggregateOperator) else record.places.__module__


def _typed(record: Operator) -> Iterator[tuple[tuple[DataType, ...], DataType]]:
    count = max(record.arity[0], 1) if record.arity[0] == record.arity[1] else max(record.arity[0], min(record.arity[1], 2))
    for options in record.sample_options:
        for types in product(KINDS.values(), repeat=count):
            result = record.typing(*types, **options)
            if result is not None:
                yield types, result


def _common(types: tuple[DataType, ...]) -> DataType | None:
    made: DataType | None = types[0]
    for other in types[1:]:
        made = None if made is None else common_type(made, other)
    return made


def _from_value(record: AggregateOperator | RankOperator) -> str:
    options = {name: value for name, value in record.sample_options[0].items() if name != "by"}
    if isinstance(record, AggregateOperator) and not record.needs_value:
        made = record.typing(None, **options)
        return "—" if made is None else name_of(made)
    typing: Callable[..., DataType | None] = record.typing
    if isinstance(record, RankOperator):
        options = {}
    pairs = {name: result for name, type in KINDS.items() if (result := typing(type, **options)) is not None}
    if len(set(pairs.values())) == 1:
        return name_of(next(iter(pairs.values())))
    if all(result == KINDS[name] for name, result in pairs.items()):
        return "the type of the value"
    groups: dict[str, list[str]] = {}
    for name, result in pairs.items():
        groups.setdefault(name_of(result), []).append(name)
    return "; ".join(f"{result} of {', '.join(names)}" for result, names in groups.items())


def name_of(type: DataType) -> str:
    """Return what a type is called."""
    return next((name for name, known in KINDS.items() if known == type), str(type.kind))
