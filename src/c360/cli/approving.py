"""`propose` and `approve`: a list frozen for another person's yes, and that yes; parse, ask the workspace, print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from c360.cli import show
from c360.cli.completion import segment_names
from c360.cli.exporting import (
    Channels,
    Holdout,
    Month,
    OfCampaign,
    On,
    OnePer,
    Purpose,
    Reason,
    Recipient,
    Strata,
    Unmask,
)
from c360.cli.options import (
    About,
    AllowCurrent,
    AllowStale,
    AsOf,
    Columns,
    Json,
    Keys,
    Limit,
    NoSnapshot,
    Order,
    Where,
    common,
    day,
    given_keys,
    rule,
)  # fmt: skip
from c360.errors import UsageError

if TYPE_CHECKING:
    from c360.cli.options import Common
    from c360.records.proposals import Proposal

FORMAT = 1
HEAD = ("proposal", "name", "purpose", "rows", "proposer", "made_at", "expires", "approved_by", "max_rows")


def propose(
    context: typer.Context,
    segment: Annotated[
        str | None, typer.Argument(help="The segment whose members make the list.", autocompletion=segment_names)
    ] = None,
    where: Where = None,
    entity: About = None,
    campaign: OfCampaign = None,
    month: Month = None,
    purpose: Purpose = None,
    channel: Channels = None,
    on: On = None,
    columns: Columns = None,
    order: Order = None,
    limit: Limit = None,
    one_per: OnePer = None,
    holdout: Holdout = None,
    strata: Strata = None,
    as_of: AsOf = None,
    keys: Keys = None,
    unmask: Unmask = None,
    reason: Reason = None,
    recipient: Recipient = None,
    allow_current: AllowCurrent = False,
    allow_stale: AllowStale = False,
    no_snapshot: NoSnapshot = False,
    json: Json = False,
) -> None:
    """Freeze a list for a second person to approve; the options are those of the export. Signed intent, not access control."""
    if campaign is not None and (segment is not None or where is not None):
        raise UsageError("a campaign brings its own segment", hint="leave the segment and --where out, or --campaign")
    options = common(context)
    found = options.open().propose(
        segment, **rule(where, entity), campaign=campaign or "", month=month or "", purpose=purpose or "",
        channels=show.some_names(channel, "--channel"), on=day(on, "--on"), columns=show.names(columns),
        order=show.names(order) or (),
        limit=limit, one_per=one_per or "", holdout=holdout, strata=strata or "", as_of=day(as_of), keys=given_keys(keys),
        unmask=show.names(unmask) or (), reason=reason or "", recipient=recipient or "", lang=options.lang,
        allow_current=allow_current, allow_stale=allow_stale, snapshot=not no_snapshot,
    )  # fmt: skip
    told = f"proposed: {found.name}, {found.size:,} rows, until {found.expires}"
    _told(options, found, [told, f"next: another person runs c360 approve {found.id}"], as_json=json)


def approve(
    context: typer.Context,
    proposal: Annotated[str | None, typer.Argument(help="The proposal, by its id or its beginning; none lists them.")] = None,
    max_rows: Annotated[
        int | None, typer.Option("--max-rows", min=1, help="The most rows that the list may have; else as many as proposed.")
    ] = None,
    json: Json = False,
) -> None:
    """Say yes to a proposed list, as another person than its proposer, or list the proposals. Signed intent, not access control."""
    options = common(context)
    workspace = options.open()
    if proposal is None:
        if max_rows is not None:
            raise UsageError("--max-rows is about one proposal", hint="c360 approve PROPOSAL --max-rows N")
        return _listed(options, workspace.proposals(), as_json=json)
    found = workspace.approve(proposal, max_rows=max_rows)
    mine = found.approvals[-1]
    told = f"approved: {found.name} by {mine.who}, for at most {mine.max_rows:,} rows, until {found.expires}"
    return _told(options, found, [told], as_json=json)


def _told(options: Common, found: Proposal, lines: list[str], *, as_json: bool) -> None:
    from c360.lists.approving import INTENT

    if as_json:
        return show.data(show.dumps({"format": FORMAT, **found.as_json(), "note": INTENT}))
    show.data(found.id)
    return show.talk(options, *lines, f"this is {INTENT}")


def _listed(options: Common, found: list[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        return show.data(show.dumps({"format": FORMAT, "proposals": found}))
    show.table(HEAD, [tuple(_cell(one[name]) for name in HEAD) for one in found], numbers=("rows",))
    return show.talk(options, f"proposals: {len(found)}" if found else "nothing is proposed: c360 propose")


def _cell(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list) else value
