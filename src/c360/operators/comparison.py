"""Comparison of numbers, texts, dates, keys and categories; an ordered category compares by rank, its outside levels by none."""

from __future__ import annotations

import operator
from datetime import date
from typing import Any

from c360.datatypes import BOOLEAN, MONTH, DataType, comparable
from c360.errors import TypeMismatch
from c360.expr.dates import month_end
from c360.expr.nodes import Call, Literal, Param
from c360.expr.operator import AuthorMethods, Operator, register

WORDS = {
    "eq": ("is", "为"), "ne": ("is not", "不为"), "lt": ("is below", "低于"), "le": ("is at most", "不高于"),
    "gt": ("is above", "高于"), "ge": ("is at least", "不低于"),
}  # fmt: skip
DATE_WORDS = {
    "lt": ("is before", "早于"), "le": ("is not after", "不晚于"), "gt": ("is after", "晚于"), "ge": ("is not before", "不早于"),
}  # fmt: skip
SYMBOLS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def level_rank(type: DataType, level: object) -> int | None:
    """Return the rank of *level* in an ordered category, None for a level outside the order."""
    return type.levels.index(str(level)) if level in type.levels else None


def _equality(a: DataType, b: DataType) -> DataType | None:
    return BOOLEAN if comparable(a, b) else None


def _order(a: DataType, b: DataType) -> DataType | None:
    if a.kind == b.kind == "category":
        return BOOLEAN if a == b and a.ordered else None
    if {a.kind, b.kind} & {"category", "boolean", "list"}:
        return None
    return BOOLEAN if comparable(a, b) else None


def _both(a: Any, b: Any) -> tuple[Any, Any]:
    if isinstance(a, float) or isinstance(b, float):
        return float(a), float(b)
    return a, b


def _compare_row(name: str) -> Any:
    compute = getattr(operator, name)

    def row(node: Call, a: Any, b: Any) -> object:
        kind = node.args[0].type
        if kind.kind == "category" and name not in {"eq", "ne"}:
            ranks = level_rank(kind, a), level_rank(kind, b)
            return None if None in ranks else compute(*ranks)
        return compute(*_both(a, b))

    return row


def _compare_sql(name: str) -> Any:
    def sql(q: Any, node: Call, a: Any, b: Any) -> Any:
        kind, other = node.args[0].type, node.args[1]
        if kind.kind != "category" or name in {"eq", "ne"}:
            return q.op(SYMBOLS[name], *q.alike(a, b))
        if not isinstance(other, Literal):
            return q.op(SYMBOLS[name], q.rank(a, kind), q.rank(b, kind))
        cut = level_rank(kind, other.value)
        met = [level for rank, level in enumerate(kind.levels) if getattr(operator, name)(rank, cut)]
        return q.one_of(a, met, kind)

    return sql


def _inside(node: Call) -> None:
    for arg in node.args:
        if isinstance(arg, Literal) and arg.type.kind == "category" and arg.value in arg.type.outside:
            raise TypeMismatch(
                f"'{arg.value}' stands outside the order of this category, so comparing with it is always unknown",
                hint=f"compare with one of {', '.join(arg.type.levels)}, or use == '{arg.value}'",
            )


def _whole_months(node: Call) -> None:
    """Refuse a day inside a month where a month is meant: the two are never equal."""
    if not any(arg.type == MONTH for arg in node.args):
        return
    for arg in node.args:
        day = arg.value if isinstance(arg, Literal) else arg.default if isinstance(arg, Param) else None
        if isinstance(day, date) and day != month_end(day):
            raise TypeMismatch(f"a month is dated on its last day, so it never is {day.isoformat()}", hint=f"write '{day:%Y-%m}'")


def _said(name: str, zh: bool) -> Any:
    def words(node: Call, a: str, b: str) -> str:
        dated = node.args[0].type.kind in {"date", "month"} and name in DATE_WORDS
        said = (DATE_WORDS if dated else WORDS)[name]
        return f"{a}{said[1]}{b}" if zh else f"{a} {said[0]} {b}"

    return words


def _comparison(name: str) -> Operator:
    ordered = name not in {"eq", "ne"}
    return Operator(
        name,
        "two numbers, two dates, two texts or two values of one ordered category" if ordered else "two values of one kind",
        _order if ordered else _equality,
        _compare_sql(name),
        _compare_row(name),
        _said(name, False),
        _said(name, True),
        nulls="unknown when an argument is null" + (" or a level outside the order" if ordered else ""),
        check=_inside if ordered else _whole_months,
    )


def _is_in(value: DataType, *choices: DataType) -> DataType | None:
    return BOOLEAN if all(comparable(value, choice) for choice in choices) else None


def _only_constants(node: Call) -> None:
    _whole_months(node)
    for arg in node.args[1:]:
        if type(arg).__name__ not in {"Literal", "Param"}:
            raise TypeMismatch("is_in takes constants", hint="compare with == and join the comparisons with |")


register(
    *(_comparison(name) for name in WORDS),
    Operator(
        "is_in", "a value and constants of its kind", _is_in,
        lambda q, n, a, *choices: q.is_in(a, choices),
        lambda n, a, *choices: any(operator.eq(*_both(a, choice)) for choice in choices),
        lambda n, a, *parts: f"{a} is one of {', '.join(parts)}", lambda n, a, *parts: f"{a}为{'、'.join(parts)}之一",
        arity=(2, 1_000_000), nulls="unknown when the value is null", check=_only_constants,
    ),
)  # fmt: skip


class ComparisonMethods(AuthorMethods):
    """``== != < <= > >=``, `between` and `is_in`."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # == builds a comparison

    def __eq__(self, other: object) -> Any:
        return self._call("eq", self, other)

    def __ne__(self, other: object) -> Any:
        return self._call("ne", self, other)

    def __lt__(self, other: object) -> Any:
        return self._call("lt", self, other)

    def __le__(self, other: object) -> Any:
        return self._call("le", self, other)

    def __gt__(self, other: object) -> Any:
        return self._call("gt", self, other)

    def __ge__(self, other: object) -> Any:
        return self._call("ge", self, other)

    def between(self, low: object, high: object) -> Any:
        """Say whether the value lies from *low* to *high*, both included."""
        return (self >= low) & (self <= high)

    def is_in(self, *choices: object) -> Any:
        """Say whether the value is one of *choices*, which are constants."""
        if len(choices) == 1 and isinstance(choices[0], (list, tuple, set, frozenset)):
            raise TypeMismatch("is_in takes its choices one by one", hint='write .is_in("a", "b"), or .is_in(*choices)')
        return self._call("is_in", self, *choices)
