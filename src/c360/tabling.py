"""One entity's definitions on a day in, its tag table as files of a draft out: reused from the snapshot before, or computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from c360.audience.asking import unknown_name, unknown_outputs
from c360.choosing import Choice, Leniency, outputs_of
from c360.engines.duckdb import DuckDBEngine
from c360.engines.working import FILE, WorkTables
from c360.expr.canonical import digest, plain
from c360.plan.value_keys import ValueKey, why
from c360.running import Run, telling_what
from c360.snapshots.draft import Draft
from c360.snapshots.manifest import EntityTable, Family, FileEntry, TagEntry
from c360.snapshots.reading import Snapshot
from c360.sql.masks import mask_columns, words_for
from c360.sql.steps import Statement

if TYPE_CHECKING:
    from c360.workspace import Workspace

REUSED, UPDATED, COMPUTED = "reused", "updated", "recomputed"
KEYS, MASKS = "keys", "masks"
Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Group:
    """Definitions of one entity that are written together; segments as masks: who is a member, then of whom it is unknown."""

    name: str
    names: tuple[str, ...]
    is_masks: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its files besides the key."""
        return tuple(words_for(2 * len(self.names))) if self.is_masks else self.names


@dataclass(frozen=True)
class Outcome:
    """What became of one family: reused, updated or recomputed, and why."""

    entity: str
    family: str
    columns: int
    state: str
    reason: str


@dataclass(frozen=True)
class Building:
    """What the tables of all entities are built with."""

    workspace: Workspace
    draft: Draft
    day: date
    keys: Mapping[str, ValueKey]
    before: Snapshot | None
    allow: Leniency
    parts: Callable[[Run], int]
    work: Path | None
    told: Told


@dataclass(frozen=True)
class Tabled:
    """One entity's table, what became of its families, the marks of its run and the sources it read."""

    table: EntityTable
    outcomes: tuple[Outcome, ...]
    marks: tuple[str, ...]
    sources: tuple[str, ...]


def grouped(choice: Choice, entity: str) -> tuple[Group, ...]:
    """Return what is written together of an entity: families of tags, and the segments as masks."""
    tags, segments = choice.tags.get(entity, ()), choice.segments.get(entity, ())
    found = [Group("tags", tags)] if tags else []
    return (*found, Group(MASKS, segments, is_masks=True)) if segments else tuple(found)


def tabled(building: Building, entity: str, groups: Sequence[Group]) -> Tabled:
    """Write the files of *entity*: its keys at the day, and each family that cannot be taken from the snapshot before."""
    run = _ready(building, entity, groups)
    old = None if building.before is None else building.before.manifest.entity(entity)
    if old is not None and old.key != run.sql.key_name:
        old = None
    keys = _keys(building, entity, run)
    is_same = old is not None and _same_keys(building, old, keys)
    reasons = {group.name: _reason(building, group, old, is_same) for group in groups}
    families = {group.name: _taken(group, old) for group in groups if not reasons[group.name]}
    wanted = [group for group in groups if reasons[group.name]]
    if wanted:
        families |= _computed(building, entity, wanted, keys.rows)
    building.workspace.bindings.confirm(run.plan.sources)
    names = [name for group in groups for name in group.names if not group.is_masks]
    table = EntityTable(
        entity=entity, key=run.sql.key_name, rows=keys.rows, keys=keys,
        families=tuple(families[group.name] for group in groups), tags=tuple(_tag(building, name) for name in names),
    )  # fmt: skip
    outcomes = tuple(_outcome(entity, group, reasons[group.name]) for group in groups)
    return Tabled(table, outcomes, run.marks, run.plan.sources)


def _ready(building: Building, entity: str, groups: Sequence[Group]) -> Run:
    """Make what *groups* ask for ready."""
    catalog, allow = building.workspace.catalog, building.allow
    outputs = outputs_of(building.workspace, [name for group in groups for name in group.names])
    for group in groups:
        if group.is_masks:
            rules = {name: catalog.definition(name).node for name in group.names}
            outputs += unknown_outputs(rules, catalog.universes, entity)
    return building.workspace.run(outputs, entity, building.day, allow_current=allow.current, allow_stale=allow.stale)


