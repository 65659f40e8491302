"""A workspace, a purpose and a day in; who agreed to which channel and who must never be contacted out, read anew from the sources.

No snapshot is asked: consent taken back after it was built would not be in it. What is not known is a no.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.answering import from_snapshot
from c360.bindings.policy import ANALYSIS, Policy, PurposePolicy
from c360.deliver.account import term_of
from c360.errors import DefinitionError, UnknownName, UsageError, did_you_mean
from c360.expr.nodes import Column, Node
from c360.lists.accounting import source_told
from c360.lists.freshness import is_there, last_day, refuse_missing, refuse_old, refuse_stale
from c360.lists.keylists import KeyList, modified, read_keys
from c360.lists.targeting import barring
from c360.lists.touching import Touches, touches
from c360.plan import Output
from c360.quoting import quoted, text
from c360.running import Run, computing

if TYPE_CHECKING:
    from c360.workspace import Workspace

CONSENT = "consent"
WHAT = ("who must not be contacted", "c360.toml [policy]")
ERASED = ("erased", "erased at their own request", "已应本人要求删除")
UNKNOWN = ("not known", "not known to the sources any more", "数据源中已无此客户")

__all__ = ["Reread", "Touches", "known_to", "reread", "touches"]


@dataclass(frozen=True)
class Reread:
    """What was read anew for a list, in the engine's table *table*: ``person``, ``consent``, ``never``.

    ``consent`` lists the channels a person agreed to, empty for none and for not known; without a consent tag of the purpose all
    that the policy names. ``never`` is 0, or the number (from 1) of the first of *reasons* that forbids all contact: (name, title
    in English, in Chinese). *day* is the last day read. *sources* and *lists* say what was read, for the manifest; *removed* how
    many the snapshot of D would still have let through, None where no snapshot tells.
    """

    table: str
    day: date
    reasons: tuple[tuple[str, str, str], ...]
    sources: dict[str, dict[str, Any]]
    lists: dict[str, dict[str, object]]
    notes: tuple[str, ...] = ()
    removed: int | None = None
    asks_consent: bool = True


def policy_of(workspace: Workspace) -> Policy:
    """Return the workspace's contact policy; raises UsageError where it has none."""
    if workspace.settings.policy is None:
        raise UsageError("this workspace has no contact policy", hint="write a [policy] table in c360.toml")
    return workspace.settings.policy


def known_to(workspace: Workspace, purpose: str) -> date | None:
    """Return the last day that the sources of a purpose's policy know: of consent, suppression and contacts; None for none.

    Raises Refused where consent or a segment cannot be asked (E09).
    """
    policy = policy_of(workspace)
    outputs = _Asked.of(workspace, policy, purpose).outputs
    names = list(workspace.sources_of(outputs, policy.entity)) if outputs else []
    refuse_missing(workspace, names, *WHAT)
    if policy.contacts is not None and is_there(workspace, policy.contacts.source):
        names.append(policy.contacts.source)
    return last_day(workspace, names)


def reread(
    workspace: Workspace, purpose: str, day: date, on: date, table: str, among: str = "",
    mtime: Callable[[Path], float] = modified, until: date | None = None,
) -> Reread:  # fmt: skip
    """Make the table *table* of what the sources say now of consent to *purpose* and of those never to be contacted.

    *day* is D, *on* the day of contact. Persons are all that the sources know, or those of the first column of the table *among*,
    each once. Where the sources know more than that day, both days must allow a contact: an answer given later counts where it
    is a no. *mtime* tells when a list's file was written last. *until* is the last day to read, to know what was known then; else
    the last that the sources know.

    Raises Refused where consent, a segment or a list cannot be asked (E09) or is older than the policy allows (E10).
    """
    policy = policy_of(workspace)
    asked = _Asked.of(workspace, policy, purpose)
    lists: list[KeyList] = []
    made: list[str] = []
    try:
        runs = [] if among and not asked.outputs else _read(workspace, policy, asked, max(day, on), on, until, table, made)
        for number, path in enumerate(asked.files):
            made.append(f"{table}_list_{number}")
            zone = workspace.settings.time_zone
            lists.append(read_keys(workspace.engine, path, _key(workspace, asked.entity), made[-1], zone, mtime))
            refuse_old(policy, f"the list {path.name}", lists[-1].changed, on)
        _put_together(workspace, asked, table, len(runs), among)
        lists = _with_known(workspace, lists, table, len(runs), _key(workspace, asked.entity))
        _mark_erased(workspace, asked, table)
    finally:
        for name in made:
            workspace.engine.execute(f"DROP TABLE IF EXISTS {name}")
    removed = _removed_since(workspace, asked, day, table)
    marks = tuple(dict.fromkeys(mark for run in runs for mark in run.marks))
    sources = {name: source_told(workspace, name) for run in runs for name in run.plan.sources}
    return Reread(
        table, runs[-1].plan.day if runs else max(day, on), asked.reasons, sources,
        {one.name: one.as_json() for one in lists}, _notes(marks, lists, removed, day), removed, bool(asked.consent),
    )  # fmt: skip


