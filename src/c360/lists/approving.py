"""A workspace and a list asked for in; a proposal, another person's yes, and whether a list may leave under them, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from c360.errors import Refused, UsageError
from c360.records.proposals import Approval, Proposal, differences

if TYPE_CHECKING:
    from c360.bindings.policy import ApprovalPolicy
    from c360.deliver.listing import ListRequest
    from c360.workspace import Workspace

EXPIRES_DAYS = 14
INTENT = "a signed intent, not access control: who may read the workspace's key can sign for others"
HINT = "propose it with c360 propose, and have another person run c360 approve"


def required(policy: ApprovalPolicy | None, rows: int, classes: Mapping[str, str] | Iterable[str]) -> int:
    """Return how many persons' yes a list needs: 0, 1 or 2.

    *classes* are those of its columns (by column, or alone); personal and sensitive ones count where the policy says so.
    """
    if policy is None:
        return 0
    found = set(classes.values() if isinstance(classes, Mapping) else classes)
    if policy.two_from is not None and rows >= policy.two_from:
        return 2
    if policy.rows is not None and rows >= policy.rows:
        return 1
    return 1 if policy.personal and found & {"personal", "sensitive"} else 0


def propose(workspace: Workspace, request: ListRequest) -> Proposal:
    """Make the list without writing it, and freeze what it promises for another person to approve.

    Proposing the same again on the same day gives the same proposal.
    """
    from c360.lists.listing import export

    records = workspace.records
    made_at = records.clock()
    result = export(workspace, replace(request, dry_run=True, accept_size=None), made_at)
    if not result.promise:
        told = "this list promises nothing that could be approved"
        raise UsageError(told, hint="a list to approve has a purpose: --purpose, under [policy] in c360.toml")
    approval = workspace.settings.policy.approval if workspace.settings.policy is not None else None
    days = EXPIRES_DAYS if approval is None else approval.expires_days
    expires = _day(made_at) + timedelta(days=days)
    proposal = records.proposals.add(result.promise, records.who(), made_at, expires)
    records.audit.append("propose", **_told(proposal))
    return proposal


def approve(workspace: Workspace, proposal_id: str, *, max_rows: int | None = None) -> Proposal:
    """Say yes to a proposal, for lists of at most *max_rows* rows (else as many as it was proposed with).

    Raises Refused (exit 5) for the proposer, for who said yes already, and for an expired proposal.
    """
    records = workspace.records
    at, proposal = records.clock(), records.proposals.get(proposal_id)
    if max_rows is not None and max_rows < 1:
        raise UsageError(f"a list has 1 row or more, found --max-rows {max_rows}", hint=f"proposed were {proposal.size:,}")
    if _day(at) > proposal.expires:
        raise _expired(proposal)
    after = records.proposals.approve(proposal.id, records.who(), at, proposal.size if max_rows is None else max_rows)
    mine = after.approvals[-1]
    records.audit.append("approve", approval=mine.id, max_rows=mine.max_rows, **_told(after))
    return after


def approved(
    workspace: Workspace, hashed: str, rows: int, day: date, *, promise: Mapping[str, Any] | None = None, needed: int | None = None
) -> tuple[str, ...]:
    """Return the ids of the approvals under which a list of *rows* rows may leave on *day*, as many as are needed.

    *hashed* is the `promise_hash` of its promise; with the *promise* itself a refusal names what was changed. *needed* is
    what `required` said, else as the policy asks of so many rows, at least one.

    Raises Refused: nobody proposed it or too few said yes, the yes has expired (E19), for fewer rows (E08), for another list.
    """
    policy = workspace.settings.policy
    asked = required(policy.approval if policy is not None else None, rows, ()) if needed is None else needed
    found = [one for one in workspace.records.proposals.all() if one.promise_hash == hashed]
    if not found:
        raise _unknown(workspace, promise)
    current = [one for one in found if day <= one.expires]
    if not current:
        raise _expired(found[-1])
    return _enough(current, rows, max(asked, 1))


def proposals(workspace: Workspace) -> list[dict[str, Any]]:
    """Return every proposal as plain data, without its promise but for name, purpose and size; the oldest first."""
    return [_row(proposal) for proposal in workspace.records.proposals.all()]


def _enough(current: list[Proposal], rows: int, needed: int) -> tuple[str, ...]:
    """Return the ids of enough yeses of one proposal; those for the most rows come first."""
    best: list[Approval] = []
    for proposal in current:
        large = [one for one in proposal.approvals if one.max_rows >= rows]
        if len(large) >= needed:
            return tuple(one.id for one in large[:needed])
        best = max(best, sorted(proposal.approvals, key=lambda one: -one.max_rows), key=len)
    names = ", ".join(proposal.id for proposal in current)
    if len(best) >= needed:
        most = best[needed - 1].max_rows
        told = f"the list has {rows:,} rows, approved are at most {most:,}"
        raise Refused(told, hint="make it smaller (--limit), or propose it again", where=f"proposal {names}")
    lacking = needed - len(best)
    told = f"the list is proposed ({names}) but lacks the yes of {lacking} more {'person' if lacking == 1 else 'persons'}"
    raise Refused(told, hint=f"c360 approve {current[-1].id}, run by another person than {current[-1].proposer}")


def _unknown(workspace: Workspace, promise: Mapping[str, Any] | None) -> Refused:
    """Return the refusal of a list that nobody proposed, with what differs from the nearest proposal."""
    told = "this list needs a second person's yes, and nobody proposed it"
    if promise is None:
        return Refused(told, hint=HINT)
    nearest = [
        (len(differences(promise, one.promise)), one) for one in reversed(workspace.records.proposals.all())
        if one.name == _name(promise)
    ]  # fmt: skip
    if not nearest:
        return Refused(told, hint=HINT)
    _, one = min(nearest, key=lambda pair: pair[0])
    parts = ", ".join(differences(promise, one.promise))
    told = f"this list is not the one that was proposed: changed since proposal {one.id}: {parts}"
    return Refused(told, hint="propose it again with c360 propose, or make the list that was approved")


def _expired(proposal: Proposal) -> Refused:
    told = f"the proposal {proposal.id} expired after {proposal.expires}"
    return Refused(told, hint="propose it again with c360 propose")


def _name(promise: Mapping[str, Any]) -> str:
    return Proposal("", "", promise, "", "", date.min).name


def _told(proposal: Proposal) -> dict[str, Any]:
    told = {"proposal": proposal.id, "name": proposal.name, "purpose": proposal.promise.get("purpose")}
    return {**told, "promise": proposal.promise_hash, "rows": proposal.size, "expires": proposal.expires}


def _row(proposal: Proposal) -> dict[str, Any]:
    return {
        "proposal": proposal.id, "name": proposal.name, "purpose": proposal.promise.get("purpose"), "rows": proposal.size,
        "proposer": proposal.proposer, "made_at": proposal.made_at, "expires": proposal.expires.isoformat(),
        "approved_by": [one.who for one in proposal.approvals], "max_rows": [one.max_rows for one in proposal.approvals],
    }  # fmt: skip


def _day(at: str) -> date:
    return date.fromisoformat(at[:10])