def _keys(building: Building, entity: str, run: Run) -> FileEntry:
    """Write the keys that are there at the day, sorted."""
    alone = building.workspace.run((), entity, building.day, allow_current=True, allow_stale=True)
    name = f"{entity}-{KEYS}.parquet"
    if name in building.draft.finished:
        return building.draft.finished[name][0]
    rows = building.workspace.engine.copy(alone.sql.table(), building.draft.path(name), name)
    return building.draft.finish(name, rows)


def _same_keys(building: Building, old: EntityTable, now: FileEntry) -> bool:
    """Whether the same rows are there as in the snapshot before."""
    if building.before is None or old.rows != now.rows:
        return False
    if old.keys.sha256 == now.sha256:
        return True
    paths = [building.before.paths((old.keys,))[0], str(building.draft.folder / now.path.partition("/")[2])]
    one, other = (f"SELECT {_quoted(old.key)} FROM read_parquet('{_text(path)}')" for path in paths)
    return not building.workspace.engine.rows(f"SELECT 1 FROM ({one} EXCEPT {other}) AS gone LIMIT 1")


def _reason(building: Building, group: Group, old: EntityTable | None, is_same: bool) -> str:
    """Return why a family is computed; empty where the snapshot before holds what it would be."""
    if old is None:
        return "nothing to go on from"
    family = next((family for family in old.families if family.name == group.name and family.columns == group.columns), None)
    stored = {tag.name: tag.value_key for tag in old.tags}
    if building.before is not None and group.is_masks:
        stored = {one.name: one.value_key for one in building.before.manifest.segments if one.entity == old.entity}
        if family is not None and list(stored) != list(group.names):
            family = None
    if family is None:
        return "not stored together before"
    told = {name: why(stored[name], building.keys[name]) for name in group.names}
    changed = [name for name, reason in told.items() if reason]
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        return f"{changed[0]}{more}: {told[changed[0]]}"
    return "" if is_same else f"other rows of {old.entity}"


def _taken(group: Group, old: EntityTable | None) -> Family:
    assert old is not None, "only what was stored is reused"
    return next(family for family in old.families if family.name == group.name)


def _computed(building: Building, entity: str, groups: Sequence[Group], rows: int) -> dict[str, Family]:
    """Compute *groups* step by step, and write a file for each."""
    draft, engine = building.draft, building.workspace.engine
    names = {group.name: f"{entity}-{group.name}.parquet" for group in groups}
    left = [group for group in groups if names[group.name] not in draft.finished]
    if left:
        run = _ready(building, entity, groups)
        statements, sql = run.sql.in_steps(f"work_{entity}", building.parts(run), always=True)
        work = WorkTables(engine, f"work_{entity}", _work_file(building, entity, statements))
        with work.open(), telling_what(building.workspace, run):
            work.make(statements, building.told)
            for group in left:
                members = (*group.names, *map(unknown_name, group.names)) if group.is_masks else ()
                query = sql.stored(() if group.is_masks else group.names, members, mask_columns if group.is_masks else None)
                _write(building, engine, query, names[group.name], rows)
    return {
        group.name: Family(name=group.name, columns=group.columns, files=(draft.finished[names[group.name]][0],))
        for group in groups
    }


def _work_file(building: Building, entity: str, statements: Sequence[Statement]) -> Path | None:
    """Return where the steps' tables lie, by what the steps are: a killed build goes on from its own tables only."""
    if building.work is None:
        return None
    return building.work / f"{entity}-{digest([s.make(part) for s in statements for part in range(s.parts)])[:12]}.{FILE}"


def _write(building: Building, engine: DuckDBEngine, query: str, name: str, rows: int) -> None:
    written = engine.copy(query, building.draft.path(name), name)
    assert written == rows, "a family has a row for each key"
    building.draft.finish(name, written)


def _tag(building: Building, name: str) -> TagEntry:
    catalog = building.workspace.catalog
    return TagEntry(
        name=name, hash=catalog.hash_of(name), value_key=building.keys[name].text,
        type=plain(catalog.definition(name).type), sensitivity=catalog.sensitivity_of(name),
    )  # fmt: skip


def _outcome(entity: str, group: Group, reason: str) -> Outcome:
    state = COMPUTED if reason else REUSED
    return Outcome(entity, group.name, len(group.names), state, reason or "nothing that it reads has changed")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: str) -> str:
    return path.replace("'", "''")
