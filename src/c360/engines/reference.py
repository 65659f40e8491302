"""Reference engine: definitions and plain Python rows in, one value a row out; slow, obvious, and the oracle for the others.

Imports the tree and the operators only. Rows are dicts by contract column, already in contract types.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

import c360.operators  # noqa: F401 - fills the registry
from c360.expr.dates import Moment, window_days
from c360.expr.nodes import (
    STRETCH,
    Aggregate,
    AsOf,
    Call,
    Column,
    Followed,
    Literal,
    Node,
    Rank,
    SegmentRef,
    Shifted,
    TagRef,
    Window,
)  # fmt: skip
from c360.expr.operator import AGGREGATES, OPERATORS, RANKS
from c360.expr.schema import ATTRIBUTES, ENTITY, Schema, SourceSpec

Row = Mapping[str, Any]
T = TypeVar("T")


class Defined(Protocol):
    """What the engine needs of a tag or segment."""

    @property
    def node(self) -> Node:
        """The tree, parameters resolved."""

    @property
    def universe(self) -> str:
        """The name of a segment's universe; empty for all rows."""


@dataclass(frozen=True)
class Here:
    """One row at one date: of facts, or an entity's own (by key; its row may be missing from its table)."""

    source: str
    key: str
    row: Row
    moment: Moment

    @property
    def day(self) -> date:
        """The date of the row."""
        return self.moment.day


