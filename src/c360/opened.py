"""A folder with c360.toml, tags/ and segments/ in; its definitions, engine, sources and plans out; answers no question itself."""

from __future__ import annotations

import copy
import getpass
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from c360.bindings.inheritance import read_with_parents
from c360.bindings.places import FILE, data_folder_of, workspace_above
from c360.bindings.settings import Settings
from c360.catalog import Catalog, build_catalog
from c360.datatypes import BOOLEAN
from c360.errors import NothingMatched, SourceError, UsageError, did_you_mean, nearest
from c360.expr.dates import as_day
from c360.expr.nodes import Node, SegmentRef, TagRef
from c360.language.definitions import Definition
from c360.plan import Output, Plan, Reads, Request, make_plan, reads_of, unknown_shape

if TYPE_CHECKING:
    from c360.engines.duckdb import DuckDBEngine, Watch
    from c360.engines.shapes import Shapes
    from c360.engines.sources import Sources, SourceStatus
    from c360.records.folder import Records
    from c360.snapshots.reading import Snapshot
    from c360.snapshots.store import Store

# What a rule given as text is called; no definition can have this name, for it is a word of SQL.
RULE = "where"
PLACEHOLDER_DAY = date(2000, 12, 31)
Asked = tuple[tuple[str, tuple[Output, ...]], ...]


