"""A segment's size: rows in, out and unknown within its universe; knows no rule and no SQL."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from c360.markup import html_table


@dataclass(frozen=True)
class Size:
    """How many rows of the universe a rule finds; unknown rows are out of the segment and counted apart."""

    name: str
    entity: str
    as_of: date
    universe: int
    members: int
    outside: int
    unknown: int
    marks: tuple[str, ...] = ()

    @property
    def share(self) -> float | None:
        """Members by universe; None for an empty universe."""
        return self.members / self.universe if self.universe else None

    def as_json(self) -> dict[str, object]:
        """Return the size as plain data."""
        return {**asdict(self), "as_of": self.as_of.isoformat(), "share": self.share}

    def _repr_html_(self) -> str:
        share = None if self.share is None else f"{self.share:.1%}"
        head = ("members", "outside", "unknown", "universe", "share")
        row = (self.members, self.outside, self.unknown, self.universe, share)
        return html_table(f"{self.name}, {self.entity}, as of {self.as_of}", head, [row], self.marks)


@dataclass(frozen=True)
class Sizes:
    """The sizes of several segments, in the order asked for; *left_out* says of those that cannot be counted here why."""

    sizes: tuple[Size, ...]
    left_out: dict[str, str]

    def as_json(self) -> dict[str, object]:
        """Return all as plain data."""
        return {"sizes": [size.as_json() for size in self.sizes], "left_out": self.left_out}

    def _repr_html_(self) -> str:
        head = ("segment", "of", "as of", "members", "outside", "unknown", "universe", "share")
        rows = [
            (s.name, s.entity, s.as_of, s.members, s.outside, s.unknown, s.universe, None if s.share is None else f"{s.share:.1%}")
            for s in self.sizes
        ]
        notes = dict.fromkeys(mark for size in self.sizes for mark in size.marks)
        return html_table("sizes of segments", head, rows, [*notes, *(f"left out: {n}, {why}" for n, why in self.left_out.items())])
