"""A workspace and a day in, a published snapshot of its tag tables out; the only place where a snapshot is made."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from c360.bindings.fingerprints import reading_of
from c360.bindings.stamp import definitions_stamp
from c360.builds.choosing import Choice, Leniency, choose, outputs_of
from c360.builds.comparing import refuse_other_values
from c360.builds.memory import more_parts, parts_for
from c360.builds.tabling import Building, Outcome, Tabled, Told, grouped, tabled
from c360.engines.fingerprints import source_state
from c360.errors import NewerFormat, SnapshotError, UsageError
from c360.expr.canonical import digest
from c360.expr.dates import month_end
from c360.plan.value_keys import ValueKey, value_keys
from c360.running import Run, telling_who
from c360.snapshots.draft import Draft
from c360.snapshots.manifest import Manifest, SegmentEntry, SourceEntry, SourceFile
from c360.snapshots.reading import Snapshot

if TYPE_CHECKING:
    from c360.bindings.fingerprints import SourceState
    from c360.snapshots.store import Store
    from c360.workspace import Workspace

FORMAT = 1  # of what `as_json` gives


@dataclass(frozen=True)
class BuildRequest:
    """What to build, and how.

    *names* are tags and segments, none: all that can be. *replace* publishes other values than those that stand for the day,
    *future* builds a day that neither the clock nor the data has reached. *parts* cuts the owners into so many; none: as the
    memory asks.
    """

    names: tuple[str, ...] | None = None
    as_of: date | str | None = None
    parts: int | None = None
    replace: bool = False
    future: bool = False
    full: bool = False
    waits: bool = False
    allow: Leniency = Leniency()


@dataclass(frozen=True)
class BuildResult:
    """One build: the generation that is current now, what became of each family, and who was left out."""

    as_of: date
    generation: str
    is_new: bool
    rows: dict[str, int]
    outcomes: tuple[Outcome, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain data, with the version of its form."""
        return {
            "format": FORMAT, "as_of": self.as_of.isoformat(), "generation": self.generation,
            "state": "built" if self.is_new else "unchanged", "rows": self.rows,
            "families": [vars(outcome) for outcome in self.outcomes], "left_out": self.left_out,
            "marks": list(self.marks), "notes": list(self.notes),
        }  # fmt: skip


def build(workspace: Workspace, request: BuildRequest, told: Told | None = None) -> BuildResult:
    """Compute the tags of one day and publish them, or find that the snapshot that stands is what they would be.

    What the current snapshots hold already is taken from them. Raises Busy where another build runs; whatever is raised, the
    snapshot before stays as it was.
    """
    workspace.bindings.refresh()
    with telling_who(workspace):
        choice = _chosen(workspace, request)
        states = _States(workspace)
        keys = value_keys(
            [name for entity in choice.entities for name in choice.names(entity)], workspace.catalog, workspace.bindings.bound,
            choice.day, states,
        )  # fmt: skip
    if not request.future and request.as_of is not None:
        _refuse_future(workspace, choice.day)
    store = workspace.snapshots
    with store.lock(doing="build", waits=request.waits) as notes:
        run_id = _run_id(workspace, choice, keys, states, request)
        current, lost = _standing(store, choice.day)
        is_same = current is not None and current.manifest.run_id == run_id and all(key.is_known for key in keys.values())
        if current is not None and is_same and not request.full:
            return _unchanged(current, choice, notes)
        orphan = store.reusable(choice.day, run_id)
        if orphan is not None and not request.full:
            store.adopt(orphan)
            return _unchanged(store.open(orphan), choice, (*notes, f"{orphan} was whole, and its build killed"))
        making = _Making(workspace, request, choice, keys, states, run_id, told or (lambda step, done, total: None))
        before = None if request.full else current or _standing(store, None)[0]
        try:
            return making.made(before, None if request.replace else current, (*notes, *lost))
        except SnapshotError as error:  # damaged, and only its use shows it
            return making.made(None, None, (*notes, _not_used(error)))


