"""A list asked for and its run in; its rows through every stage out: counts that add up, members, and who went why.

The engine checks what is true as of D, in one table. Consent and contacts are read anew and met in frames of keys
(`deliver.stages`), for they may have changed since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from c360.bindings.policy import ANALYSIS
from c360.deliver import stages
from c360.deliver.account import entity_title
from c360.deliver.caps import capped, over, room, too_near
from c360.deliver.columns import in_hashed_order
from c360.deliver.holdout import held_out
from c360.deliver.stages import Narrowing, Step, among
from c360.deliver.waterfall import Waterfall, add_up
from c360.deliver.wording import say
from c360.errors import NothingMatched
from c360.lists.excluding import left_out
from c360.lists.targeting import HIDDEN, spoken

if TYPE_CHECKING:
    import polars

    from c360.lists.targeting import Asked
    from c360.running import Run
    from c360.sql.queries import PlanSql

TABLE, GIVEN, PERSONS, ANEW, FINAL = "list_rows", "list_keys", "list_persons", "list_anew", "list_final"


@dataclass(frozen=True)
class Eligible:
    """Who may have a campaign: ``key, person, open, score, value, group, rank, held``, in list order; *waterfall* so far."""

    frame: polars.DataFrame
    waterfall: Waterfall


@dataclass(frozen=True)
class Decided:
    """What was arbitrated for a campaign: ``key, channel`` of the rows it won, ``key, name`` of those it lost, and to whom.

    Where no other campaign won a row, the name is empty: a limit or a capacity was full. *id* is that of the decision.
    """

    won: polars.DataFrame
    lost: polars.DataFrame
    id: str


@dataclass
class Staged:
    """A list through its stages; *anew* is what was read anew for it, for the manifest."""

    waterfall: Waterfall
    narrowing: Narrowing
    frame: polars.DataFrame
    base: int
    strangers: int = 0
    anew: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    excluded: polars.DataFrame | None = None


def staged(asked: Asked, run: Run, sql: PlanSql, on: date, request_id: str, decided: Decided | None = None) -> Staged:
    """Take the rows through every stage, and read the values of those that are left."""
    engine = asked.workspace.engine
    try:
        waterfall, base = _checked(asked, run, sql)
        strangers = _strangers(asked, run) if asked.keys else 0
        narrowing, anew, notes = _narrowed(asked, sql, run.plan.day, on, request_id)
        if decided is not None:
            anew = {**anew, "decision": decided.id}
        _finished(asked, narrowing, decided)
        waterfall = narrowing.added_to(waterfall).ended(say("written", asked.request.lang))
        frame = _values(asked, sql, narrowing)
        excluded = left_out(asked, narrowing, TABLE) if asked.request.excluded is not None else None
    finally:
        for table in (TABLE, GIVEN, PERSONS, ANEW, FINAL):
            engine.execute(f"DROP TABLE IF EXISTS {table}")
    return Staged(waterfall, narrowing, frame, base, strangers, anew, notes, excluded)


def eligible_rows(asked: Asked, run: Run, sql: PlanSql, on: date, request_id: str) -> Eligible:
    """Take the rows through all stages before campaigns compete."""
    import polars as pl

    engine = asked.workspace.engine
    try:
        waterfall, _ = _checked(asked, run, sql)
        narrowing, _, _ = _narrowed(asked, sql, run.plan.day, on, request_id)
    finally:
        for table in (TABLE, GIVEN, PERSONS, ANEW):
            engine.execute(f"DROP TABLE IF EXISTS {table}")
    frame = narrowing.open_channels().with_row_index("rank").filter(pl.col(stages.LEFT_AT) == 0)
    frame = frame.with_columns(_held(asked, frame).alias("held"))
    absent = {stages.SCORE: pl.Float64, stages.VALUE: pl.Float64, stages.GROUP: pl.String}
    frame = frame.with_columns(pl.lit(None, kind).alias(name) for name, kind in absent.items() if name not in frame.columns)
    columns = (stages.KEY, stages.PERSON, "open", stages.SCORE, stages.VALUE, stages.GROUP, "rank", "held")
    return Eligible(frame.select(columns), narrowing.added_to(waterfall))


def _checked(asked: Asked, run: Run, sql: PlanSql) -> tuple[Waterfall, int]:
    """Have the engine find every row's first failing condition; return the counts, and the base: how many the universe holds."""
    engine, lang = asked.workspace.engine, asked.request.lang
    if asked.keys is not None:
        engine.keep(GIVEN, asked.keys)
    aliases = [condition.output.name for condition in asked.conditions]
    bars = {condition.output.name for condition in asked.conditions if condition.bars}
    engine.execute(sql.staged(aliases, list(asked.columns), TABLE, GIVEN if asked.keys else "", bars))
    failed: dict[int, tuple[int, int]] = {}
    total = 0
    for stage, rows, unknown in engine.rows(
        f"SELECT stage, COUNT(*), COUNT(CASE WHEN is_unknown THEN 1 END) FROM {TABLE} GROUP BY stage"
    ):
        failed[stage] = (rows, unknown)
        total += rows
    labels = [(condition.name, condition.kind, condition.words) for condition in asked.conditions]
    if asked.keys is not None:
        labels.insert(0, ("keys", "keys", say("keys", lang, given=len(asked.keys))))
    everyone = say("all", lang, entity=entity_title(asked.workspace.catalog, asked.entity, lang), day=run.plan.day)
    waterfall = add_up(total, failed, labels, everyone)
    if asked.keys is not None:  # few of those asked for are no share of anything
        return waterfall, total
    return waterfall, next((s.left for s in reversed(waterfall.stages) if s.kind in {"universe", "all"}), total)


