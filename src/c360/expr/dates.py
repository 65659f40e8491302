"""Windows and months as plain date arithmetic: the one rule for where a window starts and ends."""

from __future__ import annotations

import calendar
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from c360.errors import UsageError

# How far definitions look back: a hundred years.
LONGEST_MONTHS = 1200
LONGEST_DAYS = 36525
FIRST_YEAR, LAST_YEAR = 1900, 2999


@lru_cache(maxsize=4096)
def month_end(day: date) -> date:
    """Return the last day of *day*'s month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_start(day: date) -> date:
    """Return the first day of *day*'s month."""
    return day.replace(day=1)


@lru_cache(maxsize=4096)
def add_months(day: date, months: int) -> date:
    """Shift *day* by whole months; a month end stays a month end, other days are cut to the month's length.

    >>> add_months(date(2026, 2, 28), 1)
    datetime.date(2026, 3, 31)
    """
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    last = month_end(first)
    if day == month_end(day):
        return last
    return first.replace(day=min(day.day, last.day))


def last_complete_month(day: date) -> date:
    """Return the last day of the last month that is complete at the end of *day*."""
    return day if day == month_end(day) else month_start(day) - timedelta(days=1)


def window_days(unit: str, count: int, anchor: date) -> tuple[date, date]:
    """Return first and last day of the *count* days, or complete months, that end at *anchor*.

    >>> window_days("months", 3, date(2026, 11, 15))
    (datetime.date(2026, 8, 1), datetime.date(2026, 10, 31))
    """
    if unit == "days":
        return anchor - timedelta(days=count - 1), anchor
    end = last_complete_month(anchor)
    return month_start(add_months(end, 1 - count)), end


@dataclass(frozen=True)
class Moment:
    """The original D and how far a time shift goes back from it; shifts add up, so they are counted from D each time."""

    origin: date
    months: int = 0
    days: int = 0

    @property
    def day(self) -> date:
        """The date meant: whole months back first, then days."""
        return add_months(self.origin, -self.months) - timedelta(days=self.days)

    def back(self, months: int, days: int) -> Moment:
        """Return the moment further back; negative counts go forward."""
        return Moment(self.origin, self.months + months, self.days + days)


def whole_months(start: date, end: date) -> int:
    """Return the whole months from *start* to *end*: boundaries crossed, less one when the day is not reached yet."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if start.day > end.day else months


def as_day(value: object, name: str = "as_of") -> date:
    """Return a day, called *name*, given as a date or as text like 2026-10-31; raises UsageError for anything else."""
    if isinstance(value, str):
        with suppress(ValueError):
            return in_reach(date.fromisoformat(value))
    if not isinstance(value, date) or isinstance(value, datetime):
        raise UsageError(f"{name} takes a date, found {value!r}", hint="write it like 2026-10-31")
    return in_reach(value)


def in_reach(day: date) -> date:
    """Return *day*, from 1900 to 2999: windows around others may leave the calendar; raises UsageError."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UsageError(f"expected a day from {FIRST_YEAR} to {LAST_YEAR}, found {day}", hint="write it like 2026-10-31")
    return day
