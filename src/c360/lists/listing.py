"""Export: a workspace and a `ListRequest` in; a list with its account out: checked, guarded, written, remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from c360.bindings.policy import ANALYSIS
from c360.deliver import guards, stages
from c360.deliver import manifest as manifests
from c360.deliver.account import Form
from c360.deliver.aim import Aim
from c360.deliver.columns import refuse_columns, refuse_file_name, refuse_reason, refuse_told
from c360.deliver.listing import ListRequest, ListResult
from c360.deliver.masking import refuse_sensitive
from c360.deliver.writers import encoding_of, refuse_target
from c360.errors import Refused, UsageError
from c360.lists.accounting import inputs_of
from c360.lists.aiming import aim_of
from c360.lists.columns import value_of
from c360.lists.showing import account_of, notes_on, shown_rows
from c360.lists.staging import Decided, Eligible, Staged, eligible_rows, staged
from c360.lists.targeting import Asked, Known, asked_for
from c360.opened import RULE
from c360.records.decisions import MONTH
from c360.running import computing

if TYPE_CHECKING:
    import polars

    from c360.running import Run
    from c360.workspace import Workspace


@dataclass(frozen=True)
class Prepared:
    """A request looked up and made ready: its plan and sources checked, and all that its list depends on."""

    asked: Asked
    run: Run
    on: date

    @cached_property
    def inputs(self) -> dict[str, Any]:
        """What the list depends on but for what was read anew for it; equal inputs and equal contacts give an equal list."""
        return inputs_of(self.asked, self.run, self.on)

    @cached_property
    def request_id(self) -> str:
        """The id of whom was asked for; `deliver.manifest.request_id` says what it depends on."""
        return manifests.request_id(self.inputs) if self.asked.known is None else self.asked.known.request_id


def export(workspace: Workspace, request: ListRequest, made_at: str) -> ListResult:
    """Make the list; write it unless the request is a dry run or names no file. What leaves is in the audit log first."""
    from c360.lists.handing import handed_over, seen
    from c360.lists.rehearsing import rehearsed

    try:
        asked = asked_for(workspace, request)
        _refuse(asked)
        prepared = _prepared(asked)
        if request.dry_run:
            result, found = _made(prepared)
            seen(prepared, result)
            return replace(result, rehearsal=rehearsed(prepared, result, found, made_at))
        # From reading who was contacted until it is written who will be: two lists at once would each contact what a cap allows.
        with workspace.records.turn():
            result, found = _made(prepared)
            result = replace(result, approvals=_guard(prepared, result, found, made_at))
            return handed_over(prepared, result, found, made_at)
    except Refused as refusal:
        workspace.records.audit.append("refused", name=request.name, code=refusal.code, why=refusal.message)
        raise


def made_again(workspace: Workspace, request: ListRequest, known: Known) -> tuple[Prepared, ListResult, Staged]:
    """Make a list as it was made when *known* was known; nothing is refused, written or remembered."""
    prepared = _prepared(asked_for(workspace, request, known))
    return prepared, *_made(prepared)


def eligible(workspace: Workspace, request: ListRequest) -> Eligible:
    """Return who may have a campaign, before campaigns compete: ``key, person, open, score, value, group, rank, held``."""
    prepared = _prepared(asked_for(workspace, request))
    with computing(workspace, prepared.run) as sql:
        return eligible_rows(prepared.asked, prepared.run, sql, prepared.on, prepared.request_id)


def _refuse(asked: Asked) -> None:
    """Refuse what cannot be asked for, before anything is read."""
    request, workspace = asked.request, asked.workspace
    policy = workspace.settings.policy
    if policy is not None and not request.purpose and not request.dry_run:
        purposes = ", ".join((*policy.purposes, ANALYSIS))
        raise Refused(
            "a list needs a purpose: it decides who must be left out, and what the list may hold",
            hint=f"write --purpose with one of: {purposes}", where="the request",
        )  # fmt: skip
    refuse_sensitive(asked.classes)
    strata = value_of(workspace, asked.entity, request.strata)[1] if request.strata else ""
    refuse_told(asked.sorted_by, request.purpose, strata=strata)
    if policy is not None and request.purpose:
        refuse_columns(asked.classes, policy, request.purpose, asked.channels, request.name)
    unknown = sorted(set(request.unmask) - {name for name, kind in asked.classes.items() if kind == "personal"})
    if unknown:
        raise UsageError(
            f"--unmask is about personal columns of the list; {', '.join(unknown)} is none", hint="name it with -c too"
        )
    if request.unmask:
        refuse_reason(request.reason)
    request.refuse_form()
    if request.on is not None and asked.policy is not None and not request.dry_run:
        guards.refuse_quiet(asked.policy, request.on)
    if not request.dry_run:
        for path in (request.path, request.excluded):
            if path is not None:
                refuse_file_name(path.name, asked.sensitive_names)
                refuse_target(path, force=request.force)
        if request.path is not None:
            refuse_target(manifests.manifest_path(request.path), force=request.force)


def _prepared(asked: Asked) -> Prepared:
    request, workspace = asked.request, asked.workspace
    run = workspace.run(
        asked.outputs, asked.entity, request.as_of, allow_current=request.allow_current, allow_stale=request.allow_stale,
        snapshot=request.snapshot,
    )  # fmt: skip
    return Prepared(asked, run, _contact_day(asked, run.plan.day))


def _contact_day(asked: Asked, day: date) -> date:
    """Return the day of contact: as asked for or as decided for the month, else the first that data, campaign and policy allow.

    Raises Refused for a day on which the campaign does not run; what is made again was made then.
    """
    request, workspace = asked.request, asked.workspace
    on = asked.contact_day(day)
    campaign = workspace.catalog.campaigns.get(request.campaign)
    if request.on is None:
        if campaign is not None and request.month:
            on = _day_decided(workspace, request.month, campaign.name) or on
        elif campaign is not None and campaign.starts is not None:
            on = max(on, campaign.starts)
        on = on if asked.policy is None else guards.next_allowed(asked.policy, on)
    if campaign is not None and asked.known is None and not campaign.valid_between(on, on):
        raise Refused(
            f"the campaign '{campaign.name}' does not run on the day of contact, {on}: "
            f"it runs from {campaign.starts or '…'} to {campaign.ends or '…'}",
            hint="choose another --on, or change its days", where=campaign.where or "the request",
        )  # fmt: skip
    return on


def _day_decided(workspace: Workspace, month: str, campaign: str) -> date | None:
    """Return the day of contact that was decided for a campaign of a month, None where none was."""
    found = workspace.records.decisions.get(month) if MONTH.fullmatch(month) else None
    entries = () if found is None else found.facts["campaigns"]
    return next((date.fromisoformat(one["on"]) for one in entries if one["name"] == campaign), None)


def _made(prepared: Prepared) -> tuple[ListResult, Staged]:
    """Compute the list and its account; nothing has left yet."""
    asked, run = prepared.asked, prepared.run
    workspace, request = asked.workspace, asked.request
    decided = _decided(prepared)
    with computing(workspace, run) as sql:
        found = staged(asked, run, sql, prepared.on, prepared.request_id, decided)
    workspace.bindings.confirm(run.plan.sources)
    inputs = {**prepared.inputs, **({"read_anew": found.anew} if found.anew else {})}
    run_id = manifests.run_id(inputs)
    frame = shown_rows(asked, found.frame)
    members = _members(found)
    aim = aim_of(prepared, found, members, frame.height - found.frame.height)
    account = replace(account_of(asked, run, run_id, found), aim=aim)
    form = Form(account, request.has_titles, encoding_of(request.encoding))
    hidden = tuple(n for n, c in asked.classes.items() if c == "personal" and n not in request.unmask)
    result = ListResult(
        asked.segment.name, run.plan.day, found.waterfall, frame, run_id, hidden, (*run.marks, *found.notes, *notes_on(asked)),
        account, form, origin=run.origin, aim=aim, members=members,
        promise=_promise(prepared, found, aim),
    )  # fmt: skip
    return result, found


def _decided(prepared: Prepared) -> Decided | None:
    """Return what was arbitrated for the campaign in the month asked for; None where no month is."""
    asked = prepared.asked
    if not (asked.request.campaign and asked.request.month):
        return None
    from c360.lists.arbitrating import decided

    return decided(asked.workspace, asked.request.month, asked.request.campaign, prepared.run.plan.day, prepared.on)


def _guard(prepared: Prepared, result: ListResult, found: Staged, made_at: str) -> tuple[str, ...]:
    """Refuse a list of nobody, of a size the policy forbids, or without the yes it needs; return the approvals it has."""
    if not prepared.asked.request.allow_empty:
        result.refuse_empty()
    refuse_sizes(prepared, result, found)
    return approvals_of(prepared, result, made_at)


def refuse_sizes(prepared: Prepared, result: ListResult, found: Staged) -> None:
    """Refuse a list of a size that the policy forbids; raises Refused."""
    asked = prepared.asked
    if asked.policy is not None:
        last, request = _last_like(prepared), asked.request
        stages_told = found.waterfall.as_json()
        guards.refuse_size(asked.policy, result.aim.treated, found.base, request.name, last, stages_told, request.accept_size)


def approvals_of(prepared: Prepared, result: ListResult, made_at: str) -> tuple[str, ...]:
    """Return the approvals that the list has of those it needs; raises Refused where one is missing."""
    asked, policy = prepared.asked, prepared.asked.policy
    if policy is None or policy.approval is None:
        return ()
    from c360.lists.approving import approved, required
    from c360.records.proposals import promise_hash

    needed = required(policy.approval, result.aim.treated, asked.classes)
    if not needed:
        return ()
    day = date.fromisoformat(made_at[:10])
    hashed = promise_hash(result.promise)
    return approved(asked.workspace, hashed, result.aim.treated, day, promise=result.promise, needed=needed)


def _last_like(prepared: Prepared) -> Mapping[str, Any] | None:
    """Return the manifest of the last list of the name that was asked for alike, whatever its day and its definitions."""
    asked, inputs = prepared.asked, prepared.inputs
    alike = ("purpose", "universe", "limit", "keys", "channels", "one_per", "holdout", "month")
    for record in reversed(asked.workspace.records.ledger.lists()):
        past = record.manifest.get("inputs", {})
        is_rule = asked.segment.name == RULE and past.get("rule") != inputs["rule"]
        if record.name == asked.request.name and not is_rule and all(past.get(name) == inputs.get(name) for name in alike):
            return record.manifest
    return None


def _promise(prepared: Prepared, found: Staged, aim: Aim) -> dict[str, Any]:
    """Return what a second person agrees to: what decides the list, and beside it its funnel and its size."""
    inputs, request = prepared.inputs, prepared.asked.request
    kept = ("segment", "definition_hash", "definitions", "parameters", "as_of", "columns", "order", "limit", "purpose", "campaign")
    more = ("universe", "keys", "month", "strata", "score", "value", "apart", "recipient", "unmasked")
    whole = (*kept, *more, "channels", "on", "holdout", "one_per", "offer", "policy_tables", "policy_definitions")
    fixed = {name: inputs[name] for name in whole if name in inputs}
    return {**fixed, "name": request.name, "funnel": found.waterfall.as_json(), "size": aim.treated}


def _members(found: Staged) -> polars.DataFrame:
    """Return key, person, arm, stratum, channel, score and value of the treated and the held out."""
    import polars as pl

    frame = found.narrowing.frame.filter(pl.col(stages.ARM).is_not_null())
    wanted = {
        stages.KEY: pl.String, stages.PERSON: pl.String, stages.ARM: pl.String, stages.STRATUM: pl.String,
        stages.CHANNEL: pl.String, stages.SCORE: pl.Float64, stages.VALUE: pl.Float64,
    }  # fmt: skip
    frame = frame.with_columns(pl.lit(None, kind).alias(name) for name, kind in wanted.items() if name not in frame.columns)
    untouched = pl.when(pl.col(stages.ARM) == stages.TREATED).then(pl.col(stages.CHANNEL))
    return frame.with_columns(untouched.alias(stages.CHANNEL)).select(list(wanted))


__all__ = ["Eligible", "Prepared", "eligible", "export", "made_again"]
