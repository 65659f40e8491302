"""Frames in, out which of their aggregates are computed in one pass; knows no SQL and no file.

A pass may be shared by every frame and every date whose row expressions say the same of a row: those that follow no key. What
composes from parts is then brought up from the nearest key. Expressions that follow keys see the rows of one date, those that
follow them to tags the rows of one frame.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from c360.expr.dates import Moment
from c360.expr.nodes import Aggregate, AsOf, Column, Followed, Node, walk
from c360.expr.operator import AGGREGATES
from c360.expr.schema import ENTITY, FACTS, SourceSpec
from c360.plan.demand import Demand, Frame, outer

FrameKey = tuple[str, Moment, int]
Wanted = tuple[Aggregate, Frame]


@dataclass(frozen=True)
class Group:
    """What aggregates of one pass have in common: the source, whose rows it gives, and how widely its row expressions hold.

    *parts* says that the pass gives parts of aggregates by the nearest key. *day* is None where any date may share the pass,
    *frame* None where any frame of the date may. A *pick* is alone.
    """

    source: str
    entity: str
    apart: bool = False
    parts: bool = False
    day: date | None = None
    frame: FrameKey | None = None
    pick: Aggregate | None = None

    @property
    def is_shared(self) -> bool:
        """Whether the pass needs no frame to be there before it."""
        return self.frame is None


def groups_of(frames: Iterable[Frame], demand: Demand) -> dict[Group, list[Wanted]]:
    """Return the aggregates of all frames by the pass that computes them."""
    found: dict[Group, list[Wanted]] = {}
    for frame in frames:
        for node in frame.aggregates:
            found.setdefault(_group(node, frame, demand), []).append((node, frame))
    return _merged(found)


def key_of_frame(frame: Frame) -> FrameKey:
    """Return what tells a frame from others."""
    return frame.entity, frame.moment, frame.level


def says_another_thing(node: Node, spec: SourceSpec) -> bool:
    """Whether the value of *node* for a row of *spec* changes with the date it is asked on."""
    return any(
        isinstance(part, AsOf) or (isinstance(part, Column) and part.source == spec.name and spec.column(part.name).role == "later")
        for part in walk(node)
    )


def _group(node: Aggregate, frame: Frame, demand: Demand) -> Group:
    spec, operator = demand.schema.source(node.source), AGGREGATES[node.op]
    pick = node if operator.pick else None
    here = Group(node.source, frame.entity, operator.apart, pick=pick)
    if spec.kind == ENTITY:
        return replace(here, frame=key_of_frame(frame))
    followed = [part for row in demand.row_nodes(node, frame.entity) for part in outer(row) if isinstance(part, Followed)]
    if not all(_is_on_spine(part) for part in followed):
        return replace(here, frame=key_of_frame(frame))
    if spec.kind == FACTS and operator.parts and not _follows(node):
        nearest = spec.column(demand.schema.path(node.source, frame.entity)[0][1])
        return replace(here, entity=nearest.type.entity, parts=True)
    if spec.kind == FACTS and not followed and not pick:
        return here
    return replace(here, day=frame.day)


def _follows(node: Aggregate) -> bool:
    """Whether the row expressions of *node*, besides its owner, follow a key."""
    own = [part for part in (node.value, node.where, node.by) if part is not None]
    return any(isinstance(part, Followed) for row in own for part in outer(row))


def _is_on_spine(node: Followed) -> bool:
    return isinstance(node.value, Column) and node.value.source == node.via.type.entity


def _merged(groups: dict[Group, list[Wanted]]) -> dict[Group, list[Wanted]]:
    """Let a pass along keys join the pass of the only frame that asks for it, where that frame reads the source anyway."""
    merged = dict(groups)
    for group, wanted in groups.items():
        askers = {key_of_frame(frame) for _, frame in wanted}
        if group.day is None or group.pick is not None or len(askers) != 1:
            continue
        home = replace(group, day=None, frame=askers.pop())
        if home in merged:
            merged[home] = [*merged[home], *merged.pop(group)]
    return merged
