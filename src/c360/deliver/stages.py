"""Rows that meet a rule, in list order, in; who stays, on which channel, in which arm, and why each other row went, out.

The stages after the rule, as the list goes through them. It knows frames of keys and what a policy said of them, no tag, no
engine and no file. Each stage sees what the one before left; a row keeps the first reason it was left out for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from c360.deliver.waterfall import Stage, Waterfall

if TYPE_CHECKING:
    import polars

KEY, PERSON, CONSENT, NEVER, GROUP, STRATUM = "key", "person", "consent", "never", "group", "stratum"
SCORE, VALUE, PREFERENCE, CHANNEL, ARM, LEFT_AT = "score", "value", "preference", "channel", "arm", "left_at"
TREATED, HELD_OUT = "treated", "holdout"


@dataclass(frozen=True)
class Step:
    """One stage: its name, its kind and its words."""

    name: str
    kind: str
    words: str


class Narrowing:
    """A list on its way through its stages; *frame* holds ``key`` and ``person`` in list order, and what stages look at.

    ``open:<channel>`` tells on which of *channels* a row may still be contacted, ``left_at`` the number of the step that took it
    out, 0 for those who are still in.
    """

    def __init__(self, frame: polars.DataFrame, channels: Sequence[str] = ()) -> None:
        import polars as pl

        opened = [pl.lit(value=True).alias(flag(channel)) for channel in channels]
        self.frame = frame.with_columns(pl.lit(0, pl.Int32).alias(LEFT_AT), *opened)
        self.channels = tuple(channels)
        self.steps: list[Step] = []

    @property
    def left(self) -> int:
        """How many rows are still in."""
        return int((self.frame[LEFT_AT] == 0).sum())

    def out(self, step: Step, condition: polars.Expr) -> None:
        """Take out the rows for which *condition* is true or unknown."""
        import polars as pl

        self.steps.append(step)
        goes = (pl.col(LEFT_AT) == 0) & condition.fill_null(value=True)
        here = pl.lit(len(self.steps), pl.Int32)
        self.frame = self.frame.with_columns(pl.when(goes).then(here).otherwise(pl.col(LEFT_AT)).alias(LEFT_AT))

    def narrow(self, step: Step, keeps: Mapping[str, polars.Expr]) -> None:
        """Close the channels for which *keeps* is not true; take out the rows that have none open any more."""
        import polars as pl

        kept = [(pl.col(flag(c)) & keep.fill_null(value=False)).alias(flag(c)) for c, keep in keeps.items()]
        self.frame = self.frame.with_columns(kept)
        self.out(step, ~pl.any_horizontal([pl.col(flag(channel)) for channel in self.channels]))

    @property
    def repeats(self) -> bool:
        """Whether some person has several rows that are still in."""
        import polars as pl

        return bool(self.frame.filter(pl.col(LEFT_AT) == 0)[PERSON].drop_nulls().is_duplicated().any())

    def place(self, channel: str = "") -> polars.Expr:
        """Return a row's place, from 1, among its person's rows that are still in, and open on *channel* where one is named."""
        import polars as pl

        counted = pl.col(LEFT_AT) == 0
        if channel:
            counted &= pl.col(flag(channel))
        return counted.cum_sum().over(PERSON).cast(pl.Int64)

    def one_per(self, step: Step) -> None:
        """Keep the first of each ``group`` in list order; a row without one stands for itself."""
        import polars as pl

        still = pl.col(LEFT_AT) == 0
        first = pl.col(GROUP).is_null() | (still.cum_sum().over(GROUP) == 1)
        self.out(step, ~(first | ~still))

    def open_channels(self) -> polars.DataFrame:
        """Return the frame with ``open``: the channels open to each row, in the order in which they would be chosen."""
        import polars as pl

        frame, found = self.frame, []
        for number in range(len(self.channels)):
            name = f"choice {number}"
            frame = frame.with_columns(self._choice(frame).alias(name))
            closed = [(pl.col(flag(c)) & (pl.col(name) != c).fill_null(value=True)).alias(flag(c)) for c in self.channels]
            frame = frame.with_columns(closed)
            found.append(name)
        made = pl.concat_list(found).list.drop_nulls() if found else pl.lit([], pl.List(pl.String))
        return self.frame.with_columns(frame.select(made.alias("open"))["open"])

    def choose(self, order: tuple[Step, Step], limit: int | None, held: polars.Series, capacity: Mapping[str, int]) -> None:
        """Give each row a channel in list order, up to *limit* rows; *held* rows count, need a channel with room and take none.

        *order* names the two stages: no channel had room, where *capacity* says how much there is, and the limit was reached.
        """
        import polars as pl

        scarce = {channel: room for channel, room in capacity.items() if channel in self.channels}
        self.frame = self.frame.with_columns(held.fill_null(value=False).alias("held"))
        if scarce:
            channels, lacks = self._filled(limit, scarce)
            self.frame = self.frame.with_columns(channels)
            self.out(order[0], pl.lit(lacks))
        else:
            choice = self._choice(self.frame) if self.channels else pl.lit(None, pl.String)
            self.frame = self.frame.with_columns(choice.alias(CHANNEL))
        if limit is not None:
            self.out(order[1], (pl.col(LEFT_AT) == 0).cum_sum() > limit)

    def _filled(self, limit: int | None, room: dict[str, int]) -> tuple[polars.Series, polars.Series]:
        """Return each row's channel, and who found none with room before the limit was reached."""
        import polars as pl

        opened = self.open_channels()
        channels: list[str | None] = []
        lacks: list[bool] = []
        taken = 0
        for left_at, held, wanted in opened.select(LEFT_AT, "held", "open").iter_rows():
            full = left_at != 0 or (limit is not None and taken >= limit)
            channel = None if full else next((c for c in wanted if room.get(c, 1) > 0), None)
            if channel is not None and not held and channel in room:
                room[channel] -= 1
            channels.append(channel)
            lacks.append(not full and channel is None)
            taken += channel is not None
        return pl.Series(CHANNEL, channels, pl.String), pl.Series("lacks", lacks, pl.Boolean)

    def _choice(self, frame: polars.DataFrame) -> polars.Expr:
        """Return the first open channel of a row: by its preference where it has one, then in the campaign's order."""
        import polars as pl

        wanted: list[polars.Expr] = []
        if PREFERENCE in frame.columns:
            longest = frame[PREFERENCE].list.len().max()
            for place in range(int(longest) if isinstance(longest, int) else 0):
                liked = pl.col(PREFERENCE).list.get(place, null_on_oob=True)
                wanted += [pl.when((liked == c) & pl.col(flag(c))).then(pl.lit(c)) for c in self.channels]
        wanted += [pl.when(pl.col(flag(c))).then(pl.lit(c)) for c in self.channels]
        return pl.coalesce(wanted)

    def hold_out(self, step: Step | None) -> None:
        """Take out those held out, where a share is; they keep their place in the list's arms."""
        import polars as pl

        arm = pl.when(pl.col(LEFT_AT) != 0).then(None).when(pl.col("held")).then(pl.lit(HELD_OUT)).otherwise(pl.lit(TREATED))
        self.frame = self.frame.with_columns(arm.alias(ARM))
        if step is not None:
            self.out(step, pl.col("held"))

    def added_to(self, waterfall: Waterfall) -> Waterfall:
        """Return *waterfall* with these stages behind its own."""
        counts = dict(self.frame[LEFT_AT].value_counts().iter_rows())
        removed = [(step, int(counts.get(number, 0))) for number, step in enumerate(self.steps, 1)]
        return waterfall.then(removed)

    def reasons(self) -> polars.DataFrame:
        """Return ``key``, ``stage`` and ``reason`` of the rows that went: name and words of the step that took each out."""
        import polars as pl

        if not self.steps:  # polars keeps the numbers where it has nothing to put in their place
            return pl.DataFrame(schema=dict.fromkeys((KEY, "stage", "reason"), pl.String))
        gone, numbers = self.frame.filter(pl.col(LEFT_AT) > 0), range(1, len(self.steps) + 1)
        names = pl.col(LEFT_AT).replace_strict(numbers, [step.name for step in self.steps], return_dtype=pl.String)
        words = pl.col(LEFT_AT).replace_strict(numbers, [step.words for step in self.steps], return_dtype=pl.String)
        return gone.select(KEY, names.alias("stage"), words.alias("reason"))


def flag(channel: str) -> str:
    """Return the column that tells whether *channel* is open to a row."""
    return f"open:{channel}"


def among(persons: Iterable[str] | polars.Series) -> polars.Expr:
    """Return whether a row's person is one of *persons*."""
    import polars as pl

    known = persons if isinstance(persons, pl.Series) else pl.Series("person", list(persons), pl.String)
    return pl.col(PERSON).is_in(known.implode())


__all__ = ["Narrowing", "Stage", "Step", "among", "flag"]
