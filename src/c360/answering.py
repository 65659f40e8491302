"""A request in; the snapshot that answers it, as a run over its files, out, or none and why; reads no source's rows.

Either all of a request comes from one snapshot or nothing does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from c360.bindings.fingerprints import reading_of
from c360.engines.fingerprints import source_state
from c360.engines.sources import STALE
from c360.errors import SourceError
from c360.expr.dates import as_day
from c360.plan import Output, Request
from c360.plan.stored import NotStored, stored_plan
from c360.plan.value_keys import ValueKey, value_keys
from c360.running import CURRENT, Run, telling_who
from c360.snapshots import masks
from c360.snapshots.manifest import EntityTable, Manifest, SourceEntry
from c360.snapshots.origin import Origin
from c360.snapshots.reading import Snapshot
from c360.sql.queries import PlanSql
from c360.sql.stored import StoredFamily, StoredTable

if TYPE_CHECKING:
    from c360.bindings.fingerprints import SourceState
    from c360.workspace import Workspace

SAME, CHANGED, UNKNOWN = "same", "changed", "unknown"


@dataclass(frozen=True)
class StoredMasks:
    """Files of masks, and where in them the bits of segments lie."""

    paths: list[str]
    segments: dict[str, masks.StoredSegment]


class NoSnapshot(Exception):
    """No snapshot answers the request; the text says why."""


@dataclass(frozen=True)
class Fit:
    """The snapshot of a request's day, and its table of the request's entity."""

    workspace: Workspace
    snapshot: Snapshot
    table: EntityTable
    origin: Origin

    @property
    def marks(self) -> tuple[str, ...]:
        """What was let pass when the snapshot was built."""
        return self.snapshot.manifest.marks

    def masks(self, names: Sequence[str]) -> StoredMasks:
        """Return where the members of those of the segments *names* are stored that are stored, each with its universe."""
        paths = masks.mask_files(self.snapshot, self.table.entity) or []
        known = masks.stored_segments(self.snapshot.manifest, self.table.entity) if paths else {}
        universes, definitions = self.workspace.catalog.universes, self.workspace.catalog.definitions
        held = [name for name in names if name in known and name in definitions and self.holds(name)]
        self.workspace.engine.expected_rows = self.table.rows
        found = {name: known[name] for name in held if not universes[name] or self.holds(universes[name])}
        return StoredMasks(paths, found)

    def run(self, outputs: tuple[Output, ...]) -> Run | None:
        """Return the request made ready over the snapshot's files; None where they do not hold all it needs."""
        catalog, table = self.workspace.catalog, self.table
        stored = {tag.name for tag in table.tags} | self._bits.keys()
        request = Request(table.entity, self.origin.as_of, outputs, frozenset())
        try:
            plan = stored_plan(request, catalog.schema, catalog.definitions, lambda name: name in stored and self.holds(name))
        except NotStored as reason:
            self.workspace.tell_why(f"from the sources: {reason}")
            return None
        self.workspace.engine.expected_rows = table.rows
        sql = PlanSql(plan, catalog.schema, self._files(), catalog.universes)
        return Run(plan, sql, self.marks, self.about(plan.columns(plan.sources[0])), self.snapshot)

    def about(self, names: Sequence[str]) -> Origin:
        """Return where the stored values of *names* come from: of sources that changed since only those that they depend on.

        A file of days that no window reaches changes none of them; one that says which rows there are may change any.
        """
        entity, changed = self.table.entity, set(self.origin.changed)
        if not changed:
            return self.origin
        try:
            keys = [(name, self._value_key(name)) for name in names]
        except SourceError:
            return self.origin
        stored = {tag.name: tag.value_key for tag in self.table.tags}
        stored |= {segment.name: segment.value_key for segment in self.snapshot.manifest.segments}
        matter = {source for name, key in keys if not key.same_as(stored[name]) for source in key.sources}
        bound = self.workspace.bindings.bound
        named = [] if entity in bound else self.workspace.catalog.schema.keys_naming(entity, bound)
        matter |= {entity, *(source for source, _ in named)}
        return replace(self.origin, changed=tuple(name for name in self.origin.changed if name in matter))

    def _value_key(self, name: str) -> ValueKey:
        if name not in self._value_keys:
            catalog, bindings = self.workspace.catalog, self.workspace.bindings
            self._value_keys.update(value_keys([name], catalog, bindings.bound, self.origin.as_of, self._source_state))
        return self._value_keys[name]

    def _source_state(self, name: str) -> SourceState:
        if name not in self._source_states:
            bound, zone = self.workspace.bindings.get(name), self.workspace.settings.time_zone
            self._source_states[name] = source_state(self.workspace.engine, bound, zone)
        return self._source_states[name]

    @cached_property
    def _value_keys(self) -> dict[str, ValueKey]:
        return {}

    @cached_property
    def _source_states(self) -> dict[str, SourceState]:
        return {}

    def holds(self, name: str) -> bool:
        """Whether the snapshot holds the definition *name* as it is now."""
        tag = self.table.tag(name)
        entry = tag or next((one for one in self.snapshot.manifest.segments if one.name == name), None)
        return entry is not None and entry.hash == self.workspace.catalog.hash_of(name)

    @cached_property
    def _bits(self) -> dict[str, int]:
        if masks.mask_files(self.snapshot, self.table.entity) is None:
            return {}
        found = (one for one in self.snapshot.manifest.segments if one.entity == self.table.entity)
        return {one.name: one.bit for one in found if one.bit is not None and one.name in self.workspace.catalog.definitions}

    def _files(self) -> StoredTable:
        table, snapshot = self.table, self.snapshot
        families = [
            StoredFamily(one.columns, tuple(snapshot.paths(one.files)), sum(file.rows for file in one.files) == table.rows)
            for one in table.families
        ]
        packed = next((made for made, one in zip(families, table.families, strict=True) if one.name == masks.NAME), None)
        plain = tuple(made for made in families if made is not packed)
        return StoredTable(table.entity, table.key, tuple(snapshot.paths([table.keys])), plain, packed, self._bits)


