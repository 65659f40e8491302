"""Sources and lists that suppress in, a refusal of what is too old on the day of contact out; reads dates, no customer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from c360.errors import MissingSource, Refused
from c360.expr.schema import ENTITY
from c360.plan.steps import ReadSource
from c360.quoting import text
from c360.sql.render import to_text

if TYPE_CHECKING:
    from c360.bindings.policy import Policy
    from c360.plan import Output
    from c360.workspace import Workspace


def last_day(workspace: Workspace, names: Iterable[str]) -> date | None:
    """Return the last day that any of the bound sources *names* has a row of; None where none has a date."""
    return max((day for name in names if (day := workspace.bindings.facts(name).last_day) is not None), default=None)


def is_there(workspace: Workspace, name: str) -> bool:
    """Whether the source *name* is bound and found."""
    return not _lack(workspace, name)


def refuse_missing(workspace: Workspace, names: Iterable[str], what: str, where: str) -> None:
    """Refuse where one of the sources *names*, which tell *what*, is not bound or not there (E09); raises Refused."""
    for name in names:
        lack = _lack(workspace, name)
        if lack:
            hint = f"put it back, or mend [sources.{name}] in c360.toml"
            raise Refused(f"{what} cannot be told: {lack}; nothing was written", hint=hint, where=where)


def _lack(workspace: Workspace, name: str) -> str:
    if name not in workspace.bindings.bound:
        return f"source {name} is not bound"
    try:
        workspace.bindings.get(name)
    except MissingSource as error:
        return error.message
    return ""


def refuse_stale(workspace: Workspace, policy: Policy, consent: tuple[Output, ...], on: date) -> None:
    """Refuse consent that nothing is known of for longer than the policy allows before *on* (E10).

    It is as old as its newest row up to *on*; where rows have no date, as its files.
    """
    if policy.max_age_days is None:
        return
    for name in _telling(workspace, policy, consent):
        day = _newest(workspace, name, on)
        if day is not None:
            refuse_old(policy, f"source {name}", day, on)


def refuse_old(policy: Policy, what: str, day: date, on: date) -> None:
    """Refuse *what* tells who must not be contacted where it is of a *day* too long before *on*; raises Refused."""
    age = (on - day).days
    if policy.max_age_days is None or age <= policy.max_age_days:
        return
    raise Refused(
        f"{what} is of {day}, {age:,} days before the contact on {on}; at most {policy.max_age_days:,} are allowed (max_age_days), "
        "nothing was written",
        hint="bring it up to date: who must not be contacted may be missing from it",
        where="c360.toml [policy]",
    )


def _telling(workspace: Workspace, policy: Policy, consent: tuple[Output, ...]) -> Iterator[str]:
    """Yield the sources that consent is read from; the table that says whom there is only where no other is."""
    names = workspace.sources_of(consent, policy.entity) if consent else ()
    schema = workspace.catalog.schema
    facts = [name for name in names if schema.source(name).kind != ENTITY]
    yield from facts or names


def _newest(workspace: Workspace, name: str, on: date) -> date | None:
    """Return the newest day of a source up to *on*; of one whose rows have no date, the day its files were written last."""
    spec, bindings = workspace.catalog.schema.source(name), workspace.bindings
    last = bindings.facts(name).last_day if spec.kind != ENTITY else None
    if last is not None and last <= on:
        return last
    if last is not None and spec.date_column is not None:  # a row of a day still to come says nothing of how old the others are
        dated = spec.date_column.name
        rows = to_text(bindings.reader(last)(ReadSource("", name, (dated,))))
        found = workspace.engine.rows(f"SELECT MAX({dated}) FROM ({rows}) AS dated WHERE {dated} <= DATE {text(on.isoformat())}")
        return found[0][0] if isinstance(found[0][0], date) else date.min
    zone = ZoneInfo(workspace.settings.time_zone)
    written = [state.changed_ns / 1e9 for state in bindings.get(name).states]
    return datetime.fromtimestamp(max(written), zone).date() if written else None
