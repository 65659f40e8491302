"""All sources of a workspace: bound or not, found or not, checked, and which days they cover; one SELECT for each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from sqlglot import exp

from c360.bindings.csv_files import Header
from c360.bindings.encodings import UTF8
from c360.bindings.files import files_of, refuse_changed, states
from c360.bindings.fingerprints import SourceState, Span
from c360.bindings.resolve import BoundSource, check_binding, resolve
from c360.bindings.settings import Settings, SourceBinding
from c360.engines.contract import ContractCheck, SourceFacts
from c360.engines.databases import Databases
from c360.engines.decoding import DecodedFiles
from c360.engines.duckdb import DuckDBEngine
from c360.engines.fingerprints import source_state
from c360.engines.headers import headers_of
from c360.errors import AsOfError, C360Error, DamagedFile, NothingMatched, SourceError, StaleSource, UnknownName
from c360.expr.dates import add_months, last_complete_month, month_start
from c360.expr.schema import FACTS, ColumnSpec, Schema, SourceSpec
from c360.plan.steps import Need, Plan, ReadKept, ReadSource
from c360.sql.checks import good_row
from c360.sql.sources import SourceSql, derived_column

STALE = "stale: "  # how the mark begins of a dense source that does not cover its window
SLACK = timedelta(days=62)  # windows of whole months are longer before one day than before another


@dataclass(frozen=True)
class SourceStatus:
    """One source as `c360 sources` shows it."""

    name: str
    kind: str
    place: str
    state: str
    rows: int | None
    first_day: date | None
    last_day: date | None
    coverage: str
    problems: tuple[str, ...]


@contextmanager
def _blaming(source: str) -> Iterator[None]:
    """Name the source in the SourceErrors raised within."""
    try:
        yield
    except SourceError as error:
        error.source = error.source or source
        raise


class Sources:
    """The sources of one workspace; headers are read and contracts checked when a request needs them, once."""

    def __init__(self, schema: Schema, settings: Settings, folder: Path, data_folder: Path, engine: DuckDBEngine) -> None:
        for name in settings.sources:
            if name not in schema.sources:
                raise UnknownName.among("source", name, schema.sources, where="c360.toml [sources]")
            check_binding(schema.source(name), settings.sources[name])
        self._schema, self._settings = schema, settings
        self._data_folder, self._engine = data_folder, engine
        self._check = ContractCheck(engine, settings.time_zone, folder / ".c360" / "checked", self.bound)
        self.decoded, self._databases = DecodedFiles(folder / ".c360" / "decoded"), Databases(engine)
        self._resolved: dict[str, BoundSource] = {}

    @property
    def bound(self) -> frozenset[str]:
        """The names of bound sources."""
        return frozenset(self._settings.sources)

    @property
    def late(self) -> frozenset[str]:
        """The bound sources with `known_on`."""
        return frozenset(name for name, binding in self._settings.sources.items() if binding.known_on)

    def get(self, name: str) -> BoundSource:
        """Return a bound source, its header read; raises MissingSource or MissingColumn."""
        with _blaming(name):
            return self._found(name)

    def _found(self, name: str) -> BoundSource:
        if name not in self._resolved:
            binding = self._settings.sources[name]
            found = resolve(self._schema.source(name), binding, self._data_folder, self._describe, _derived_type)
            if binding.kind == "csv" and binding.codec != UTF8:
                found = replace(found, reads=self.decoded.reader(binding.codec))
            self._resolved[name] = replace(found, catalog=self._catalog(binding))
        return self._resolved[name]

    def refresh(self) -> None:
        """Forget what was found out about sources whose files are others now, so that a request sees them as they are."""
        for name, bound in list(self._resolved.items()):
            try:
                seen = states(files_of(name, bound.binding, self._data_folder))
            except SourceError:
                seen = ()
            if not bound.states:
                self._check.forget(name)  # nothing tells whether a table or a query still has the same rows
            if seen != bound.states:
                del self._resolved[name]
                self._check.forget(name)
                for state in bound.states:
                    self.decoded.forget(state.path)
                    self._databases.forget(state.path)

    def confirm(self, names: Iterable[str]) -> None:
        """Refuse where a file of the sources *names* has changed since the request began; raises ChangedFile."""
        for name in names:
            if name in self._resolved:
                refuse_changed(self._resolved[name].states)

    def notes(self, names: Iterable[str], folder: Path) -> list[str]:
        """Return what whoever runs SQL over the sources *names* from *folder* has to do first."""
        found = []
        for name in names:
            bound = self.get(name)
            if bound.catalog:
                path = os.path.relpath(bound.states[0].path, folder)
                found.append(f"first: {self._databases.statement(path, bound.catalog)};")
            if bound.binding.kind == "csv" and bound.binding.codec != UTF8:
                found.append(f"first: save {bound.place} as UTF-8, it is {bound.binding.codec}")
        return list(dict.fromkeys(found))

    def close(self) -> None:
        """Remove what was copied for the engine to read."""
        self.decoded.close()

    def facts(self, name: str) -> SourceFacts:
        """Return what the contract check found in a source."""
        found = self.get(name)
        with _blaming(name):
            return self._check.facts(found)

    def state(self, name: str) -> SourceState:
        """Return what tells the rows of a source as they are now from those of another time."""
        bound, days = self.get(name), None
        if bound.binding.kind == "csv":  # its files do not tell their days
            facts = self.facts(name)
            days = None if facts.first_day is None or facts.last_day is None else Span(facts.first_day, facts.last_day)
        with _blaming(name):
            return source_state(self._engine, bound, self._settings.time_zone, days)

    def reader(self, day: date, folder: Path | None = None) -> Reader:
        """Return what turns read steps into SELECTs; *folder* makes file paths relative to it."""
        return Reader(self, self._settings.time_zone, day, folder)

    @property
    def is_whole(self) -> bool:
        """Whether every source of the contracts is bound and found with every column: nothing is unavailable for want of one."""
        if set(self.bound) != set(self._schema.sources):
            return False
        try:
            return not any(self.get(name).missing for name in self.bound)
        except SourceError:
            return False

    def unavailable(self, plan: Plan) -> str | None:
        """Return why a plan cannot run for want of an unbound source or column; None when it can."""
        for name in plan.sources:
            if name not in self.bound:
                return f"source {name} is not bound"
            bound = self.get(name)
            for column in plan.columns(name):
                if column in bound.missing and column not in bound.binding.columns:
                    return f"source {name}: {bound.missing[column]}"
        return None

    def may_fall_short(self, plan: Plan) -> bool:
        """Whether windows of *plan*, whatever its day, could reach back before the first day of a dense source."""
        for need in plan.needs:
            covered = self.covered_to(need.source) if need.first is not None and need.source in self.bound else None
            first = None if covered is None else self.facts(need.source).first_day
            if covered and first and need.first and plan.day - need.first + SLACK > covered - first:
                return True
        return False

    def uncovered(self, plan: Plan) -> str | None:
        """Return which dense source does not cover the windows of *plan*; None when all do."""
        return next((f"source {need.source} {gap}" for need in plan.needs if (gap := self._gap(need, plan.day))), None)

    def damaged_file(self, names: Iterable[str]) -> DamagedFile | None:
        """Return the error of the first file of the sources *names* that cannot be read; None where all can."""
        return next((error for name in names if (error := self._check.damaged_file(self.get(name)))), None)

    def rows_of(self, names: Iterable[str]) -> int:
        """Return how many rows sources have together, as they were checked."""
        return sum(self._check.facts(self.get(name)).rows for name in names)

    def require(self, plan: Plan, *, allow_stale: bool = False) -> tuple[str, ...]:
        """Check every source a plan needs; return marks for what was let pass. Raises SourceError."""
        marks = []
        for name in plan.sources:
            if name not in self.bound:
                raise NothingMatched(
                    f"not available: source {name} is not bound",
                    hint=f"say where it is: [sources.{name}] in c360.toml; c360 sources shows what is bound",
                )
            bound = self.get(name)
            with _blaming(name):
                bound.needed(plan.columns(name))
                self._check.require(bound, plan.columns(name))
            marks += [told for told in (self._check.left_out(bound),) if told]
        for need in plan.needs:
            gap = self._gap(need, plan.day)
            if gap and not allow_stale:
                raise StaleSource(
                    f"source {need.source} {gap}",
                    hint="choose another --as-of, bring the source up to date, or go on with --allow-stale",
                    where=self.get(need.source).place,
                )
            if gap:
                marks.append(f"{STALE}{need.source} {gap}")
        return tuple(marks)

    def coverage(self, name: str) -> str:
        """Return ``dense``, ``sparse`` or ``undated``; unless bound, monthly facts are dense and daily ones sparse."""
        spec, binding = self._schema.source(name), self._settings.sources[name]
        if spec.kind != FACTS or spec.date_column is None:
            return "undated"
        if binding.covers_to is not None:
            return "dense"
        return binding.coverage or ("dense" if spec.is_monthly else "sparse")

    def covered_to(self, name: str) -> date | None:
        """Return the last day a dense source covers: of a monthly one, the day before the next month ends."""
        if self.coverage(name) != "dense":
            return None
        binding = self._settings.sources[name]
        if binding.covers_to is not None:
            return binding.covers_to
        last = self.facts(name).last_day
        if last is None:
            return None
        return add_months(last, 1) - timedelta(days=1) if self._schema.source(name).is_monthly else last

    def default_day(self, needed: tuple[str, ...]) -> date:
        """Return D: as_of of c360.toml, else the last day all dense sources among *needed* cover, else all there are.

        Raises SourceError where one of *needed* cannot be read: another source's day would be no answer.
        """
        if self._settings.as_of is not None:
            return self._settings.as_of
        days = [day for name in needed if name in self.bound and (day := self._covered(name)) is not None]
        last = min(days) if days else self.last_day
        if last is not None:
            return last
        raise AsOfError(
            "no dense source says which day the data is of",
            hint="set as_of = 2026-10-31 in c360.toml, or give --as-of",
            where="c360.toml",
        )

    @property
    def last_day(self) -> date | None:
        """The last day that all dense sources cover; none where no source is dense or none of them can be read."""
        if self._settings.as_of is not None:
            return None  # whoever sets the day by hand answers for it
        return min((day for name in sorted(self.bound) if (day := self._covered_or_none(name)) is not None), default=None)

    def statuses(self) -> list[SourceStatus]:
        """Return every source of the contracts with its state; faults become problems, never errors."""
        return [self._status(spec) for spec in self._schema.sources.values()]

    def status(self, name: str) -> SourceStatus:
        """Return one source with its state."""
        return self._status(self._schema.source(name))

    def _covered(self, name: str) -> date | None:
        """Return the last day a dense source covers, once its rows, their keys and dates are sound."""
        bound, dated = self.get(name), self._schema.source(name).date_column
        if dated is not None and self.coverage(name) == "dense":
            bound.needed((dated.name,))
            self._check.require(bound, (dated.name,))
        return self.covered_to(name)

    def _covered_or_none(self, name: str) -> date | None:
        try:
            return self.covered_to(name)
        except SourceError:
            return None

    def _status(self, spec: SourceSpec) -> SourceStatus:
        if spec.name not in self.bound:
            return SourceStatus(spec.name, spec.kind, "", "not bound", None, None, None, "", ())
        binding = self._settings.sources[spec.name]
        place = binding.path or binding.table or "sql"
        try:
            facts, source = self.facts(spec.name), self.get(spec.name)
        except C360Error as error:
            return SourceStatus(spec.name, spec.kind, place, "broken", None, None, None, "", (error.message,))
        refused = [fault for fault in facts.faults if not self._check.lets_pass(source, fault)]
        problems = [self._check.error(source, fault, facts.rows).message for fault in refused]
        if facts.rows == facts.bad_rows and not binding.allow_empty:
            problems.append("0 rows")
        problems += [text for name, text in source.missing.items() if name in source.binding.columns]
        state = "broken" if problems else "partial" if source.missing else "ok"
        notes = [text for name, text in source.missing.items() if name not in source.binding.columns]
        notes += [told for told in (self._check.left_out(source),) if told and not problems]
        coverage, days = self.coverage(spec.name), (facts.first_day, facts.last_day)
        return SourceStatus(spec.name, spec.kind, place, state, facts.rows, *days, coverage, (*problems, *notes))

    def _gap(self, need: Need, day: date) -> str | None:
        """Return how a dense source fails to cover the days a plan needs; None when it does."""
        covered = self.covered_to(need.source) if need.source in self.bound else None
        if covered is None:
            return None
        first = self.facts(need.source).first_day
        monthly = self._schema.source(need.source).is_monthly
        last_needed = last_complete_month(need.last) if monthly else need.last
        if last_needed > covered:
            return f"covers up to {covered}, the request needs {last_needed}"
        if need.first is not None and first is not None:
            start = month_start(first) if monthly else first
            if need.first < start:
                return f"starts on {start}, the request needs {need.first}"
        return None

    def _describe(self, binding: SourceBinding, files: tuple[Path, ...]) -> tuple[Header, ...]:
        return headers_of(self._engine, binding, files, self._data_folder, self._catalog(binding))

    def _catalog(self, binding: SourceBinding) -> str:
        return "" if binding.database is None else self._databases.attached(self._data_folder / binding.database)


def _derived_type(source: BoundSource, column: ColumnSpec, text: str) -> str:
    return derived_column(source, column, text).type


class Reader:
    """Turns read steps into SELECTs over the bound files."""

    def __init__(self, sources: Sources, zone: str, day: date, folder: Path | None) -> None:
        self._sources, self._zone, self._day, self._folder = sources, zone, day, folder

    @property
    def late(self) -> frozenset[str]:
        """The sources whose rows became known on a day of their own."""
        return self._sources.late

    def __call__(self, step: ReadSource | ReadKept) -> exp.Select:
        """Return the SELECT of one read step; what an earlier build kept is read by whoever keeps it."""
        assert isinstance(step, ReadSource), "nothing is kept but by builds"
        bound = self._sources.get(step.source)
        reader = SourceSql(bound, self._zone, self._folder)
        if not bound.binding.max_bad_rows:
            return reader.select(step.columns, self._day)
        # The engine may compute a value before it drops the row, so no value may fail on a bad one.
        return reader.select(step.columns, self._day, safe=True).where(good_row(bound, reader))