def _strangers(asked: Asked, run: Run) -> int:
    """Return how many of the given keys no row has; raises NothingMatched where that is all of them."""
    given = len(asked.keys or ())
    sql = f'SELECT COUNT(*) FROM {GIVEN} ANTI JOIN {TABLE} ON {GIVEN}.value = {TABLE}."{asked.key_name}"'
    found = int(asked.workspace.engine.rows(sql)[0][0])
    if found == given:
        told = f"none of the {given:,} given keys is that of a {asked.entity} on {run.plan.day}"
        raise NothingMatched(told, hint=f"give one {asked.key_name} a line, as the source writes it")
    return found


def _narrowed(
    asked: Asked, sql: PlanSql, day: date, on: date, request_id: str
) -> tuple[Narrowing, dict[str, Any], tuple[str, ...]]:
    """Read the keys that meet the conditions, in order, and take out whom consent, reach and contacts forbid."""
    import polars as pl

    frame = asked.workspace.engine.frame(sql.listed(TABLE, list(asked.looked_at), asked.sorting))
    names = {name: name.removeprefix(HIDDEN) for name in asked.looked_at} | {asked.key_name: stages.KEY}
    frame = frame.rename(names)
    if stages.PERSON not in frame.columns:
        frame = frame.with_columns(pl.col(stages.KEY).alias(stages.PERSON))
    if asked.policy is None:  # a row of nobody stands for itself
        frame = frame.with_columns(pl.coalesce(stages.PERSON, stages.KEY).alias(stages.PERSON))
    kinds = {stages.GROUP: pl.String, stages.STRATUM: pl.String, stages.SCORE: pl.Float64, stages.VALUE: pl.Float64}
    frame = frame.with_columns(pl.col(name).cast(kind) for name, kind in kinds.items() if name in frame.columns)
    if isinstance(asked.request.value, (int, float)):
        frame = frame.with_columns(pl.lit(float(asked.request.value)).alias(stages.VALUE))
    narrowing = Narrowing(frame, asked.channels)
    if asked.policy is None:
        _without_erased(asked, narrowing)
        return narrowing, {}, ()
    return _under_policy(asked, narrowing, day, on, request_id)


def _without_erased(asked: Asked, narrowing: Narrowing) -> None:
    """Take out who was erased, where the sources still have them; the policy's stages do so themselves."""
    import polars as pl

    erased = asked.workspace.records.erased
    if erased.hashes():
        gone = erased.among(narrowing.frame[stages.PERSON])
        words = say("never", asked.request.lang, title=say("erased", asked.request.lang))
        narrowing.out(Step("erased", "suppression", words), pl.lit(gone))


