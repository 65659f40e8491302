"""One entity's definitions on a day in, its tag table as files of a draft out: reused from the snapshot before, or computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from c360.audience.asking import unknown_name, unknown_outputs
from c360.choosing import Choice, Leniency, outputs_of
from c360.engines.working import FILE, WorkTables
from c360.expr.canonical import digest, plain
from c360.plan.families import families
from c360.plan.value_keys import ValueKey
from c360.reusing import Before, Group, Reuse, reuse_of
from c360.running import Run, telling_what
from c360.snapshots.draft import Draft
from c360.snapshots.manifest import EntityTable, Family, FileEntry, TagEntry
from c360.snapshots.reading import Snapshot
from c360.sql.masks import mask_columns
from c360.sql.queries import PlanSql
from c360.sql.steps import Statement

if TYPE_CHECKING:
    from c360.bindings.fingerprints import SourceState
    from c360.workspace import Workspace

KEYS, MASKS = "keys", "masks"
Told = Callable[[str, int, int], None]


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
    states: Callable[[str], SourceState]
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


def grouped(workspace: Workspace, choice: Choice, entity: str) -> tuple[Group, ...]:
    """Return what is written together of an entity: families of tags, and the segments as masks."""
    tags, segments = choice.tags.get(entity, ()), choice.segments.get(entity, ())
    found = [Group(*family) for family in families(tags, workspace.catalog, workspace.bindings.bound).items()]
    return (*found, Group(MASKS, segments, is_masks=True)) if segments else tuple(found)


def tabled(building: Building, entity: str, groups: Sequence[Group]) -> Tabled:
    """Write the files of *entity*: its keys at the day, and each family that cannot be taken from the snapshot before."""
    run = _ready(building, entity, groups, [name for group in groups for name in group.names])
    keys = _keys(building, entity, run)
    before = _before(building, entity, run.sql.key_name, keys)
    reuses = {group: reuse_of(group, building.keys, before) for group in groups}
    written = {group.name: reuse.family for group, reuse in reuses.items() if reuse.family is not None}
    written |= _written(building, entity, {group: reuse for group, reuse in reuses.items() if reuse.family is None}, keys)
    building.workspace.bindings.confirm(run.plan.sources)
    names = [name for group in groups for name in group.names if not group.is_masks]
    table = EntityTable(
        entity=entity, key=run.sql.key_name, rows=keys.rows, keys=keys,
        families=tuple(written[group.name] for group in groups), tags=tuple(_tag(building, name) for name in names),
    )  # fmt: skip
    outcomes = tuple(Outcome(entity, g.name, len(g.names), reuse.state, reuse.reason) for g, reuse in reuses.items())
    return Tabled(table, outcomes, run.marks, run.plan.sources)


def _ready(building: Building, entity: str, groups: Iterable[Group], names: Sequence[str]) -> Run:
    """Make *names*, which are of *groups*, ready."""
    catalog, allow = building.workspace.catalog, building.allow
    outputs = outputs_of(building.workspace, names)
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
    building.workspace.bindings.confirm(alone.plan.sources)
    return building.draft.finish(name, rows)


def _before(building: Building, entity: str, key: str, keys: FileEntry) -> Before | None:
    """Return what the snapshot before holds of *entity*; None where it does not, or by another key."""
    old = None if building.before is None else building.before.manifest.entity(entity)
    if building.before is None or old is None or old.key != key:
        return None
    manifest, changed = building.before.manifest, set()
    for source in manifest.sources:
        if source.name not in building.workspace.bindings.bound or source.fingerprint != building.states(source.name).fingerprint:
            changed.add(source.name)
    is_same = is_whole = old.keys.sha256 == keys.sha256
    if not is_same:
        paths = [str(building.draft.folder / keys.path.partition("/")[2]), building.before.paths((old.keys,))[0]]
        now, then = (f"SELECT {_quoted(key)} FROM read_parquet('{_text(path)}')" for path in paths)
        is_whole = not building.workspace.engine.rows(f"SELECT 1 FROM ({now} EXCEPT {then}) AS new_rows LIMIT 1")
        is_same = is_whole and old.rows == keys.rows
    segments = tuple(segment for segment in manifest.segments if segment.entity == entity)
    return Before(old, segments, frozenset(changed), is_same, is_whole)


def _written(building: Building, entity: str, reuses: Mapping[Group, Reuse], keys: FileEntry) -> dict[str, Family]:
    """Compute step by step what is not taken over, and write a file for each group."""
    draft, engine = building.draft, building.workspace.engine
    names = {group: f"{entity}-{group.name}.parquet" for group in reuses}
    left = {group: reuse for group, reuse in reuses.items() if names[group] not in draft.finished}
    computed = [name for reuse in left.values() for name in reuse.computed]
    run = _ready(building, entity, left, computed)
    if computed:
        statements, sql = run.sql.in_steps(f"work_{entity}", building.parts(run), always=True)
        confirm = partial(building.workspace.bindings.confirm, run.plan.sources)
        work = WorkTables(engine, f"work_{entity}", _work_file(building, entity, statements), confirm)
        with work.open(), telling_what(building.workspace, run):
            work.make(statements, building.told)
            for group, reuse in left.items():
                _write(building, _query(building, group, reuse, sql, keys), names[group], keys.rows)
    else:
        for group, reuse in left.items():
            _write(building, _query(building, group, reuse, run.sql, keys), names[group], keys.rows)
    return {
        group.name: Family(name=group.name, columns=group.columns, files=(draft.finished[name][0],))
        for group, name in names.items()
    }


def _query(building: Building, group: Group, reuse: Reuse, sql: PlanSql, keys: FileEntry) -> str:
    """Return the query of a group's file: what was computed, beside what the snapshot before holds."""
    if group.is_masks:
        return sql.stored((), (*group.names, *map(unknown_name, group.names)), mask_columns)
    if not reuse.taken:
        return sql.stored(group.names)
    assert building.before is not None, "only what was stored is taken over"
    homes: dict[Family, list[str]] = {}
    for name, family in reuse.taken.items():
        homes.setdefault(family, []).append(name)
    key = _quoted(sql.key_name)
    path = str(building.draft.folder / keys.path.partition("/")[2])
    now = sql.stored(reuse.computed) if reuse.computed else f"SELECT {key} FROM read_parquet('{_text(path)}')"
    columns = [f"now.{key}", *(_quoted(name) for name in group.names)]
    joined = [f"({now}) AS now"]
    for number, (family, names) in enumerate(homes.items()):
        files = ", ".join(f"'{_text(path)}'" for path in building.before.paths(family.files))
        taken = ", ".join(_quoted(name) for name in names)
        joined.append(f"LEFT JOIN (SELECT {key} AS key_{number}, {taken} FROM read_parquet([{files}])) ON key_{number} = now.{key}")
    return f"SELECT {', '.join(columns)} FROM {' '.join(joined)}"


def _work_file(building: Building, entity: str, statements: Sequence[Statement]) -> Path | None:
    """Return where the steps' tables lie, by what the steps are: a killed build goes on from its own tables only."""
    if building.work is None:
        return None
    return building.work / f"{entity}-{digest([s.make(part) for s in statements for part in range(s.parts)])[:12]}.{FILE}"


def _write(building: Building, query: str, name: str, rows: int) -> None:
    written = building.workspace.engine.copy(query, building.draft.path(name), name)
    assert written == rows, "a family has a row for each key"
    building.draft.finish(name, written)


def _tag(building: Building, name: str) -> TagEntry:
    catalog = building.workspace.catalog
    return TagEntry(
        name=name, hash=catalog.hash_of(name), value_key=building.keys[name].text,
        type=plain(catalog.definition(name).type), sensitivity=catalog.sensitivity_of(name),
    )  # fmt: skip


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: str) -> str:
    return path.replace("'", "''")
