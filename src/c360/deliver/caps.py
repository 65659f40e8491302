"""Past and coming contacts and a policy's caps in, who may not be contacted again out; knows no source and no clock.

A cap holds over every so many days in a row, not over calendar weeks or months, and looks to both sides of the day of contact:
what an earlier list has promised for later days counts as well as what is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import polars

    from c360.bindings.policy import Cap

PERSON, ON, CHANNEL, PURPOSE, NAME = "person", "on", "channel", "purpose", "name"


class Distance(Protocol):
    """A campaign, and how many days must lie between a contact of it and another one."""

    @property
    def name(self) -> str:
        """The campaign's name."""

    @property
    def days(self) -> int:
        """The days that must have passed, or be still to come."""


def reach(caps: Sequence[Cap], apart: Sequence[Distance] = ()) -> int:
    """Return how many days before and after the day of contact another contact can matter; -1 where none can.

    >>> from c360.bindings.policy import Cap
    >>> reach([Cap(most=2, days=30)])
    29
    """
    return max([-1, *(cap.days - 1 for cap in caps), *(one.days for one in apart)])


def over(touches: polars.DataFrame, caps: Sequence[Cap], on: date, purpose: str) -> polars.DataFrame:
    """Return ``person``, ``channel``, ``cap``: whom one more contact for *purpose* on the day *on* would bring over which cap.

    *touches* has ``person``, ``on``, ``channel`` and ``purpose``, one row a contact; equal rows are contacts of their own. *cap*
    is the place of the cap in *caps*, *channel* the one it is about, empty for all of them. A cap for another purpose binds
    nobody. A cap of none at all binds everybody: its ``person`` is null; `capped` reads both.
    """
    import polars as pl

    empty = pl.DataFrame(schema={PERSON: pl.String, CHANNEL: pl.String, "cap": pl.Int32})
    found = [empty]
    for number, cap in enumerate(caps):
        if cap.purpose and cap.purpose != purpose:
            continue
        persons = pl.DataFrame({PERSON: [None]}, schema={PERSON: pl.String})
        if cap.most > 0:
            persons = _full(_counted(touches, cap, on), cap, on)
        found.append(persons.with_columns(pl.lit(cap.channel).alias(CHANNEL), pl.lit(number, pl.Int32).alias("cap")))
    return pl.concat(found).sort(PERSON, CHANNEL, "cap", nulls_last=False)


def capped(found: polars.DataFrame, channel: str, cap: int | None = None) -> polars.Expr:
    """Return whether a row's ``person`` may not be contacted on *channel* by what `over` *found*; with *cap*, by that one."""
    import polars as pl

    rows = found.filter(pl.col(CHANNEL).is_in(["", channel]))
    if cap is not None:
        rows = rows.filter(pl.col("cap") == cap)
    if rows[PERSON].has_nulls():
        return pl.lit(value=True)
    return pl.col(PERSON).is_in(rows[PERSON].unique().implode()).fill_null(value=False)


def room(touches: polars.DataFrame, cap: Cap, on: date) -> polars.DataFrame:
    """Return ``person``, ``room``: how many contacts more on the day *on* a cap leaves those who had or will have some near it."""
    import polars as pl

    fullest = _held(_counted(touches, cap, on), cap, on).group_by(PERSON).agg(pl.col("len").max().cast(pl.Int64))
    return fullest.select(PERSON, (cap.most - pl.col("len")).clip(lower_bound=0).alias("room"))


def too_near(touches: polars.DataFrame, apart: Sequence[Distance], on: date) -> polars.DataFrame:
    """Return ``person``, ``name``: who is contacted by which campaign of *apart* at most so many days before or after *on*.

    *touches* has ``person``, ``on`` and ``name``, the campaign. A pair stands once.
    """
    import polars as pl

    found = [pl.DataFrame(schema={PERSON: pl.String, NAME: pl.String})]
    for one in apart:
        near = pl.col(ON).is_between(on - timedelta(days=one.days), on + timedelta(days=one.days))
        found.append(touches.filter((pl.col(NAME) == one.name) & near).select(PERSON, NAME))
    return pl.concat(found).unique().sort(PERSON, NAME)


def _counted(touches: polars.DataFrame, cap: Cap, on: date) -> polars.DataFrame:
    """Return ``person`` and ``on`` of the contacts that a cap counts and that lie in a window with *on*.

    One of which the channel or purpose is not known may have been the cap's, so it counts.
    """
    import polars as pl

    width = timedelta(days=cap.days - 1)
    is_counted = pl.col(ON).is_between(on - width, on + width) & pl.col(PERSON).is_not_null()
    if cap.channel:
        is_counted &= pl.col(CHANNEL).fill_null("").is_in([cap.channel, ""])
    if cap.purpose:
        is_counted &= pl.col(PURPOSE).fill_null("").is_in([cap.purpose, ""])
    return touches.filter(is_counted).select(PERSON, ON)


def _full(counted: polars.DataFrame, cap: Cap, on: date) -> polars.DataFrame:
    """Return the persons with a window around *on* that already holds as many contacts as the cap allows.

    The fullest window begins on a day of a contact, or on *on* itself: any other can move on to the next contact and lose none.
    """
    import polars as pl

    held = _held(counted.filter(pl.len().over(PERSON) >= cap.most), cap, on)
    return held.filter(pl.col("len") >= cap.most).select(PERSON).unique()


def _held(counted: polars.DataFrame, cap: Cap, on: date) -> polars.DataFrame:
    """Return ``person``, ``start``, ``len``: how many contacts each window of a cap around *on* holds."""
    import polars as pl

    starts = pl.concat([counted.filter(pl.col(ON) <= on), counted.with_columns(pl.lit(on).alias(ON))]).unique()
    within = pl.col(ON).is_between(pl.col("start"), pl.col("start") + timedelta(days=cap.days - 1))
    return counted.join(starts.rename({ON: "start"}), on=PERSON).filter(within).group_by(PERSON, "start").len()