def _under_policy(
    asked: Asked, narrowing: Narrowing, day: date, on: date, request_id: str
) -> tuple[Narrowing, dict[str, Any], tuple[str, ...]]:
    import polars as pl

    from c360.lists.keylists import file_hash
    from c360.lists.suppressing import reread, touches

    policy, request, workspace = asked.policy, asked.request, asked.workspace
    if policy is None:
        return narrowing, {}, ()
    lang = request.lang
    workspace.engine.keep(PERSONS, narrowing.frame[stages.PERSON].drop_nulls().to_list())
    known = asked.known
    found = reread(workspace, request.purpose, day, on, ANEW, among=PERSONS, until=None if known is None else known.day)
    said = workspace.engine.frame(f"SELECT person, consent, never FROM {ANEW}")
    narrowing.frame = narrowing.frame.join(said, on=stages.PERSON, how="left", maintain_order="left").with_columns(
        pl.col(stages.NEVER).fill_null(len(found.reasons))  # the last reason: nobody whom the sources know
    )
    for number, (name, *title) in enumerate(found.reasons, 1):
        words = say("never", lang, title=title[lang == "zh"] or title[0])
        narrowing.out(Step(name, "suppression", words), pl.col(stages.NEVER) == number)
    on_channels = _channel_names(asked)
    if asked.purpose.consent:
        words = say("consent", lang, purpose=spoken(request.purpose, lang), channels=on_channels)
        agreed = {channel: pl.col(stages.CONSENT).list.contains(channel) for channel in asked.channels}
        narrowing.narrow(Step("consent", "suppression", words), agreed)
    reach = {c: pl.col("reach_" + c) for c in asked.channels if "reach_" + c in narrowing.frame.columns}
    if reach:
        narrowing.narrow(Step("reach", "suppression", say("reach", lang, channels=on_channels)), reach)
    furthest = max([one.days for one in request.apart], default=0)
    history = touches(workspace, on, request_id, days=furthest, known=None if known is None else known.lists)
    _capped(asked, narrowing, history.frame, on)
    anew = {
        "day": found.day.isoformat(), "sources": found.sources, "never_lists": found.lists,
        "erased": len(workspace.records.erased.hashes()), "contacts": history.sources, "lists": list(history.lists),
    }  # fmt: skip
    canaries = workspace.data_folder / policy.canaries
    if policy.canaries and canaries.is_file():
        anew["canaries"] = file_hash(canaries)
    return narrowing, anew, (*found.notes, *history.notes)


def _capped(asked: Asked, narrowing: Narrowing, touches: polars.DataFrame, on: date) -> None:
    """Take out whom a cap leaves no channel, then whom a campaign set apart has had.

    Several rows of one person are as many contacts: those first in order go as far as a cap allows.
    """
    import polars as pl

    policy, request = asked.policy, asked.request
    if policy is None:
        return
    lang = request.lang
    full = over(touches, policy.caps, on, request.purpose)
    again = not request.month and narrowing.repeats  # of what was arbitrated a person has one row
    for number, cap in enumerate(policy.caps):
        if cap.purpose not in ("", request.purpose) or (cap.channel and cap.channel not in asked.channels):
            continue
        told = (spoken(cap.purpose, lang) if cap.purpose else "", channel_title(asked, cap.channel) if cap.channel else "")
        scope = "".join(f" · {name}" for name in told if name)
        words = say("cap", lang, most=cap.most, days=cap.days, scope=scope)
        keeps = {channel: ~capped(full, channel, number) for channel in asked.channels}
        if again:
            narrowing.frame = _with_room(narrowing.frame, room(touches, cap, on), cap.most)
            fits = narrowing.place(cap.channel) <= pl.col("room")
            keeps |= {channel: keeps[channel] & fits for channel in asked.channels if cap.channel in ("", channel)}
        narrowing.narrow(Step(f"cap {number + 1}", "cap", words), keeps)
    for one in request.apart:
        words = say("apart", lang, name=_campaign_title(asked, one.name), days=one.days)
        near = among(too_near(touches, (one,), on)["person"])
        if again and one.name == request.campaign:
            near = near | (narrowing.place() > 1)
        narrowing.out(Step(f"apart {one.name}", "cap", words), near)


def _with_room(frame: polars.DataFrame, left: polars.DataFrame, most: int) -> polars.DataFrame:
    """Return *frame* with ``room``: how many more contacts a cap leaves each row's person on the day of contact."""
    import polars as pl

    joined = frame.drop("room", strict=False).join(left, on=stages.PERSON, how="left", maintain_order="left")
    return joined.with_columns(pl.col("room").fill_null(most))


def _finished(asked: Asked, narrowing: Narrowing, decided: Decided | None) -> None:
    """Take the rows through what is left of the stages: other campaigns, one a group, room, limit, holdout."""
    request, lang = asked.request, asked.request.lang
    if decided is not None:
        _lost(asked, narrowing, decided)
    if request.one_per:
        words = say("one per", lang, title=_title(asked, request.one_per))
        narrowing.one_per(Step("one per", "one per", words))
    held = _held(asked, narrowing.frame)
    rooms = {} if asked.policy is None else {c: asked.policy.channels[c].capacity for c in asked.channels}
    capacity = {channel: room for channel, room in rooms.items() if room is not None}
    full = Step("capacity", "capacity", say("capacity", lang, channels=_channel_names(asked, capacity)))
    limit = Step("limit", "limit", say("limit", lang, limit=request.limit or 0))
    narrowing.choose((full, limit), request.limit, held, capacity)
    share = held_share(asked)
    apart = Step("holdout", "holdout", say("holdout", lang, share=round(share * 100, 2)))
    narrowing.hold_out(apart if share else None)


