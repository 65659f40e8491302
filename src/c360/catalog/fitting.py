"""Which plays fit a segment: what its rule leaves of a tag's levels, against the levels that plays answer; knows no data.

What a rule leaves is reckoned without rows, so on the safe side: a condition on anything else might hold or not, and two
conditions are taken to be free of each other unless they ask the same tag.
"""

from __future__ import annotations

from dataclasses import dataclass

from c360.catalog.model import Catalog
from c360.expr.nodes import Call, Literal, Node, SegmentRef
from c360.expr.outcomes import Level, Name, asked_of, name_of, outcome_for, values_of
from c360.language.definitions import Definition
from c360.language.plays import Answer, Play

Values = frozenset[Level]
Truths = frozenset[bool | None]
TRUE: Truths = frozenset({True})
NOT_TRUE: Truths = frozenset({False, None})


def plays_for(catalog: Catalog, segment: Definition) -> list[Play]:
    """Return the plays that fit *segment*, in the order of the files; `c360.play` says when one does."""
    return [play for play in catalog.plays.values() if play.entity == segment.entity and _fits(catalog, segment, play)]


def levels_left(catalog: Catalog, segment: Definition, answer: Answer) -> Values | None:
    """Return the levels that members of *segment* may have of what *answer* asks; None where its rule fixes nothing of it."""
    asked = asked_of(answer.node)
    assert asked is not None
    everything = frozenset(values_of(asked))
    left = _Rule(catalog, name_of(asked), everything).left_by(SegmentRef(answer.node.type, segment.name, segment.entity), TRUE)
    return None if left == everything else left


def _fits(catalog: Catalog, segment: Definition, play: Play) -> bool:
    shared = [(answer, levels_left(catalog, segment, answer)) for answer in play.answers]
    fixed = [(answer, left) for answer, left in shared if left is not None]
    return bool(fixed) and all(left & frozenset(answer.levels) for answer, left in fixed)


@dataclass(frozen=True)
class _Rule:
    """The question what a rule leaves of one name's values, *everything* to begin with."""

    catalog: Catalog
    about: Name
    everything: Values

    def left_by(self, node: Node, truths: Truths) -> Values:
        """Return the values with which *node* may come out as one of *truths*."""
        asked = asked_of(node)
        if asked is not None and name_of(asked) == self.about:
            return frozenset(value for value in self.everything if outcome_for(node, value) in truths)
        match node:
            case Literal():
                return self.everything if node.value in truths else frozenset()
            case SegmentRef():
                return self._of_segment(node, truths)
            case Call(op="and"):
                return self._of_all(node.args, truths, False)
            case Call(op="or"):
                return self._of_all(node.args, truths, True)
            case Call(op="not"):
                return self.left_by(node.args[0], frozenset(None if truth is None else not truth for truth in truths))
            case Call(op="or_else", args=(first, Literal(value=bool() as default))):
                return self.left_by(first, (truths - {None}) | ({None} if default in truths else set()))
        return self.everything

    def _of_all(self, parts: tuple[Node, ...], truths: Truths, decides: bool) -> Values:
        """Return what is left by ``and`` (which one False decides) or ``or`` (which one True decides)."""
        left: Values = frozenset()
        if decides in truths:
            left |= frozenset().union(*(self.left_by(part, frozenset({decides})) for part in parts))
        for truth in truths - {decides}:  # every part is the other, or, where the whole is unknown, that or unknown
            left |= self.everything.intersection(*(self.left_by(part, frozenset({not decides, truth})) for part in parts))
        return left

    def _of_segment(self, ref: SegmentRef, truths: Truths) -> Values:
        """Return what is left by a segment: its rule within its universe, or the universe without it; never unknown."""
        segment = self.catalog.definitions[ref.name]
        rule, rest = (NOT_TRUE, TRUE) if ref.outside else (TRUE, NOT_TRUE)
        universe = SegmentRef(ref.type, segment.universe, segment.entity) if segment.universe else Literal(ref.type, True)
        left: Values = frozenset()
        if True in truths:
            left |= self.left_by(segment.node, rule) & self.left_by(universe, TRUE)
        if False in truths:
            left |= self.left_by(segment.node, rest) | self.left_by(universe, frozenset({False}))
        return left