@dataclass(frozen=True)
class _Asked:
    """What the policy has asked for a purpose: a tag, segments with their conditions, files; all *channels* without a tag."""

    entity: str
    consent: tuple[Output, ...]
    never: tuple[Output, ...]
    reasons: tuple[tuple[str, str, str], ...]
    files: tuple[Path, ...]
    channels: tuple[str, ...]

    @classmethod
    def of(cls, workspace: Workspace, policy: Policy, purpose: str) -> _Asked:
        """Look up what the policy names; raises UnknownName or DefinitionError that says where it stands."""
        rules = PurposePolicy() if purpose == ANALYSIS else policy.purposes.get(purpose)
        if rules is None:
            hint = did_you_mean(purpose, [*policy.purposes, ANALYSIS])
            raise UsageError(f"the contact policy knows no purpose '{purpose}'", hint=hint)
        consent = (_consent(workspace, policy, purpose, rules.consent),) if rules.consent else ()
        segments = () if purpose == ANALYSIS else policy.never
        paths = () if purpose == ANALYSIS else tuple(workspace.data_folder / file for file in policy.never_lists)
        never = tuple(_never(workspace, policy, name, number) for number, name in enumerate(segments))
        titled = [[term_of(workspace.catalog, name, lang).title for lang in ("en", "zh")] for name in segments]
        titles = [(name, english, chinese) for name, (english, chinese) in zip(segments, titled, strict=True)]
        titles += [(path.name, f"on the list {path.name}", f"在名单{path.name}上") for path in paths]
        erased = (ERASED,) if workspace.records.erased.hashes() else ()
        return cls(policy.entity, consent, never, (*titles, *erased, UNKNOWN), paths, tuple(policy.channels))

    @property
    def outputs(self) -> tuple[Output, ...]:
        return (*self.consent, *self.never)


def _consent(workspace: Workspace, policy: Policy, purpose: str, name: str) -> Output:
    where = f"c360.toml [policy.purposes.{purpose}] consent"
    definition = workspace.catalog.definitions.get(name)
    if definition is None or definition.kind != "tag":
        raise UnknownName.among("tag", name, workspace.tags, where=where)
    if definition.entity != policy.entity or definition.type.kind != "list":
        told = f"'{name}' is {definition.type} of {definition.entity}, expected a list of channels of {policy.entity}"
        raise DefinitionError(told, hint="name a tag made with listed(…)", where=where)
    return Output(CONSENT, workspace.reference(name))


def _never(workspace: Workspace, policy: Policy, name: str, number: int) -> Output:
    """Return what bars whom the segment *name* holds, or may hold."""
    where, catalog = "c360.toml [policy] never", workspace.catalog
    if name not in workspace.segments:
        raise UnknownName.among("segment", name, workspace.segments, where=where)
    if catalog.definition(name).entity != policy.entity:
        told = f"'{name}' is a segment of {catalog.definition(name).entity}, expected one of {policy.entity}"
        raise DefinitionError(told, hint="name a segment of the policy's entity", where=where)
    return Output(f"never_{number}", barring(catalog, name))


def _read(
    workspace: Workspace, policy: Policy, asked: _Asked, day: date, on: date, until: date | None, table: str, made: list[str]
) -> list[Run]:
    """Make a table of the answers on *day*, and one on the last day the sources know (or *until*) where that is later."""
    outputs = asked.outputs or (Output("person_key", _own_key(workspace, asked.entity)),)
    names = workspace.sources_of(outputs, asked.entity)
    refuse_missing(workspace, names, *WHAT)
    refuse_stale(workspace, policy, asked.consent, on)
    runs = []
    for one in sorted({day, max(day, until or last_day(workspace, names) or day)}):
        runs.append(workspace.run(outputs, asked.entity, one, allow_current=True, allow_stale=True))
        made.append(f"{table}_day_{len(runs) - 1}")
        with computing(workspace, runs[-1]) as sql:
            rows = sql.stored([output.name for output in asked.outputs])
            workspace.engine.execute(f"CREATE OR REPLACE TABLE {made[-1]} AS\n{rows}")
        workspace.bindings.confirm(names)
    return runs


def _own_key(workspace: Workspace, entity: str) -> Node:
    spec = workspace.catalog.schema.source(entity)
    return Column(spec.column(entity).type, spec.name, entity)


