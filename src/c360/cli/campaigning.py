"""`campaigns` and `arbitrate`: what is defined and what came of it, and who has which campaign; parse, ask the workspace, print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from c360.cli import show
from c360.cli.completion import campaign_names
from c360.cli.options import AllowCurrent, AllowStale, AsOf, Force, Json, NoSnapshot, common, day
from c360.errors import UsageError

if TYPE_CHECKING:
    from c360.cli.options import Common
    from c360.deliver.arbitrated import Arbitration, Share

HEAD = ("name", "title", "priority", "segment", "purpose", "channels", "starts", "ends", "holdout", "limit", "available")
HEAD_ZH = ("名称", "标题", "优先级", "客群", "目的", "渠道", "开始", "结束", "对照组", "上限", "可用")
CARD = (
    "description", "owner", "priority", "segment", "entity", "purpose", "channels", "score", "value", "offer", "starts", "ends",
    "apart", "holdout", "salt", "strata", "one_per", "order", "limit", "columns", "hash", "where", "unavailable",
)  # fmt: skip
CARD_ZH = {
    "description": "说明", "owner": "负责", "priority": "优先级", "segment": "客群", "entity": "对象", "purpose": "目的",
    "channels": "渠道顺序", "score": "评分", "value": "价值", "offer": "产品方案", "starts": "开始", "ends": "结束",
    "apart": "间隔天数", "holdout": "对照组", "salt": "随机种子", "strata": "分层", "one_per": "每户一个", "order": "排序",
    "limit": "上限", "columns": "列", "hash": "定义摘要", "where": "定义位置", "unavailable": "不可用原因", "play": "保有法则",
}  # fmt: skip
PAST = ("list_id", "name", "purpose", "as_of", "on", "rows", "held_out", "rate_treated", "rate_control", "uplift", "low", "high")
PAST_ZH = ("名单号", "名称", "目的", "数据日", "接触日", "人数", "对照组", "执行组比率", "对照组比率", "提升", "下限", "上限")
SHARES = ("campaign", "priority", "on", "eligible", "lost", "full", "won", "held_out", "contacted", "channels")
SHARES_ZH = ("活动", "优先级", "接触日", "符合", "让给其他活动", "名额已满", "入选", "对照组", "执行", "渠道")
BEFORE, BEFORE_ZH = "won_before", "此前入选"
NONE = "no campaign"


def campaigns(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="One campaign, in full.", autocompletion=campaign_names)] = None,
    past: Annotated[bool, typer.Option("--past", help="List the lists that left, with what came of them.")] = False,
    withdraw: Annotated[
        str | None, typer.Option("--withdraw", help="Take back this list, which nobody was contacted by; needs --reason.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="With --withdraw: why; the audit log keeps it.")] = "",
    json: Json = False,
) -> None:
    """List the campaigns, or show one with its plays, its past lists and their results."""
    options = common(context)
    workspace = options.open()
    if withdraw is not None:
        gone = workspace.withdraw_list(withdraw, reason)
        if json:
            return show.data(show.dumps({"withdrawn": gone.list_id, "name": gone.name, "file": gone.file}))
        told = f"caps count its {gone.rows:,} contacts no more; delete {gone.file} if it still stands"
        return show.talk(options, f"withdrawn: list {gone.list_id} of {gone.name}; {told}")
    if past:
        lists = workspace.past_lists(name)
        if json:
            return show.data(show.dumps({"lists": lists}))
        return _past(options, lists)
    if name is not None:
        facts = workspace.campaign_card(name)
        return show.data(show.dumps(facts)) if json else _card(options, facts)
    rows = workspace.campaign_rows()
    if json:
        return show.data(show.dumps({"campaigns": rows}))
    title = "zh" if options.lang == "zh" else "title"
    shown = [
        (r["name"], r[title] or r["title"], r["priority"], r["segment"], r["purpose"], ", ".join(r["channels"]), r["starts"],
         r["ends"], r["holdout"], r["limit"], r["unavailable"] or "yes")
        for r in rows
    ]  # fmt: skip
    show.table(_head(options, HEAD, HEAD_ZH), shown)
    return show.talk(options, f"campaigns: {len(rows)}; c360 campaigns NAME shows one in full")


def arbitrate(
    context: typer.Context,
    month: Annotated[str, typer.Option("--month", help="The month to arbitrate, as YYYY-MM.")],
    only: Annotated[str | None, typer.Option("--only", help="These campaigns, with commas; else all of the month.")] = None,
    without: Annotated[str | None, typer.Option("--without", help="All but these campaigns, with commas.")] = None,
    preview: Annotated[
        bool,
        typer.Option("--preview", help="Keep and write nothing; show who would move, against all campaigns or the last decision."),
    ] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Folder to write each campaign's list into.")] = None,
    format: Annotated[str, typer.Option("--format", help="Of the lists: csv, xlsx, parquet, jsonl or duckdb.")] = "csv",  # noqa: A002
    on: Annotated[str | None, typer.Option("--on", help="The day of contact as YYYY-MM-DD; else the first that can be.")] = None,
    as_of: AsOf = None,
    force: Force = False,
    allow_current: AllowCurrent = False,
    allow_stale: AllowStale = False,
    no_snapshot: NoSnapshot = False,
    json: Json = False,
) -> None:
    """Give each customer one campaign of the month: by priority, then score × value, within caps and capacities."""
    if only is not None and without is not None:
        raise UsageError("expected --only or --without, not both", hint="name the campaigns that take part, or those that do not")
    options = common(context)
    found = options.open().arbitrate(
        month, only=show.some_names(only, "--only"), without=show.some_names(without, "--without"),
        preview=preview, folder=output, format=format,
        on=day(on, "--on"), as_of=day(as_of), force=force, lang=options.lang, allow_current=allow_current, allow_stale=allow_stale,
        snapshot=not no_snapshot,
    )  # fmt: skip
    if json:
        show.data(show.dumps(found.as_json()))
    else:
        _print(options, found)
    if found.refused:
        raise typer.Exit(5)


def _print(options: Common, found: Arbitration) -> None:
    head = _head(options, SHARES, SHARES_ZH)
    before = {share.entry.name: share for share in found.before or ()}
    if found.before is not None:
        gone = [share for name, share in before.items() if name not in {one.entry.name for one in found.outcome.shares}]
        rows = [(*_share(share, options.lang), _won(before.get(share.entry.name))) for share in found.outcome.shares]
        rows += [(share.entry.name, *[None] * (len(SHARES) - 1), share.won) for share in gone]
        head = (*head, BEFORE_ZH if options.lang == "zh" else BEFORE)
        show.table(head, rows, numbers=(*head[3:9], head[-1]))
        show.talk(options, *(f"{move.people:,} go from {move.before or NONE} to {move.after or NONE}" for move in found.moves))
    else:
        show.table(head, [_share(share, options.lang) for share in found.outcome.shares], numbers=head[3:9])
    for load in found.outcome.loads:
        room = "" if load.capacity is None else f" of {load.capacity:,} it can make"
        show.talk(options, f"{load.channel}: {load.contacts:,} contacts{room}")
    kind = "preview, nothing is kept" if found.is_preview else f"decision {found.decision}"
    show.talk(options, f"{found.month} as of {found.as_of}: {found.outcome.people:,} people have a campaign; {kind}")
    show.talk(options, *(f"left out: {name}, {why}" for name, why in found.left_out.items()))
    show.talk(options, *(f"written: {path}" for path in (found.lists or {}).values()))
    show.talk(options, *(f"not written: {name}, {why}" for name, why in (found.refused or {}).items()))


def _share(share: Share, lang: str) -> tuple[object, ...]:
    channels = ", ".join(f"{name} {count}" for name, count in share.channels.items())
    return (
        share.entry.title if lang == "zh" and share.entry.title else share.entry.name, share.entry.priority, share.entry.on,
        share.eligible, sum(share.lost.values()), sum(share.full.values()), share.won, share.held_out, share.contacted, channels,
    )  # fmt: skip


def _won(share: Share | None) -> int:
    return 0 if share is None else share.won


def _card(options: Common, facts: dict[str, Any]) -> None:
    zh = options.lang == "zh"
    told = [(key, _said(facts[key])) for key in CARD if facts.get(key) not in (None, "", [], {})]
    told += [("play", f"{play['name']}  {(play['zh'] if zh else '') or play['title']}") for play in facts["plays"]]
    lines = [f"  {show.padded(CARD_ZH[key] if zh else key.replace('_', ' '), 12)} {value}" for key, value in told]
    show.data("\n".join([f"{facts['name']}  {facts['title']}  {facts['zh']}".rstrip(), *lines]))
    _past(options, facts["lists"])


def _said(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {inner}" for key, inner in value.items())
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _past(options: Common, lists: list[dict[str, Any]]) -> None:
    if not lists:
        return show.talk(options, "no list of it has left yet")
    rows = [tuple(_rounded((one | (one["results"] or {})).get(key)) for key in PAST) for one in lists]
    head = _head(options, PAST, PAST_ZH)
    show.table(head, rows, numbers=head[5:])
    return None


def _rounded(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value


def _head(options: Common, head: tuple[str, ...], zh: tuple[str, ...]) -> tuple[str, ...]:
    return zh if options.lang == "zh" else head
