"""A segment's size: rows in, out and unknown within its universe."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from c360.datatypes import BOOLEAN
from c360.expr.build import call
from c360.expr.nodes import TRUE, Node, SegmentRef
from c360.markup import html_table
from c360.plan import Output

QUESTIONS = ("in_universe", "is_member", "is_unknown")


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


def size_outputs(rule: Node, universe: str, entity: str) -> tuple[Output, ...]:
    """Return the yes/no outputs whose counts make a size."""
    inside: Node = SegmentRef(BOOLEAN, universe, entity) if universe else TRUE
    return (
        Output(QUESTIONS[0], inside),
        Output(QUESTIONS[1], call("and", (inside, rule))),
        Output(QUESTIONS[2], call("and", (inside, call("is_null", (rule,))))),
    )


def size_from(name: str, entity: str, day: date, counts: dict[str, int], marks: tuple[str, ...]) -> Size:
    """Return the size from the counts of `size_outputs`."""
    universe, members, unknown = (counts[f"{question}_true"] for question in QUESTIONS)
    return Size(name, entity, day, universe, members, universe - members - unknown, unknown, marks)
