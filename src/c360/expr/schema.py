"""Contracts as plain data: sources, their columns and the keys between them; knows no file and no author class."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from functools import cached_property

from c360.datatypes import DataType
from c360.errors import DefinitionError, UnknownName

ENTITY, FACTS, ATTRIBUTES = "entity", "facts", "attributes"

# What each role says of a value at the as-of date D (design, section 4).
ROLES = {
    "value": "part of its row: known from the row's own date on",
    "event": "the date of its row; rows after D are never seen",
    "since": "the date from which the row is there",
    "fixed": "does not change while the row is there",
    "later": "null while the column it waits for is null or after D",
    "planned": "a date that may lie in the future",
    "current": "as it is today, without history; refused for a past D",
}


@dataclass(frozen=True)
class ColumnSpec:
    """One contract column: its type, what it says at a past date, the range it must keep, who may see it."""

    name: str
    type: DataType
    role: str = "value"
    by: str = ""
    min: float | None = None
    max: float | None = None
    unit: str = ""
    sensitivity: str = "internal"
    parent: bool = True
    zh: str = ""
    levels_zh: tuple[tuple[str, str], ...] = ()

    @property
    def file_name(self) -> str:
        """The column's name in a file unless a binding says another: a key column is called ``<name>_id`` there."""
        return f"{self.name}_id" if self.type.kind == "key" else self.name


@dataclass(frozen=True)
class SourceSpec:
    """One logical table: an entity, facts about one, or attributes of one."""

    name: str
    kind: str
    entity: str
    columns: tuple[ColumnSpec, ...]
    title: str = ""
    zh: str = ""
    is_default: bool = False
    where: str = ""

    @cached_property
    def by_name(self) -> dict[str, ColumnSpec]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> ColumnSpec:
        """Return the column *name*; raises UnknownName."""
        try:
            return self.by_name[name]
        except KeyError:
            raise UnknownName.among(f"column of {self.name}", name, self.by_name) from None

    @property
    def date_column(self) -> ColumnSpec | None:
        """The column that dates a row: the event of facts, the since of an entity."""
        return next((c for c in self.columns if c.role in {"event", "since"}), None)

    @property
    def is_monthly(self) -> bool:
        """Whether a row stands for a calendar month."""
        return self.date_column is not None and self.date_column.type.kind == "month"

    @property
    def key(self) -> str:
        """The column that must be unique: the key of an entity and of attributes; empty for facts."""
        return "" if self.kind == FACTS else self.entity

    @property
    def parents(self) -> dict[str, str]:
        """Entities one key away, with the key column that leads there."""
        links = {c.type.entity: c.name for c in self.columns if c.type.kind == "key" and c.parent}
        if self.kind == ENTITY:
            links.pop(self.entity, None)
        return links


@dataclass(frozen=True)
class Schema:
    """All sources of a catalogue by name."""

    sources: dict[str, SourceSpec] = field(default_factory=dict)

    def source(self, name: str) -> SourceSpec:
        """Return the source *name*; raises UnknownName."""
        try:
            return self.sources[name]
        except KeyError:
            raise UnknownName.among("source", name, self.sources) from None

    @property
    def default_entity(self) -> str:
        """The entity whose tags need not name one."""
        entities = [s for s in self.sources.values() if s.kind == ENTITY]
        chosen = [s.name for s in entities if s.is_default] or [s.name for s in entities if len(entities) == 1]
        if len(chosen) != 1:
            raise DefinitionError(
                f"expected one default entity, found {len(chosen)} of {len(entities)} entities",
                hint="write `default = True` in the class of the entity that tags are about unless they say otherwise",
            )
        return chosen[0]

    def keys_naming(self, entity: str, tables: Container[str]) -> list[tuple[str, str]]:
        """Return the (source, key column) pairs of *tables* whose rows name the members of an entity without a table.

        Attributes have no date, so they would name members of every past day: they are asked only where nothing else names any.
        """
        found = [
            (source, column.name)
            for source in self.sources.values()
            if source.name in tables
            for column in source.columns
            if column.type.kind == "key" and column.type.entity == entity
        ]
        dated = [pair for pair in found if pair[0].kind != ATTRIBUTES]
        return [(source.name, column) for source, column in dated or found]

    def path(self, source: str, entity: str) -> tuple[tuple[str, str], ...]:
        """Return the (source, key column) steps from a row of *source* up to *entity*; empty when it is its own row.

        The shortest path counts; raises GrainError where there is none.
        """
        spec = self.source(source)
        if spec.kind == ENTITY and spec.entity == entity:
            return ()
        paths = reach(spec, self.sources)
        if entity not in paths:
            from c360.errors import GrainError

            raise GrainError(
                f"no key leads from {source} to {entity}",
                hint=f"{source} reaches: {', '.join(sorted(paths)) or 'nothing'}",
            )
        return paths[entity]


def reach(spec: SourceSpec, sources: dict[str, SourceSpec]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return every entity that keys lead to from *spec*, with the shortest path there."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    frontier: list[tuple[SourceSpec, tuple[tuple[str, str], ...]]] = [(spec, ())]
    if spec.kind == ENTITY:
        found[spec.entity] = ()
    while frontier:
        level, frontier = frontier, []
        for source, path in level:
            for entity, column in source.parents.items():
                if entity not in found:
                    found[entity] = (*path, (source.name, column))
                    if entity in sources:
                        frontier.append((sources[entity], found[entity]))
    return found
