"""A build's plan and the snapshot before in, the plan that goes on from what was kept there out; keeps what the next build needs.

What is kept of a pass are its parts, one row an owner, with the days and the digest of the rows that each came from. Only passes
over many rows an owner are worth it: of others the parts are larger than the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from c360.engines.fingerprints import without_nulls
from c360.expr.canonical import digest
from c360.plan.sliding import KeptColumn, KeptPass, Slider
from c360.plan.steps import Pass, ReadKept, ReadSource, Slid, Step
from c360.plan.value_keys import ReadDigests
from c360.quoting import quoted
from c360.snapshots.manifest import StateEntry
from c360.sql.files import stored_files
from c360.sql.queries import PlanSql

if TYPE_CHECKING:
    from c360.bindings.fingerprints import SourceState
    from c360.engines.sources import Reader
    from c360.running import Run
    from c360.snapshots.draft import Draft
    from c360.snapshots.reading import Snapshot
    from c360.workspace import Workspace

FEWEST_ROWS = 1_000_000  # of a source: below, reading all of it costs less than keeping
ROWS_AN_OWNER = 20
PREFIX = "kept-"
# What a file cannot hold is kept as a decimal that it can.
KEPT_AS = {"HUGEINT": "DECIMAL(38, 0)"}


@dataclass(frozen=True)
class _Keep:
    """What is kept of the table of one step, and under which name."""

    name: str
    step: Pass
    columns: tuple[KeptColumn, ...]


@dataclass
class Sliding:
    """What one build takes of the passes that the snapshot *before* kept, and what it keeps itself."""

    workspace: Workspace
    draft: Draft
    before: Snapshot | None
    states: Callable[[str], SourceState]
    _keeps: dict[str, _Keep] = field(default_factory=dict)

    def applied(self, run: Run) -> Run:
        """Return *run* with passes that go on from what was kept, where that can be; the values are the same."""
        steps: list[Step] = []
        slider = self._slider()
        for step in run.plan.steps:
            steps += self._of(step, slider) if isinstance(step, Pass) else (step,)
        plan = replace(run.plan, steps=tuple(steps))
        catalog = self.workspace.catalog
        read = KeptReader(self.workspace.bindings.reader(plan.last_day), self._files())
        return replace(run, plan=plan, sql=PlanSql(plan, catalog.schema, read, catalog.universes))

    def keep(self, name: str, folder: str) -> None:
        """Write what is kept of the step *name*, whose table stands in *folder*."""
        kept = self._keeps.get(name)
        if kept is None:
            return
        engine, file = self.workspace.engine, f"{kept.name}.parquet"
        if file in self.draft.finished:
            return
        table = exp.to_table(name, db=folder).sql(dialect="duckdb", identify=True)
        types = dict(engine.describe(f"SELECT * FROM {table}"))
        columns = [_cast(column.name, KEPT_AS.get(types[column.name])) for column in kept.columns]
        query = f"SELECT {quoted(kept.step.entity)}, {', '.join(columns)} FROM {table}"
        rows = engine.copy(query, self.draft.path(file), file)
        told = [{**_plain(column), "type": types[column.name]} for column in kept.columns]
        self.draft.finish(file, rows, entity=kept.step.entity, source=kept.step.rows.source, columns=told)

    @property
    def entries(self) -> tuple[StateEntry, ...]:
        """What the manifest says of what is kept: by this build, and by earlier ones where it did not go over the same rows."""
        bound = self.workspace.bindings.bound
        old = [] if self.before is None else [s for s in self.before.manifest.states if s.details.get("source") in bound]
        finished = {name: told for name, told in sorted(self.draft.finished.items()) if name.startswith(PREFIX)}
        new = [
            StateEntry(key=name.removesuffix(".parquet"), entity=details["entity"], files=(entry,), details=details)
            for name, (entry, details) in finished.items()
        ]
        return (*new, *(state for state in old if not _is_covered(state, new)))

    def _of(self, step: Pass, slider: Slider) -> tuple[Step, ...]:
        wanted = slider.to_keep(step, self._kept()) if self._is_worth_it(step) else None
        if wanted is None:
            return (step,)
        columns = slider.kept(wanted)
        # A killed build leaves its files to the next, which may keep other days: then it is another file.
        name = f"{PREFIX}{step.rows.source}-by-{step.entity}-{digest([_plain(column) for column in columns])[:8]}"
        keep = _Keep(name, wanted, columns)
        self._keeps[step.name] = keep
        going = slider.go_on(wanted, self._kept())
        slid = [one for one in going if isinstance(one, Slid)]
        self.draft.notes += tuple(f"{step.name}: {one.reason}" for one in slid)
        return going or (wanted,)

    def _is_worth_it(self, step: Pass) -> bool:
        bindings = self.workspace.bindings
        if not step.rows.date_column or step.rows.links or not self.states(step.rows.source).is_known:
            return False
        rows = bindings.rows_of((step.rows.source,))
        owners = bindings.rows_of((step.entity,)) if step.entity in bindings.bound else rows
        return rows >= FEWEST_ROWS and rows >= ROWS_AN_OWNER * max(1, owners)

    def _slider(self) -> Slider:
        schema, bindings = self.workspace.catalog.schema, self.workspace.bindings
        filled: dict[str, frozenset[str]] = {}

        def is_filled(source: str, column: str) -> bool:
            if source not in filled:
                filled[source] = without_nulls(self.workspace.engine, bindings.get(source))
            return column in filled[source]

        return Slider(schema, ReadDigests(schema, self.states).of, is_filled, bindings.late)

    def _kept(self) -> list[KeptPass]:
        states = () if self.before is None else self.before.manifest.states
        return [KeptPass(_place(state), state.details["source"], state.entity, _columns(state)) for state in states]

    def _files(self) -> dict[str, tuple[list[str], dict[str, str]]]:
        if self.before is None:
            return {}
        found = {}
        for state in self.before.manifest.states:
            types = {column["name"]: column["type"] for column in state.details["columns"]}
            found[_place(state)] = (self.before.whole(state.files), types)
        return found


class KeptReader:
    """Reads sources as *reader* does, and what was kept from its files, in the types it had."""

    def __init__(self, reader: Reader, files: Mapping[str, tuple[list[str], dict[str, str]]]) -> None:
        self._reader, self._files = reader, files

    @property
    def late(self) -> frozenset[str]:
        """The sources whose rows became known on a day of their own."""
        return self._reader.late

    def __call__(self, step: ReadSource | ReadKept) -> exp.Select:
        """Return the SELECT of one read step."""
        if isinstance(step, ReadSource):
            return self._reader(step)
        paths, types = self._files[step.state]
        columns: list[exp.Expr] = [exp.column(step.entity)]
        for name in step.columns:
            to = exp.DataType.build(types[name], dialect="duckdb")
            columns.append(exp.alias_(exp.Cast(this=exp.column(name), to=to), name))
        return exp.select(*columns).from_(stored_files(paths))


def _place(state: StateEntry) -> str:
    return state.files[0].path


def _is_covered(old: StateEntry, new: list[StateEntry]) -> bool:
    """Whether what *old* says, of whatever days, stands among *new*: it is of no more use."""
    said = {column["says"] for state in new for column in state.details["columns"] if state.entity == old.entity}
    return all(column["says"] in said for column in old.details["columns"])


def _cast(name: str, to: str | None) -> str:
    return quoted(name) if to is None else f"CAST({quoted(name)} AS {to}) AS {quoted(name)}"


def _plain(column: KeptColumn) -> dict[str, Any]:
    first = None if column.first is None else column.first.isoformat()
    return {"name": column.name, "says": column.says, "first": first, "last": column.last.isoformat(), "rows": column.rows}


def _columns(state: StateEntry) -> tuple[KeptColumn, ...]:
    found = []
    for one in state.details["columns"]:
        first = None if one["first"] is None else date.fromisoformat(one["first"])
        found.append(KeptColumn(one["name"], one["says"], first, date.fromisoformat(one["last"]), one["rows"]))
    return tuple(found)
