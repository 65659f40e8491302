"""Definitions on a day in, a tag table of each entity as files of a draft out: reused from the snapshot before, or computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from c360.audience.asking import unknown_name, unknown_outputs
from c360.builds.choosing import Choice, Leniency, outputs_of
from c360.builds.memory import is_small
from c360.builds.reusing import Before, Group, Reuse, reuse_of
from c360.builds.sliding import Sliding
from c360.builds.tracking import Changed, Tracking
from c360.engines.working import FILE, WorkTables
from c360.errors import OutOfMemory
from c360.expr.canonical import digest, plain
from c360.plan.families import families
from c360.plan.value_keys import ValueKey
from c360.quoting import files, quoted
from c360.running import Run, telling_what
from c360.snapshots.draft import Draft
from c360.snapshots.manifest import EntityTable, Family, FileEntry, StateEntry, TagEntry
from c360.snapshots.reading import Snapshot
from c360.sql.masks import mask_columns
from c360.sql.parts import Parts, cuts_between, cuts_sql
from c360.sql.queries import PlanSql
from c360.sql.steps import Statement

if TYPE_CHECKING:
    from c360.bindings.fingerprints import SourceState
    from c360.workspace import Workspace

KEYS, MASKS, WORK = "keys", "masks", "work"
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
    """What the tables of all entities are built with; *parts* are tried in turn, as long as memory runs out."""

    workspace: Workspace
    draft: Draft
    day: date
    keys: Mapping[str, ValueKey]
    states: Callable[[str], SourceState]
    before: Snapshot | None
    allow: Leniency
    parts: Callable[[Run], Sequence[int]]
    work: Path
    told: Told
    rows: list[StateEntry] = field(default_factory=list)

    @cached_property
    def sliding(self) -> Sliding:
        """What is taken of the passes that the snapshot before kept, and what is kept for the next."""
        return Sliding(self.workspace, self.draft, self.before, self.states)


@dataclass(frozen=True)
class Tabled:
    """One entity's table, and what became of its families."""

    table: EntityTable
    outcomes: tuple[Outcome, ...]


def grouped(workspace: Workspace, choice: Choice, entity: str) -> tuple[Group, ...]:
    """Return what is written together of an entity: families of tags, and the segments as masks."""
    tags, segments = choice.tags.get(entity, ()), choice.segments.get(entity, ())
    found = [Group(*family) for family in families(tags, workspace.catalog, workspace.bindings.bound).items()]
    return (*found, Group(MASKS, segments, is_masks=True)) if segments else tuple(found)


def tabled(building: Building, groups: Mapping[str, Sequence[Group]]) -> tuple[list[Tabled], Run]:
    """Write the files of each entity: its keys at the day, and each family that cannot be taken from the snapshot before.

    What is computed is computed at once, for all entities: each source is read in as few passes as its aggregates allow.
    """
    everything = {entity: [name for group in mine for name in group.names] for entity, mine in groups.items()}
    run = _ready(building, groups, everything)
    keys = {entity: _keys(building, entity) for entity in groups}
    changed = {entity: _changed(building, entity, mine, keys[entity].rows) for entity, mine in groups.items()}
    reuses = {entity: _reuses(building, entity, mine, keys[entity], changed[entity]) for entity, mine in groups.items()}
    for entity in groups:
        _mend(building, entity, reuses[entity], changed[entity])
    written = _written(building, reuses, keys, run)
    building.workspace.bindings.confirm(run.plan.sources)
    found = []
    for entity, mine in groups.items():
        families = {g.name: reuse.family for g, reuse in reuses[entity].items() if reuse.family is not None} | written[entity]
        names = [name for group in mine for name in group.names if not group.is_masks]
        table = EntityTable(
            entity=entity, key=_key_name(building, entity), rows=keys[entity].rows, keys=keys[entity],
            families=tuple(families[group.name] for group in mine), tags=tuple(_tag(building, name) for name in names),
        )  # fmt: skip
        outcomes = tuple(Outcome(entity, g.name, len(g.names), one.state, one.reason) for g, one in reuses[entity].items())
        found.append(Tabled(table, outcomes))
    return found, run


