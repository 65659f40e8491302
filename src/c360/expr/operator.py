"""Operators as records: signature, SQL builder, row meaning and words in one place; imports no SQL and no engine.

An operator's SQL builder receives the expression namespace of `c360.sql` as its first argument, so that this layer and the
operators above it never import sqlglot. Its row meaning receives plain Python values, None for null.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from c360.datatypes import DataType
from c360.errors import InternalError

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


@dataclass(frozen=True)
class AggregateOperator:
    """One way to bring many rows up to one value.

    *typing* receives the value's type (None for a count) and returns the result's type. *sql* receives ``(q, node, value,
    condition)``; *rows* the list of (date, value) pairs of the rows that count, undated rows with None. Where *pick* is
    ``first`` or ``last``, the value is taken from one row instead and *sql* is not asked.
    """

    name: str
    takes: str
    typing: Typing
    sql: Callable[..., Any]
    rows: Callable[..., object]
    words: str
    zh: str
    pick: str = ""
    needs_value: bool = True
    empty: object = None
    version: int = 1
    nulls: str = "null over no rows; null values are left out"
    meaning: str = ""


OPERATORS: dict[str, Operator] = {}
AGGREGATES: dict[str, AggregateOperator] = {}


def register(*records: Operator | AggregateOperator) -> None:
    """Add *records* to the language; a name stands for one operator."""
    for record in records:
        table: dict[str, Any] = OPERATORS if isinstance(record, Operator) else AGGREGATES
        if record.name in table:
            raise InternalError(f"two operators are called '{record.name}'")
        table[record.name] = record


class AuthorMethods:
    """What operator families build their author methods on; `c360.language` supplies the two hooks."""

    __slots__ = ()

    def _call(self, op: str, *args: object, **options: object) -> Any:
        raise InternalError("an author method was called outside the language")

    def _aggregate(self, op: str) -> Any:
        raise InternalError("an author method was called outside the language")
