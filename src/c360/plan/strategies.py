"""How one pass goes over its rows: the columns it makes and the shape of its fact in, a strategy with its reason out; no SQL.

Windows of many columns overlap. Cut at their edges, time falls into stretches of days, and a column that holds all days of a
stretch needs no condition there. Where files are parted by date, each stretch reads its own files, adds up without conditions, and
the windows are put together from stretches. That costs a group for each key and stretch, which pays where a key has several rows in
one. Where every file holds all dates, each stretch would read everything, so conditions in one reading are cheaper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from c360.plan.steps import PassColumn, Strategy

ROWS_A_KEY = 7  # in one stretch, on average; below, the groups cost more than the conditions
PARTED = 4  # row groups are parted by date where a stretch is at least so many times as long as they are
DAY = timedelta(days=1)


@dataclass(frozen=True)
class FactShape:
    """What a bound fact looks like: its rows, the keys that may have some, the days they span, and the days of one row group."""

    rows: int
    keys: int
    first: date
    last: date
    days_a_group: float

    @property
    def rows_a_key_and_day(self) -> float:
        """How many rows a key has on one day, on average."""
        return self.rows / max(1, self.keys) / ((self.last - self.first).days + 1)


def strategy(columns: Sequence[PassColumn], shape: FactShape | None) -> Strategy:
    """Return how a pass of *columns* goes over a fact of this *shape*.

    The strategy is ``branches``, one for each stretch of days, or ``case``: one reading with conditions.
    """
    if shape is None:
        return Strategy("case", reason="one reading with conditions, as nothing is known of its layout or it is small")
    shortest = max(ceil(ROWS_A_KEY / shape.rows_a_key_and_day), ceil(PARTED * shape.days_a_group)) if shape.rows else 0
    cuts = _cuts(columns, shape, shortest)
    told = f"{shape.rows_a_key_and_day:.2g} rows a key and day, {shape.days_a_group:.0f} days a row group"
    if not cuts:
        return Strategy("case", reason=f"one reading with conditions: {told}, no edge parts stretches of {shortest} days or more")
    return Strategy("branches", cuts, f"{len(cuts) + 1} stretches of days, each read and added up alone: {told}")


def _cuts(columns: Sequence[PassColumn], shape: FactShape, shortest: int) -> tuple[date, ...]:
    """Return the edges of windows, earliest first, that leave *shortest* days between them and to both ends."""
    start = max(shape.first, min((c.first or shape.first for c in columns), default=shape.first))
    end = min(shape.last, max((c.last or shape.last for c in columns), default=shape.last)) + DAY
    edges = {c.first for c in columns if c.first} | {c.last + DAY for c in columns if c.last}
    found: list[date] = []
    for edge in sorted(edges):
        since = found[-1] if found else start
        if (edge - since).days >= shortest and (end - edge).days >= shortest:
            found.append(edge)
    return tuple(found)