class ReferenceEngine:
    """Evaluates expressions over *tables* (source name → rows) row by row."""

    def __init__(self, schema: Schema, tables: Mapping[str, list[Row]], definitions: Mapping[str, Defined] | None = None) -> None:
        self._schema = schema
        self._tables = tables
        self._definitions = definitions or {}
        self._memory: dict[Any, Any] = {}

    def values(self, node: Node, entity: str, day: date) -> dict[str, Any]:
        """Return the value of *node* for every row of *entity* that is there at *day*."""
        return {key: self._value(node, self._at(entity, key, Moment(day))) for key in sorted(self._spine(entity, day))}

    def members(self, name: str, entity: str, day: date) -> set[str]:
        """Return the keys in the segment *name*."""
        return {key for key in self._spine(entity, day) if self._is_member(name, self._at(entity, key, Moment(day)))}

    def _value(self, node: Node, here: Here) -> Any:
        match node:
            case Literal():
                return node.value
            case AsOf():
                return here.day
            case Column():
                return self._column(node, here)
            case Call():
                return self._call(node, here)
            case Aggregate():
                return self._aggregate(node, here)
            case Followed():
                key, entity = self._value(node.via, here), node.via.type.entity
                known = key in self._spine(entity, here.day)
                return self._value(node.value, self._at(entity, key, here.moment)) if known else None
            case Shifted():
                then = here.moment.back(*node.counts)
                there = here.key in self._spine(here.source, then.day)
                return self._value(node.value, self._at(here.source, here.key, then)) if there else None
            case Rank():
                return self._places(node, here).get(here.key)
            case TagRef():
                return self._value(self._definitions[node.name].node, here)
            case SegmentRef():
                member = self._is_member(node.name, here)
                return (self._in_universe(node.name, here) and not member) if node.outside else member
        raise AssertionError(type(node))

    def _call(self, node: Call, here: Here) -> Any:
        record = OPERATORS[node.op]
        values = [self._value(arg, here) for arg in node.args]
        return None if record.strict and None in values else record.row(node, *values)

    def _column(self, node: Column, here: Here) -> Any:
        spec = self._schema.source(node.source)
        row: Row | None = here.row
        if node.source != here.source:
            row = self._attributes(spec, here.day).get(here.key)
        elif spec.key == node.name:
            return here.key
        return None if row is None else _seen(spec, row, node.name, here.day)

    def _aggregate(self, node: Aggregate, here: Here) -> Any:
        spec = self._schema.source(node.source)
        # An outcome counts what happens in its stretch; the rows of an entity are no events, they are there at its end or not.
        window = None if node.window is None or (spec.kind == ENTITY and node.window.unit == STRETCH) else node.window
        first, last = (None, None) if window is None else bounds(window, here.moment)
        pairs = []
        for row_here in self._owned(node.source, node.entity, here.moment).get(here.key, []):
            day = _date_of(spec, row_here.row)
            inside = first is None or last is None or (day is not None and first <= day <= last)
            if inside and (node.where is None or self._value(node.where, row_here) is True):
                pairs.append((day, *(None if part is None else self._value(part, row_here) for part in _taken(node))))
        return AGGREGATES[node.op].rows(node, pairs)

    def _is_member(self, name: str, here: Here) -> bool:
        return self._in_universe(name, here) and self._value(self._definitions[name].node, here) is True

    def _in_universe(self, name: str, here: Here) -> bool:
        universe = self._definitions[name].universe
        return not universe or self._is_member(universe, here)

    def _places(self, node: Rank, here: Here) -> dict[str, object]:
        """Return the place of every row of the population; rows without a value or a group are not of it."""

        def find() -> dict[str, object]:
            groups: dict[Any, list[tuple[str, Any]]] = {}
            for key in self._spine(here.source, here.day):
                other = self._at(here.source, key, here.moment)
                value = self._value(node.value, other)
                group = None if node.within is None else self._value(node.within, other)
                inside = node.among is None or self._value(node.among, other) is True
                if inside and value is not None and (node.within is None or group is not None):
                    groups.setdefault(group, []).append((key, value))
            places: dict[str, object] = {}
            for pairs in groups.values():
                places |= RANKS[node.op].places(node, pairs)
            return places

        return self._once(("places", node, here.source, here.moment), find)

    def _at(self, entity: str, key: str, moment: Moment) -> Here:
        return Here(entity, key, self._spine(entity, moment.day)[key], moment)

    def _spine(self, entity: str, day: date) -> dict[str, Row]:
        """Rows of an entity that are there at *day*: of its table, else every key that other rows name."""

        def find() -> dict[str, Row]:
            if entity in self._tables:
                spec = self._schema.source(entity)
                there = (row for row in self._tables[entity] if (_date_of(spec, row) or day) <= day)
                return {row[entity]: row for row in there}
            return {key: {} for key in self._keys_named(entity, day)}

        return self._once(("spine", entity, day), find)

    def _keys_named(self, entity: str, day: date) -> set[str]:
        found = set()
        for name, column in self._schema.keys_naming(entity, self._tables):
            found |= {row[column] for row in self._visible(name, day) if row[column] is not None}
        return found

    def _attributes(self, spec: SourceSpec, day: date) -> dict[str, Row]:
        def find() -> dict[str, Row]:
            return {row[spec.key]: row for row in self._visible(spec.name, day)}

        return self._once(("attributes", spec.name, day), find)

    def _visible(self, name: str, day: date) -> list[Row]:
        """Rows of a table seen at *day*: an undated row of facts is never seen, one without a since always."""
        spec = self._schema.source(name)
        rows = self._tables.get(name, [])
        if spec.date_column is None:
            return list(rows)
        missing = day if spec.kind in (ENTITY, ATTRIBUTES) else day + timedelta(days=1)
        return [row for row in rows if (_date_of(spec, row) or missing) <= day]

    def _owned(self, source: str, entity: str, moment: Moment) -> dict[str, list[Here]]:
        """Rows of *source* by the key of the *entity* row that their keys lead to."""

        def find() -> dict[str, list[Here]]:
            spec = self._schema.source(source)
            if spec.kind == ENTITY:
                rows = [Here(source, key, row, moment) for key, row in self._spine(source, moment.day).items()]
            else:
                rows = [Here(source, "", row, moment) for row in self._visible(source, moment.day)]
            owned: dict[str, list[Here]] = {}
            for here in rows:
                owner = self._owner(here, self._schema.path(source, entity), moment.day)
                if owner is not None:
                    owned.setdefault(owner, []).append(here)
            return owned

        return self._once(("owned", source, entity, moment), find)

    def _owner(self, here: Here, path: tuple[tuple[str, str], ...], day: date) -> str | None:
        row: Row | None = here.row
        key = None
        for step, (source, column) in enumerate(path):
            if step:
                row = self._spine(source, day).get(key or "")
            key = None if row is None else _seen(self._schema.source(source), row, column, day)
        return key

    def _once(self, key: Any, find: Callable[[], T]) -> T:
        if key not in self._memory:
            self._memory[key] = find()
        found: T = self._memory[key]
        return found


def bounds(window: Window, moment: Moment) -> tuple[date, date]:
    """Return the first and last day of *window* at *moment*."""
    if window.unit == STRETCH:
        return moment.origin + timedelta(days=1), moment.day
    anchor = moment.day if window.before is None else bounds(window.before, moment)[0] - timedelta(days=1)
    assert isinstance(window.count, Literal) and isinstance(window.count.value, int)
    return window_days(window.unit, window.count.value, anchor)


def _taken(node: Aggregate) -> tuple[Node | None, ...]:
    return (node.value,) if node.by is None else (node.value, node.by)


def _date_of(spec: SourceSpec, row: Row) -> date | None:
    dated = spec.date_column
    return row.get(dated.name) if dated is not None else None


def _seen(spec: SourceSpec, row: Row, name: str, day: date) -> Any:
    column = spec.column(name)
    if column.role == "later":
        known_on = row.get(column.by)
        return row.get(name) if known_on is not None and known_on <= day else None
    return row.get(name)