@dataclass(frozen=True)
class _Making:
    """One build that has something to do, with all it needs."""

    workspace: Workspace
    request: BuildRequest
    choice: Choice
    keys: dict[str, ValueKey]
    states: _States
    run_id: str
    told: Told

    def made(self, before: Snapshot | None, standing: Snapshot | None, notes: tuple[str, ...]) -> BuildResult:
        """Build and publish, taking over what *before* holds; values other than those *standing* for the day are refused."""
        workspace, day = self.workspace, self.choice.day
        work = workspace.folder / ".c360" / "work" / self.run_id
        _clean(work)
        with workspace.snapshots.begin(day, self.run_id) as draft:
            building = Building(
                workspace, draft, day, self.keys, self.states, before, self.request.allow,
                self._parts, work, self.told,
            )  # fmt: skip
            tables, run = _published(building, self.choice, self.states, standing)
        shutil.rmtree(work, ignore_errors=True)
        return _result(self.choice, draft, tables, run, notes)

    def _parts(self, run: Run) -> tuple[int, ...]:
        """Return in how many parts *run* is computed: as asked for, else as the memory asks, and then more where it runs out."""
        if self.request.parts:
            return (self.request.parts,)
        return more_parts(self.workspace, run.plan, parts_for(self.workspace, run.plan))


def _result(choice: Choice, draft: Draft, tables: Sequence[Tabled], run: Run, notes: tuple[str, ...]) -> BuildResult:
    return BuildResult(
        choice.day, draft.generation, True, {one.table.entity: one.table.rows for one in tables},
        tuple(outcome for one in tables for outcome in one.outcomes), choice.left_out, run.marks, (*notes, *draft.notes),
    )  # fmt: skip


def _not_used(error: SnapshotError) -> str:
    return f"the snapshot that stood is damaged and not used: {error.message}"


def _published(building: Building, choice: Choice, states: _States, standing: Snapshot | None) -> tuple[list[Tabled], Run]:
    """Build the tables and publish them; values other than those *standing* for the day are refused."""
    workspace, draft = building.workspace, building.draft
    now = datetime.now(UTC).isoformat(timespec="seconds")
    tables, run = tabled(building, {entity: grouped(workspace, choice, entity) for entity in choice.entities})
    refuse_other_values(workspace.engine, draft, standing, [one.table for one in tables])
    manifest = _manifest(workspace, choice, building.keys, states, draft, tables, run, now)
    draft.publish(manifest.model_copy(update={"states": building.sliding.entries, "rows": tuple(building.rows)}))
    return tables, run


def _refuse_future(workspace: Workspace, day: date) -> None:
    """Refuse a day that has not come, unless the data says that it has: then it is the clock that is wrong (B14)."""
    today = datetime.now(ZoneInfo(workspace.settings.time_zone)).date()
    last = workspace.bindings.last_day
    if day > today and (last is None or day > last):
        raise UsageError(
            f"{day} has not come: today is {today}" + (f", and the data goes up to {last}" if last else ""),
            hint="name an earlier day, mend the clock, or build it all the same with --allow-future",
        )


def _standing(store: Store, day: date | None) -> tuple[Snapshot | None, tuple[str, ...]]:
    """Return the current snapshot of *day* (none: the newest), and a note in its place where it is damaged: a build mends that."""
    try:
        found = store.current(day)
        if found is not None:
            found.paths(found.manifest.files)
    except NewerFormat:
        raise
    except SnapshotError as error:
        return None, (_not_used(error),)
    return found, ()


def days_between(first: date, last: date, every: str) -> list[date]:
    """Return the days to build from *first* to *last*: each one, each week's counted back from the last, or the months' ends."""
    if first > last:
        raise UsageError(f"the range ends on {last}, before it begins on {first}", hint="write the earlier date first")
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    match every:
        case "day":
            return days
        case "week":
            return [day for day in days if (last - day).days % 7 == 0]
        case "month":
            ends = [day for day in days if day == month_end(day)]
            if not ends:
                raise UsageError(f"no month ends from {first} to {last}", hint="widen the range, or take --every day")
            return ends
    raise UsageError(f"every is day, week or month, found '{every}'", hint="--every month")


def _chosen(workspace: Workspace, request: BuildRequest) -> Choice:
    """Return what to build: what is asked for by name stands beside what the snapshot of the day holds already."""
    choice = choose(workspace, request.names, request.as_of, request.allow)
    current = None if request.names is None else _standing(workspace.snapshots, choice.day)[0]
    if current is None:
        return choice
    with current:
        tags = {tag.name for table in current.manifest.entities for tag in table.tags}
        stored = tags | {segment.name for segment in current.manifest.segments}
    return choose(workspace, request.names, choice.day, request.allow, stored)


