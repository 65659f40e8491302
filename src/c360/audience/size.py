"""A segment's size: rows in, out and unknown within its universe; knows no rule and no SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from c360.markup import html_table
from c360.snapshots.origin import Origin


@dataclass(frozen=True)
class Size:
    """How many rows of the universe a rule finds; unknown rows are out of the segment and counted apart.

    *origin* is the snapshot it was counted from; None: the sources.
    """

    name: str
    entity: str
    as_of: date
    universe: int
    members: int
    outside: int
    unknown: int
    marks: tuple[str, ...] = ()
    origin: Origin | None = field(default=None, compare=False)

    @property
    def share(self) -> float | None:
        """Members by universe; None for an empty universe."""
        return self.members / self.universe if self.universe else None

    def as_json(self) -> dict[str, object]:
        """Return the size as plain data."""
        return {
            "name": self.name, "entity": self.entity, "as_of": self.as_of.isoformat(), "universe": self.universe,
            "members": self.members, "outside": self.outside, "unknown": self.unknown, "share": self.share,
            "marks": list(self.marks), "snapshot": None if self.origin is None else self.origin.as_json(),
        }  # fmt: skip

    @property
    def notes(self) -> list[str]:
        """What is to be said beside the numbers: where they come from, and what was let pass."""
        return [*([] if self.origin is None else [str(self.origin)]), *self.marks]

    def _repr_html_(self) -> str:
        share = None if self.share is None else f"{self.share:.1%}"
        head = ("members", "outside", "unknown", "universe", "share")
        row = (self.members, self.outside, self.unknown, self.universe, share)
        return html_table(f"{self.name}, {self.entity}, as of {self.as_of}", head, [row], self.notes)


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
        notes = dict.fromkeys(note for size in self.sizes for note in size.notes)
        return html_table("sizes of segments", head, rows, [*notes, *(f"left out: {n}, {why}" for n, why in self.left_out.items())])


def size_from(
    name: str, entity: str, day: date, place: int, counts: Mapping[str, int | None], marks: tuple[str, ...], origin: Origin | None
) -> Size:
    """Return the size of the segment in *place* from counts: ``u`` of its universe, else all rows, ``m`` members, ``n`` unknown."""
    whole = f"u{place}" if f"u{place}" in counts else "all_rows"
    universe, members, unknown = (int(counts[key] or 0) for key in (whole, f"m{place}", f"n{place}"))
    return Size(name, entity, day, universe, members, universe - members - unknown, unknown, marks, origin)
