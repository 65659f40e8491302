"""The rows of an arbitration in, what it came to by campaign, channel and move out, as data; decides nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.deliver.arbitration import FULL, LOST, WON
from c360.markup import html_table

if TYPE_CHECKING:
    import polars

NOBODY = ""  # where somebody comes from, or goes to, who has no campaign


@dataclass(frozen=True)
class Entry:
    """One campaign that takes part: its place, and the day on which its people would be contacted."""

    name: str
    title: str
    priority: int
    limit: int | None
    on: date
    hash: str


@dataclass(frozen=True)
class Share:
    """What one campaign came to: of *eligible* rows it *won* some, of which *held_out* are left alone to compare with.

    *channels* counts those contacted, *lost* by the campaign that has the person, *full* by what had no room.
    """

    entry: Entry
    eligible: int
    won: int
    held_out: int
    channels: dict[str, int]
    lost: dict[str, int]
    full: dict[str, int]

    @property
    def contacted(self) -> int:
        """How many are contacted."""
        return self.won - self.held_out

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        entry = {**asdict(self.entry), "on": self.entry.on.isoformat()}
        own = {name: value for name, value in asdict(self).items() if name != "entry"}
        return {**entry, **own, "contacted": self.contacted}


@dataclass(frozen=True)
class Load:
    """The contacts of one channel for all campaigns together, and how many it can make (None: no end is known)."""

    channel: str
    contacts: int
    capacity: int | None


@dataclass(frozen=True)
class Move:
    """So many *people* who have *after* instead of *before*; an empty name is no campaign at all."""

    before: str
    after: str
    people: int


@dataclass(frozen=True)
class Outcome:
    """One way to decide a month: shares by priority, loads by channel, and *rows*, one a campaign and key."""

    shares: tuple[Share, ...]
    loads: tuple[Load, ...]
    rows: polars.DataFrame

    @property
    def people(self) -> int:
        """How many people have a recommendation."""
        return sum(share.won for share in self.shares)


@dataclass(frozen=True)
class Arbitration:
    """A month arbitrated: *decision* is its id, the same for equal input; *left_out* says why a campaign takes no part.

    A preview has *before*, how the month was or would be decided otherwise (None: nothing to compare with), and *moves*, who
    goes where; nothing of it is kept. *lists* are the files written, by campaign, *refused* why one was not.
    """

    month: str
    as_of: date
    decision: str
    outcome: Outcome
    left_out: dict[str, str]
    is_preview: bool = False
    before: tuple[Share, ...] | None = None
    moves: tuple[Move, ...] = ()
    lists: dict[str, Path] | None = None
    refused: dict[str, str] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data, without the rows."""
        compared = {
            "before": None if self.before is None else [share.as_json() for share in self.before],
            "moves": [asdict(move) for move in self.moves],
        }
        return {
            "month": self.month, "as_of": self.as_of.isoformat(), "decision": self.decision, "preview": self.is_preview,
            "people": self.outcome.people, "campaigns": [share.as_json() for share in self.outcome.shares],
            "channels": [asdict(load) for load in self.outcome.loads], "left_out": self.left_out,
            **(compared if self.is_preview else {}),
            "lists": {name: str(path) for name, path in (self.lists or {}).items()}, "refused": self.refused or {},
        }  # fmt: skip

    def _repr_html_(self) -> str:
        head = ("campaign", "priority", "eligible", "lost to others", "no room", "won", "held out", "contacted")
        rows = [
            (s.entry.name, s.entry.priority, s.eligible, sum(s.lost.values()), sum(s.full.values()), s.won, s.held_out, s.contacted)
            for s in self.outcome.shares
        ]
        kind = "preview" if self.is_preview else "decided"
        return html_table(
            f"{self.month}, as of {self.as_of}: {kind}", head, rows, [f"{n}: {why}" for n, why in self.left_out.items()]
        )


def outcome_of(rows: polars.DataFrame, entries: Iterable[Entry], capacity: Mapping[str, int]) -> Outcome:
    """Return what the decided *rows* come to, for campaigns that nobody fits too."""
    shares = tuple(_share(rows, entry) for entry in sorted(entries, key=lambda one: (one.priority, one.name)))
    used = _counted(rows, "channel")
    names = dict.fromkeys([*sorted(used), *sorted(capacity)])
    loads = tuple(Load(name, used.get(name, 0), capacity.get(name)) for name in sorted(names))
    return Outcome(shares, loads, rows)


def moves_of(before: polars.DataFrame, after: polars.DataFrame) -> tuple[Move, ...]:
    """Return how many people have another campaign *after* than *before*, the largest move first."""
    import polars as pl

    both = _winners(before, "before").join(_winners(after, "after"), on="who", how="full", coalesce=True)
    both = both.with_columns(pl.col("before", "after").fill_null(NOBODY))
    moved = both.filter(pl.col("before") != pl.col("after")).group_by("before", "after").len("people")
    moved = moved.sort(["people", "before", "after"], descending=[True, False, False])
    return tuple(Move(*row) for row in moved.iter_rows())


def _winners(rows: polars.DataFrame, name: str) -> polars.DataFrame:
    import polars as pl

    # A row without a person is known by its key; the two must not be taken for one another.
    who = pl.coalesce(pl.lit("person:") + pl.col("person"), pl.lit("key:") + pl.col("key"))
    return rows.filter(pl.col("outcome") == WON).select(who.alias("who"), pl.col("campaign").alias(name))


def _share(rows: polars.DataFrame, entry: Entry) -> Share:
    import polars as pl

    mine = rows.filter(pl.col("campaign") == entry.name)
    won = mine.filter(pl.col("outcome") == WON)
    lost, full = (mine.filter(pl.col("outcome") == outcome) for outcome in (LOST, FULL))
    return Share(
        entry, mine.height, won.height, int(won["held"].sum()), _counted(won, "channel"), _counted(lost, "winner"),
        _counted(full, "full"),
    )  # fmt: skip


def _counted(rows: polars.DataFrame, column: str) -> dict[str, int]:
    return {name: int(count) for name, count in rows[column].drop_nulls().value_counts().sort(column).iter_rows()}