class _States:
    """The states of sources, each asked for once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[str, SourceState] = {}

    def __call__(self, name: str) -> SourceState:
        if name not in self._known:
            bindings = self._workspace.bindings
            self._known[name] = source_state(self._workspace.engine, bindings.get(name), self._workspace.settings.time_zone)
        return self._known[name]


def _run_id(workspace: Workspace, choice: Choice, keys: dict[str, ValueKey], states: _States, request: BuildRequest) -> str:
    """Return the hash of everything that a build's content depends on."""
    inputs = {
        "as_of": choice.day.isoformat(), "keys": {name: key.text for name, key in keys.items()},
        "order": {entity: choice.names(entity) for entity in choice.entities},
        "rows": {entity: [states(name).fingerprint for name in _naming(workspace, entity)] for entity in choice.entities},
        "allow": [request.allow.current, request.allow.stale], "versions": _versions(),
    }  # fmt: skip
    return digest(inputs)[:16]


def _naming(workspace: Workspace, entity: str) -> list[str]:
    """Return the sources that say which rows of an entity are there: its table, or those whose keys name them."""
    bound = workspace.bindings.bound
    if entity in bound:
        return [entity]
    return sorted({source for source, _ in workspace.catalog.schema.keys_naming(entity, bound)})


def _versions() -> dict[str, str]:
    return {"c360": version("c360"), "duckdb": version("duckdb")}


def _clean(work: Path) -> None:
    """Remove the tables that builds of other inputs left when they were killed; only one build runs at a time."""
    for left in work.parent.glob("*"):
        if left != work:
            shutil.rmtree(left, ignore_errors=True)


def _unchanged(current: Snapshot, choice: Choice, notes: tuple[str, ...]) -> BuildResult:
    manifest = current.manifest
    rows = {table.entity: table.rows for table in manifest.entities}
    current.close()
    return BuildResult(choice.day, current.generation, False, rows, (), choice.left_out, manifest.marks, notes)


def _manifest(
    workspace: Workspace, choice: Choice, keys: Mapping[str, ValueKey], states: _States, draft: Draft, tables: Sequence[Tabled],
    run: Run, now: str,
) -> Manifest:  # fmt: skip
    catalog = workspace.catalog
    segments = [
        _segment(workspace, name, (bit, len(names) + bit), keys[name], run.plan.sources)
        for names in choice.segments.values()
        for bit, name in enumerate(names)
    ]
    return Manifest(
        run_id=draft.run_id, as_of=choice.day, entities=tuple(one.table for one in tables),
        sources=tuple(_source(workspace, states, name) for name in run.plan.sources), segments=tuple(segments),
        parameters={name: str(parameter.value) for name, parameter in sorted(catalog.parameters.items())},
        marks=run.marks, time_zone=workspace.settings.time_zone, versions=_versions(), made_at=now,
        definitions=definitions_stamp((*workspace.settings.parents, workspace.folder)),
    )  # fmt: skip


def _segment(workspace: Workspace, name: str, bits: tuple[int, int], key: ValueKey, read: Sequence[str]) -> SegmentEntry:
    catalog, entity = workspace.catalog, workspace.definition(name).entity
    return SegmentEntry(
        name=name, entity=entity, hash=catalog.hash_of(name), universe=catalog.universes[name], bit=bits[0], unknown_bit=bits[1],
        value_key=key.text, default_day=_default_day(workspace, name, entity, read),
    )  # fmt: skip


def _default_day(workspace: Workspace, name: str, entity: str, read: Sequence[str]) -> date | None:
    """Return the day on which *name* is asked for by default; None where a source that was not *read* says it."""
    sources, bindings = workspace.sources_of(outputs_of(workspace, (name,)), entity), workspace.bindings
    dense = {source for source in bindings.bound if bindings.coverage(source) == "dense"}
    is_told = workspace.settings.as_of is not None or dense & set(sources) or (dense and dense <= set(read))
    return bindings.default_day(sources) if is_told else None


def _source(workspace: Workspace, states: _States, name: str) -> SourceEntry:
    facts, bound = workspace.bindings.facts(name), workspace.bindings.get(name)
    files = [SourceFile(path=str(s.path), bytes=s.size, changed_ns=s.changed_ns) for s in bound.states]
    return SourceEntry(
        name=name, fingerprint=states(name).fingerprint, rows=facts.rows, first_day=facts.first_day, last_day=facts.last_day,
        files=tuple(files), reading=reading_of(bound, workspace.settings.time_zone),
    )  # fmt: skip
