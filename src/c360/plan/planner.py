"""A request in, a plan out: in how many passes sources are read, what is joined where, which definitions stand in which layer.

Takes the frames that `demand.py` collected, children first. Knows no binding, no file and no SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from c360.datatypes import key_of
from c360.expr.dates import Moment
from c360.expr.nodes import Column, Followed, Node, Rank, Shifted
from c360.expr.schema import ENTITY, Schema
from c360.plan.demand import Defined, Demand, Frame, Output, Request, outer
from c360.plan.grouping import FrameKey, key_of_frame
from c360.plan.links import links, targets
from c360.plan.naming import wanted_name
from c360.plan.passes import Passes
from c360.plan.steps import Answer, Join, Layer, Link, Named, Need, Place, Plan, ReadSource, Spine, Step, Taken


def make_plan(request: Request, schema: Schema, definitions: Mapping[str, Defined]) -> Plan:
    """Return the steps that answer *request*, each source read in as few passes as its aggregates allow."""
    return _Planner(Demand(request, schema, definitions)).plan()


class _Planner:
    def __init__(self, demand: Demand) -> None:
        self._demand, self._names = demand, demand.names
        self._steps: list[Step] = []
        self._leaves: dict[str, dict[Node, str]] = {}
        self._frames: dict[FrameKey, Frame] = {}

    def plan(self) -> Plan:
        demand = self._demand
        request, top = demand.request, demand.tops[demand.request.entity]
        for frame in demand.tops.values():
            self._reach(frame)
        self._passes = Passes(demand, self._frames.values())
        self._steps += self._passes.shared()
        for frame in self._frames.values():
            self._emit(frame)
        spines = [self._spine_step(entity, day) for entity, day in demand.spines]
        reads = [
            ReadSource(name, name, tuple(columns), _read_reason(demand.needs.get(name))) for name, columns in demand.reads.items()
        ]
        return Plan(
            request.entity, request.day, (*reads, *spines, *self._steps), top.relation,
            _named(request.outputs), self._leaves, tuple(demand.needs.values()), tuple(demand.current),
            tuple(top.layers), tuple(demand.outcomes),
            tuple(Answer(entity, demand.tops[entity].relation, _named(outputs)) for entity, outputs in request.others),
        )  # fmt: skip

    def _reach(self, frame: Frame) -> None:
        """Find the frames that a frame needs, what is needed first before what needs it."""
        if key_of_frame(frame) in self._frames:
            return
        for child in self._children(frame):
            self._reach(child)
        self._frames[key_of_frame(frame)] = frame

    def _emit(self, frame: Frame) -> None:
        suffix = "" if frame.day == self._demand.request.day else f"_{frame.day:%Y_%m_%d}"
        suffix += f"_{frame.level}" if frame.level else ""
        passes = self._passes.own(frame)
        known: dict[Node, str] = {}
        join = self._join_step(frame, self._passes.taken(frame), self._names.fresh(f"{frame.entity}_joined{suffix}"), known)
        self._steps += [*passes, join]
        frame.relation = join.name
        self._leaves[join.name] = dict(known)
        self._emit_layers(frame, suffix, known)

    def _children(self, frame: Frame) -> list[Frame]:
        found = []
        for node in frame.aggregates:
            spec = self._demand.schema.source(node.source)
            level = frame.level + (spec.entity == frame.entity)
            if spec.kind == ENTITY:
                found.append(self._demand.frames[spec.entity, frame.moment, level])
            found += [f for part in self._demand.row_nodes(node, frame.entity) for f in self._followed_frames(part, frame)]
        found += [f for node in frame.follows for f in self._followed_frames(node, frame)]
        return found + [self._shifted_frame(node, frame) for node in frame.shifts]

    def _shifted_frame(self, node: Shifted, frame: Frame) -> Frame:
        return self._demand.frames[frame.entity, frame.moment.back(*node.counts), frame.level + 1]

    def _followed_frames(self, node: Node, frame: Frame) -> list[Frame]:
        keys = [(f.via.type.entity, frame.moment, frame.level + 1) for f in outer(node) if isinstance(f, Followed)]
        return [self._demand.frames[key] for key in keys if key in self._demand.frames]

    def _join_step(self, frame: Frame, passes: tuple[Taken, ...], name: str, known: dict[Node, str]) -> Join:
        own = [Named(self._alias(node, known, frame.columns), node) for node in frame.columns]
        attributes: dict[str, list[Named]] = {}
        for node in frame.attributes:
            attributes.setdefault(node.source, []).append(Named(self._alias(node, known, frame.attributes), node))
        for aggregate, alias in frame.aggregates.items():
            known[aggregate] = alias
        for followed in frame.follows:
            self._alias(followed, known, frame.follows)
        for shifted in frame.shifts:
            self._alias(shifted, known, frame.shifts)
        target = targets(self._demand, frame.day, frame)
        joins = links(list(frame.follows), target, frame.day, set(attributes)) + self._past_links(frame)
        return Join(
            name, frame.entity, frame.day, self._demand.spine_names[frame.entity, frame.day], tuple(own), passes,
            tuple((source, tuple(columns)) for source, columns in attributes.items()), joins,
            f"one row a {frame.entity}: {len(passes)} passes, {len(attributes)} attribute tables joined to the spine",
        )  # fmt: skip

    def _past_links(self, frame: Frame) -> tuple[Link, ...]:
        """Return the joins of each row to itself at other dates."""
        key = Column(key_of(frame.entity), frame.entity, frame.entity)
        past: dict[Moment, list[Shifted]] = {}
        for node in frame.shifts:
            past.setdefault(frame.moment.back(*node.counts), []).append(node)
        return tuple(
            Link(self._shifted_frame(nodes[0], frame).relation, self._names.fresh(f"then_{moment.day:%Y_%m_%d}"), key,
                 frame.entity, tuple(nodes), moment.day)
            for moment, nodes in past.items()
        )  # fmt: skip

    def _alias(self, node: Node, known: dict[Node, str], table: dict[Any, str]) -> str:
        if isinstance(node, Column) and node.name == node.source:
            known[node] = node.name
        else:
            known[node] = self._names.fresh(wanted_name(node))
        table[node] = known[node]
        return known[node]

    def _emit_layers(self, frame: Frame, suffix: str, known: dict[Node, str]) -> None:
        for depth in range(1, max([*frame.layers.values(), *frame.ranks.values()], default=0) + 1):
            names = [name for name, at in frame.layers.items() if at == depth]
            places = tuple(self._place(node, frame, known) for node, at in frame.ranks.items() if at == depth)
            step = Layer(
                self._names.fresh(f"{frame.entity}_tags{suffix}_{depth}"), frame.relation, frame.day,
                tuple(Named(name, frame.nodes[name]) for name in names),
                f"{len(names)} definitions that need only earlier columns", frame.entity, places,
            )  # fmt: skip
            self._steps += [*places, step]
            frame.relation = step.name
            self._leaves[step.name] = dict(known)

    def _place(self, node: Rank, frame: Frame, known: dict[Node, str]) -> Place:
        """Return the step of one rank, over the relation that stands so far."""
        known[node] = self._names.fresh(wanted_name(node))
        return Place(
            self._names.fresh(f"{known[node]}_places"), known[node], frame.entity, frame.relation, frame.day, node,
        )  # fmt: skip

    def _spine_step(self, entity: str, day: date) -> Spine:
        columns = tuple(Named(name, node) for node, name in self._demand.spines[entity, day].items())
        self._leaves[self._demand.spine_names[entity, day]] = dict(self._demand.spines[entity, day])
        table = entity if entity in self._demand.request.tables else ""
        keys = tuple(self._demand.keys_naming(entity))
        reason = f"the {entity} rows that are there on {day}" if table else f"the keys that {', '.join(s for s, _ in keys)} name"
        return Spine(self._demand.spine_names[entity, day], entity, day, columns, table, keys, reason)


def _named(outputs: tuple[Output, ...]) -> tuple[Named, ...]:
    return tuple(Named(output.name, output.node) for output in outputs)


def _read_reason(need: Need | None) -> str:
    if need is None:
        return ""
    return f"rows up to {need.last}" if need.first is None else f"rows of {need.first} to {need.last}"
