"""How many rows segments share: counts of pairs in, shares and lift out; knows no rule and no SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from c360.markup import html_table
from c360.snapshots.origin import Origin

WIDEST = 12
LONGEST = 40


@dataclass(frozen=True)
class Pair:
    """Two segments and the rows they share.

    *jaccard* is shared rows by rows in either; *share* the part of *one*'s members that are in *other* too; *lift* how many
    times more rows they share than two independent segments of their sizes would, within the base. None where nothing can be
    divided by.
    """

    one: str
    other: str
    both: int
    jaccard: float | None
    share: float | None
    lift: float | None

    def as_json(self) -> dict[str, object]:
        """Return the pair as plain data."""
        return {
            "one": self.one, "other": self.other, "both": self.both,
            "jaccard": self.jaccard, "share": self.share, "lift": self.lift,
        }  # fmt: skip


@dataclass(frozen=True)
class Overlap:
    """How the segments *names* of one entity overlap on *as_of*.

    *counts* gives the members two segments share, for each pair in the order of *names*, a segment with itself among them;
    pairs that share nobody may be left out. *base* is the number of rows that *universe*, the universe they have in common, holds;
    where there is none, of all rows.
    """

    entity: str
    as_of: date
    names: tuple[str, ...]
    universe: str
    base: int
    counts: Mapping[tuple[str, str], int]
    marks: tuple[str, ...] = ()
    origin: Origin | None = field(default=None, compare=False)

    @property
    def is_wide(self) -> bool:
        """Whether a matrix of it is too wide to read."""
        return len(self.names) > WIDEST

    def both(self, one: str, other: str) -> int:
        """The rows that are in both segments; of one with itself its size."""
        return self.counts.get((one, other), 0) or self.counts.get((other, one), 0)

    def size(self, name: str) -> int:
        """The members of a segment."""
        return self.both(name, name)

    def pair(self, one: str, other: str) -> Pair:
        """Return what two segments share."""
        both, a, b = self.both(one, other), self.size(one), self.size(other)
        either = a + b - both
        return Pair(
            one, other, both, both / either if either else None, both / a if a else None,
            both * self.base / (a * b) if a and b else None,
        )  # fmt: skip

    def pairs(self) -> list[Pair]:
        """Return every pair of different segments, those that share most first."""
        found = [self.pair(a, b) for i, a in enumerate(self.names) for b in self.names[i + 1 :]]
        return sorted(found, key=lambda pair: (-pair.both, pair.one, pair.other))

    def matrix(self) -> list[list[int]]:
        """Return the shared rows of each segment (down) with each (across), in the order of *names*."""
        return [[self.both(one, other) for other in self.names] for one in self.names]

    def as_json(self) -> dict[str, object]:
        """Return the overlap as plain data."""
        return {
            "entity": self.entity, "as_of": self.as_of.isoformat(), "segments": list(self.names), "universe": self.universe,
            "base": self.base, "sizes": {name: self.size(name) for name in self.names}, "both": self.matrix(),
            "pairs": [pair.as_json() for pair in self.pairs()], "marks": list(self.marks),
            "snapshot": None if self.origin is None else self.origin.as_json(),
        }  # fmt: skip

    @property
    def notes(self) -> list[str]:
        """What is to be said beside the numbers: where they come from, and what was let pass."""
        return [*([] if self.origin is None else [str(self.origin)]), *self.marks]

    def _repr_html_(self) -> str:
        told = f"members in both, {self.entity}, as of {self.as_of}"
        if not self.is_wide:
            rows = [(name, *counts) for name, counts in zip(self.names, self.matrix(), strict=True)]
            return html_table(told, ("", *self.names), rows, self.notes)
        head, pairs = ("segment", "other", "both", "Jaccard", "lift"), self.pairs()
        rows = [(p.one, p.other, p.both, _two(p.jaccard), _two(p.lift)) for p in pairs[:LONGEST]]
        return html_table(f"{told}: the largest of {len(pairs):,} pairs", head, rows, self.notes)


def _two(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
