"""A workspace and a month in; one recommendation a person over all campaigns of that month out, kept and told in the audit log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.deliver.arbitrated import Arbitration, Entry, Outcome, Share, moves_of, outcome_of
from c360.deliver.arbitration import FULL, LOST, WON, Contest, decide
from c360.deliver.guards import next_allowed, refuse_quiet
from c360.deliver.listing import ListRequest
from c360.deliver.writers import refuse_target
from c360.errors import NothingMatched, Refused, UsageError, did_you_mean
from c360.expr.canonical import digest
from c360.expr.dates import as_day, month_end
from c360.lists.listing import eligible, export
from c360.lists.staging import Decided
from c360.lists.targeting import asked_for
from c360.records.decisions import MONTH, Decision

if TYPE_CHECKING:
    from c360.language.campaigns import Campaign
    from c360.workspace import Workspace

ID_DIGITS = 16


@dataclass(frozen=True)
class MonthRequest:
    """Campaigns to arbitrate for *month* (as ``2026-11``): all that run in it, those of *only*, none of *without*.

    *as_of* is D, else the last day that all they need covers; *on* the day of contact, else the first day of the month that
    lies behind D and behind what the policy's sources know, and is not quiet. With *preview* nothing is kept or written. With
    *folder* each campaign's list is written there as *format*.
    """

    month: str
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    as_of: date | str | None = None
    on: date | str | None = None
    preview: bool = False
    folder: Path | None = None
    format: str = "csv"
    force: bool = False
    lang: str = "en"
    allow_current: bool = False
    allow_stale: bool = False
    snapshot: bool = True

    @property
    def first(self) -> date:
        """The first day of the month; raises UsageError for what is no month."""
        if not MONTH.fullmatch(self.month):
            raise UsageError(f"expected a month, found '{self.month}'", hint="write it like 2026-11")
        return as_day(f"{self.month}-01")

    @property
    def last(self) -> date:
        """The last day of the month."""
        return month_end(self.first)


def arbitrate(workspace: Workspace, request: MonthRequest, made_at: str) -> Arbitration:
    """Decide who has which campaign in a month, keep the decision, and write the lists where a folder is named.

    Raises UsageError and NothingMatched for a month or a campaign that cannot be meant, Refused where the policy forbids the
    day, and whatever a campaign's list would.
    """
    meeting = _Meeting.of(workspace, request)
    targets = meeting.targets()
    contests = meeting.contests(meeting.taking_part)
    asked = [contest for contest in contests if contest.name in meeting.chosen]
    outcome = meeting.decided(asked)
    found = Arbitration(request.month, meeting.day, meeting.id_of(outcome), outcome, meeting.left_out, request.preview)
    if request.preview:
        return meeting.compared(found, contests)
    meeting.keep(found, made_at)
    return found if request.folder is None else meeting.listed(found, targets, made_at)


def decided(workspace: Workspace, month: str, campaign: str, as_of: date, on: date) -> Decided:
    """Return whom *campaign* won in what was arbitrated for *month*, on which channel, and whom it lost to which other.

    Raises Refused where nothing was arbitrated, or with another definition of the campaign, as of another day than *as_of* or for
    contacts on another than *on*.
    """
    import polars as pl

    again = f"decide again: c360 arbitrate --month {month}"
    MonthRequest(month).first  # noqa: B018 - refuses what is no month
    found = workspace.records.decisions.get(month)
    if found is None:
        raise Refused(f"nothing was arbitrated for {month}", hint=again, where="the request")
    known = {one["name"]: one for one in found.facts["campaigns"]}
    told = ""
    if campaign not in known:
        told = f"the campaign '{campaign}' took no part in what was arbitrated for {month}"
    elif known[campaign]["hash"] != workspace.catalog.campaign_hash(campaign):
        told = f"the campaign '{campaign}' has changed since {month} was arbitrated"
    elif found.facts["as_of"] != as_of.isoformat():
        told = f"{month} was arbitrated as of {found.facts['as_of']}, and the list is asked for as of {as_of}"
    elif known[campaign]["on"] != on.isoformat():
        told = f"'{campaign}' was arbitrated for contacts on {known[campaign]['on']}, and the list is asked for contacts on {on}"
    if told:
        raise Refused(told, hint=again, where="the request")
    mine = found.rows.filter(pl.col("campaign") == campaign)
    lost = mine.filter(pl.col("outcome").is_in([LOST, FULL]))
    # Another row of a person who has the campaign already is lost to no other campaign.
    lost = lost.with_columns(pl.col("winner").replace({campaign: ""}).fill_null("").alias("name"))
    won = mine.filter(pl.col("outcome") == WON).select("key", "channel")
    return Decided(won, lost.select("key", "name"), found.facts["decision"])


@dataclass(frozen=True)
class _Meeting:
    """The campaigns of a month that take part, each with its day of contact; *chosen* are those asked for."""

    workspace: Workspace
    request: MonthRequest
    day: date
    taking_part: dict[str, date]
    chosen: tuple[str, ...]
    left_out: dict[str, str]

    @classmethod
    def of(cls, workspace: Workspace, request: MonthRequest) -> _Meeting:
        """Look up who takes part, as of which day, and when people are contacted."""
        running = _running(workspace, request)
        day = _as_of(workspace, request, running)
        on = _contact_day(workspace, request, running, day)
        taking_part, left_out = {}, {}
        for campaign in running:
            own = on if campaign.starts is None else max(on, _allowed(workspace, campaign.starts))
            if campaign.ends is not None and own > campaign.ends:
                left_out[campaign.name] = f"ended on {campaign.ends}, before the day of contact, {own}"
            else:
                taking_part[campaign.name] = own
        names = [name for name in request.only or taking_part if name not in request.without]
        gone = [name for name in names if name in left_out]
        chosen = tuple(name for name in taking_part if name in names)
        if not chosen:
            reason = f": {gone[0]} {left_out[gone[0]]}" if gone else ""
            raise NothingMatched(f"no campaign takes part in {request.month}{reason}", hint="c360 campaigns lists them")
        return cls(workspace, request, day, taking_part, chosen, left_out)

    @property
    def capacity(self) -> dict[str, int]:
        """How many contacts each channel can make, of those with an end."""
        policy = self.workspace.settings.policy
        found = {} if policy is None else {name: channel.capacity for name, channel in policy.channels.items()}
        return {name: room for name, room in found.items() if room is not None}

    def contests(self, names: Iterable[str]) -> list[Contest]:
        """Return who may have each campaign, of *names*; in a preview of some all are looked at, to compare with."""
        compares = self.request.preview and (self.request.only or self.request.without)
        return [self._contest(name) for name in names if compares or name in self.chosen]

    def _contest(self, name: str) -> Contest:
        campaign = self.workspace.catalog.campaigns[name]
        found = eligible(self.workspace, self.list_request(name))
        has_value = campaign.value is not None
        return Contest(name, campaign.priority, found.frame, campaign.limit, bool(campaign.score), has_value)

    def list_request(self, name: str, path: Path | None = None) -> ListRequest:
        """Return the request for a campaign's list of this month."""
        asked = self.request
        return ListRequest(
            self.workspace.catalog.campaigns[name].segment, path, campaign=name, month=asked.month, as_of=self.day,
            on=self.taking_part[name], force=asked.force, lang=asked.lang, allow_current=asked.allow_current,
            allow_stale=asked.allow_stale, snapshot=asked.snapshot,
        )  # fmt: skip

    def decided(self, contests: Sequence[Contest]) -> Outcome:
        """Decide between *contests*."""
        rows = decide(contests, self.capacity, self.request.month)
        return outcome_of(rows, [self._entry(contest.name) for contest in contests], self.capacity)

    def _entry(self, name: str) -> Entry:
        catalog = self.workspace.catalog
        campaign = catalog.campaigns[name]
        title = campaign.zh if self.request.lang == "zh" and campaign.zh else campaign.title
        return Entry(name, title, campaign.priority, campaign.limit, self.taking_part[name], catalog.campaign_hash(name))

    def id_of(self, outcome: Outcome) -> str:
        """Return the id of a decision: a hash of what was asked and of what came of it."""
        rows = hashlib.sha256(outcome.rows.write_csv().encode()).hexdigest()
        entries = [share.as_json() for share in outcome.shares]
        return digest([self.request.month, self.day.isoformat(), self.capacity, entries, rows])[:ID_DIGITS]

    def compared(self, found: Arbitration, contests: Sequence[Contest]) -> Arbitration:
        """Return a preview beside how the month is decided otherwise: by all campaigns, else as it was decided last."""
        if self.request.only or self.request.without:
            before = self.decided(contests)
            return replace(found, before=before.shares, moves=moves_of(before.rows, found.outcome.rows))
        kept = self.workspace.records.decisions.get(self.request.month)
        if kept is None:
            return found
        entries = [_entry_from(one) for one in kept.facts["campaigns"]]
        last = outcome_of(kept.rows, entries, kept.facts["capacity"])
        return replace(found, before=last.shares, moves=moves_of(kept.rows, found.outcome.rows))

    def keep(self, found: Arbitration, made_at: str) -> None:
        """Write the audit line, then the decision: none stands that the log does not know of."""
        records, shares = self.workspace.records, found.outcome.shares
        records.audit.append(
            "arbitrate", name=found.month, decision=found.decision, as_of=found.as_of, people=found.outcome.people,
            campaigns={share.entry.name: share.won for share in shares},
            contacts={load.channel: load.contacts for load in found.outcome.loads}, left_out=found.left_out,
        )  # fmt: skip
        facts = {
            "month": found.month, "decision": found.decision, "as_of": found.as_of.isoformat(), "made_at": made_at,
            "by": records.who(), "capacity": self.capacity, "campaigns": [share.as_json() for share in shares],
            "left_out": found.left_out,
        }  # fmt: skip
        records.decisions.keep(Decision(found.month, facts, found.outcome.rows))

    def targets(self) -> dict[str, Path]:
        """Return the file of each campaign's list; raises before anything is decided where one cannot be written."""
        folder = self.request.folder
        if folder is None:
            return {}
        if self.request.preview:
            raise UsageError("a preview writes nothing", hint="leave -o out, or --preview")
        folder.mkdir(parents=True, exist_ok=True)
        found = {name: folder / f"{name}_{self.request.month}.{self.request.format}" for name in self.chosen}
        for path in found.values():
            refuse_target(path, force=self.request.force)
        return found

    def listed(self, found: Arbitration, targets: Mapping[str, Path], made_at: str) -> Arbitration:
        """Write the list of each campaign that won somebody; one that a guard refuses does not keep the others back."""
        lists, refused, left_out = {}, {}, dict(found.left_out)
        for share in found.outcome.shares:
            name = share.entry.name
            if not share.contacted:
                left_out[name] = "nobody is left to contact, so it has no list"
                continue
            try:
                export(self.workspace, self.list_request(name, targets[name]), made_at)
            except Refused as refusal:
                refused[name] = f"{refusal.message} ({refusal.hint})" if refusal.hint else refusal.message
            else:
                lists[name] = targets[name]
        return replace(found, lists=lists, refused=refused, left_out=left_out)


