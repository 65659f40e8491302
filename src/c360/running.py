"""Outputs and a day in, a request made ready out: its plan, its SQL and its marks; and faults told by whom they concern."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from c360.cards import affected
from c360.errors import AsOfError, DamagedFile, DoesNotFit, SourceError
from c360.language.definitions import referenced
from c360.opened import Asked
from c360.plan import Output, Plan
from c360.snapshots.manifest import damaged
from c360.sql.queries import PlanSql

if TYPE_CHECKING:
    from c360.snapshots.origin import Origin
    from c360.snapshots.reading import Snapshot
    from c360.workspace import Workspace

NUMBERS = count(1)
AMOUNTS = ("money", "volume", "integer")
CURRENT = "current values used"


@dataclass(frozen=True)
class Run:
    """One request made ready: its plan at D, its SQL, and the marks every output of it carries.

    *origin* is the snapshot that it is computed from, *held* open for it; None: the sources.
    """

    plan: Plan
    sql: PlanSql
    marks: tuple[str, ...]
    origin: Origin | None = None
    held: Snapshot | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said beside the values: where they come from, and what was let pass."""
        return (*(() if self.origin is None else (str(self.origin),)), *self.marks)


def made_ready(
    workspace: Workspace, outputs: tuple[Output, ...], entity: str, as_of: date | str | None, *, allow_current: bool = False,
    allow_stale: bool = False, paths_from: Path | None = None, allow_outcomes: bool = False, others: Asked = (),
) -> Run:  # fmt: skip
    """Return the request at D: sources checked, SQL over the real files (by full path, or from *paths_from*).

    *others* are outputs of other entities, computed with it.

    Raises SourceError that says which definitions are affected, AsOfError for what D forbids.
    """
    bindings = workspace.bindings
    with telling_who(workspace):
        bindings.refresh()
        plan = workspace.plan_of(outputs, entity, workspace.day(outputs, entity, as_of), others)
        if plan.outcomes and not allow_outcomes:
            raise AsOfError(
                f"an outcome looks past {plan.day}, so no list or table of that day can hold it",
                hint="outcomes are for evaluating past lists; leave it out of tags and rules",
                where="the request",
            )
        marks = bindings.require(plan, allow_stale=allow_stale)
    workspace.engine.expected_rows = bindings.rows_of(plan.sources)
    marks += _current_marks(workspace, plan, allow_current)
    marks += _late_marks(workspace, plan)
    read = bindings.reader(plan.last_day, paths_from)
    return Run(plan, PlanSql(plan, workspace.catalog.schema, read, workspace.catalog.universes), marks)


@contextmanager
def telling_who(workspace: Workspace) -> Iterator[None]:
    """Say in the SourceErrors raised within which definitions are affected."""
    try:
        yield
    except SourceError as error:
        error.affects = affected(workspace, error.source, error.column) if error.source else ()
        raise


@contextmanager
def computing(workspace: Workspace, run: Run) -> Iterator[PlanSql]:
    """Make the tables that a large plan shares between its steps, hand out the queries over them, and take the tables away.

    Where a value within does not fit its type, the error says of which definition and which columns.
    """
    with telling_what(workspace, run), _in_steps(workspace, run) as sql:
        yield sql


@contextmanager
def telling_what(workspace: Workspace, run: Run) -> Iterator[None]:
    """Say of a value that does not fit its type, in computing *run*, of which definition it is and from which columns.

    Of a file that turns out to be damaged once its rows are read, say which it is.
    """
    try:
        yield
    except DamagedFile as fault:
        if run.held is not None:
            raise damaged("one of its files cannot be read", run.held.generation) from None
        raise workspace.bindings.damaged_file(run.plan.sources) or fault from None
    except DoesNotFit as fault:
        raise _told(workspace, run, fault) from None


@contextmanager
def _in_steps(workspace: Workspace, run: Run) -> Iterator[PlanSql]:
    engine, folder = workspace.engine, f"run_{next(NUMBERS)}"
    statements, sql = run.sql.in_steps(folder)
    parts_of = {statement.name: statement.parts for statement in statements}
    try:
        if statements:
            engine.execute(f"CREATE SCHEMA {folder}")
        for statement in statements:
            for text in (statement.make(), *statement.tidy(parts_of)):
                engine.execute(text)
        yield sql
    finally:
        if statements:
            engine.execute(f"DROP SCHEMA IF EXISTS {folder} CASCADE")


def _told(workspace: Workspace, run: Run, fault: DoesNotFit) -> DoesNotFit:
    """Ask for each definition behind the request alone, what others need first; the first that fails is the one."""
    asked = [ref.name for answer in run.plan.answers for output in answer.outputs for ref in referenced(output.node)]
    for name in workspace.catalog.closure(asked):
        definition = workspace.catalog.definition(name)
        output = Output(name, workspace.reference(name))
        alone = made_ready(
            workspace, (output,), definition.entity, run.plan.day, allow_current=True, allow_stale=True, allow_outcomes=True
        )
        try:
            with _in_steps(workspace, alone) as sql:
                workspace.engine.execute(sql.table())
        except DoesNotFit:
            return _of_definition(workspace, name, alone.plan, fault)
    return fault


def _of_definition(workspace: Workspace, name: str, plan: Plan, fault: DoesNotFit) -> DoesNotFit:
    schema = workspace.catalog.schema
    columns = [
        f"{source}.{column}"
        for source in plan.sources
        for column in plan.columns(source)
        if schema.source(source).column(column).type.kind in AMOUNTS
    ]
    definition = workspace.catalog.definition(name)
    told = f"{definition.kind} {name}: {fault.message}: {definition.type}"
    hint = f"look for amounts far too large in {', '.join(columns)}" if columns else fault.hint
    return DoesNotFit(told, hint=hint, where=definition.where)


def _late_marks(workspace: Workspace, plan: Plan) -> tuple[str, ...]:
    """Mark a D behind the day the workspace's data goes up to, where no source of the plan is dense and would refuse it."""
    last = None if plan.outcomes else workspace.bindings.last_day
    if last is None or plan.day <= last:
        return ()
    return (f"as of {plan.day}, but the data goes up to {last}: nothing after that day is known",)


def _current_marks(workspace: Workspace, plan: Plan, allow: bool) -> tuple[str, ...]:
    """Refuse, or mark, columns without history when D lies before the day the data is of."""
    data_day = workspace.bindings.default_day
    past = [f"{source}.{column}" for source, column, day in plan.current_columns if day < data_day(plan.sources)]
    if not past:
        return ()
    if not allow:
        raise AsOfError(
            f"{', '.join(past)}: current values, without history, asked for on {plan.day}",
            hint="leave --as-of out, or go on with --allow-current, which marks every output",
            where="the as-of date",
        )
    return tuple(f"{CURRENT} for {plan.day}: {name}" for name in past)
