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

    Of an entity's rows those without a date are there too (*undated*). *own* says that only rows which the row itself owns, or
    is, decide its value; *says* names the read whatever the day: the shift and the window.
    """

    source: str
    columns: frozenset[str]
    day: date
    dated: str = ""
    first: date | None = None
    last: date | None = None
    undated: bool = False
    own: bool = False
    says: str = ""


@dataclass(frozen=True)
class Today:
    """The day itself."""

    day: date


@dataclass(frozen=True)
class Others:
    """Other rows of an entity than the one whose value it is; *own* ones belong to it, as lines to their customer."""

    entity: str
    own: bool = False


@dataclass(frozen=True)
class Uses:
    """The value of another definition at a moment, of the row itself or of rows that it *own*s; else of any row."""

    name: str
    entity: str
    moment: Moment
    own: bool = True


Need = Read | Today | Others | Uses


class Dependence:
    """What definitions are read from; *tables* names the sources that have a table."""

    def __init__(self, schema: Schema, definitions: Mapping[str, Defined], tables: frozenset[str]) -> None:
        self._schema, self._definitions, self._tables = schema, definitions, tables

    def of(self, one: Uses) -> tuple[Need, ...]:
        """Return, in the order of its tree, all that the values of a definition depend on besides what it says itself."""
        definition = self._definitions[one.name]
        found = tuple(self._needs(definition.node, one.entity, one.moment, one.own))
        return (*found, Uses(definition.universe, one.entity, one.moment, one.own)) if definition.universe else found

    def _needs(self, node: Node, entity: str, moment: Moment, own: bool) -> Iterator[Need]:
        match node:
            case AsOf():
                yield Today(moment.day)
            case Call():
                for arg in node.args:
                    yield from self._needs(arg, entity, moment, own)
            case Column():
                yield from self._own_column(node, moment, own)
            case Followed():
                yield from self._followed(node, entity, moment, own)
            case Aggregate():
                yield from self._aggregate(node, entity, moment, own)
            case TagRef() | SegmentRef():
                yield Uses(node.name, entity, moment, own)
            case Shifted():
                then = moment.back(*node.counts)
                yield from self._rows_there(entity, then, own)
                yield from self._needs(node.value, entity, then, own)
            case Rank():
                yield Others(entity)
                yield from self._rows_there(entity, moment, False)
                for part in (node.value, node.among, node.within):
                    if part is not None:
                        yield from self._needs(part, entity, moment, False)

    def _own_column(self, node: Column, moment: Moment, own: bool) -> Iterator[Need]:
        """Yield the row's own value: a key is the row itself, and whose row it is does not change."""
        spec = self._schema.source(node.source)
        if spec.kind != ENTITY or node.name != node.source:
            yield Read(spec.name, self._with_dates(spec, {node.name, spec.key}), moment.day, own=own, says=_shift(moment))

    def _followed(self, node: Followed, entity: str, moment: Moment, own: bool) -> Iterator[Need]:
        yield from self._target(node, moment, False)
        for part in outer(node.via):
            if isinstance(part, Followed):
                yield from self._target(part, moment, False)
            elif isinstance(part, Column):
                yield from self._own_column(part, moment, own)
            elif not isinstance(part, Call):
                yield from self._needs(part, entity, moment, own)

    def _target(self, node: Followed, moment: Moment, own: bool) -> Iterator[Need]:
        """Yield what one value behind a key needs: the rows that are there, and the value of the one that is named."""
        target = node.via.type.entity
        yield Others(target, own)
        yield from self._rows_there(target, moment, own)
        yield from self._needs(node.value, target, moment, own)

    def _aggregate(self, node: Aggregate, entity: str, moment: Moment, own: bool) -> Iterator[Need]:
        spec = self._schema.source(node.source)
        owner = self._path(node.source, entity)
        parts = [part for part in (*owner, node.value, node.where, node.by) if part is not None]
        if spec.kind == ENTITY:
            yield Others(spec.name, own)
            yield from self._rows_there(spec.name, moment, own)
            for part in parts:
                yield from self._needs(part, spec.name, moment, own)
            yield from self._rows(node, spec, frozenset({spec.key}), moment, own)
            return
        way = {key for part in owner for key in outer(part)}  # what is found along it belongs to whom the rows belong to
        columns = set()
        for part in (inner for one in parts for inner in outer(one)):
            if isinstance(part, Column):
                columns.add(part.name)
            elif isinstance(part, Followed):
                yield from self._target(part, moment, own and part.via in way)
            elif isinstance(part, AsOf):
                yield Today(moment.day)
        yield from self._rows(node, spec, frozenset(columns), moment, own)

    def _path(self, source: str, entity: str) -> list[Node]:
        """Return the key of the row's owner, followed one step after the other."""
        owner: Node | None = None
        for name, column in self._schema.path(source, entity):
            here = Column(self._schema.source(name).column(column).type, name, column)
            owner = here if owner is None else Followed(here.type, owner, here)
        return [] if owner is None else [owner]

    def _rows(self, node: Aggregate, spec: SourceSpec, columns: frozenset[str], moment: Moment, own: bool) -> Iterator[Need]:
        """Yield the rows an aggregate counts: those of its window, else all that are dated up to the day."""
        dated = date_node(spec)
        wanted = self._with_dates(spec, set(columns))
        says = f"{_shift(moment)} {node.window}"
        if dated is None:
            yield Read(spec.name, wanted, moment.day, own=own, says=says)
        elif spec.kind != ENTITY:
            first, last = (None, moment.day) if node.window is None else bounds(node.window, moment)
            yield Read(spec.name, wanted, moment.day, dated.name, first, last, own=own, says=says)
        elif node.window is not None and node.window.unit != STRETCH:
            yield Read(spec.name, wanted, moment.day, dated.name, *bounds(node.window, moment), own=own, says=says)

    def _rows_there(self, entity: str, moment: Moment, own: bool) -> Iterator[Need]:
        """Yield what says which rows of *entity* are there: its table, or the sources whose keys name them."""
        spec = self._schema.source(entity)
        if entity in self._tables:
            yield self._up_to(spec, {spec.key}, moment, own)
            return
        for source, column in self._schema.keys_naming(entity, self._tables):
            yield self._up_to(self._schema.source(source), {column}, moment, own)

    def there(self, entity: str, day: date) -> tuple[Read, ...]:
        """Return what says which rows of *entity* are there on *day*."""
        return tuple(need for need in self._rows_there(entity, Moment(day), True) if isinstance(need, Read))

    def _up_to(self, spec: SourceSpec, columns: set[str], moment: Moment, own: bool) -> Read:
        dated = date_node(spec)
        wanted = self._with_dates(spec, columns)
        says = f"{_shift(moment)} there"
        if dated is None:
            return Read(spec.name, wanted, moment.day, own=own, says=says)
        return Read(spec.name, wanted, moment.day, dated.name, None, moment.day, spec.kind == ENTITY, own, says)

    def _with_dates(self, spec: SourceSpec, names: set[str]) -> frozenset[str]:
        """Return *names*, the column that dates the rows, and the dates that later columns among *names* wait for."""
        dated = spec.date_column
        waited = {spec.column(name).by for name in names if spec.column(name).role == "later"}
        return frozenset(names | waited | ({dated.name} if dated is not None else set()) - {""})


def _shift(moment: Moment) -> str:
    return f"{moment.months} months {moment.days} days ago"
