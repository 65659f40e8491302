"""Operators as records: signature, SQL builder, row meaning and words in one place; imports no SQL and no engine.

An operator's SQL builder receives the expression namespace of `c360.sql` as its first argument, so that this layer and the
operators above it never import sqlglot. Its row meaning receives plain Python values, None for null.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from c360.datatypes import DataType
from c360.errors import InternalError
from c360.expr.nodes import Param

T = TypeVar("T")
Types = tuple[DataType, ...]
Typing = Callable[..., DataType | None]


@dataclass(frozen=True)
class Operator:
    """One operator on values of one row.

    *typing* receives the argument types (and options by name) and returns the result's type, or None where the operator has
    no meaning for them. *sql* receives ``(q, node, *terms)``, *row* ``(node, *values)``. Where *strict*, a null argument
    makes the result null before *row* is asked; the SQL form must say the same. *check* receives the finished node and may refuse
    it; it is asked again once parameters are resolved. Where *coerces*, literals take the type of the first argument
    that is none.
    """

    name: str
    takes: str
    typing: Typing
    sql: Callable[..., Any]
    row: Callable[..., object]
    words: str | Callable[..., str]
    zh: str | Callable[..., str]
    arity: tuple[int, int] = (2, 2)
    strict: bool = True
    version: int = 1
    nulls: str = "null when an argument is null"
    meaning: str = ""
    check: Callable[..., None] | None = None
    coerces: bool = True
    sample_options: tuple[dict[str, Any], ...] = ({},)


COMBINED = {"count": "sum", "sum": "sum", "min": "min", "max": "max"}
"""How a part over some rows is brought together with the same part over other rows: counts add up."""


@dataclass(frozen=True)
class Part:
    """A number that stands for many rows, and for rows split in any way is the parts' count, sum, least or greatest.

    *term* receives ``(q, value, condition)`` and returns what one row gives, null where it gives nothing. *combine* says what
    becomes of it: ``count`` of the rows that give something, ``sum``, ``min`` or ``max``. A sum is null over no known value; where
    rows leave it again, the part *known* says by 0 that it is null now. The least and greatest cannot lose rows.
    """

    name: str
    combine: str
    term: Callable[..., Any]
    known: Part | None = None

    @property
    def is_subtractable(self) -> bool:
        """Whether rows that leave can be taken off: old + entering - leaving."""
        return self.combine == "count" or (self.combine == "sum" and self.known is not None)


@dataclass(frozen=True)
class Composed:
    """How an aggregate is put together from *parts*: *whole* receives ``(q, node, *parts)``.

    Called like any SQL builder of an aggregate, it makes the parts and the whole in one pass.
    """

    parts: tuple[Part, ...]
    whole: Callable[..., Any]

    def __call__(self, q: Any, node: Any, value: Any, condition: Any) -> Any:
        """Return the aggregate over rows."""
        return self.whole(q, node, *(q.combined(part.combine, part.term(q, value, condition)) for part in self.parts))


@dataclass(frozen=True)
class AggregateOperator:
    """One way to bring many rows up to one value.

    *typing* receives the value's type (None for a count) and returns the result's type. *sql* receives ``(q, node, value,
    condition)``, and *by* last where the node has one; *rows* the list of (date, value) pairs, or (date, value, by), of the rows
    that count, undated rows with None. Where *pick* says ``first``, ``last``, ``frequent``, ``top`` or ``run``, ordered rows
    decide and *sql* is not asked. A *sql* that is `Composed` says the parts an aggregate comes from, so that it may be rolled up
    or extended; what is *apart* has none and a pass of its own.
    """

    name: str
    takes: str
    typing: Typing
    sql: Callable[..., Any] | None
    rows: Callable[..., object]
    words: str
    zh: str
    pick: str = ""
    apart: bool = False
    needs_value: bool = True
    empty: object = None
    check: Callable[..., None] | None = None
    version: int = 1
    nulls: str = "null over no rows; null values are left out"
    meaning: str = ""
    sample_options: tuple[dict[str, Any], ...] = ({},)

    @property
    def composed(self) -> Composed | None:
        """How the aggregate is put together from parts; None where it does not compose."""
        return self.sql if isinstance(self.sql, Composed) else None

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the aggregate is put together from; none where it does not compose."""
        return () if self.composed is None else self.composed.parts


@dataclass(frozen=True)
class RankOperator:
    """One way to place a value among a population.

    *typing* receives the value's type; *sql* ``(q, node, value, key, partition)`` and returns a window term over the narrow
    population; *places* the list of (key, value) pairs of one group and returns the result by key.
    """

    name: str
    takes: str
    typing: Typing
    sql: Callable[..., Any]
    places: Callable[..., dict[str, object]]
    words: str
    zh: str
    check: Callable[..., None] | None = None
    version: int = 1
    nulls: str = "null when the value is null, or the row is not of the population"
    meaning: str = ""
    sample_options: tuple[dict[str, Any], ...] = ({},)


OPERATORS: dict[str, Operator] = {}
AGGREGATES: dict[str, AggregateOperator] = {}
RANKS: dict[str, RankOperator] = {}


def register(*records: Operator | AggregateOperator | RankOperator) -> None:
    """Add *records* to the language; a name stands for one operator."""
    for record in records:
        match record:
            case Operator():
                _add(OPERATORS, record.name, record)
            case AggregateOperator():
                _add(AGGREGATES, record.name, record)
            case RankOperator():
                _add(RANKS, record.name, record)


def _add(table: dict[str, T], name: str, record: T) -> None:
    if name in table:
        raise InternalError(f"two operators are called '{name}'")
    table[name] = record


def option_of(value: object) -> object:
    """Return an option as nodes hold it: plain, or the parameter that an author put in its place."""
    node = getattr(value, "node", None)
    return node if isinstance(node, Param) else value


def option_value(value: object) -> object:
    """Return the plain value of an option; a parameter that is not resolved yet speaks by its default."""
    return value.default if isinstance(value, Param) else value


class AuthorMethods:
    """What operator families build their author methods on; `c360.language` supplies the two hooks."""

    __slots__ = ()

    def _call(self, op: str, *args: object, **options: object) -> Any:
        raise InternalError("an author method was called outside the language")

    def _rank(self, op: str, among: object = None, within: object = None, **options: object) -> Any:
        raise InternalError("an author method was called outside the language")

    def _aggregate(self, op: str, by: object = None, **options: object) -> Any:
        raise InternalError("an author method was called outside the language")
