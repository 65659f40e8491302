"""Followed keys in, the joins that lead along them out; knows no SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from c360.expr.nodes import Column, Followed, Node
from c360.plan.demand import Demand, Frame, outer
from c360.plan.naming import Names, wanted_name
from c360.plan.steps import Link

Target = Callable[[Followed], str]


def targets(demand: Demand, day: date, frame: Frame | None = None) -> Target:
    """Return what says where a followed key leads on *day*: to a spine, or from *frame* to the frame one level on."""

    def target(node: Followed) -> str:
        entity = node.via.type.entity
        if isinstance(node.value, Column) and node.value.source == entity:
            return demand.spine_names[entity, day]
        assert frame is not None, "what many frames share follows keys to spines only"
        return demand.frames[entity, frame.moment, frame.level + 1].relation

    return target


def links(nodes: Sequence[Node], target: Target, day: date, beside: set[str]) -> tuple[Link, ...]:
    """Return the joins that followed keys need, a key before what is followed from it, under other names than *beside*."""
    found: dict[tuple[str, Node], dict[Followed, None]] = {}
    for node in nodes:
        for part in reversed(list(outer(node))):
            if isinstance(part, Followed):
                found.setdefault((target(part), part.via), {}).setdefault(part)
    local = Names(beside)
    return tuple(
        Link(relation, local.fresh(column_name(via)), via, via.type.entity, tuple(follows), day)
        for (relation, via), follows in found.items()
    )


def column_name(node: Node) -> str:
    """Return the name of a row's column or expression."""
    return node.name if isinstance(node, Column) else wanted_name(node)
