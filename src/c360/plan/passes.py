"""Groups of aggregates in, the steps that compute them out, and what each frame takes of those; knows no SQL and no file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from c360.expr.nodes import Aggregate, Node
from c360.expr.operator import AGGREGATES, Part
from c360.expr.schema import ENTITY, FACTS
from c360.plan.demand import Demand, Frame, date_node
from c360.plan.grouping import FrameKey, Group, Wanted, groups_of, key_of_frame, says_another_thing
from c360.plan.links import Target, column_name, links, targets
from c360.plan.naming import Names, wanted_name
from c360.plan.steps import Measure, Pass, PassColumn, Pick, Rollup, Rows, RowValue, Taken
from c360.plan.strategies import FactShape, strategy

Said = tuple[object, ...]
Source = Pass | Rollup | Pick


class Passes:
    """The passes of a plan: those that frames share, and each frame's own."""

    def __init__(self, demand: Demand, frames: Iterable[Frame]) -> None:
        self._demand, self._names = demand, demand.names
        self._columns: dict[Said, PassColumn] = {}
        self._aliases: dict[Said, str] = {}
        self._taken: dict[FrameKey, dict[str, dict[Aggregate, Measure]]] = {}
        self._groups = groups_of(frames, demand)

    def shared(self) -> list[Source]:
        """Return the steps that need no frame: passes, and roll-ups of their parts."""
        found: list[Source] = []
        for group, wanted in self._groups.items():
            if group.is_shared:
                made = self._step(group, wanted, targets(self._demand, group.day or self._demand.request.day))
                found += [made, *(self._rollups(made, group, wanted) if isinstance(made, Pass) and group.parts else ())]
        return found

    def own(self, frame: Frame) -> list[Source]:
        """Return the steps that one frame needs for itself, once the frames they read are there."""
        target = targets(self._demand, frame.day, frame)
        return [self._step(group, wanted, target) for group, wanted in self._groups.items() if group.frame == key_of_frame(frame)]

    def taken(self, frame: Frame) -> tuple[Taken, ...]:
        """Return what a frame takes of all of them, and say in the frame which column holds which aggregate."""
        found = self._taken.get(key_of_frame(frame), {})
        for measures in found.values():
            for node, measure in measures.items():
                frame.aggregates[node] = measure.alias
        return tuple(Taken(name, tuple({m.alias: m for m in measures.values()}.values())) for name, measures in found.items())

    # Steps.

    def _step(self, group: Group, wanted: list[Wanted], target: Target) -> Source:
        columns = tuple(dict.fromkeys(column for node, frame in wanted for column in self._columns_of(group, node, frame)))
        day = group.day or (wanted[0][1].day if group.frame else max(column.day for column in columns))
        rows = self._rows(group, columns, day, target, wanted[0][1])
        if group.pick is not None:
            name = self._names.fresh(f"{columns[0].alias}_row")
            reason = f"the {AGGREGATES[group.pick.op].pick} row of {group.source} needs an order of its own"
            step: Source = Pick(name, group.entity, rows, columns[0], reason)
        else:
            name = self._names.fresh(self._pass_name(group, wanted[0][1]))
            how = strategy(columns, self._shape(group))
            step = Pass(name, group.entity, rows, columns, _reason(group, wanted, columns, rows), how)
        for node, frame in wanted:
            if frame.entity == group.entity:
                self._give(step.name, group, node, frame)
        return step

    def _shape(self, group: Group) -> FactShape | None:
        """Return what is known of the layout of a fact whose parts may be added up in any order."""
        dated = self._demand.schema.source(group.source).date_column
        return self._demand.request.shape_of(group.source, group.entity) if group.parts and dated is not None else None

    def _rollups(self, step: Pass, group: Group, wanted: list[Wanted]) -> list[Rollup]:
        """Return the steps that bring the parts up to owners of owners, one for each entity and date."""
        found: dict[tuple[str, date], list[Wanted]] = {}
        for node, frame in wanted:
            if frame.entity != group.entity:
                found.setdefault((frame.entity, frame.day), []).append((node, frame))
        made = []
        for (entity, day), here in found.items():
            columns = tuple(dict.fromkeys(column for node, frame in here for column in self._columns_of(group, node, frame)))
            owner = self._demand.owner(group.source, entity)
            name = self._names.fresh(f"{group.source}_by_{entity}{self._suffix(day)}")
            joins = links([owner], targets(self._demand, day), day, {step.name})
            reason = f"{_counted(len(columns), 'part')} of {step.name} brought up to {entity}, no key followed from each row"
            made.append(Rollup(name, entity, step, owner, joins, columns, day, reason))
            for node, frame in here:
                self._give(name, group, node, frame)
        return made

    def _give(self, step: str, group: Group, node: Aggregate, frame: Frame) -> None:
        columns = self._columns_of(group, node, frame)
        alias = columns[0].alias
        if len(columns) > 1:
            said = (group.source, frame.entity, *(column.alias for column in columns), node.op)
            alias = self._alias(said, wanted_name(node) + self._suffix(frame.day))
        measure = Measure(alias, node, tuple(column.alias for column in columns), not group.parts)
        self._taken.setdefault(key_of_frame(frame), {}).setdefault(step, {})[node] = measure

    # Columns.

    def _columns_of(self, group: Group, node: Aggregate, frame: Frame) -> list[PassColumn]:
        parts: tuple[Part | None, ...] = AGGREGATES[node.op].parts if group.parts else (None,)
        return [self._column(group, node, frame, part) for part in parts]

    def _column(self, group: Group, node: Aggregate, frame: Frame, part: Part | None) -> PassColumn:
        """Return the column of a part, or of a whole aggregate; what says the same is one column."""
        spec = self._demand.schema.source(node.source)
        first, last = self._demand.span(node, frame.moment)
        if spec.kind == FACTS and spec.date_column is not None:
            last = last or frame.day
        depends = spec.name in self._demand.request.late or any(says_another_thing(row, spec) for row in _row_nodes(node))
        what: Said = (node.op, node.options) if part is None else (part,)
        said = (group, *what, node.value, node.where, node.by, first, last, frame.day if depends or group.day else None)
        if said not in self._columns:
            wanted = wanted_name(node if part is None or len(AGGREGATES[node.op].parts) == 1 else replace(node, op=part.name))
            own_day = frame.day if group.frame else None
            alias = self._alias((group.source, group.entity, own_day, *said[1:]), wanted + self._suffix(frame.day))
            self._columns[said] = PassColumn(alias, node, first, last, frame.day, part)
        return self._columns[said]

    def _alias(self, said: Said, wanted: str) -> str:
        if said not in self._aliases:
            self._aliases[said] = self._names.fresh(wanted)
        return self._aliases[said]

    def _suffix(self, day: date) -> str:
        return "" if day == self._demand.request.day else f"_{day:%Y_%m_%d}"

    def _pass_name(self, group: Group, frame: Frame) -> str:
        name = f"{group.source}{'_spread' if group.apart else ''}_by_{group.entity}"
        if self._demand.schema.source(group.source).kind != ENTITY and (group.day or group.frame):
            name += "_along_keys"
        level = f"_{frame.level}" if group.frame and frame.level else ""
        return name + (self._suffix(frame.day) + level if group.day or group.frame else "")

    # Rows.

    def _rows(self, group: Group, columns: tuple[PassColumn, ...], day: date, target: Target, frame: Frame) -> Rows:
        spec = self._demand.schema.source(group.source)
        dated, owner = date_node(spec), self._owner(group)
        local = Names({group.entity, dated.name if dated else group.entity})
        values: dict[tuple[Node, date | None], RowValue] = {}
        for column in columns:
            for node in _row_nodes(column.node):
                at = column.day if group.is_shared and group.day is None and says_another_thing(node, spec) else None
                if (node, at) not in values:
                    alias = dated.name if dated is not None and node == dated else local.fresh(column_name(node))
                    values[node, at] = RowValue(alias, node, at)
        firsts, lasts = [column.first for column in columns], [column.last for column in columns]
        first = None if None in firsts else min(day for day in firsts if day is not None)
        last = day if None in lasts else max(day for day in lasts if day is not None)
        relation = group.source
        joins = () if spec.kind == ENTITY else links([owner, *(v.node for v in values.values())], target, day, {group.source})
        if spec.kind == ENTITY:
            relation = self._demand.frames[spec.entity, frame.moment, frame.level + (spec.entity == frame.entity)].relation
        return Rows(
            relation, group.source, day, owner, dated.name if dated else "", dated, first, last, tuple(values.values()), joins
        )

    def _owner(self, group: Group) -> Node:
        return self._demand.owner(group.source, group.entity)


def _row_nodes(node: Aggregate) -> list[Node]:
    return [part for part in (node.value, node.where, node.by) if part is not None]


def _reason(group: Group, wanted: list[Wanted], columns: tuple[PassColumn, ...], rows: Rows) -> str:
    told = [f"one reading of {group.source}: {_counted(len(columns), 'column')}, one row a {group.entity}"]
    tables = {key_of_frame(frame) for _, frame in wanted}
    if len(tables) > 1:
        told.append(f"shared by {len(tables)} tables on {_counted(len({moment for _, moment, _ in tables}), 'date')}")
    if group.apart:
        told.append("distinct and quantiles do not compose, so they have a pass of their own")
    if rows.links:
        told.append("its row expressions follow keys")
    return "; ".join(told)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"
