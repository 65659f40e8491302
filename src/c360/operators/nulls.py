"""Null handling: tests for it, defaults in its place."""

from __future__ import annotations

from typing import Any

from c360.datatypes import BOOLEAN, DataType, common_type, comparable
from c360.expr.operator import AuthorMethods, Operator, register
from c360.operators.arithmetic import as_type


def _boolean(*types: DataType) -> DataType | None:
    return BOOLEAN


def _first_known(node: Any, *values: Any) -> object:
    known = next((v for v in values if v is not None), None)
    return as_type(known, node.type) if known is not None and node.type.is_number else known


def _null_if(a: DataType, b: DataType) -> DataType | None:
    return a if comparable(a, b) else None


def _null_if_row(node: Any, a: Any, b: Any) -> object:
    if a is None or b is None:
        return a
    same = float(a) == float(b) if isinstance(a, float) or isinstance(b, float) else a == b
    return None if same else a


register(
    Operator(
        "is_null", "any value", _boolean, lambda q, n, a: q.is_null(a), lambda n, a: a is None,
        "{0} is missing", "{0}缺失", arity=(1, 1), strict=False, nulls="never unknown",
    ),
    Operator(
        "is_known", "any value", _boolean, lambda q, n, a: q.not_(q.is_null(a)), lambda n, a: a is not None,
        "{0} is known", "{0}已知", arity=(1, 1), strict=False, nulls="never unknown",
    ),
    Operator(
        "or_else", "two values of one kind", common_type,
        lambda q, n, a, b: q.settled(q.coalesce(q.convert(a, n.type), q.convert(b, n.type)), (a, b), n.type), _first_known,
        "{0}, or {1} where missing", "{0}（缺失取{1}）", strict=False, nulls="null only when both are null",
    ),
    Operator(
        "null_if", "two values of one kind", _null_if,
        lambda q, n, a, b: q.case([(q.op("=", *q.alike(a, b)), q.null(n.type))], a), _null_if_row,
        "{0}, missing where it is {1}", "{0}（等于{1}视为缺失）", strict=False, nulls="null where the two are equal",
    ),
)  # fmt: skip


class NullMethods(AuthorMethods):
    """Tests for null and defaults."""

    __slots__ = ()

    def is_null(self) -> Any:
        """Say whether the value is missing; never unknown."""
        return self._call("is_null", self)

    def is_known(self) -> Any:
        """Say whether there is a value; never unknown."""
        return self._call("is_known", self)

    def or_else(self, default: object) -> Any:
        """Take *default* where the value is missing."""
        return self._call("or_else", self, default)

    def or_zero(self) -> Any:
        """Take 0 where the value is missing."""
        return self._call("or_else", self, 0)

    def or_false(self) -> Any:
        """Take no for unknown."""
        return self._call("or_else", self, False)

    def null_if(self, value: object) -> Any:
        """Make the value missing where it is *value*."""
        return self._call("null_if", self, value)
