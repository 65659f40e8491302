"""A request in; the snapshot that answers it, as a run over its files, out, or none and why; reads no source's rows.

Either all of a request comes from one snapshot or nothing does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from c360.engines.fingerprints import source_state
from c360.engines.sources import STALE
from c360.errors import SourceError
from c360.expr.dates import as_day
from c360.opened import PLACEHOLDER_DAY
from c360.plan import Output, Request
from c360.plan.stored import NotStored, stored_plan
from c360.running import CURRENT, Run, telling_who
from c360.snapshots import masks
from c360.snapshots.manifest import EntityTable, SourceEntry
from c360.snapshots.origin import Origin
from c360.snapshots.reading import Snapshot
from c360.sql.queries import PlanSql
from c360.sql.stored import StoredFamily, StoredTable

if TYPE_CHECKING:
    from c360.workspace import Workspace

SAME, CHANGED, UNKNOWN = "same", "changed", "unknown"


@dataclass(frozen=True)
class StoredMasks:
    """The stored masks that hold all segments asked about, and where each one's bits lie."""

    origin: Origin
    snapshot: Snapshot
    paths: list[str]
    segments: dict[str, masks.StoredSegment]

    @property
    def marks(self) -> tuple[str, ...]:
        """What was let pass when the snapshot was built."""
        return self.snapshot.manifest.marks


class NoSnapshot(Exception):
    """No snapshot answers the request; the text says why."""


def from_snapshot(
    workspace: Workspace, outputs: tuple[Output, ...], entity: str, as_of: date | str | None, **allow: bool
) -> Run | None:
    """Return the request made ready over the current snapshot of its day; None where that cannot answer it whole."""
    try:
        origin, snapshot, table = _fitting(workspace, outputs, entity, as_of, allow)
        stored = _stored(workspace, snapshot, table)
        request = Request(entity, origin.as_of, outputs, frozenset())
        catalog = workspace.catalog
        plan = stored_plan(request, catalog.schema, catalog.definitions, stored)
    except (NoSnapshot, NotStored) as reason:
        workspace.tell_why(f"from the sources: {reason}")
        return None
    read = _files(snapshot, table, stored)
    workspace.engine.expected_rows = table.rows
    return Run(plan, PlanSql(plan, catalog.schema, read, catalog.universes), snapshot.manifest.marks, origin, snapshot)


def stored_masks(
    workspace: Workspace, names: Sequence[str], entity: str, as_of: date | str | None, **allow: bool
) -> StoredMasks | None:
    """Return the stored masks that hold all segments *names* of *entity*; None where the current snapshot of the day has none."""
    outputs = tuple(Output(name, workspace.reference(name)) for name in names)
    try:
        origin, snapshot, table = _fitting(workspace, outputs, entity, as_of, allow)
    except NoSnapshot:
        return None  # whoever asks goes on with `from_snapshot`, which says why
    stored = _stored(workspace, snapshot, table)
    segments = masks.stored_segments(snapshot.manifest, entity)
    paths = masks.mask_files(snapshot, entity)
    universes = {workspace.catalog.universes[name] for name in names}
    if paths is None or not stored.keys() >= {*names, *universes} - {""} or not segments.keys() >= set(names):
        return None
    workspace.engine.expected_rows = table.rows
    return StoredMasks(origin, snapshot, paths, {name: segments[name] for name in names})