def _ready(building: Building, groups: Mapping[str, Iterable[Group]], names: Mapping[str, Sequence[str]]) -> Run:
    """Make *names*, by entity, ready at once; *groups* says which of them are masks."""
    catalog, allow = building.workspace.catalog, building.allow
    asked = []
    for entity, mine in groups.items():
        outputs = outputs_of(building.workspace, names[entity])
        for group in mine:
            if group.is_masks:
                rules = {name: catalog.definition(name).node for name in group.names}
                outputs += unknown_outputs(rules, catalog.universes, entity)
        asked.append((entity, outputs))
    (first, outputs), *others = asked
    return building.workspace.run(
        outputs, first, building.day, allow_current=allow.current, allow_stale=allow.stale, others=tuple(others)
    )


def _key_name(building: Building, entity: str) -> str:
    return building.workspace.catalog.schema.source(entity).column(entity).file_name


def _changed(building: Building, entity: str, groups: Iterable[Group], rows: int) -> Changed | None:
    """Keep what tells the rows of *entity* apart; return whose are others than in the snapshot before, where that is known."""
    tracking = Tracking(building.workspace, entity, [building.keys[n] for g in groups for n in g.names], building.day)
    kept = tracking.keep(building.draft)
    building.rows.extend([kept] if kept is not None else [])
    return None if building.before is None else tracking.changed(building.draft, kept, building.before, rows)


def _mend(building: Building, entity: str, reuses: Mapping[Group, Reuse], changed: Changed | None) -> None:
    """Compute, for the rows that are others, the columns that are right for all the rest: a table of them."""
    names = [name for reuse in reuses.values() if reuse.is_mended for name in reuse.taken]
    if not names or changed is None:
        return
    engine, table = building.workspace.engine, _mended(entity)
    run = _ready(building, {entity: ()}, {entity: names})
    statements, sql = run.sql.in_steps(f"mending_{entity}", Parts(only=changed.only), always=True)
    work = WorkTables(engine, f"mending_{entity}", None, partial(building.workspace.bindings.confirm, run.plan.sources))
    with work.open(), telling_what(building.workspace, run):
        work.make(statements, building.told)
        engine.execute(f"CREATE OR REPLACE TABLE {table} AS {sql.stored(names)}")


def _mended(entity: str) -> str:
    return f"mended_{entity}"


def _reuses(
    building: Building, entity: str, groups: Sequence[Group], keys: FileEntry, changed: Changed | None
) -> dict[Group, Reuse]:
    before = _before(building, entity, _key_name(building, entity), keys)
    if before is not None and changed is not None:
        before = replace(before, others=changed.count)
    return {group: reuse_of(group, building.keys, before) for group in groups}


def _keys(building: Building, entity: str) -> FileEntry:
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
        now, then = (f"SELECT {quoted(key)} FROM {files([path])}" for path in paths)
        is_whole = not building.workspace.engine.rows(f"SELECT 1 FROM ({now} EXCEPT {then}) AS new_rows LIMIT 1")
        is_same = is_whole and old.rows == keys.rows
    segments = tuple(segment for segment in manifest.segments if segment.entity == entity)
    return Before(old, segments, frozenset(changed), is_same, is_whole)


def _written(
    building: Building, reuses: Mapping[str, Mapping[Group, Reuse]], keys: Mapping[str, FileEntry], whole: Run
) -> dict[str, dict[str, Family]]:
    """Compute step by step what is not taken over, and write a file for each group."""
    draft = building.draft
    wanted = {entity: {group: reuse for group, reuse in mine.items() if reuse.family is None} for entity, mine in reuses.items()}
    computed = {e: [name for reuse in mine.values() for name in reuse.computed] for e, mine in wanted.items()}
    computed = {entity: names for entity, names in computed.items() if names}
    left = {e: {g: reuse for g, reuse in mine.items() if _file(e, g) not in draft.finished} for e, mine in wanted.items()}
    if any(left[entity] for entity in computed):
        run = _ready(building, {entity: wanted[entity] for entity in computed}, computed)
        _compute(building, building.sliding.applied(run), {entity: left.pop(entity) for entity in computed}, keys)
    for entity, mine in left.items():
        _write(building, entity, mine, whole.sql.about(entity), keys[entity])
    return {
        entity: {g.name: Family(name=g.name, columns=g.columns, files=(draft.finished[_file(entity, g)][0],)) for g in mine}
        for entity, mine in wanted.items()
    }


