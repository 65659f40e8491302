"""A definition and a day in, what its values are read from out: rows of sources between days; knows no binding and no file.

It follows the tree as `demand.py` does: aggregates lead down to rows, followed keys and shifts to other rows and other days.
Whether an entity's own row is there is left out: a value is asked only of rows that are. What is needed comes in the order of the
tree, for it matters which of two windows reads which rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from c360.expr.dates import Moment
from c360.expr.nodes import STRETCH, Aggregate, AsOf, Call, Column, Followed, Node, Rank, SegmentRef, Shifted, TagRef
from c360.expr.schema import ENTITY, Schema, SourceSpec
from c360.plan.demand import Defined, bounds, date_node, outer


@dataclass(frozen=True)
class Read:
    """Rows of *source* as they are known on *day*: those whose date *dated* lies between *first* and *last*, where such are given.

    Of an entity's rows those without a date are there too (*undated*).
    """

    source: str
    columns: frozenset[str]
    day: date
    dated: str = ""
    first: date | None = None
    last: date | None = None
    undated: bool = False


@dataclass(frozen=True)
class Today:
    """The day itself."""

    day: date


@dataclass(frozen=True)
class Others:
    """Other rows of an entity than the one whose value it is."""

    entity: str


@dataclass(frozen=True)
class Uses:
    """The value of another definition at a moment."""

    name: str
    entity: str
    moment: Moment


Need = Read | Today | Others | Uses


class Dependence:
    """What definitions are read from; *tables* names the sources that have a table."""

    def __init__(self, schema: Schema, definitions: Mapping[str, Defined], tables: frozenset[str]) -> None:
        self._schema, self._definitions, self._tables = schema, definitions, tables

    def of(self, one: Uses) -> tuple[Need, ...]:
        """Return, in the order of its tree, all that the values of a definition depend on besides what it says itself."""
        definition = self._definitions[one.name]
        found = tuple(self._needs(definition.node, one.entity, one.moment))
        return (*found, Uses(definition.universe, one.entity, one.moment)) if definition.universe else found

    def _needs(self, node: Node, entity: str, moment: Moment) -> Iterator[Need]:
        match node:
            case AsOf():
                yield Today(moment.day)
            case Call():
                for arg in node.args:
                    yield from self._needs(arg, entity, moment)
            case Column():
                yield from self._own_column(node, moment)
            case Followed():
                yield from self._followed(node, entity, moment)
            case Aggregate():
                yield from self._aggregate(node, entity, moment)
            case TagRef() | SegmentRef():
                yield Uses(node.name, entity, moment)
            case Shifted():
                then = moment.back(*node.counts)
                yield from self._rows_there(entity, then)
                yield from self._needs(node.value, entity, then)
            case Rank():
                yield Others(entity)
                yield from self._rows_there(entity, moment)
                for part in (node.value, node.among, node.within):
                    if part is not None:
                        yield from self._needs(part, entity, moment)

    def _own_column(self, node: Column, moment: Moment) -> Iterator[Need]:
        """Yield the row's own value: a key is the row itself, and whose row it is does not change."""
        spec = self._schema.source(node.source)
        if spec.kind != ENTITY or node.name != node.source:
            yield Read(spec.name, self._with_dates(spec, {node.name, spec.key}), moment.day)

    def _followed(self, node: Followed, entity: str, moment: Moment) -> Iterator[Need]:
        yield from self._target(node, moment)
        for part in outer(node.via):
            if isinstance(part, Followed):
                yield from self._target(part, moment)
            elif isinstance(part, Column):
                yield from self._own_column(part, moment)
            elif not isinstance(part, Call):
                yield from self._needs(part, entity, moment)

    def _target(self, node: Followed, moment: Moment) -> Iterator[Need]:
        """Yield what one value behind a key needs: the rows that are there, and the value of the one that is named."""
        target = node.via.type.entity
        yield Others(target)
        yield from self._rows_there(target, moment)
        yield from self._needs(node.value, target, moment)

    def _aggregate(self, node: Aggregate, entity: str, moment: Moment) -> Iterator[Need]:
        spec = self._schema.source(node.source)
        parts = [part for part in (*self._path(node.source, entity), node.value, node.where, node.by) if part is not None]
        if spec.kind == ENTITY:
            yield Others(spec.name)
            yield from self._rows_there(spec.name, moment)
            for part in parts:
                yield from self._needs(part, spec.name, moment)
            yield from self._rows(node, spec, frozenset({spec.key}), moment)
            return
        columns = set()
        for part in (inner for one in parts for inner in outer(one)):
            if isinstance(part, Column):
                columns.add(part.name)
            elif isinstance(part, Followed):
                yield from self._target(part, moment)
            elif isinstance(part, AsOf):
                yield Today(moment.day)
        yield from self._rows(node, spec, frozenset(columns), moment)

    def _path(self, source: str, entity: str) -> list[Node]:
        """Return the key of the row's owner, followed one step after the other."""
        owner: Node | None = None
        for name, column in self._schema.path(source, entity):
            here = Column(self._schema.source(name).column(column).type, name, column)
            owner = here if owner is None else Followed(here.type, owner, here)
        return [] if owner is None else [owner]

    def _rows(self, node: Aggregate, spec: SourceSpec, columns: frozenset[str], moment: Moment) -> Iterator[Need]:
        """Yield the rows an aggregate counts: those of its window, else all that are dated up to the day."""
        dated = date_node(spec)
        wanted = self._with_dates(spec, set(columns))
        if dated is None:
            yield Read(spec.name, wanted, moment.day)
        elif spec.kind != ENTITY:
            first, last = (None, moment.day) if node.window is None else bounds(node.window, moment)
            yield Read(spec.name, wanted, moment.day, dated.name, first, last)
        elif node.window is not None and node.window.unit != STRETCH:
            yield Read(spec.name, wanted, moment.day, dated.name, *bounds(node.window, moment))

    def _rows_there(self, entity: str, moment: Moment) -> Iterator[Need]:
        """Yield what says which rows of *entity* are there: its table, or the sources whose keys name them."""
        spec = self._schema.source(entity)
        if entity in self._tables:
            yield self._up_to(spec, {spec.key}, moment)
            return
        for source, column in self._schema.keys_naming(entity, self._tables):
            yield self._up_to(self._schema.source(source), {column}, moment)

    def _up_to(self, spec: SourceSpec, columns: set[str], moment: Moment) -> Read:
        dated = date_node(spec)
        wanted = self._with_dates(spec, columns)
        if dated is None:
            return Read(spec.name, wanted, moment.day)
        return Read(spec.name, wanted, moment.day, dated.name, None, moment.day, spec.kind == ENTITY)

    def _with_dates(self, spec: SourceSpec, names: set[str]) -> frozenset[str]:
        """Return *names*, the column that dates the rows, and the dates that later columns among *names* wait for."""
        dated = spec.date_column
        waited = {spec.column(name).by for name in names if spec.column(name).role == "later"}
        return frozenset(names | waited | ({dated.name} if dated is not None else set()) - {""})
