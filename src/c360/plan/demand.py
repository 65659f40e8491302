"""What a request demands: frames of entities at dates, and the columns, aggregates and keys asked of each.

A frame is one entity's rows at one date. Aggregates lead down to frames of children at the same level, followed keys to a frame
one level on, so no frame can need itself. A followed key that only needs columns reads the spine directly. Knows definitions
by name and contracts; no binding, no file, no SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from c360.errors import AsOfError, GrainError, UnknownName
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
    walk,
)  # fmt: skip
from c360.expr.schema import ATTRIBUTES, ENTITY, Schema, SourceSpec
from c360.plan.naming import Names
from c360.plan.steps import Need
from c360.plan.strategies import FactShape


class Defined(Protocol):
    """What the planner needs of a tag or segment."""

    @property
    def node(self) -> Node:
        """The tree, parameters resolved."""

    @property
    def universe(self) -> str:
        """The name of a segment's universe; empty for all rows."""


ShapeOf = Callable[[str, str], FactShape | None]


def unknown_shape(source: str, entity: str) -> FactShape | None:
    """Know nothing of any fact."""
    return None


@dataclass(frozen=True)
class Output:
    """One column of the answer."""

    name: str
    node: Node


@dataclass(frozen=True)
class Request:
    """What is asked: outputs, per row of *entity*, as of *day*.

    *tables* names the sources that have a table, *late* those whose rows became known on a day of their own. *others* are outputs
    of other entities, asked for at once so that their passes are shared. *shape_of* says what a bound fact looks like, by its name
    and the entity of its nearest key, where that is known.
    """

    entity: str
    day: date
    outputs: tuple[Output, ...]
    tables: frozenset[str]
    late: frozenset[str] = frozenset()
    others: tuple[tuple[str, tuple[Output, ...]], ...] = ()
    shape_of: ShapeOf = unknown_shape


def bounds(window: Window, moment: Moment) -> tuple[date, date]:
    """Return the first and last day of *window* at *moment*."""
    if window.unit == STRETCH:
        return moment.origin + timedelta(days=1), moment.day
    anchor = moment.day if window.before is None else bounds(window.before, moment)[0] - timedelta(days=1)
    assert isinstance(window.count, Literal) and isinstance(window.count.value, int), "parameters are resolved first"
    return window_days(window.unit, window.count.value, anchor)


@dataclass
class Frame:
    """One entity's rows at one date, and what is asked of them."""

    entity: str
    moment: Moment
    level: int
    columns: dict[Column, str] = field(default_factory=dict)
    attributes: dict[Column, str] = field(default_factory=dict)
    aggregates: dict[Aggregate, str] = field(default_factory=dict)
    follows: dict[Followed, str] = field(default_factory=dict)
    shifts: dict[Shifted, str] = field(default_factory=dict)
    ranks: dict[Rank, int] = field(default_factory=dict)
    layers: dict[str, int] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    relation: str = ""

    @property
    def day(self) -> date:
        """The date of the rows."""
        return self.moment.day

    def depth(self, *nodes: Node | None) -> int:
        """Return how many layers must stand before *nodes* can be computed."""
        depths = [0]
        for part in (part for node in nodes if node is not None for part in walk(node)):
            if isinstance(part, (TagRef, SegmentRef)):
                depths.append(self.layers.get(part.name, 0))
            if isinstance(part, Rank):
                depths.append(self.ranks.get(part, 0))
        return max(depths)