def _running(workspace: Workspace, request: MonthRequest) -> list[Campaign]:
    """Return the campaigns that run in the month, by name; raises NothingMatched for names that are none, or none of it."""
    known = workspace.catalog.campaigns
    first, last = request.first, request.last
    for name in (*request.only, *request.without):
        if name not in known:
            raise NothingMatched(f"unknown campaign '{name}'", hint=did_you_mean(name, known) or "c360 campaigns lists them")
        if name in request.only and not known[name].valid_between(first, last):
            told = f"the campaign '{name}' does not run in {request.month}"
            raise NothingMatched(told, hint=f"it runs from {known[name].starts or '…'} to {known[name].ends or '…'}")
    found = [known[name] for name in sorted(known) if known[name].valid_between(first, last)]
    if not found:
        raise NothingMatched(f"no campaign runs in {request.month}", hint="define one in segments/: c360 campaigns lists them")
    return found


def _as_of(workspace: Workspace, request: MonthRequest, campaigns: Iterable[Campaign]) -> date:
    """Return D, one day for all: as asked for, else the last that all sources of the campaigns cover."""
    if request.as_of is not None:
        return as_day(request.as_of)
    asked = [asked_for(workspace, ListRequest(one.segment, campaign=one.name)) for one in campaigns]
    return min(workspace.day(one.outputs, one.entity, None) for one in asked)


