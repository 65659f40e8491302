"""Aggregates: many rows brought up to one value; exact, independent of row order and threads."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from c360.datatypes import BOOLEAN, INTEGER, MONEY, NUMBER, RATE, VOLUME, DataType
from c360.expr.operator import AggregateOperator, AuthorMethods, Composed, Part, register
from c360.operators.arithmetic import round6
from c360.operators.comparison import level_rank

Rows = list[tuple[Any, Any]]


def _number(value: DataType | None) -> DataType | None:
    return value if value is not None and value.is_number else None


def _mean_type(value: DataType | None) -> DataType | None:
    if value is None or not value.is_number:
        return None
    return RATE if value in (MONEY, VOLUME, RATE) else NUMBER


def _orderable(value: DataType | None) -> DataType | None:
    if value is None or value.kind in {"text", "key", "boolean", "list"}:
        return None
    return None if value.kind == "category" and not value.ordered else value


def _condition(value: DataType | None) -> DataType | None:
    return BOOLEAN if value == BOOLEAN else None


def exact_sum(values: list[Any]) -> Any:
    """Sum without regard to order: decimals and integers as they are, floats after rounding each to 6 decimals."""
    if values and isinstance(values[0], float):
        return float(sum(math.floor(v * 1000000.0 + 0.5) for v in values)) / 1000000.0
    return sum(values, Decimal(0) if values and isinstance(values[0], Decimal) else 0)


def _known(rows: Rows) -> list[Any]:
    return [value for _, value in rows if value is not None]


def _sum(node: Any, rows: Rows) -> object:
    values = _known(rows)
    return exact_sum(values) if values else None


def _mean(node: Any, rows: Rows) -> object:
    values = _known(rows)
    if not values:
        return None
    mean = float(exact_sum(values)) / float(len(values))
    return round6(mean) if node.type == RATE else mean


def _extreme(choose: Any) -> Any:
    def rows(node: Any, pairs: Rows) -> object:
        values = _known(pairs)
        if node.type.kind != "category":
            return choose(values, default=None)
        ranks = [rank for value in values if (rank := level_rank(node.type, value)) is not None]
        return node.type.levels[choose(ranks)] if ranks else None

    return rows


def _share(node: Any, rows: Rows) -> object:
    return sum(1 for _, v in rows if v is True) / len(rows) if rows else None


def _picked(last: bool) -> Any:
    def rows(node: Any, pairs: Rows) -> object:
        dated = [(day, value) for day, value in pairs if day is not None and value is not None]
        choose = max if last else min
        return choose(dated, key=lambda pair: (pair[0], order_key(node.type, pair[1])))[1] if dated else None

    return rows


# The parts of aggregates, in SQL terms of one row.

ROWS = Part("rows", "count", lambda q, value, condition: q.every(condition))
KNOWN = Part("known", "count", lambda q, value, condition: q.only(condition, value))
TOTAL = Part("total", "sum", lambda q, value, condition: q.summed(q.only(condition, value)), known=KNOWN)
MET = Part("met", "count", lambda q, value, condition: q.met(value, condition))
UNMET = Part("unmet", "count", lambda q, value, condition: q.met(q.not_(value), condition))


def _ordered(q: Any, value: Any, condition: Any) -> Any:
    """Return what the least and greatest go by: the rank of a level, any other value itself."""
    return q.only(condition, q.rank(value, value.type) if value.type.kind == "category" else value)


def _from_order(q: Any, node: Any, found: Any) -> Any:
    return q.level(found, node.type) if node.type.kind == "category" else found


LEAST = Part("least", "min", _ordered)
GREATEST = Part("greatest", "max", _ordered)


def _total(q: Any, node: Any, total: Any) -> Any:
    return q.unsummed(total, node.value.type)


def _mean_of(q: Any, node: Any, total: Any, known: Any) -> Any:
    mean = q.divide(q.unsummed(total, node.value.type), known)
    return q.round6(mean) if node.type == RATE else mean


def _alike(q: Any, node: Any, rows: Any, proven: Any) -> Any:
    return q.op("=", rows, proven)


def order_key(type: DataType, value: Any) -> Any:
    """Return what values of *type* sort by where rows tie: levels by rank, texts by bytes."""
    if type.kind == "category":
        return type.all_levels.index(value)
    return value.encode() if isinstance(value, str) else value


register(
    AggregateOperator(
        "count", "rows", lambda value: INTEGER if value is None else None,
        Composed((ROWS,), lambda q, n, rows: rows), lambda n, rows: len(rows),
        "number of {rows}", "{rows}数", needs_value=False, empty=0, nulls="0 over no rows",
    ),
    AggregateOperator(
        "count_known", "any value", lambda value: None if value is None else INTEGER,
        Composed((KNOWN,), lambda q, n, known: known), lambda n, rows: len(_known(rows)),
        "number of {rows} with known {value}", "{value}已知的{rows}数", empty=0,
        nulls="0 over no rows; null values are not counted",
    ),
    AggregateOperator(
        "sum", "a number", _number, Composed((TOTAL,), _total), _sum, "sum of {value} over {rows}", "{rows}的{value}之和",
    ),
    AggregateOperator(
        "mean", "a number", _mean_type, Composed((TOTAL, KNOWN), _mean_of), _mean,
        "mean {value} over {rows}", "{rows}的{value}均值",
    ),
    AggregateOperator(
        "min", "a number, a date or an ordered category", _orderable, Composed((LEAST,), _from_order), _extreme(min),
        "least {value} among {rows}", "{rows}的{value}最小值",
    ),
    AggregateOperator(
        "max", "a number, a date or an ordered category", _orderable, Composed((GREATEST,), _from_order), _extreme(max),
        "greatest {value} among {rows}", "{rows}的{value}最大值",
    ),
    AggregateOperator(
        "any", "a yes/no expression", _condition, Composed((MET,), lambda q, n, met: q.above_zero(met)),
        lambda n, rows: any(v is True for _, v in rows), "any of the {rows}: {value}", "{rows}中任一满足“{value}”",
        empty=False, nulls="false over no rows; unknown counts as not met",
    ),
    AggregateOperator(
        "all", "a yes/no expression", _condition, Composed((ROWS, MET), _alike),
        lambda n, rows: all(v is True for _, v in rows), "all of the {rows}: {value}", "{rows}全部满足“{value}”",
        empty=True, nulls="true over no rows; unknown counts as not proven",
    ),
    AggregateOperator(
        "none", "a yes/no expression", _condition, Composed((ROWS, UNMET), _alike),
        lambda n, rows: all(v is False for _, v in rows), "none of the {rows}: {value}", "{rows}无一满足“{value}”",
        empty=True, nulls="true over no rows; unknown counts as not proven",
    ),
    AggregateOperator(
        "share", "a yes/no expression", lambda value: NUMBER if value == BOOLEAN else None,
        Composed((MET, ROWS), lambda q, n, met, rows: q.divide(met, rows)), _share,
        "share of {rows} with: {value}", "{rows}中满足“{value}”的占比",
        nulls="null over no rows; unknown counts as not met, all rows divide",
    ),
    AggregateOperator(
        "first", "a value of dated rows", lambda value: value, None, _picked(last=False),
        "first {value} among {rows}", "{rows}最早的{value}", pick="first",
        nulls="null over no rows; rows without the value or a date are left out; on one day the least value counts",
    ),
    AggregateOperator(
        "last", "a value of dated rows", lambda value: value, None, _picked(last=True),
        "latest {value} among {rows}", "{rows}最近的{value}", pick="last",
        nulls="null over no rows; rows without the value or a date are left out; on one day the greatest value counts",
    ),
)  # fmt: skip


class AggregateMethods(AuthorMethods):
    """Ways up: each turns a value of many rows into one value of whoever owns the rows."""

    __slots__ = ()

    def sum(self) -> Any:
        """Add the known values up; null over none."""
        return self._aggregate("sum")

    def mean(self) -> Any:
        """Take the mean of the known values; null over none."""
        return self._aggregate("mean")

    def min(self) -> Any:
        """Take the least known value; null over none."""
        return self._aggregate("min")

    def max(self) -> Any:
        """Take the greatest known value; null over none."""
        return self._aggregate("max")

    def count_known(self) -> Any:
        """Count the rows where the value is known."""
        return self._aggregate("count_known")

    def any(self) -> Any:
        """Say whether it holds for any row; no over none, unknown counts as not met."""
        return self._aggregate("any")

    def all(self) -> Any:
        """Say whether it holds for every row; yes over none, unknown counts as not proven."""
        return self._aggregate("all")

    def none(self) -> Any:
        """Say whether it holds for no row; yes over none, unknown counts as not proven."""
        return self._aggregate("none")

    def share(self) -> Any:
        """Take the share of all rows for which it holds; null over none."""
        return self._aggregate("share")

    def first(self) -> Any:
        """Take the value of the earliest row that has one; on one day the least."""
        return self._aggregate("first")

    def latest(self) -> Any:
        """Take the value of the latest row that has one; on one day the greatest."""
        return self._aggregate("last")
