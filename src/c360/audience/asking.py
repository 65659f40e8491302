"""Segments in, the yes/no outputs whose counts are their sizes out; knows no SQL and no data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from c360.datatypes import BOOLEAN
from c360.expr.build import call
from c360.expr.nodes import Node, SegmentRef
from c360.plan import Output


@dataclass(frozen=True)
class Question:
    """Where a segment's rule and universe stand among outputs; an empty universe is all rows."""

    segment: str
    rule: str
    universe: str


@dataclass(frozen=True)
class Asked:
    """Outputs, each once, and the questions they answer."""

    outputs: tuple[Output, ...]
    questions: tuple[Question, ...]


def size_questions(rules: Mapping[str, Node], universes: Mapping[str, str], entity: str) -> Asked:
    """Return what must be known of each row for the sizes of segments: their rules, and who is in their universes."""
    outputs: list[Output] = []
    places: dict[str, str] = {}
    questions = []
    for number, (name, rule) in enumerate(rules.items()):
        universe = universes[name]
        if universe and universe not in places:
            places[universe] = f"universe_{len(places)}"
            outputs.append(Output(places[universe], SegmentRef(BOOLEAN, universe, entity)))
        outputs.append(Output(f"rule_{number}", rule))
        questions.append(Question(name, f"rule_{number}", places.get(universe, "")))
    return Asked(tuple(outputs), tuple(questions))


def shared_universe(names: Sequence[str], universes: Mapping[str, str]) -> str:
    """Return the universe that all segments *names* are drawn from; empty for all rows, or where they differ."""
    found = {universes[name] for name in names}
    return found.pop() if len(found) == 1 else ""


def member_outputs(names: Iterable[str], entity: str) -> tuple[Output, ...]:
    """Return the outputs that say who is a member, one a segment."""
    return tuple(Output(f"member_{number}", SegmentRef(BOOLEAN, name, entity)) for number, name in enumerate(names))


def unknown_outputs(rules: Mapping[str, Node], universes: Mapping[str, str], entity: str) -> tuple[Output, ...]:
    """Return the outputs that say of whose universe a row is without its rule being known, one a segment."""
    made = []
    for name, rule in rules.items():
        unknown: Node = call("is_null", (rule,))
        if universes[name]:
            unknown = call("and", (SegmentRef(BOOLEAN, universes[name], entity), unknown))
        made.append(Output(unknown_name(name), unknown))
    return tuple(made)


def unknown_name(segment: str) -> str:
    """Return what the output is called that says of whom a segment's rule is unknown; no definition has such a name."""
    return f"{segment}?"
