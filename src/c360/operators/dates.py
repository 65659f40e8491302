"""Dates: differences in days and whole months, calendar parts; a date has no time and no zone here."""

from __future__ import annotations

from typing import Any

from c360.datatypes import DATE, INTEGER, DataType
from c360.expr.dates import month_end, whole_months
from c360.expr.operator import AuthorMethods, Operator, register


def _is_date(t: DataType) -> bool:
    return t.kind in {"date", "month"}


def _difference(a: DataType, b: DataType) -> DataType | None:
    return INTEGER if _is_date(a) and _is_date(b) else None


def _part(a: DataType) -> DataType | None:
    return INTEGER if _is_date(a) else None


register(
    Operator(
        "days_between", "two dates", _difference, lambda q, n, a, b: q.days_between(a, b), lambda n, a, b: (b - a).days,
        "days from {0} to {1}", "{0}至{1}的天数", meaning="negative when the second date is the earlier",
    ),
    Operator(
        "months_between", "two dates", _difference, lambda q, n, a, b: q.months_between(a, b),
        lambda n, a, b: whole_months(a, b), "whole months from {0} to {1}", "{0}至{1}的整月数",
        meaning="month boundaries crossed, less one while the day of the month is not reached",
    ),
    Operator(
        "year", "a date", _part, lambda q, n, a: q.extract("YEAR", a), lambda n, a: a.year, "the year of {0}", "{0}的年份",
        arity=(1, 1),
    ),
    Operator(
        "month_of_year", "a date", _part, lambda q, n, a: q.extract("MONTH", a), lambda n, a: a.month,
        "the month of {0}", "{0}的月份", arity=(1, 1), meaning="1 to 12",
    ),
    Operator(
        "day_of_month", "a date", _part, lambda q, n, a: q.extract("DAY", a), lambda n, a: a.day,
        "the day of the month of {0}", "{0}的日", arity=(1, 1),
    ),
    Operator(
        "weekday", "a date", _part, lambda q, n, a: q.weekday(a), lambda n, a: a.weekday(), "the weekday of {0}", "{0}的星期",
        arity=(1, 1), meaning="Monday is 0",
    ),
    Operator(
        "month_end", "a date", lambda a: DATE if _is_date(a) else None, lambda q, n, a: q.month_end(a),
        lambda n, a: month_end(a), "the month end of {0}", "{0}的月末", arity=(1, 1),
    ),
)  # fmt: skip


class DateMethods(AuthorMethods):
    """Differences and calendar parts."""

    __slots__ = ()

    def days_until(self, end: object) -> Any:
        """Count the days from the value to *end*; negative when *end* is earlier."""
        return self._call("days_between", self, end)

    def months_until(self, end: object) -> Any:
        """Count the whole months from the value to *end*."""
        return self._call("months_between", self, end)

    def year(self) -> Any:
        """Take the year."""
        return self._call("year", self)

    def month_of_year(self) -> Any:
        """Take the month, 1 to 12."""
        return self._call("month_of_year", self)

    def day_of_month(self) -> Any:
        """Take the day of the month, 1 to 31."""
        return self._call("day_of_month", self)

    def weekday(self) -> Any:
        """Take the weekday, Monday 0 to Sunday 6."""
        return self._call("weekday", self)

    def month_end(self) -> Any:
        """Take the last day of the month."""
        return self._call("month_end", self)
