"""The only orchestrator: an opened folder's answers: sizes, tables, SQL and target lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from c360.expr.dates import as_day
from c360.lists.target_lists import TargetLists
from c360.opened import RULE
from c360.plan import Output, Plan

if TYPE_CHECKING:
    import polars

    from c360.audience.factors import Factors
    from c360.audience.overlap import Overlap
    from c360.audience.size import Size, Sizes
    from c360.builds.building import BuildResult
    from c360.builds.tabling import Told
    from c360.checking import CheckReport
    from c360.language.plays import Play
    from c360.running import Run


class Workspace(TargetLists):
    """A workspace opened, and what can be asked of it."""

    def check(self, *, data: bool = True) -> CheckReport:
        """Check definitions, their examples and, with *data*, the sources; the report says whether all is well."""
        from c360.checking import check

        return check(self, data=data)

    def catalogue_json(self) -> dict[str, Any]:
        """Return the whole catalogue as the versioned JSON document that other tools read."""
        from c360.catalog.interchange import to_document

        return to_document(self.catalog)

    def plan(self, *names: str, where: str | None = None, entity: str | None = None, as_of: date | str | None = None) -> Plan:
        """Return the plan that computes the definitions *names*, and the rule *where*, together."""
        if where is not None:
            return self.with_rule(where, self.entity(names, entity)).plan(*names, RULE, as_of=as_of)
        outputs, entity = self.outputs(names)
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
            asked = self.with_rule(where, self.entity(names, entity))
            return asked.sql(*names, RULE, as_of=as_of, dialect=dialect, allow_current=allow_current, allow_stale=allow_stale)
        outputs, entity = self.outputs(names)
        run = self.run(outputs, entity, as_of, allow_current=allow_current, allow_stale=allow_stale, paths_from=self.folder)
        segments = [name for name in names if name in self.segments]
        only = RULE if names[-1] == RULE else segments[0] if len(segments) == 1 else ""
        return run.sql.table(only=only, head=self._head(names, run, dialect), dialect=dialect)

    def run(
        self, outputs: tuple[Output, ...], entity: str, as_of: date | str | None, *, snapshot: bool = False, **options: Any
    ) -> Run:
        """Make a request ready: plan at D, sources checked, SQL over the real files; `running.made_ready` says the options.

        With *snapshot* over the files of the current snapshot of D instead, where that holds all it needs.
        """
        from c360.running import made_ready

        if snapshot:
            from c360.answering import from_snapshot

            found = from_snapshot(self, outputs, entity, as_of, **options)
            if found is not None:
                return found
        return made_ready(self, outputs, entity, as_of, **options)

    def size(
        self, name: str | None = None, *, where: str | None = None, entity: str | None = None, as_of: date | str | None = None,
        allow_current: bool = False, allow_stale: bool = False, snapshot: bool = True,
    ) -> Size:  # fmt: skip
        """Count the members of a segment, and the rows of its universe that are out and unknown.

        Instead of a segment's name, *where* gives a rule as text about rows of *entity* (else the default entity).
        """
        from c360.counting import sizes

        asked, rule = (self, name) if where is None and name is not None else self.ruled(name, where, entity)
        return sizes(asked, (rule,), as_of, allow_current=allow_current, allow_stale=allow_stale, snapshot=snapshot).sizes[0]

    def sizes(
        self, *names: str, where: str | None = None, entity: str | None = None, as_of: date | str | None = None,
        allow_current: bool = False, allow_stale: bool = False, snapshot: bool = True,
    ) -> Sizes:  # fmt: skip
        """Count the segments *names*, and the rows the rule *where* finds, as `size` does, but in one scan an entity and day.

        Without any, all segments that can be counted here; the others are in `left_out`, each with the reason.
        """
        from c360.counting import sizes

        asked, rules = (self, ()) if where is None else (self.with_rule(where, entity), (RULE,))
        return sizes(asked, (*names, *rules), as_of, allow_current=allow_current, allow_stale=allow_stale, snapshot=snapshot)

    def overlap(
        self, *names: str, entity: str | None = None, as_of: date | str | None = None,
        allow_current: bool = False, allow_stale: bool = False, snapshot: bool = True,
    ) -> Overlap:  # fmt: skip
        """Count the members that each two of the segments *names* share, in one scan; they are of one entity.

        Without names all segments of *entity* (else of the default entity) that can be counted here.
        """
        from c360.counting import overlap

        return overlap(self, names, entity, as_of, allow_current=allow_current, allow_stale=allow_stale, snapshot=snapshot)

    def table(
        self, *names: str, segment: str | None = None, where: str | None = None, entity: str | None = None,
        as_of: date | str | None = None, limit: int | None = None, allow_current: bool = False, allow_stale: bool = False,
        snapshot: bool = True,
    ) -> polars.DataFrame:  # fmt: skip
        """Return the values of tags and segments, one row an entity's row, sorted by key; of *segment* only, when given.

        Instead of a segment's name, *where* gives a rule as text. Columns: the key, then *names*; personal values are masked.
        """
        from c360.deliver.masking import masked
        from c360.running import computing

        if where is not None:
            asked, rule = self.ruled(segment, where, self.entity(names, entity))
            return asked.table(
                *names, segment=rule, as_of=as_of, limit=limit, allow_current=allow_current, allow_stale=allow_stale,
                snapshot=snapshot,
            )  # fmt: skip
        outputs, entity = self.outputs(names)
        if segment is not None:
            outputs = (*outputs, Output(f"in_{segment}", self.reference(self.segment(segment).name)))
        run = self.run(outputs, entity, as_of, allow_current=allow_current, allow_stale=allow_stale, snapshot=snapshot)
        with computing(self, run) as sql:
            frame = self.engine.frame(sql.table(only=f"in_{segment}" if segment else "", limit=limit))
        self.bindings.confirm(run.plan.sources)
        return masked(frame, {name: self.catalog.sensitivity_of(name) for name in names})

    def factors(self, target: str, **options: Any) -> Factors:
        """Measure what each churn signal told of the outcome *target*; see `c360.factoring.factors` for the options."""
        from c360.factoring import factors

        return factors(self, target, **options)

    def build(
        self, *names: str, told: Told | None = None, current: bool = False, stale: bool = False, **options: Any
    ) -> BuildResult:
        """Publish a snapshot of the tags *names*, else of all that can be built; see `BuildRequest` for the options.

        *current* and *stale* let pass what ``allow_current`` and ``allow_stale`` do elsewhere. *told* hears each step: its name,
        how many are done, how many there are.
        """
        from c360.builds.building import BuildRequest, build
        from c360.builds.choosing import Leniency

        return build(self, BuildRequest(names or None, allow=Leniency(current, stale), **options), told)

    def backfill(self, *names: str, first: date | str, last: date | str, every: str = "day", **options: Any) -> list[BuildResult]:
        """Build each day, week or month's end (*every*) from *first* to *last*, the earliest first; else as `build` does."""
        from c360.builds.building import days_between

        return [self.build(*names, as_of=day, **options) for day in days_between(as_day(first), as_day(last), every)]

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

        return text_of(self.catalog, self.of_kind(name, kind))

    def as_tree(self, name: str, kind: str | None = None) -> dict[str, Any]:
        """Return the checked tree of a definition as plain data, without titles and line numbers."""
        from c360.expr.canonical import to_json

        return to_json(self.of_kind(name, kind).node)

    def card(self, name: str, kind: str | None = None) -> dict[str, Any]:
        """Return everything about one definition as plain data: words, parameters, needs, users; of a segment, its plays."""
        from c360.cards import card

        return card(self, self.of_kind(name, kind))

    def plays_for(self, segment: str) -> list[Play]:
        """Return the plays that fit a segment; `c360.play` says when one does."""
        from c360.catalog.fitting import plays_for

        return plays_for(self.catalog, self.segment(segment))

    def _head(self, names: Sequence[str], run: Run, dialect: str) -> list[str]:
        lines = [f"{name}: {self.catalog.definition(name).title} ({self.catalog.hash_of(name)[:12]})" for name in names]
        lines.append(f"as of {run.plan.day}, {dialect}, made by c360; paths are relative to the workspace")
        lines += self.bindings.notes(run.plan.sources, self.folder)
        return [*lines, *(f"note: {mark}" for mark in run.marks)]