def _contact_day(workspace: Workspace, request: MonthRequest, campaigns: Iterable[Campaign], day: date) -> date:
    """Return the day of contact; raises UsageError for one outside the month, and Refused for a quiet one that was asked for."""
    policy = workspace.settings.policy
    if request.on is not None:
        on = as_day(request.on)
        if policy is not None:
            refuse_quiet(policy, on)
    else:
        asked = [asked_for(workspace, ListRequest(one.segment, campaign=one.name)) for one in campaigns]
        on = _allowed(workspace, max([request.first, *(one.contact_day(day) for one in asked)]))
    if not request.first <= on <= request.last:
        known = "--on" if request.on is not None else f"behind {day}, and behind what consent and contacts are known to"
        told = f"the day of contact, {on} ({known}), is not in {request.month}"
        raise UsageError(told, hint=f"arbitrate {on:%Y-%m}, or give --as-of and --on, such as --on {request.first + timedelta(9)}")
    return on


def _allowed(workspace: Workspace, day: date) -> date:
    policy = workspace.settings.policy
    return day if policy is None else next_allowed(policy, day)


def _entry_from(facts: Mapping[str, Any]) -> Entry:
    names = ("name", "title", "priority", "limit", "hash")
    return Entry(**{name: facts[name] for name in names}, on=date.fromisoformat(facts["on"]))


__all__ = ["Arbitration", "MonthRequest", "Share", "arbitrate", "decided"]