class OpenedFolder:
    """A workspace's settings, definitions, engine and sources; nothing is read before something asks for it."""

    def __init__(
        self, folder: Path, *, data_folder: Path | None = None, threads: int | None = None, memory: str | None = None,
        timeout: float | None = None,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.settings: Settings = read_with_parents(folder)
        self.data_folder = data_folder_of(folder, self.settings.data_folder, data_folder)
        self.watch: Watch | None = None
        self._timeout = timeout
        self.tell_why: Callable[[str], None] = lambda reason: None  # hears why no snapshot answers a request
        self.compared: dict[tuple[object, ...], str] = {}
        self._held: dict[str, Snapshot] = {}
        self._pinned: Snapshot | None = None
        self._reads: dict[str, Reads] = {}
        self._threads, self._memory = threads or self.settings.engine.threads, memory or self.settings.engine.memory

    @classmethod
    def find(cls, path: str | Path = ".", **options: Any) -> Self:
        """Open the workspace at *path* or the nearest above it; raises UsageError where there is none."""
        folder = workspace_above(Path(path))
        if folder is not None:
            return cls(folder, **options)
        raise UsageError(f"no workspace here: no {FILE} in {Path(path)} or above", hint="make one with: c360 init my-workspace")

    @cached_property
    def catalog(self) -> Catalog:
        """The definitions, loaded and checked."""
        return self.catalog_with(self.settings.flat_params())

    @property
    def loaded_catalog(self) -> Catalog | None:
        """The definitions where they are loaded already, else None."""
        found = vars(self).get("catalog")
        return found if isinstance(found, Catalog) else None

    def catalog_with(self, params: dict[str, object]) -> Catalog:
        """Load the definitions with other parameters; none means the defaults."""
        return build_catalog(self.folder, params, self.settings.parents)

    @property
    def tags(self) -> dict[str, Definition]:
        """Tags by name."""
        return {name: d for name, d in self.catalog.definitions.items() if d.kind == "tag"}

    @property
    def segments(self) -> dict[str, Definition]:
        """Segments by name."""
        return {name: d for name, d in self.catalog.definitions.items() if d.kind == "segment"}

    @cached_property
    def engine(self) -> DuckDBEngine:
        """The engine, with spilling inside the workspace's private folder."""
        from c360.engines.duckdb import DuckDBEngine
        from c360.engines.limits import Limits

        engine = DuckDBEngine(self.folder / ".c360" / "spill", self._threads, self._memory)
        engine.watch, engine.limits = self.watch, Limits(self._timeout)
        return engine

    @cached_property
    def bindings(self) -> Sources:
        """The bound sources."""
        from c360.engines.sources import Sources

        return Sources(self.catalog.schema, self.settings, self.folder, self.data_folder, self.engine)

    @cached_property
    def snapshots(self) -> Store:
        """The built snapshots of this workspace; nothing is made until something is built."""
        from c360.snapshots.store import Store

        def clock() -> str:
            return datetime.now(UTC).isoformat(timespec="seconds")

        return Store(self.folder / self.settings.snapshots_folder, inside=self.folder, clock=clock)

    @cached_property
    def records(self) -> Records:
        """What c360 remembers of lists: audit log, ledger, key, erased customers; nothing is made until something is written."""
        from c360.records.folder import Records

        def clock() -> str:
            return datetime.now(UTC).isoformat(timespec="seconds")

        folder = self.folder / self.settings.records_folder
        return Records(folder, clock=clock, who=user, random=os.urandom, inside=self.folder)

    def snapshot(self, day: date) -> Snapshot | None:
        """Return the current snapshot of *day*, held open until another takes its place; None where there is none."""
        if self._pinned is not None and self._pinned.manifest.as_of == day:
            return self._pinned
        generation = self.snapshots.pointer().current.get(day)
        if generation is None or generation in self._held:
            return None if generation is None else self._held[generation]
        found = self.snapshots.current(day)
        for name in [name for name, held in self._held.items() if held.manifest.as_of == day]:
            del self._held[name]  # it ends with the last run that reads it
        if found is not None:
            self._held[found.generation] = found
        return found

    def at_generation(self, snapshot: Snapshot) -> Self:
        """Return this workspace with *snapshot* in the place of what is current for its day."""
        _ = self.bindings  # made before the copy, so that both have one engine
        asked = copy.copy(self)
        asked._pinned = snapshot
        return asked

    def reads(self, name: str) -> Reads:
        """Return what the definition *name* reads, whatever the day."""
        if name not in self._reads or name == RULE:
            self._reads[name] = self._reads_of((Output(name, self.reference(name)),), self.definition(name).entity)
        return self._reads[name]

    @cached_property
    def shapes(self) -> Shapes:
        """What the bound facts look like."""
        from c360.engines.shapes import Shapes

        return Shapes(self.bindings, self.engine)

    def sources(self) -> list[SourceStatus]:
        """Return every source with its state, rows and dates."""
        return self.bindings.statuses()

    def plans(self, names: Iterable[str] | None = None) -> dict[str, Plan]:
        """Return the plan of each definition alone (of *names*, else of all), made for no real day: what it would read."""
        asked = self.catalog.definitions if names is None else {name: self.definition(name) for name in names}
        return {n: self.plan_of((Output(n, self.reference(n)),), d.entity, PLACEHOLDER_DAY) for n, d in asked.items()}

    def unavailable(self, names: Iterable[str] | None = None) -> dict[str, str]:
        """Return the definitions (among *names*) that cannot run here, each with the reason: their own, else that of a part."""
        if self.bindings.is_whole:
            return {}
        known = self.catalog.definitions
        wanted = set(known) if names is None else {self.definition(name).name for name in names}
        reasons: dict[str, str] = {}
        for name in self.catalog.closure(wanted):
            behind = next((reasons[part] for part in self.catalog.dependencies(name) if part in reasons), None)
            reason = behind or self._lacks(name)
            if reason is not None:
                reasons[name] = reason
        return {name: reasons[name] for name in known if name in reasons and name in wanted}

    def _lacks(self, name: str) -> str | None:
        plan = self.plans((name,))[name]
        try:
            return self.bindings.unavailable(plan) or self._uncovered(name, plan)
        except SourceError as error:
            return error.message

    def _uncovered(self, name: str, plan: Plan) -> str | None:
        """Return which dense source does not reach back as far as the definition *name* looks, at the day it would run."""
        if not self.bindings.may_fall_short(plan):
            return None
        outputs = (Output(name, self.reference(name)),)
        return self.bindings.uncovered(self.plan_of(outputs, plan.entity, self.bindings.default_day(plan.sources)))

    def reference(self, name: str) -> Node:
        """Return the node that stands for the definition *name*."""
        definition = self.catalog.definition(name)
        if definition.kind == "tag":
            return TagRef(definition.type, name, definition.entity)
        return SegmentRef(BOOLEAN, name, definition.entity)

    def with_rule(self, where: str, entity: str | None = None) -> Self:
        """Return this workspace with one segment more, called ``where``: the rows for which the text *where* is true.

        It is drawn from all rows of *entity*, else of the default entity. Raises DefinitionError that shows the place in the text.
        """
        from c360.where import with_rule

        catalog = with_rule(self.catalog, where, entity)
        _ = self.bindings  # made before the copy, so that both have one engine
        asked = copy.copy(self)
        asked.__dict__["catalog"] = catalog
        return asked

    def segment(self, name: str) -> Definition:
        """Return the segment *name*; a tag of that name, or no such name, is a usage error."""
        definition = self.definition(name)
        if definition.kind != "segment":
            near = nearest(name, self.segments)
            told = f"the nearest segments: {', '.join(near)}; " if near else ""
            raise NothingMatched(f"'{name}' is a tag, expected a segment", hint=f"{told}c360 segments lists them")
        return definition

    def close(self) -> None:
        """Let go of the engine and of snapshots, and remove what was written for the engine to read."""
        self.let_go()
        for part in ("bindings", "engine"):
            if part in self.__dict__:
                self.__dict__.pop(part).close()

    def let_go(self) -> None:
        """Let go of the snapshots that were read, so that they can be removed."""
        while self._held:
            self._held.popitem()[1].close()

    def day(self, outputs: tuple[Output, ...], entity: str, as_of: date | str | None) -> date:
        """Return D: as given, else the last day the needed dense sources cover."""
        if as_of is not None:
            return as_day(as_of)
        return self.bindings.default_day(self.sources_of(outputs, entity))

    def ruled(self, segment: str | None, where: str | None, entity: str | None) -> tuple[Self, str]:
        """Return the workspace that knows the rule *where*, and the rule's name; a segment beside it is refused."""
        if where is None or segment is not None:
            raise UsageError("expected a segment's name or a rule as text, one of the two", hint="c360 segments lists them")
        return self.with_rule(where, entity), RULE

    def entity(self, names: Sequence[str], entity: str | None) -> str | None:
        """Return whose rows a rule beside *names* is about."""
        return entity if entity is not None or not names else self.definition(names[0]).entity

    def definition(self, name: str) -> Definition:
        """Return the definition a caller named; a name nobody knows is the caller's slip, not a definition's."""
        known = self.catalog.definitions
        if name not in known:
            hint = did_you_mean(name, known) or "c360 tags and c360 segments list them"
            raise NothingMatched(f"unknown tag or segment '{name}'", hint=hint)
        return known[name]

    def of_kind(self, name: str, kind: str | None) -> Definition:
        """Return the definition *name*; one of another kind is a usage error."""
        definition = self.definition(name)
        if kind is not None and definition.kind != kind:
            raise NothingMatched(f"'{name}' is a {definition.kind}, not a {kind}", hint=f"c360 {definition.kind}s {name}")
        return definition

    def outputs(self, names: Sequence[str]) -> tuple[tuple[Output, ...], str]:
        """Return the definitions *names* as outputs, and the one entity they are about."""
        if not names:
            raise NothingMatched("name at least one tag or segment", hint="c360 tags and c360 segments list them")
        definitions = [self.definition(name) for name in names]
        entities = sorted({d.entity for d in definitions})
        if len(entities) > 1:
            raise UsageError(
                f"these are values of {' and '.join(entities)}; one request is about one entity",
                hint="ask for them apart",
            )
        return tuple(Output(d.name, self.reference(d.name)) for d in definitions), entities[0]

    def plan_of(self, outputs: tuple[Output, ...], entity: str, day: date, others: Asked = ()) -> Plan:
        """Return the plan of *outputs* on *day*, with those of *others*, entities asked for at once; reads no data."""
        request = self._request(outputs, entity, day, others)
        return make_plan(request, self.catalog.schema, self.catalog.definitions)

    def sources_of(self, outputs: tuple[Output, ...], entity: str) -> tuple[str, ...]:
        """Return the sources that a plan of *outputs* reads, whatever its day."""
        return self._reads_of(outputs, entity).sources

    def _reads_of(self, outputs: tuple[Output, ...], entity: str) -> Reads:
        return reads_of(self._request(outputs, entity, PLACEHOLDER_DAY), self.catalog.schema, self.catalog.definitions)

    def _request(self, outputs: tuple[Output, ...], entity: str, day: date, others: Asked = ()) -> Request:
        shape_of = unknown_shape if day == PLACEHOLDER_DAY else self.shapes.of  # for no real day nothing is run
        return Request(entity, day, outputs, frozenset(self.bindings.bound), self.bindings.late, others, shape_of)


def user() -> str:
    """Return who runs c360: as C360_USER says, else as the system knows them."""
    try:
        return os.environ.get("C360_USER") or getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return str(os.getuid())