def fitting(workspace: Workspace, outputs: tuple[Output, ...], entity: str, as_of: date | str | None, **allow: bool) -> Fit | None:
    """Return the current snapshot of the request's day, where it may answer; None where there is none that does."""
    try:
        return _fitting(workspace, outputs, entity, as_of, allow)
    except NoSnapshot as reason:
        workspace.tell_why(f"from the sources: {reason}")
        return None


def from_snapshot(
    workspace: Workspace, outputs: tuple[Output, ...], entity: str, as_of: date | str | None, **allow: bool
) -> Run | None:
    """Return the request made ready over the current snapshot of its day; None where that cannot answer it whole."""
    found = fitting(workspace, outputs, entity, as_of, **allow)
    return None if found is None else found.run(outputs)


def _fitting(
    workspace: Workspace, outputs: tuple[Output, ...], entity: str, as_of: date | str | None, allow: dict[str, bool]
) -> Fit:
    if not workspace.snapshots.pointer().current:
        raise NoSnapshot("no snapshot was built")
    bindings = workspace.bindings
    with telling_who(workspace):
        bindings.refresh()
        sources = workspace.sources_of(outputs, entity)
        day = as_day(as_of) if as_of is not None else bindings.default_day(sources)
    snapshot = workspace.snapshot(day)
    table = None if snapshot is None else snapshot.manifest.entity(entity)
    if snapshot is None or table is None:
        raise NoSnapshot(f"no snapshot of {day} holds tags of {entity}")
    manifest = snapshot.manifest
    if manifest.time_zone != workspace.settings.time_zone:
        raise NoSnapshot(f"the snapshot of {day} was built for the time zone {manifest.time_zone}")
    if not all(_has_same_rows(workspace, manifest, known.entity) for known in manifest.entities):
        raise NoSnapshot(f"other sources say now which rows there are than when the snapshot of {day} was built")
    for mark, allowed in ((STALE, "allow_stale"), (CURRENT, "allow_current")):
        if any(told.startswith(mark) for told in manifest.marks) and not allow.get(allowed, False):
            raise NoSnapshot(f"the snapshot of {day} was built with --{allowed.replace('_', '-')}")
    return Fit(workspace, snapshot, table, _origin(workspace, snapshot, sources))


def _has_same_rows(workspace: Workspace, manifest: Manifest, entity: str) -> bool:
    """Whether the same sources say which rows of *entity* there are: its table, else those whose keys name them."""
    then, now = frozenset(entry.name for entry in manifest.sources), workspace.bindings.bound
    schema = workspace.catalog.schema
    if entity not in schema.sources or (entity in then) != (entity in now):
        return False
    return entity in now or schema.keys_naming(entity, then) == schema.keys_naming(entity, now)


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
    if bound.binding.path is not None and then == now and entry.reading == reading_of(bound, workspace.settings.time_zone):
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