def _put_together(workspace: Workspace, asked: _Asked, table: str, days: int, among: str) -> None:
    """Make the table of one row a person: consent on all days, and the first reason of any day or list."""
    key = quoted(_key(workspace, asked.entity))
    read = [f"day_{number}" for number in range(days)]
    listed = [f"list_{number}" for number in range(len(asked.files))]
    agreed = ", ".join(f"COALESCE({one}.{CONSENT}, [])" for one in read)
    consent = agreed if days == 1 else f"list_sort(list_intersect({agreed}))"
    if not asked.consent:
        consent = f"[{', '.join(map(text, asked.channels))}]::VARCHAR[]"
    cases = [f"WHEN {one}.{key} IS NULL THEN {len(asked.reasons)}" for one in read[:1]]
    cases += [
        f"WHEN {' OR '.join(_may_be_in(one, segment) for one in read)} THEN {number}"
        for number, segment in enumerate(asked.never, 1)
    ]
    cases += [f"WHEN {one}.person IS NOT NULL THEN {number}" for number, one in enumerate(listed, 1 + len(asked.never))]
    never = f"CASE {' '.join(cases)} ELSE 0 END" if cases else "0"
    persons = _persons(workspace, f"{table}_{read[0]}" if read else "", key, among)
    joins = [f"LEFT JOIN {table}_{one} AS {one} ON {one}.{key} = asked.person" for one in read]
    joins += [f"LEFT JOIN {table}_{one} AS {one} ON {one}.person = asked.person" for one in listed]
    workspace.engine.execute(
        f"CREATE OR REPLACE TABLE {table} AS\n"
        f"SELECT asked.person, {consent} AS consent, CAST({never} AS INTEGER) AS never FROM ({persons}) AS asked\n"
        + "\n".join(joins)
    )


def _may_be_in(read: str, segment: Output) -> str:
    return f"COALESCE({read}.{segment.name}, TRUE)"


def _persons(workspace: Workspace, read: str, key: str, among: str) -> str:
    """Return the query of the persons asked for, each once."""
    if not among:
        return f"SELECT {key} AS person FROM {read}"
    column = quoted(workspace.engine.describe(f"SELECT * FROM {among}")[0][0])
    return f"SELECT DISTINCT CAST({column} AS VARCHAR) AS person FROM {among} WHERE {column} IS NOT NULL"


def _with_known(workspace: Workspace, lists: Sequence[KeyList], table: str, days: int, key: str) -> list[KeyList]:
    """Return the lists, each with how many of its keys somebody has whom the sources know: none hints at other keys."""
    known, column = (f"{table}_day_0", quoted(key)) if days else (table, "person")
    found = []
    for number, one in enumerate(lists):
        asked = f"SELECT COUNT(*) FROM {table}_list_{number} SEMI JOIN {known} ON {known}.{column} = {table}_list_{number}.person"
        found.append(replace(one, known=int(workspace.engine.rows(asked)[0][0])))
    return found


def _mark_erased(workspace: Workspace, asked: _Asked, table: str) -> None:
    """Forbid contact with those who were erased; only keyed hashes of them are known."""
    if ERASED not in asked.reasons:
        return
    erased = workspace.records.erased
    persons = workspace.engine.frame(f"SELECT person FROM {table} WHERE never = 0")["person"]
    name, number = f"{table}_erased", asked.reasons.index(ERASED) + 1
    workspace.engine.keep(name, persons.filter(erased.among(persons)).to_list())
    workspace.engine.execute(f"UPDATE {table} SET never = {number} WHERE person IN (SELECT value FROM {name})")
    workspace.engine.execute(f"DROP TABLE {name}")


def _removed_since(workspace: Workspace, asked: _Asked, day: date, table: str) -> int | None:
    """Return how many persons of *table* the snapshot of *day* would still let through, of whom consent or a segment is gone.

    Where it does not hold what segments need, consent alone is compared; None where it does not hold that.
    """
    if not asked.consent:
        return None
    silent = copy.copy(workspace)
    silent.tell_why = lambda reason: None  # whatever the snapshot lacks, nothing is answered from elsewhere
    for outputs in (asked.outputs, asked.consent):
        then = from_snapshot(silent, outputs, asked.entity, day, allow_current=True, allow_stale=True)
        if then is None:
            continue
        member = [_may_be_in("held", segment) for segment in outputs[len(asked.consent) :]]
        let_through = " AND ".join([f"len(held.{CONSENT}) > 0", *(f"NOT {one}" for one in member)])
        gone = f"(len(now.consent) = 0 OR now.never BETWEEN 1 AND {len(member)})"
        with computing(workspace, then) as sql:
            rows = sql.stored([output.name for output in outputs])
            key = quoted(_key(workspace, asked.entity))
            told = f"FROM {table} AS now JOIN ({rows}) AS held ON held.{key} = now.person WHERE {let_through} AND {gone}"
            return int(workspace.engine.rows(f"SELECT COUNT(*) {told}")[0][0])
    return None


def _notes(marks: Sequence[str], lists: Sequence[KeyList], removed: int | None, day: date) -> tuple[str, ...]:
    """Return what is to be said of it; that the day lies behind the last of the data is what is meant here."""
    notes = [mark for mark in marks if not mark.startswith("as of ")]
    notes += [f"the list {one.name} names nobody whom the sources know: are its {one.rows:,} keys others?" for one in lists
              if one.rows and not one.known]  # fmt: skip
    if removed:
        notes.append(f"{removed:,} removed since the snapshot of {day}: consent taken back, or not to be contacted any more")
    return tuple(notes)


def _key(workspace: Workspace, entity: str) -> str:
    return workspace.catalog.schema.source(entity).column(entity).file_name