def _compute(building: Building, run: Run, reuses: Mapping[str, Mapping[Group, Reuse]], keys: Mapping[str, FileEntry]) -> None:
    """Compute *run* and write the files that rest on it; where memory runs out, in more parts, but for what is finished."""
    engine, bindings, told = building.workspace.engine, building.workspace.bindings, building.told
    counts = building.parts(run)
    for count in counts:
        statements, sql = run.sql.in_steps(WORK, _parts(building, count, keys), always=True)
        confirm = partial(bindings.confirm, run.plan.sources)
        work = WorkTables(engine, WORK, _work_file(building, run, statements), confirm, bindings.rows_of)
        try:
            with work.open(), telling_what(building.workspace, run):
                work.make(statements, told if count == counts[0] else _telling(told, count), building.sliding.keep)
                for entity, mine in reuses.items():
                    _write(building, entity, mine, sql.about(entity), keys[entity])
        except OutOfMemory:
            if count == counts[-1]:
                raise
            work.remove()
            continue
        if count != counts[0]:
            tried = f"memory ran out in {_said(counts[0])}: computed in {_said(count)}"
            building.draft.notes += (f"{tried}; --partitions {count} begins with them",)
        return


def _telling(told: Told, count: int) -> Told:
    return lambda step, done, total: told(f"{step} (again, in {_said(count)}: memory ran out)", done, total)


def _said(count: int) -> str:
    return "1 part" if count == 1 else f"{count} parts"


def _parts(building: Building, count: int, keys: Mapping[str, FileEntry]) -> Parts:
    """Return the parts in which rows are computed: ranges of the keys that are there."""
    cuts = {}
    for entity, file in keys.items() if count > 1 else ():
        asked = cuts_sql(files([_path(building, file)]), quoted(_key_name(building, entity)), count)
        inner, greatest = building.workspace.engine.rows(asked)[0]
        between = cuts_between(inner, greatest)
        if between is not None:
            cuts[entity] = between
    return Parts(count, cuts)


def _path(building: Building, file: FileEntry) -> str:
    """Return where a file of the draft lies."""
    return str(building.draft.folder / file.path.partition("/")[2])


def _file(entity: str, group: Group) -> str:
    return f"{entity}-{group.name}.parquet"


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
    key, path = quoted(sql.key_name), _path(building, keys)
    now = sql.stored(reuse.computed) if reuse.computed else f"SELECT {key} FROM {files([path])}"
    said = {name: f"now.{quoted(name)}" for name in reuse.computed}
    joined = [f"({now}) AS now"]
    for number, (family, names) in enumerate(homes.items()):
        taken = ", ".join(quoted(name) for name in names)
        kept = f"(SELECT {key} AS key_{number}, {taken} FROM {files(building.before.whole(family.files))}) AS kept_{number}"
        joined.append(f"LEFT JOIN {kept} ON key_{number} = now.{key}")
        said |= {name: f"kept_{number}.{quoted(name)}" for name in names}
    if reuse.is_mended:
        joined.append(f"LEFT JOIN memory.main.{_mended(sql.entity)} AS mended ON mended.{key} = now.{key}")
        for name in reuse.taken:
            said[name] = f"CASE WHEN mended.{key} IS NULL THEN {said[name]} ELSE mended.{quoted(name)} END AS {quoted(name)}"
    columns = [f"now.{key}", *(said[name] for name in group.names)]
    return f"SELECT {', '.join(columns)} FROM {' '.join(joined)}"


def _work_file(building: Building, run: Run, statements: Sequence[Statement]) -> Path | None:
    """Return where the steps' tables lie, by what the steps are: a killed build goes on from its own tables only.

    None says in memory: a build that is soon done starts anew, and writing tables to a file would take half its time again.
    """
    if max(statement.parts for statement in statements) == 1 and is_small(building.workspace, run.plan):
        return None
    return building.work / f"{digest([s.make(part) for s in statements for part in range(s.parts)])[:12]}.{FILE}"


def _write(building: Building, entity: str, reuses: Mapping[Group, Reuse], sql: PlanSql, keys: FileEntry) -> None:
    """Write the files of an entity's groups that are not finished."""
    for group, reuse in reuses.items():
        name = _file(entity, group)
        if name in building.draft.finished:
            continue
        query = _query(building, group, reuse, sql, keys)
        written = building.workspace.engine.copy(query, building.draft.path(name), name)
        assert written == keys.rows, "a family has a row for each key"
        building.draft.finish(name, written)


def _tag(building: Building, name: str) -> TagEntry:
    catalog = building.workspace.catalog
    return TagEntry(
        name=name, hash=catalog.hash_of(name), value_key=building.keys[name].text, row_key=building.keys[name].row,
        type=plain(catalog.definition(name).type), sensitivity=catalog.sensitivity_of(name),
    )  # fmt: skip