class Demand:
    """Collects what nodes ask of frames, spines and sources."""

    def __init__(self, request: Request, schema: Schema, definitions: Mapping[str, Defined]) -> None:
        self.request, self.schema, self._definitions = request, schema, definitions
        self.names = Names(set(definitions) | set(schema.sources))
        self.frames: dict[tuple[str, Moment, int], Frame] = {}
        self.outcomes: dict[Shifted, None] = {}
        self.spines: dict[tuple[str, date], dict[Node, str]] = {}
        self.spine_names: dict[tuple[str, date], str] = {}
        self.reads: dict[str, dict[str, None]] = {}
        self.needs: dict[str, Need] = {}
        self.current: dict[tuple[str, str, date], None] = {}
        asked = ((request.entity, request.outputs), *request.others)
        self.tops = {entity: self._frame(entity, Moment(request.day), 0) for entity, _ in asked}
        for entity, outputs in asked:
            for output in outputs:
                self._collect(output.node, self.tops[entity])

    def row_nodes(self, node: Aggregate, entity: str) -> list[Node]:
        """Return what a row must offer: its owner, its date, the value, the condition."""
        spec = self.schema.source(node.source)
        parts = [self.owner(node.source, entity), date_node(spec), node.value, node.where, node.by]
        return [part for part in parts if part is not None]

    def owner(self, source: str, entity: str) -> Node:
        """Return the key of the *entity* row that owns a row of *source*, following the declared path."""
        owner: Node | None = None
        for name, column in self.schema.path(source, entity):
            here = Column(self.schema.source(name).column(column).type, name, column)
            owner = here if owner is None else Followed(here.type, owner, here)
        assert owner is not None
        return owner

    def keys_naming(self, entity: str) -> list[tuple[str, str]]:
        """Return the (source, column) pairs whose keys make up an entity that has no table of its own."""
        if entity in self.request.tables:
            return []
        return self.schema.keys_naming(entity, self.request.tables)

    def span(self, node: Aggregate, moment: Moment) -> tuple[date | None, date | None]:
        """Return the first and last day whose rows an aggregate counts; none where it counts all.

        The rows of an entity are no events: an outcome takes those that are there at its end.
        """
        of_entity = self.schema.source(node.source).kind == ENTITY
        if node.window is None or (of_entity and node.window.unit == STRETCH):
            return None, None
        return bounds(node.window, moment)

    # What a node needs of its frame.

    def _frame(self, entity: str, moment: Moment, level: int) -> Frame:
        self._spine(entity, moment.day)
        return self.frames.setdefault((entity, moment, level), Frame(entity, moment, level))

    def _collect(self, node: Node, frame: Frame) -> None:
        match node:
            case Literal() | AsOf():
                return
            case Call():
                for arg in node.args:
                    self._collect(arg, frame)
            case Column():
                self._collect_column(node, frame)
            case Followed():
                self._collect(node.via, frame)
                self._target_column(node, frame.moment, frame.level)
                frame.follows.setdefault(node, "")
            case Aggregate():
                self._collect_aggregate(node, frame)
            case TagRef() | SegmentRef():
                self._collect_definition(node.name, frame)
            case Shifted():
                self._collect_shifted(node, frame)
            case Rank():
                self._collect_rank(node, frame)

    def _collect_shifted(self, node: Shifted, frame: Frame) -> None:
        if node not in frame.shifts:
            frame.shifts[node] = ""
            if node.is_outcome:
                self._only_from_d(frame)
                self.outcomes.setdefault(node)
            self._collect(node.value, self._frame(frame.entity, frame.moment.back(*node.counts), frame.level + 1))

    def _only_from_d(self, frame: Frame) -> None:
        if frame.day != self.request.day:
            raise AsOfError(
                f"an outcome looks forward from D, it was asked for on {frame.day} by a shift in time",
                hint="run the request with that date as its D instead",
                where="the request",
            )

    def _collect_rank(self, node: Rank, frame: Frame) -> None:
        if node not in frame.ranks:
            parts = (node.value, node.among, node.within)
            for part in parts:
                if part is not None:
                    self._collect(part, frame)
            frame.ranks[node] = frame.depth(*parts) + 1

    def _collect_column(self, node: Column, frame: Frame) -> None:
        spec = self.schema.source(node.source)
        if node.source == frame.entity:
            self._spine_column(node, frame.day)
            frame.columns.setdefault(node, "")
        elif spec.kind == ATTRIBUTES and spec.entity == frame.entity:
            self._read(spec, node.name, frame.day)
            self._read(spec, spec.key, frame.day)
            frame.attributes.setdefault(node, "")
        else:
            raise GrainError(f"{node.source}.{node.name} is no value of {frame.entity}")

    def _collect_definition(self, name: str, frame: Frame) -> None:
        if name in frame.layers:
            return
        if name not in self._definitions:
            raise UnknownName.among("tag or segment", name, self._definitions)
        definition = self._definitions[name]
        self._collect(definition.node, frame)
        depth = frame.depth(definition.node)
        if definition.universe:
            self._collect_definition(definition.universe, frame)
            depth = max(depth, frame.layers[definition.universe])
        frame.layers[name] = depth + 1
        frame.nodes[name] = definition.node

    def _collect_aggregate(self, node: Aggregate, frame: Frame) -> None:
        if node in frame.aggregates:
            return
        spec = self.schema.source(node.source)
        frame.aggregates[node] = ""
        if spec.kind == ENTITY:
            child = self._frame(spec.entity, frame.moment, frame.level + (spec.entity == frame.entity))
            for part in self.row_nodes(node, frame.entity):
                self._collect(part, child)
        else:
            for part in self.row_nodes(node, frame.entity):
                self._collect_row(part, spec, frame)
        first, last = self.span(node, frame.moment)
        self._need(spec.name, first, last or frame.day)

    def _collect_row(self, node: Node, spec: SourceSpec, frame: Frame) -> None:
        for part in outer(node):
            if isinstance(part, Column):
                self._read(self.schema.source(part.source), part.name, frame.day)
            if isinstance(part, Followed):
                self._target_column(part, frame.moment, frame.level)

    # Spines: an entity's rows, read by frames and by followed keys.

    def _spine(self, entity: str, day: date) -> dict[Node, str]:
        if (entity, day) not in self.spines:
            suffix = "" if day == self.request.day else f"_{day:%Y_%m_%d}"
            self.spine_names[entity, day] = self.names.fresh(f"{entity}_spine{suffix}")
            spec, named_by = self.schema.source(entity), self.keys_naming(entity)
            self.spines[entity, day] = {Column(spec.column(entity).type, entity, entity): entity}
            if not named_by:
                self._read(spec, entity, day)
                if spec.date_column is not None:
                    self._read(spec, spec.date_column.name, day)
            for source, column in named_by:
                self._read(self.schema.source(source), column, day)
                dated = self.schema.source(source).date_column
                if dated is not None:
                    self._read(self.schema.source(source), dated.name, day)
        return self.spines[entity, day]

    def _spine_column(self, node: Column, day: date) -> None:
        """Ask the rows of an entity for a column: for more than the key its own table is read, whether there is one or not."""
        self._spine(node.source, day).setdefault(node, node.name)
        if node.name != node.source:
            self._read(self.schema.source(node.source), node.name, day)

    def _target_column(self, node: Followed, moment: Moment, level: int) -> None:
        """Ask the row that a key names for a value: a column of its spine, else of its frame one level on."""
        entity = node.via.type.entity
        if isinstance(node.value, Column) and node.value.source == entity:
            self._spine_column(node.value, moment.day)
        else:
            self._collect(node.value, self._frame(entity, moment, level + 1))
        for part in outer(node.via):
            if isinstance(part, Followed):
                self._target_column(part, moment, level)
            elif isinstance(part, Column):
                self._read(self.schema.source(part.source), part.name, moment.day)

    def _read(self, spec: SourceSpec, column: str, day: date) -> None:
        wanted = self.reads.setdefault(spec.name, {})
        taken = spec.column(column)
        wanted.setdefault(column)
        if taken.role == "later":
            wanted.setdefault(taken.by)
        if taken.role == "current":
            self.current.setdefault((spec.name, column, day))

    def _need(self, source: str, first: date | None, last: date) -> None:
        known = self.needs.get(source)
        if known is not None:
            first = None if first is None and known.first is None else min(d for d in (first, known.first) if d is not None)
            last = max(last, known.last)
        self.needs[source] = Need(source, first, last)


@dataclass(frozen=True)
class Reads:
    """The *sources* a request reads, in the order of its plan, and whether it asks for values without history."""

    sources: tuple[str, ...]
    has_current: bool


def reads_of(request: Request, schema: Schema, definitions: Mapping[str, Defined]) -> Reads:
    """Return what *request* reads, as its plan says, without making one."""
    demand = Demand(request, schema, definitions)
    return Reads(tuple(demand.reads), bool(demand.current))


def date_node(spec: SourceSpec) -> Column | None:
    """Return the column that dates the rows of a source."""
    dated = spec.date_column
    return None if dated is None else Column(dated.type, spec.name, dated.name)


def outer(node: Node) -> list[Node]:
    """Return *node* and what it is made of at its own grain: not what stands behind a followed key."""
    if isinstance(node, Followed):
        return [node, *outer(node.via)]
    if isinstance(node, Call):
        return [node, *(part for arg in node.args for part in outer(arg))]
    return [node]
