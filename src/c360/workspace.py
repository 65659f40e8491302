"""The only orchestrator: a folder with c360.toml, tags/ and segments/ in; sizes, tables, SQL and target lists out."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.bindings.inheritance import read_with_parents
from c360.bindings.settings import FILE, Settings
from c360.catalog import Catalog, build_catalog
from c360.datatypes import BOOLEAN
from c360.errors import NothingMatched, SourceError, UsageError, did_you_mean
from c360.expr.dates import as_day
from c360.expr.nodes import Node, SegmentRef, TagRef
from c360.language.definitions import Definition
from c360.plan import Output, Plan, Request, make_plan

if TYPE_CHECKING:
    import polars

    from c360.audience.factors import Factors
    from c360.audience.size import Size
    from c360.checking import CheckReport
    from c360.deliver.listing import ListRequest, ListResult
    from c360.engines.duckdb import DuckDBEngine, Watch
    from c360.engines.sources import Sources, SourceStatus
    from c360.language.plays import Play
    from c360.running import Run

# What a rule given as text is called; no definition can have this name, for it is a word of SQL.
RULE = "where"
PLACEHOLDER_DAY = date(2000, 12, 31)


class Workspace:
    """A workspace opened; nothing is read before something asks for it."""

    def __init__(
        self, folder: Path, *, data_folder: Path | None = None, threads: int | None = None, memory: str | None = None
    ) -> None:
        self.folder = folder
        self.settings: Settings = read_with_parents(folder)
        given = os.environ.get("C360_DATA")
        self.data_folder = data_folder or (Path(given) if given else folder / self.settings.data_folder)
        self.watch: Watch | None = None
        self._threads, self._memory = threads or self.settings.engine.threads, memory or self.settings.engine.memory

    @classmethod
    def find(cls, path: str | Path = ".", **options: Any) -> Workspace:
        """Open the workspace at *path* or the nearest above it; raises UsageError where there is none."""
        start = Path(path).resolve()
        for folder in (start, *start.parents):
            if (folder / FILE).is_file():
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

        engine = DuckDBEngine(self.folder / ".c360" / "spill", self._threads, self._memory)
        engine.watch = self.watch
        return engine

    @cached_property
    def bindings(self) -> Sources:
        """The bound sources."""
        from c360.engines.sources import Sources

        return Sources(self.catalog.schema, self.settings, self.folder, self.data_folder, self.engine)

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

    def check(self, *, data: bool = True) -> CheckReport:
        """Check definitions, their examples and, with *data*, the sources; the report says whether all is well."""
        from c360.checking import check

        return check(self, data=data)

    def catalogue_json(self) -> dict[str, Any]:
        """Return the whole catalogue as the versioned JSON document that other tools read."""
        from c360.catalog.interchange import to_document

        return to_document(self.catalog)

    def reference(self, name: str) -> Node:
        """Return the node that stands for the definition *name*."""
        definition = self.catalog.definition(name)
        if definition.kind == "tag":
            return TagRef(definition.type, name, definition.entity)
        return SegmentRef(BOOLEAN, name, definition.entity)

    def with_rule(self, where: str, entity: str | None = None) -> Workspace:
        """Return this workspace with one segment more, called ``where``: the rows for which the text *where* is true.

        It is drawn from all rows of *entity*, else of the default entity. Raises DefinitionError that shows the place in the text.
        """
        from c360.where import with_rule

        catalog = with_rule(self.catalog, where, entity)
        _ = self.bindings  # made before the copy, so that both have one engine
        asked = copy.copy(self)
        asked.__dict__["catalog"] = catalog
        return asked

    def plan(self, *names: str, where: str | None = None, entity: str | None = None, as_of: date | str | None = None) -> Plan:
        """Return the plan that computes the definitions *names*, and the rule *where*, together."""
        if where is not None:
            return self.with_rule(where, self._entity(names, entity)).plan(*names, RULE, as_of=as_of)
        outputs, entity = self._outputs(names)
        return self.plan_of(outputs, entity, self.day(outputs, entity, as_of))

    def sql(
        self,
        *names: str,
        where: str | None = None,
        entity: str | None = None,
        as_of: date | str | None = None,
        dialect: str = "duckdb",
        allow_current: bool = False,
        allow_stale: bool = False,
    ) -> str:
        """Return the SQL of tags, or of one segment's members, as readable text; file paths are relative to the workspace.

        Tags beside one segment are those of its members; several segments are columns that say who is a member. The rule
        *where* keeps the rows for which it is true.
        """
        if where is not None:
            asked = self.with_rule(where, self._entity(names, entity))
            return asked.sql(*names, RULE, as_of=as_of, dialect=dialect, allow_current=allow_current, allow_stale=allow_stale)
        outputs, entity = self._outputs(names)
        run = self.run(outputs, entity, as_of, allow_current=allow_current, allow_stale=allow_stale, paths_from=self.folder)
        segments = [name for name in names if name in self.segments]
        only = RULE if names[-1] == RULE else segments[0] if len(segments) == 1 else ""
        return run.sql.table(only=only, head=self._head(names, run, dialect), dialect=dialect)

    def size(
        self, name: str | None = None, *, where: str | None = None, entity: str | None = None, as_of: date | str | None = None,
        allow_current: bool = False, allow_stale: bool = False,
    ) -> Size:  # fmt: skip
        """Count the members of a segment, and the rows of its universe that are out and unknown.

        Instead of a segment's name, *where* gives a rule as text about rows of *entity* (else the default entity).
        """
        if where is not None or name is None:
            asked, rule = self._ruled(name, where, entity)
            return asked.size(rule, as_of=as_of, allow_current=allow_current, allow_stale=allow_stale)
        from c360.audience.size import QUESTIONS, size_from, size_outputs
        from c360.running import computing

        segment = self.segment(name)
        outputs = size_outputs(segment.node, self.catalog.universes[name], segment.entity)
        run = self.run(outputs, segment.entity, as_of, allow_current=allow_current, allow_stale=allow_stale)
        with computing(self, run) as sql:
            counts = self.engine.record(sql.counts(QUESTIONS))
        self.bindings.confirm(run.plan.sources)
        return size_from(name, segment.entity, run.plan.day, counts, run.marks)

    def table(
        self, *names: str, segment: str | None = None, where: str | None = None, entity: str | None = None,
        as_of: date | str | None = None, limit: int | None = None, allow_current: bool = False, allow_stale: bool = False,
    ) -> polars.DataFrame:  # fmt: skip
        """Return the values of tags and segments, one row an entity's row, sorted by key; of *segment* only, when given.

        Instead of a segment's name, *where* gives a rule as text. Columns: the key, then *names*; personal values are masked.
        """
        from c360.deliver.masking import masked
        from c360.running import computing

        if where is not None:
            asked, rule = self._ruled(segment, where, self._entity(names, entity))
            return asked.table(*names, segment=rule, as_of=as_of, limit=limit, allow_current=allow_current, allow_stale=allow_stale)
        outputs, entity = self._outputs(names)
        if segment is not None:
            outputs = (*outputs, Output(f"in_{segment}", self.reference(self.segment(segment).name)))
        run = self.run(outputs, entity, as_of, allow_current=allow_current, allow_stale=allow_stale)
        with computing(self, run) as sql:
            frame = self.engine.frame(sql.table(only=f"in_{segment}" if segment else "", limit=limit))
        self.bindings.confirm(run.plan.sources)
        return masked(frame, {name: self.catalog.sensitivity_of(name) for name in names})

    def factors(self, target: str, **options: Any) -> Factors:
        """Measure what each churn signal told of the outcome *target*; see `c360.factoring.factors` for the options."""
        from c360.factoring import factors

        return factors(self, target, **options)

    def export(
        self, segment: str | None = None, path: str | Path | None = None, *, where: str | None = None,
        entity: str | None = None, **options: Any,
    ) -> ListResult:  # fmt: skip
        """Write the target list of *segment* with its manifest; see `ListRequest` for the options.

        Instead of a segment's name, *where* gives a rule as text about rows of *entity* (else the default entity). With
        ``dry_run=True`` (or without *path*) nothing is written and the result holds the rows.
        """
        from c360.deliver.listing import ListRequest
        from c360.listing import export

        if where is not None or segment is None:
            asked, rule = self._ruled(segment, where, entity)
            return asked.export(rule, path, **options)
        request: ListRequest = ListRequest(segment, None if path is None else Path(path), **options)
        return export(self, request, made_at=datetime.now(UTC).isoformat(timespec="seconds"))

    def catalogue_rows(self, kind: str, entity: str | None = None) -> list[dict[str, Any]]:
        """Return the definitions of a kind as plain data, with why one is unavailable here; raises NothingMatched for none."""
        from c360.cards import rows

        return rows(self, kind, entity)

    def source_rows(self) -> list[dict[str, Any]]:
        """Return every source as plain data, with the definitions it feeds and which of them are unavailable, and why."""
        from c360.cards import sources

        return sources(self)

    def source_row(self, name: str) -> dict[str, Any]:
        """Return one source as `source_rows` does; raises NothingMatched for a name that is no source."""
        from c360.cards import source

        return source(self, name)

    def as_text(self, name: str, kind: str | None = None) -> str:
        """Return the rule of a definition as the text that `where` takes; raises DefinitionError where no text says it."""
        from c360.where import text_of

        return text_of(self.catalog, self._of_kind(name, kind))

    def as_tree(self, name: str, kind: str | None = None) -> dict[str, Any]:
        """Return the checked tree of a definition as plain data, without titles and line numbers."""
        from c360.expr.canonical import to_json

        return to_json(self._of_kind(name, kind).node)

    def card(self, name: str, kind: str | None = None) -> dict[str, Any]:
        """Return everything about one definition as plain data: words, parameters, needs, users; of a segment, its plays."""
        from c360.cards import card

        return card(self, self._of_kind(name, kind))

    def plays_for(self, segment: str) -> list[Play]:
        """Return the plays that fit a segment; `c360.play` says when one does."""
        from c360.catalog.fitting import plays_for

        return plays_for(self.catalog, self.segment(segment))

    def segment(self, name: str) -> Definition:
        """Return the segment *name*; a tag of that name, or no such name, is a usage error."""
        definition = self.definition(name)
        if definition.kind != "segment":
            raise NothingMatched(
                f"'{name}' is a tag, expected a segment", hint=f"segments: {', '.join(sorted(self.segments)) or 'none'}"
            )
        return definition

    def run(self, outputs: tuple[Output, ...], entity: str, as_of: date | str | None, **options: Any) -> Run:
        """Make a request ready: plan at D, sources checked, SQL over the real files; `running.made_ready` says the options."""
        from c360.running import made_ready

        return made_ready(self, outputs, entity, as_of, **options)

    def close(self) -> None:
        """Let go of the engine and remove what was written for it to read."""
        for part in ("bindings", "engine"):
            if part in self.__dict__:
                self.__dict__.pop(part).close()

    def day(self, outputs: tuple[Output, ...], entity: str, as_of: date | str | None) -> date:
        """Return D: as given, else the last day the needed dense sources cover."""
        if as_of is not None:
            return as_day(as_of)
        return self.bindings.default_day(self.plan_of(outputs, entity, PLACEHOLDER_DAY).sources)

    def _ruled(self, segment: str | None, where: str | None, entity: str | None) -> tuple[Workspace, str]:
        """Return the workspace that knows the rule *where*, and the rule's name; a segment beside it is refused."""
        if where is None or segment is not None:
            raise UsageError("expected a segment's name or a rule as text, one of the two", hint="c360 segments lists them")
        return self.with_rule(where, entity), RULE

    def _entity(self, names: Sequence[str], entity: str | None) -> str | None:
        """Return whose rows a rule beside *names* is about."""
        return entity if entity is not None or not names else self.definition(names[0]).entity

    def definition(self, name: str) -> Definition:
        """Return the definition a caller named; a name nobody knows is the caller's slip, not a definition's."""
        known = self.catalog.definitions
        if name not in known:
            hint = did_you_mean(name, known) or "c360 tags and c360 segments list them"
            raise NothingMatched(f"unknown tag or segment '{name}'", hint=hint)
        return known[name]

    def _of_kind(self, name: str, kind: str | None) -> Definition:
        definition = self.definition(name)
        if kind is not None and definition.kind != kind:
            raise NothingMatched(f"'{name}' is a {definition.kind}, not a {kind}", hint=f"c360 {definition.kind}s {name}")
        return definition

    def _outputs(self, names: Sequence[str]) -> tuple[tuple[Output, ...], str]:
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

    def plan_of(self, outputs: tuple[Output, ...], entity: str, day: date) -> Plan:
        """Return the plan of *outputs* on *day*; reads no data."""
        tables = frozenset(self.bindings.bound)
        return make_plan(Request(entity, day, outputs, tables), self.catalog.schema, self.catalog.definitions)

    def _head(self, names: Sequence[str], run: Run, dialect: str) -> list[str]:
        lines = [f"{name}: {self.catalog.definition(name).title} ({self.catalog.hash_of(name)[:12]})" for name in names]
        lines.append(f"as of {run.plan.day}, {dialect}, made by c360; paths are relative to the workspace")
        lines += self.bindings.notes(run.plan.sources, self.folder)
        return [*lines, *(f"note: {mark}" for mark in run.marks)]
