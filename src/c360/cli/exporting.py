"""The command export: options in, one workspace method, the list and its account out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from c360.cli import show
from c360.cli.completion import campaign_names, segment_names
from c360.cli.options import (
    About,
    AllowCurrent,
    AllowEmpty,
    AllowStale,
    AsOf,
    Columns,
    Common,
    DryRun,
    Encoding,
    Force,
    Format,
    Headers,
    Json,
    Keys,
    Limit,
    NoSnapshot,
    Order,
    Output,
    Where,
    common,
    day,
    given_keys,
    rule,
)  # fmt: skip
from c360.errors import UsageError

if TYPE_CHECKING:
    from c360.deliver.listing import ListResult

Purpose = Annotated[
    str | None,
    typer.Option("--purpose", help="What the list is for: a purpose of the policy, or analysis for no contact."),
]
Channels = Annotated[str | None, typer.Option("--channel", help="Channels to choose from, in order, with commas; else all.")]
On = Annotated[str | None, typer.Option("--on", help="Day of contact, as YYYY-MM-DD; else the first that data and policy allow.")]
Holdout = Annotated[float | None, typer.Option("--holdout", help="Share left out by chance to compare with, such as 0.1.")]
Strata = Annotated[str | None, typer.Option("--strata", help="A tag by whose values contacted and held out are counted.")]
OnePer = Annotated[str | None, typer.Option("--one-per", help="Keep one row a value of this column: the first in order.")]
AcceptSize = Annotated[
    int | None, typer.Option("--accept-size", help="The number of rows that a guard refused and you looked at.", min=0)
]
Unmask = Annotated[str | None, typer.Option("--unmask", help="Personal columns to write as they are, with commas; needs --reason.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why personal columns are unmasked; the audit log keeps it.")]
Recipient = Annotated[str | None, typer.Option("--recipient", help="Who gets the list; with canaries, theirs is in it.")]
Excluded = Annotated[Path | None, typer.Option("--excluded", help="Also write everybody left out, each with the first reason.")]
SplitBy = Annotated[str | None, typer.Option("--split-by", help="Write a file for each value of this column.")]
Split = Annotated[bool, typer.Option("--split", help="Write several workbooks where one sheet cannot hold the list.")]
OfCampaign = Annotated[
    str | None, typer.Option("--campaign", help="The list of this campaign, by its name.", autocompletion=campaign_names)
]
Month = Annotated[str | None, typer.Option("--month", help="With --campaign: what c360 arbitrate decided for this month.")]
Sample = Annotated[int, typer.Option("--sample", min=0, help="With --dry-run: how many rows are shown, masked.")]


def export(
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
    output: Output = None,
    columns: Columns = None,
    order: Order = None,
    limit: Limit = None,
    one_per: OnePer = None,
    holdout: Holdout = None,
    strata: Strata = None,
    as_of: AsOf = None,
    format: Format = None,  # noqa: A002 - the option's name
    headers: Headers = None,
    encoding: Encoding = None,
    keys: Keys = None,
    split_by: SplitBy = None,
    split: Split = False,
    excluded: Excluded = None,
    unmask: Unmask = None,
    reason: Reason = None,
    recipient: Recipient = None,
    dry_run: DryRun = False,
    sample: Sample = show.SAMPLE,
    accept_size: AcceptSize = None,
    force: Force = False,
    allow_current: AllowCurrent = False,
    allow_stale: AllowStale = False,
    allow_empty: AllowEmpty = False,
    no_snapshot: NoSnapshot = False,
    json: Json = False,
) -> None:
    """Write a target list with its waterfall and manifest; without -o the list goes to stdout."""
    path = None if output is None or str(output) == "-" else output
    if campaign is not None and (segment is not None or where is not None):
        raise UsageError("a campaign brings its own segment", hint="leave the segment and --where out, or --campaign")
    result = common(context).open().export(
        segment, path, **rule(where, entity), campaign=campaign or "", month=month or "", purpose=purpose or "",
        channels=show.some_names(channel, "--channel"), on=day(on, "--on"), columns=show.names(columns),
        order=show.names(order) or (),
        limit=limit, one_per=one_per or "", holdout=holdout, strata=strata or "", as_of=day(as_of), format=format,
        headers=headers, encoding=encoding, keys=given_keys(keys), split_by=split_by or "", split=split, excluded=excluded,
        unmask=show.names(unmask) or (), reason=reason or "", recipient=recipient or "", accept_size=accept_size,
        lang=common(context).lang, dry_run=dry_run, force=force, allow_current=allow_current, allow_stale=allow_stale,
        allow_empty=allow_empty, snapshot=not no_snapshot,
    )  # fmt: skip
    listing(common(context), result, kind=format, sample=sample if dry_run else None, as_json=json)


def listing(common: Common, result: ListResult, *, kind: str | None, sample: int | None, as_json: bool) -> None:
    """Print a list's waterfall, and its rows (the first *sample* of them for a dry run) where no file holds them."""
    from c360.deliver.writers import plain_rows

    if result.path is not None:
        if as_json:
            return show.data(show.dumps(result.as_json()))
        show.waterfall(common, result, result.neutralised)
        show.aim(common, result)
        more = [str(file) for file in result.files[1:]]
        return show.talk(common, f"written: {result.path if not more else result.files[0]}", *more, f"manifest: {result.manifest}")
    rows = result.frame if sample is None else result.frame.head(sample)
    if as_json:
        return show.data(show.dumps({**result.as_json(), "list" if sample is None else "sample": list(plain_rows(rows))}))
    show.waterfall(common, result, show.print_rows(rows, result.form, kind if sample is None else None))
    show.aim(common, result)
    if result.rehearsal is not None:
        show.talk(common, *result.rehearsal.lines())
    return None