def _lost(asked: Asked, narrowing: Narrowing, decided: Decided) -> None:
    """Take out who goes to another campaign, by winner, and keep the others to the channel decided on."""
    import polars as pl

    lang, month = asked.request.lang, asked.request.month
    for name in sorted(decided.lost["name"].unique().to_list()):
        here = decided.lost.filter(pl.col("name") == name)["key"]
        words = say("lost", lang, name=_campaign_title(asked, name)) if name else say("not arbitrated", lang, month=month)
        narrowing.out(Step(f"lost to {name}" if name else "full", "priority", words), pl.col(stages.KEY).is_in(here.implode()))
    won = decided.won.rename({"channel": "decided"})
    narrowing.frame = narrowing.frame.join(won, on=stages.KEY, how="left", maintain_order="left")
    words = say("not arbitrated", lang, month=month)
    narrowing.out(Step("not arbitrated", "priority", words), ~pl.col(stages.KEY).is_in(won["key"].implode()))
    # The held-out have no channel decided on; a row whose channel was closed since goes, and is not moved to another.
    kept = {channel: (pl.col("decided") == channel).fill_null(value=True) for channel in asked.channels}
    if kept:
        narrowing.narrow(Step("decided channel", "priority", say("decided channel", lang, month=month)), kept)


def held_share(asked: Asked) -> float:
    """Return the share that is left out by chance: the campaign's, and the policy's where it holds for the purpose."""
    apart = _global_share(asked)
    is_one_draw = asked.policy is not None and asked.salt == asked.policy.holdout.salt and not asked.request.one_per
    return max(asked.holdout, apart) if is_one_draw else 1 - (1 - asked.holdout) * (1 - apart)


def _global_share(asked: Asked) -> float:
    if asked.policy is None:
        return 0.0
    purposes = asked.policy.holdout.purposes or [name for name in asked.policy.purposes if name != "care"]
    return asked.policy.holdout.share if asked.request.purpose in purposes else 0.0


def _held(asked: Asked, frame: polars.DataFrame) -> polars.Series:
    """Return who is held out: by the group where one a group is kept, else by the person; by the policy always by the person."""
    import polars as pl

    unit = frame[stages.PERSON]
    if asked.request.one_per:
        unit = frame.select(pl.coalesce(stages.GROUP, stages.PERSON).alias("unit"))["unit"]
    held = pl.Series("held", [False] * frame.height, pl.Boolean)
    if asked.holdout:
        held = held | held_out(asked.salt, unit, asked.holdout)
    apart = _global_share(asked)
    if asked.policy is not None and apart:
        held = held | held_out(asked.policy.holdout.salt, frame[stages.PERSON], apart)
    return held


def _values(asked: Asked, sql: PlanSql, narrowing: Narrowing) -> polars.DataFrame:
    """Return the shown columns of those who are left, in list order, with the channel where there are channels."""
    import polars as pl

    engine = asked.workspace.engine
    final = narrowing.frame.filter(pl.col(stages.LEFT_AT) == 0)
    only = ""
    if final.height < narrowing.frame.height:
        engine.keep(FINAL, final[stages.KEY].to_list())
        only = FINAL
    columns = list(asked.shown)
    if asked.request.purpose == ANALYSIS:  # rows equal in its order are not to stand in that of their real keys
        order = [one.name for one in asked.sorting]
        more = [name for name in order if name not in columns]
        frame = engine.frame(sql.listed(TABLE, [*columns, *more], asked.sorting, only))
        return in_hashed_order(frame, asked.key_name, order, asked.workspace.records.secret.hashes).drop(more)
    frame = engine.frame(sql.listed(TABLE, columns, asked.sorting, only))
    return frame.with_columns(final[stages.CHANNEL].alias(stages.CHANNEL)) if asked.channels else frame


def _channel_names(asked: Asked, channels: Iterable[str] | None = None) -> str:
    """Return the channels, all or those given, in the list's language."""
    names = asked.channels if channels is None else channels
    return ("、" if asked.request.lang == "zh" else ", ").join(channel_title(asked, channel) for channel in names)


def channel_title(asked: Asked, channel: str) -> str:
    """Return what the list's language calls a channel."""
    catalog, tag = asked.workspace.catalog, asked.purpose.consent
    told = dict(catalog.definition(tag).levels_zh) if asked.request.lang == "zh" and tag in catalog.definitions else {}
    return told.get(channel, channel)


def _campaign_title(asked: Asked, name: str) -> str:
    campaign = asked.workspace.catalog.campaigns.get(name)
    if campaign is None:
        return name
    return (campaign.zh if asked.request.lang == "zh" else campaign.title) or name


def _title(asked: Asked, name: str) -> str:
    return asked.workspace.catalog.titles(asked.request.lang).get(name) or name.replace("_", " ")
