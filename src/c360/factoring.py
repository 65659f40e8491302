"""`factors`: a workspace, an outcome and signals in; what each signal told of the outcome, on two past dates, out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

from c360.audience.factors import Factors, Tally, correlated, ranked
from c360.datatypes import BOOLEAN
from c360.errors import AsOfError, NothingMatched, UsageError
from c360.expr.dates import add_months, as_day, last_complete_month, month_end
from c360.language.definitions import Definition
from c360.plan import Output
from c360.running import computing

if TYPE_CHECKING:
    from c360.workspace import Workspace

PREFIX = "signal_"
TOP = 3


def factors(
    workspace: Workspace, target: str, *, by: str | None = None, signals: Sequence[str] | None = None,
    as_of: date | str | None = None, later: date | str | None = None, top: int = TOP, **allow: bool,
) -> Factors:  # fmt: skip
    """Measure what each of *signals* told of *target*, for each level of *by*, on *as_of* and again on *later*.

    *target* is a yes/no tag, usually an outcome; rows where it is unknown stand aside. Without *signals* every yes/no tag
    of the entity called ``signal_…`` that is available here and has a history (all, with ``allow_current=True``). *as_of*
    is by default a month end two months before the last one whose outcome is known by now, *later* the month end after it.
    One scan a date.
    """
    asked = _yes_no(workspace, target, "the target")
    names, left_out = _signals(workspace, asked, signals, with_current=allow.get("allow_current", False))
    wanted = tuple(Output(n, workspace.reference(n)) for n in (target, *names, *([by] if by else [])))
    if by is not None:
        _cluster(workspace, asked, by)
    first, second = _dates(workspace, wanted, asked.entity, as_of, later)
    tallies, marks = _tallied(workspace, wanted, asked, names, by, first, allow)
    again, more = _tallied(workspace, wanted, asked, names, by, second, allow) if second else ([], ())
    found = ranked(tallies, again, top)
    return Factors(target, by, first, second, found, correlated(tallies), left_out, tuple(dict.fromkeys((*marks, *more))))


def _yes_no(workspace: Workspace, name: str, told: str) -> Definition:
    found = workspace.definition(name)
    if found.type != BOOLEAN:
        raise UsageError(f"{told} is a yes/no tag; {name} is {found.type}", hint="compare it with something in a tag")
    return found


def _cluster(workspace: Workspace, target: Definition, by: str) -> None:
    found = workspace.definition(by)
    if found.entity != target.entity or found.type.kind not in {"category", "boolean"}:
        raise UsageError(f"--by is a category of {target.entity}; {by} is {found.type} of {found.entity}")


def _signals(
    workspace: Workspace, target: Definition, asked: Sequence[str] | None, *, with_current: bool
) -> tuple[list[str], dict[str, str]]:
    """Return the signals to measure, and those left out with the reason."""
    if asked is not None:
        names = list(dict.fromkeys(asked))
        for name in names:
            if _yes_no(workspace, name, "a signal").entity != target.entity:
                raise UsageError(f"{name} is not a value of {target.entity}, whose {target.name} is asked about")
        return names, {}
    tags = workspace.tags.values()
    names = [d.name for d in tags if d.entity == target.entity and d.type == BOOLEAN and d.name.startswith(PREFIX)]
    missing = workspace.unavailable(names)
    if not with_current:
        missing |= {name: told for name in names if name not in missing and (told := _current(workspace, name))}
    found = [name for name in names if name not in missing]
    if not found:
        raise NothingMatched(f"no yes/no tag of {target.entity} is called {PREFIX}… and available", hint="name some: --signals a,b")
    return found, missing


def _current(workspace: Workspace, name: str) -> str:
    """Return which values without history a signal rests on; empty for none."""
    found = {f"{source}.{column}" for source, column, _ in workspace.plans((name,))[name].current_columns}
    return f"{', '.join(sorted(found))}: current values, without history" if found else ""


def _dates(
    workspace: Workspace, outputs: tuple[Output, ...], entity: str, as_of: date | str | None, later: date | str | None
) -> tuple[date, date | None]:
    """Return the two dates: month ends by default, the second the last one whose outcome is known by now."""
    from c360.opened import PLACEHOLDER_DAY

    plan = workspace.plan_of(outputs, entity, PLACEHOLDER_DAY)
    horizon = plan.last_day - plan.day
    newest = workspace.bindings.default_day(plan.sources) - horizon
    last = last_complete_month(newest)
    if as_of is None:
        second = as_day(later) if later is not None else last
        first = month_end(add_months(second, -1))
    else:
        first = as_day(as_of)
        after = month_end(add_months(first, 1))
        second = as_day(later) if later is not None else after
        if later is None and second > newest:
            return _known(first, newest, horizon), None
    if second <= first:
        raise UsageError(f"the later date {second} is not after {first}", hint="give --later a later month's end")
    return _known(first, newest, horizon), _known(second, newest, horizon)


def _known(day: date, newest: date, horizon: timedelta) -> date:
    if day > newest:
        raise AsOfError(
            f"the outcome of {day} is not known before {day + horizon}; the data ends on {newest + horizon}",
            hint=f"ask for {newest} or before",
            where="the as-of date",
        )
    return day


def _tallied(
    workspace: Workspace, outputs: tuple[Output, ...], target: Definition, names: list[str], by: str | None, day: date,
    allow: dict[str, bool],
) -> tuple[list[Tally], tuple[str, ...]]:  # fmt: skip
    """Count everything on one date with one query."""
    run = workspace.run(outputs, target.entity, day, allow_outcomes=True, **allow)
    with computing(workspace, run) as sql:
        rows = workspace.engine.records(sql.tallies(target.name, names, by))
    workspace.bindings.confirm(run.plan.sources)
    order = {level: place for place, level in enumerate(workspace.catalog.definition(by).type.all_levels)} if by else {}
    found = [_tally(row, names) for row in rows]
    return sorted(found, key=lambda tally: (order.get(tally.cluster or "", len(order)), tally.cluster or "")), run.marks


def _tally(row: dict[str, Any], names: list[str]) -> Tally:
    signals = {}
    for number, name in enumerate(names):
        sides = []
        for side, total in (("positive", row["positive"]), ("negative", row["all_rows"] - row["positive"])):
            shown, unknown = row[f"s{number}_true_{side}"], row[f"s{number}_unknown_{side}"]
            sides.append((shown, total - shown - unknown, unknown))
        signals[name] = (sides[0], sides[1])
    pairs = {(names[a], names[b]): row[f"s{a}_s{b}"] for a, b in combinations(range(len(names)), 2)}
    cluster = row["cluster"]
    return Tally(None if cluster is None else str(cluster).lower() if isinstance(cluster, bool) else str(cluster),
                 row["all_rows"], row["positive"], signals, pairs)  # fmt: skip
