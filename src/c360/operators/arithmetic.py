"""Arithmetic on numbers, money and volumes; a rate of an exact amount is rounded to 6 decimals at every step."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from c360.datatypes import INTEGER, NUMBER, RATE, SCALES, DataType, add_type, common_type, divide_type, multiply_type
from c360.expr.operator import AuthorMethods, Operator, register


def round6(value: float) -> float:
    """Round half up to 6 decimals: ``FLOOR(x * 1000000 + 0.5) / 1000000``, the same on every engine."""
    return rounded(value, 1000000)


def rounded(value: float, parts: int) -> float:
    """Round half up to whole *parts* of 1, as `round6` does to millionths."""
    scaled = value * float(parts) + 0.5
    return math.floor(scaled) / float(parts) if math.isfinite(scaled) else value


def as_type(value: Any, to: DataType) -> Any:
    """Return the Python number in the form values of *to* have: int, float or Decimal."""
    if to in (NUMBER, RATE):
        return float(value)
    if to == INTEGER:
        return int(value)
    return value if isinstance(value, Decimal) else Decimal(value).quantize(SCALES[to.kind])


def _binary(compute: Any) -> Any:
    def row(node: Any, a: Any, b: Any) -> object:
        if node.type in (NUMBER, RATE):
            value = compute(float(a), float(b))
            return round6(value) if node.type == RATE else value
        # A zero of decimals has no sign in SQL: -1 * 0.00 is 0.00.
        return compute(a, b) + 0

    return row


def _binary_sql(symbol: str) -> Any:
    def sql(q: Any, node: Any, a: Any, b: Any) -> Any:
        if node.type in (NUMBER, RATE):
            a, b = q.double(a), q.double(b)
        term = q.op(symbol, a, b)
        return q.round6(term) if node.type == RATE else term

    return sql


def _divide(node: Any, a: Any, b: Any) -> object:
    if b == 0:
        return None
    value = float(a) / float(b)
    return round6(value) if node.type == RATE else value


def _divide_sql(q: Any, node: Any, a: Any, b: Any) -> Any:
    term = q.divide(a, b)
    return q.round6(term) if node.type == RATE else term


def _integers(*types: DataType) -> DataType | None:
    return INTEGER if all(t == INTEGER for t in types) else None


def _same_number(a: DataType) -> DataType | None:
    return a if a.is_number else None


def _orderable(*types: DataType) -> DataType | None:
    result: DataType | None = types[0]
    for other in types[1:]:
        result = None if result is None else common_type(result, other)
    return result if result is not None and (result.is_number or result.kind == "date") else None


def _extreme(choose: Any) -> Any:
    def row(node: Any, *values: Any) -> object:
        known = [v for v in values if v is not None]
        if not known:
            return None
        return choose(as_type(v, node.type) if node.type.is_number else v for v in known)

    return row


def _extreme_sql(name: str) -> Any:
    def sql(q: Any, node: Any, *terms: Any) -> Any:
        same = [q.convert(t, node.type) for t in terms]
        made = q.func(name, *(q.coalesce(*same[i:], *same[:i]) for i in range(len(same))))
        return q.settled(made, terms, node.type)

    return sql


register(
    Operator("add", "two numbers", add_type, _binary_sql("+"), _binary(lambda a, b: a + b), "{0} plus {1}", "{0}加{1}"),
    Operator("subtract", "two numbers", add_type, _binary_sql("-"), _binary(lambda a, b: a - b), "{0} minus {1}", "{0}减{1}"),
    Operator(
        "multiply", "two numbers, not money times money", multiply_type,
        _binary_sql("*"), _binary(lambda a, b: a * b), "{0} times {1}", "{0}乘以{1}", coerces=False,
    ),
    Operator(
        "divide", "two numbers", divide_type, _divide_sql, _divide, "{0} divided by {1}", "{0}除以{1}", coerces=False,
        nulls="null when an argument is null or the divisor is 0",
    ),
    Operator(
        "floor_divide", "two integers", _integers, lambda q, n, a, b: q.floor_divide(a, b),
        lambda n, a, b: None if b == 0 else math.floor(float(a) / float(b)), "{0} divided by {1}, rounded down", "{0}整除{1}",
        nulls="null when an argument is null or the divisor is 0",
    ),
    Operator(
        "modulo", "two integers", _integers, lambda q, n, a, b: q.modulo(a, b),
        lambda n, a, b: None if b == 0 else a % b, "the remainder of {0} by {1}", "{0}除以{1}的余数",
        nulls="null when an argument is null or the divisor is 0",
    ),
    Operator("negate", "a number", _same_number, lambda q, n, a: q.negate(a), lambda n, a: -a, "minus {0}", "负{0}", arity=(1, 1)),
    Operator(
        "absolute", "a number", _same_number, lambda q, n, a: q.func("ABS", a), lambda n, a: abs(a),
        "the size of {0}", "{0}的绝对值", arity=(1, 1),
    ),
    Operator(
        "least", "numbers or dates", _orderable, _extreme_sql("LEAST"), _extreme(min),
        lambda n, *parts: f"the least of {', '.join(parts)}", lambda n, *parts: f"{'、'.join(parts)}中最小者",
        arity=(2, 100), strict=False, nulls="nulls are left out; null when all are null",
    ),
    Operator(
        "greatest", "numbers or dates", _orderable, _extreme_sql("GREATEST"), _extreme(max),
        lambda n, *parts: f"the greatest of {', '.join(parts)}", lambda n, *parts: f"{'、'.join(parts)}中最大者",
        arity=(2, 100), strict=False, nulls="nulls are left out; null when all are null",
    ),
)  # fmt: skip


class ArithmeticMethods(AuthorMethods):
    """``+ - * / // %``, minus and size."""

    __slots__ = ()

    def __add__(self, other: object) -> Any:
        return self._call("add", self, other)

    def __radd__(self, other: object) -> Any:
        return self._call("add", other, self)

    def __sub__(self, other: object) -> Any:
        return self._call("subtract", self, other)

    def __rsub__(self, other: object) -> Any:
        return self._call("subtract", other, self)

    def __mul__(self, other: object) -> Any:
        return self._call("multiply", self, other)

    def __rmul__(self, other: object) -> Any:
        return self._call("multiply", other, self)

    def __truediv__(self, other: object) -> Any:
        return self._call("divide", self, other)

    def __rtruediv__(self, other: object) -> Any:
        return self._call("divide", other, self)

    def __floordiv__(self, other: object) -> Any:
        return self._call("floor_divide", self, other)

    def __rfloordiv__(self, other: object) -> Any:
        return self._call("floor_divide", other, self)

    def __mod__(self, other: object) -> Any:
        return self._call("modulo", self, other)

    def __rmod__(self, other: object) -> Any:
        return self._call("modulo", other, self)

    def __neg__(self) -> Any:
        return self._call("negate", self)

    def __abs__(self) -> Any:
        return self._call("absolute", self)
