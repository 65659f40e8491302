"""And, or, not in SQL's three values: inside an expression unknown stays unknown."""

from __future__ import annotations

from typing import Any

from c360.datatypes import BOOLEAN, DataType
from c360.expr.operator import AuthorMethods, Operator, register


def _booleans(*types: DataType) -> DataType | None:
    return BOOLEAN if all(t == BOOLEAN for t in types) else None


def _and(node: Any, *values: Any) -> object:
    if any(v is False for v in values):
        return False
    return None if None in values else True


def _or(node: Any, *values: Any) -> object:
    if any(v is True for v in values):
        return True
    return None if None in values else False


register(
    Operator(
        "and", "yes/no expressions", _booleans, lambda q, n, *terms: q.and_(*terms), _and,
        lambda n, *parts: " and ".join(parts), lambda n, *parts: "且".join(parts), arity=(2, 10_000), strict=False,
        nulls="false when any is false, else unknown when any is unknown",
    ),
    Operator(
        "or", "yes/no expressions", _booleans, lambda q, n, *terms: q.or_(*terms), _or,
        lambda n, *parts: " or ".join(parts), lambda n, *parts: "或".join(parts), arity=(2, 10_000), strict=False,
        nulls="true when any is true, else unknown when any is unknown",
    ),
    Operator(
        "not", "a yes/no expression", _booleans, lambda q, n, a: q.not_(a), lambda n, a: not a,
        "not {0}", "非{0}", arity=(1, 1), nulls="unknown stays unknown",
    ),
)  # fmt: skip


class LogicMethods(AuthorMethods):
    """``& | ~``; Python's ``and or not`` cannot be overloaded and are refused."""

    __slots__ = ()

    def __and__(self, other: object) -> Any:
        return self._call("and", self, other)

    def __rand__(self, other: object) -> Any:
        return self._call("and", other, self)

    def __or__(self, other: object) -> Any:
        return self._call("or", self, other)

    def __ror__(self, other: object) -> Any:
        return self._call("or", other, self)

    def __invert__(self) -> Any:
        return self._call("not", self)