def _fitting(
    workspace: Workspace, outputs: tuple[Output, ...], entity: str, as_of: date | str | None, allow: dict[str, bool]
) -> tuple[Origin, Snapshot, EntityTable]:
    """Return the current snapshot of the request's day and its table of *entity*; raises NoSnapshot."""
    if not workspace.snapshots.pointer().current:
        raise NoSnapshot("no snapshot was built")
    bindings = workspace.bindings
    with telling_who(workspace):
        bindings.refresh()
        plan = workspace.plan_of(outputs, entity, PLACEHOLDER_DAY)
        day = as_day(as_of) if as_of is not None else bindings.default_day(plan.sources)
    snapshot = workspace.snapshot(day)
    table = None if snapshot is None else snapshot.manifest.entity(entity)
    if snapshot is None or table is None:
        raise NoSnapshot(f"no snapshot of {day} holds tags of {entity}")
    manifest = snapshot.manifest
    if manifest.time_zone != workspace.settings.time_zone:
        raise NoSnapshot(f"the snapshot of {day} was built for the time zone {manifest.time_zone}")
    for mark, allowed in ((STALE, "allow_stale"), (CURRENT, "allow_current")):
        if any(told.startswith(mark) for told in manifest.marks) and not allow.get(allowed, False):
            raise NoSnapshot(f"the snapshot of {day} was built with --{allowed.replace('_', '-')}")
    return _origin(workspace, snapshot, plan.sources), snapshot, table


def _origin(workspace: Workspace, snapshot: Snapshot, sources: tuple[str, ...]) -> Origin:
    """Return where the answer comes from; raises NoSnapshot where it was built from other sources."""
    entries = {entry.name: entry for entry in snapshot.manifest.sources}
    states = {}
    for name in sources:
        if name not in entries or name not in workspace.bindings.bound:
            raise NoSnapshot(f"the snapshot of {snapshot.manifest.as_of} was built without {name}, or it is not bound any more")
        states[name] = _state(workspace, snapshot, entries[name])
    changed, unknown = (tuple(name for name in sources if states[name] == state) for state in (CHANGED, UNKNOWN))
    return Origin(snapshot.manifest.as_of, snapshot.generation, snapshot.manifest.run_id, sources, changed, unknown)


def _state(workspace: Workspace, snapshot: Snapshot, entry: SourceEntry) -> str:
    """Say whether a source is as it was: its files look the same, else what they and their bindings say is the same."""
    try:
        bound = workspace.bindings.get(entry.name)
    except SourceError:
        return CHANGED
    then = {(file.path, file.bytes, file.changed_ns) for file in entry.files}
    now = {(str(state.path), state.size, state.changed_ns) for state in bound.states}
    if now and then == now and workspace.stamp == snapshot.manifest.definitions:
        return SAME
    known = (snapshot.generation, entry.name, bound.states)
    if known not in workspace.compared:
        state = source_state(workspace.engine, bound, workspace.settings.time_zone)
        is_same = state.fingerprint == entry.fingerprint
        workspace.compared[known] = UNKNOWN if not state.is_known else SAME if is_same else CHANGED
    found = workspace.compared[known]
    if found == CHANGED and then and now and not {path for path, *_ in then} & {path for path, *_ in now}:
        raise NoSnapshot(f"the snapshot was built from other data: {entry.name} lies elsewhere now")
    return found


def _stored(workspace: Workspace, snapshot: Snapshot, table: EntityTable) -> dict[str, int | None]:
    """Return what the snapshot holds of the definitions as they are now: each name, and its bit where it is a segment."""
    catalog = workspace.catalog
    known = catalog.definitions
    found: dict[str, int | None] = {tag.name: None for tag in table.tags}
    hashes = {tag.name: tag.hash for tag in table.tags}
    if masks.mask_files(snapshot, table.entity) is not None:
        for one in snapshot.manifest.segments:
            if one.entity == table.entity and one.bit is not None:
                found[one.name], hashes[one.name] = one.bit, one.hash
    return {name: bit for name, bit in found.items() if name in known and catalog.hash_of(name) == hashes[name]}


def _files(snapshot: Snapshot, table: EntityTable, stored: dict[str, int | None]) -> StoredTable:
    families = [
        StoredFamily(one.columns, tuple(snapshot.paths(one.files)), sum(file.rows for file in one.files) == table.rows)
        for one in table.families
    ]
    packed = next((made for made, one in zip(families, table.families, strict=True) if one.name == masks.NAME), None)
    plain = tuple(made for made in families if made is not packed)
    bits = {name: bit for name, bit in stored.items() if bit is not None}
    return StoredTable(table.entity, table.key, tuple(snapshot.paths([table.keys])), plain, packed, bits)
