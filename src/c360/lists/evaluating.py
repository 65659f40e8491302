"""A past list in, what became of its treated and its held out: outcomes imported or computed from the sources; pulls no list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from c360.deliver.effects import MEAN, RATE, TREATED, VALUE, Comparison, Evaluation, Money, arms_of, compared
from c360.deliver.responses import ACCEPTED, STRENGTH, TALKED, strongest
from c360.deliver.statistics import break_even, sample_ratio
from c360.errors import AsOfError, NothingMatched, UsageError
from c360.expr.canonical import digest
from c360.expr.dates import as_day
from c360.expr.describe import describe
from c360.lists.importing import past_list, refuse_no_amount
from c360.opened import PLACEHOLDER_DAY, RULE
from c360.plan import Output
from c360.records.outcomes import WAVE
from c360.running import computing

if TYPE_CHECKING:
    import polars

    from c360.language.definitions import Definition
    from c360.records.ledger import ListRecord
    from c360.workspace import Workspace

AMOUNTS = ("money", "integer", "number", "rate", "volume")
REVENUE = "revenue"
MANY = 5  # parts from which on it is said that some differ by chance
KNOWN = (*STRENGTH, REVENUE)


@dataclass(frozen=True)
class EvaluationRequest:
    """A past list to evaluate.

    *outcome* is ``accepted``, another outcome or ``revenue`` of what was imported; or a yes/no or an amount: a tag, a segment or
    a rule as text about rows of *entity* (else of the list's). A definition that looks forward is computed on the list's as-of
    date, any other on *until*, by default the last day the sources cover. *by* are tags whose levels, as they were on the list's
    as-of date, are told apart. *value* is what one yes is worth (of ``accepted`` else as the list says); *offer_cost* what an
    offer costs for each who says yes; with *avoid* fewer are better.
    """

    list_id: str
    outcome: str | None = None
    by: tuple[str, ...] = ()
    until: date | str | None = None
    entity: str = ""
    value: float | None = None
    offer_cost: float | None = None
    avoid: bool = False
    allow_current: bool = False
    allow_stale: bool = False


@dataclass(frozen=True)
class _Seen:
    """What is known of an outcome: of the keys of *entity*, or of persons; *told* and *inputs* go with it."""

    frame: polars.DataFrame  # person, value
    kind: str
    outcome: str
    words: str
    until: date | None = None
    control_is_seen: bool = True
    told: tuple[str, ...] = ()
    inputs: dict[str, Any] | None = None
    is_money: bool = False


def evaluate(workspace: Workspace, asked: EvaluationRequest, made_at: str) -> Evaluation:
    """Compare treated and held out of a past list, keep the evaluation and write an audit line.

    A person counts once, whatever number of rows it has on the list. Raises NothingMatched for a list or an outcome that is not
    there, UsageError for an outcome that is neither a yes/no nor an amount, AsOfError where it is not known yet.
    """
    refuse_no_amount(value=asked.value, offer_cost=asked.offer_cost)
    records = workspace.records
    listed = past_list(workspace, asked.list_id)
    rows = records.ledger.rows(listed.list_id)
    persons, told = _persons(rows)
    seen = _seen(workspace, asked, listed, rows)
    persons = persons.join(seen.frame, on="person", how="left", maintain_order="left")
    persons = _with_contacts(workspace, listed, persons)
    for name in asked.by:
        persons = persons.join(_level_of(workspace, asked, listed, rows, name), on="person", how="left", maintain_order="left")
    found = compared(persons, seen.kind, asked.by, control_is_seen=seen.control_is_seen)
    missing = persons.filter(persons[VALUE].is_null())
    gone = (int((missing["arm"] == TREATED).sum()), int((missing["arm"] != TREATED).sum())) if seen.control_is_seen else (0, 0)
    if any(gone):
        told = (*told, f"the outcome of {gone[0]:,} treated and {gone[1]:,} held out is not known; they are left out")
    ratio = sample_ratio(found[0].treated, found[0].control, _meant(listed)) if seen.control_is_seen else None
    if ratio is not None and ratio.is_broken:
        off = f"{ratio.share:.1%} are held out, {ratio.meant:.1%} were meant (p = {ratio.p:.1g}): "
        told = (*told, off + "something took people out of one arm, so do not trust the effect before it is found")
    parts = sum(1 for one in found[1:] if one.is_effect)
    if parts >= MANY:
        told = (*told, f"{parts} parts are compared: of twenty, one lies off by chance alone")
    inputs = {"list": listed.list_id, "outcome": seen.outcome, **(seen.inputs or {}), "by": list(asked.by)}
    inputs |= {"value": asked.value, "offer_cost": asked.offer_cost, "avoid": asked.avoid}
    money = _money(workspace, asked, listed, persons, seen, found[0])
    if money is not None and money.offers and (seen.kind != RATE or asked.avoid) and ACCEPTED not in persons.columns:
        told = (*told, "nothing tells who took the offer; its cost is reckoned for all treated")
    evaluation = Evaluation(
        listed.list_id, listed.name, seen.outcome, seen.words, seen.kind, listed.as_of, listed.on, seen.until, found, gone, ratio,
        money, (*told, *seen.told), inputs, digest(inputs)[:16],
    )  # fmt: skip
    _kept(workspace, evaluation, made_at)
    return evaluation


def results_of(workspace: Workspace, list_id: str) -> dict[str, Any] | None:
    """Return the last evaluation of a list in few numbers, None where there is none.

    outcome, kind (``rate`` or ``mean``), contacted, held_out, rate_treated, rate_control, uplift, low, high, p, made_at; null is
    what could not be told.
    """
    found = workspace.records.outcomes.evaluations(list_id)
    return {**found[-1]["summary"], "made_at": found[-1]["made_at"]} if found else None


def _kept(workspace: Workspace, evaluation: Evaluation, made_at: str) -> None:
    records = workspace.records
    records.audit.append(
        "outcomes", did="evaluate", list_id=evaluation.list_id, name=evaluation.name, outcome=evaluation.outcome,
        evaluation_id=evaluation.evaluation_id,
    )  # fmt: skip
    kept = {**evaluation.as_json(), "summary": evaluation.summary(), "made_at": made_at, "by": records.who()}
    records.outcomes.keep_evaluation(evaluation.list_id, evaluation.evaluation_id, kept)


def _persons(rows: polars.DataFrame) -> tuple[polars.DataFrame, tuple[str, ...]]:
    """Return person, arm, stratum and channel, one row a person; who is in both arms is in neither, and told."""
    import polars as pl

    grouped = rows.group_by("person", maintain_order=True).agg(
        pl.col("arm").first(), pl.col("arm").n_unique().alias("arms"), pl.col("stratum").drop_nulls().first(),
        pl.col("channel").drop_nulls().first(),
    )  # fmt: skip
    mixed = int((grouped["arms"] > 1).sum())
    told = (f"{mixed:,} persons are both treated and held out; they are left out",) if mixed else ()
    return grouped.filter(pl.col("arms") == 1).drop("arms"), told


def _seen(workspace: Workspace, asked: EvaluationRequest, listed: ListRecord, rows: polars.DataFrame) -> _Seen:
    """Return what is known of the outcome asked for."""
    known = workspace.catalog.definitions
    outcome = asked.outcome
    if outcome is None:
        if not workspace.records.outcomes.imports(listed.list_id):
            hint = "name one with --outcome: a tag, a segment or a rule; or import what came back: c360 outcomes import FILE"
            raise UsageError(f"nothing was imported for list {listed.list_id}, so there is no outcome yet", hint=hint)
        outcome = ACCEPTED
    if outcome in KNOWN and outcome not in known:
        if asked.until is not None:
            raise UsageError("--until is for outcomes from the sources; imported ones are as they are", hint="leave it out")
        return _imported(workspace, listed, outcome)
    return _computed(workspace, asked, listed, rows, outcome)


def _imported(workspace: Workspace, listed: ListRecord, outcome: str) -> _Seen:
    """Return an outcome that was imported: who did not tell it did not, as far as the files tell of them."""
    import polars as pl

    store = workspace.records.outcomes
    imports = store.imports(listed.list_id)
    if not imports:
        raise NothingMatched(f"nothing was imported for list {listed.list_id}", hint="c360 outcomes import FILE --list LIST_ID")
    both = [wave for wave, one in enumerate(imports) if one.both_arms]
    rows = store.rows(listed.list_id)
    told: tuple[str, ...] = ()
    if both and len(both) < len(imports):
        rows = rows.filter(pl.col(WAVE).is_in(both))
        told = (f"{len(imports) - len(both)} imports tell of the contacted only; the others are compared",)
    if outcome == REVENUE:
        each = strongest(rows, WAVE, "key").group_by("person")  # of two lines both have their revenue
        values, kind = each.agg(pl.col(REVENUE).cast(pl.Float64).fill_null(0.0).sum().alias(VALUE)), MEAN
    else:
        meant = TALKED if outcome == "reached" else (outcome,)
        values, kind = rows.group_by("person").agg(pl.col("outcome").is_in(meant).any().alias(VALUE)), RATE
    everybody = workspace.records.ledger.rows(listed.list_id).select("person").unique()
    nothing = 0.0 if kind == MEAN else False
    frame = everybody.join(values, on="person", how="left").with_columns(pl.col(VALUE).fill_null(nothing))
    ids = [one.import_id for one in imports if not both or one.both_arms]
    words = f"{outcome}, as imported"
    return _Seen(frame, kind, outcome, words, None, bool(both), told, {"imports": ids}, outcome == REVENUE)


def _computed(workspace: Workspace, asked: EvaluationRequest, listed: ListRecord, rows: polars.DataFrame, outcome: str) -> _Seen:
    """Return an outcome from the sources: of a definition or a rule, on the day it is known."""
    name, about = outcome, workspace
    if outcome not in workspace.catalog.definitions:
        name, about = RULE, workspace.with_rule(outcome, asked.entity or listed.entity)
    definition = about.catalog.definition(name)
    kind = RATE if definition.type.kind == "boolean" else MEAN if definition.type.kind in AMOUNTS else ""
    if not kind:
        found = f"an outcome is a yes/no or an amount; {outcome} is {definition.type}"
        raise UsageError(found, hint="compare it with something: --outcome \"tag = 'level'\"")
    # A segment is a set; of a rule given as text it is told for whom it is unknown.
    outputs = (Output(name, definition.node if name == RULE else about.reference(name)),)
    looks_forward = bool(about.plan_of(outputs, definition.entity, PLACEHOLDER_DAY).outcomes)
    day = _day(about, asked, listed, outputs, definition, looks_forward=looks_forward)
    run = about.run(
        outputs, definition.entity, day, allow_outcomes=True, allow_current=asked.allow_current, allow_stale=asked.allow_stale
    )
    with computing(about, run) as sql:
        values = about.engine.frame(sql.table())
    about.bindings.confirm(run.plan.sources)
    told = run.marks
    if not looks_forward and name != RULE:
        told = (*told, f"{name} is as of {day}; what it counts may lie before the contact, in both arms alike")
    inputs = {
        "definition_hash": about.catalog.hash_of(name), "day": day.isoformat(),
        "sources": {source: about.bindings.facts(source).fingerprint for source in run.plan.sources},
    }  # fmt: skip
    title = definition.title if name != RULE else describe(definition.node)
    frame = _of_persons(values, rows, definition, listed, kind)
    is_money = definition.type.kind == "money"
    return _Seen(frame, kind, outcome, title or outcome, run.plan.last_day, True, told, inputs, is_money)


def _day(
    workspace: Workspace, asked: EvaluationRequest, listed: ListRecord, outputs: tuple[Output, ...], definition: Definition,
    *, looks_forward: bool,
) -> date:  # fmt: skip
    """Return the day to compute on; raises AsOfError where the outcome is not known by what the sources cover."""
    until = None if asked.until is None else as_day(asked.until)
    newest = workspace.bindings.default_day(workspace.sources_of(outputs, definition.entity))
    if looks_forward:
        if until is not None:
            raise UsageError("this outcome looks forward from the list's as-of date by itself", hint="leave --until out")
        last = workspace.plan_of(outputs, definition.entity, listed.as_of).last_day
        if last > newest:
            told = f"what became of the list of {listed.as_of} is not known before {last}; the data ends on {newest}"
            raise AsOfError(told, hint="load newer data, or evaluate an outcome that is known", where="the outcome")
        return listed.as_of
    day = until or newest
    if day < listed.on:
        told = f"the outcome is of {day}, before the day of contact {listed.on}"
        hint = "give a later --until" if until is not None else "load newer data, or give --until"
        raise AsOfError(told, hint=hint, where="the outcome")
    if until is not None and until > newest:
        raise AsOfError(f"the data ends on {newest}, asked for {until}", hint=f"ask for {newest} or before", where="--until")
    return day


def _of_persons(
    values: polars.DataFrame, rows: polars.DataFrame, definition: Definition, listed: ListRecord, kind: str
) -> polars.DataFrame:
    """Return person and value: of an amount the sum over the person's rows of the list, of a yes/no whether any is true."""
    import polars as pl

    keys = values.select(pl.col(values.columns[0]).cast(pl.String).alias("join"), pl.col(values.columns[1]).alias(VALUE))
    on = _joins_on(listed, rows, definition)
    joined = rows.select("person", pl.col(on).alias("join")).unique().join(keys, on="join", how="left")
    if kind == RATE:
        return joined.group_by("person").agg(pl.col(VALUE).max())
    total = pl.when(pl.col(VALUE).is_not_null().any()).then(pl.col(VALUE).cast(pl.Float64).sum())
    return joined.group_by("person").agg(total.alias(VALUE))


def _joins_on(listed: ListRecord, rows: polars.DataFrame, definition: Definition) -> str:
    """Return whether a definition's keys are those of the list's rows or of its persons."""
    if definition.entity == listed.entity:
        return "key"
    if (rows["key"] == rows["person"]).all():
        told = f"{definition.name} is a value of {definition.entity}, the list is of {listed.entity}"
        raise UsageError(told, hint=f"take one of {listed.entity}")
    return "person"


def _level_of(
    workspace: Workspace, asked: EvaluationRequest, listed: ListRecord, rows: polars.DataFrame, name: str
) -> polars.DataFrame:
    """Return person and the level of the tag *name* as it was on the list's as-of date."""
    import polars as pl

    definition = workspace.definition(name)
    if definition.type.kind not in ("category", "boolean", "text"):
        hint = "cut it with tiers(…), or take another tag"
        raise UsageError(f"--by takes a category or a yes/no; {name} is {definition.type}", hint=hint)
    run = workspace.run(
        (Output(name, workspace.reference(name)),), definition.entity, listed.as_of, allow_current=asked.allow_current,
        allow_stale=asked.allow_stale,
    )  # fmt: skip
    with computing(workspace, run) as sql:
        values = workspace.engine.frame(sql.table())
    keys = values.select(pl.col(values.columns[0]).cast(pl.String).alias("join"), pl.col(name).cast(pl.String))
    on = _joins_on(listed, rows, definition)
    joined = rows.select("person", pl.col(on).alias("join")).unique("person", keep="first", maintain_order=True)
    return joined.join(keys, on="join", how="left").select("person", name)


def _with_contacts(workspace: Workspace, listed: ListRecord, persons: polars.DataFrame) -> polars.DataFrame:
    """Add what the files that tell of the contacted say: who was reached, on which channel, at what cost."""
    import polars as pl

    store = workspace.records.outcomes
    if not store.imports(listed.list_id):
        return persons
    rows = store.rows(listed.list_id)
    best = strongest(rows, WAVE).select("person", pl.col("channel").alias("told"))
    paid = pl.when(pl.col("cost").is_not_null().any()).then(pl.col("cost").sum()).alias("cost")
    best = best.join(strongest(rows, WAVE, "key").group_by("person").agg(paid), on="person", how="left")
    if rows["outcome"].is_not_null().any():
        best = best.join(rows.group_by("person").agg((pl.col("outcome") == ACCEPTED).any().alias(ACCEPTED)), on="person")
    reached = rows.group_by("person").agg(pl.col("outcome").is_in(TALKED).any().alias("reached"))
    found = persons.join(best, on="person", how="left", maintain_order="left")
    found = found.with_columns(pl.coalesce("channel", "told").alias("channel")).drop("told")
    if not rows["outcome"].is_in(["reached", "refused", "no_answer"]).any():
        return found  # a file of yes alone does not say who was reached
    return found.join(reached, on="person", how="left", maintain_order="left").with_columns(
        pl.col("reached").fill_null(value=False)
    )


def _meant(listed: ListRecord) -> float:
    """Return the share that was meant to be held out, by the list's manifest; 0 where none was."""
    inputs = listed.manifest.get("inputs", {})
    own = (inputs.get("holdout") or {}).get("share", 0.0)
    return float(inputs.get("held_out_share", own))


def _reckoned(workspace: Workspace, listed: ListRecord, treated: polars.DataFrame) -> polars.DataFrame:
    """Return ``person``, ``reckoned``: what contacting each of the person's rows on the list costs, by channel."""
    import polars as pl

    rows = workspace.records.ledger.rows(listed.list_id).select("person", pl.col("channel").alias("own"))
    rows = rows.join(treated.select("person", "channel"), on="person").select("person", pl.coalesce("own", "channel").alias("way"))
    cost = pl.col("way").replace_strict(listed.costs, default=0.0, return_dtype=pl.Float64).fill_null(0.0)
    return rows.group_by("person").agg(cost.sum().alias("reckoned"))


def _took(treated: polars.DataFrame, seen: _Seen, *, avoid: bool) -> int:
    """Return how many took the offer: whose outcome is a yes, else who accepted as imported, else everybody."""
    import polars as pl

    known = treated.filter(pl.col(VALUE).is_not_null())
    if seen.kind == RATE and not avoid:
        return arms_of(known, known.clear()).yes_treated
    return int(known[ACCEPTED].sum()) if ACCEPTED in known.columns else known.height


def _money(
    workspace: Workspace, asked: EvaluationRequest, listed: ListRecord, persons: polars.DataFrame, seen: _Seen, main: Comparison
) -> Money | None:
    """Return what the list cost and brought; None where neither a cost nor a worth is known."""
    import polars as pl

    treated = persons.filter(pl.col("arm") == TREATED)
    treated = treated.join(_reckoned(workspace, listed, treated), on="person", how="left", maintain_order="left")
    paid = pl.col("cost").cast(pl.Float64) if "cost" in treated.columns else pl.lit(None, pl.Float64)
    contacts = float(treated.select(pl.coalesce(paid, "reckoned").sum()).item())  # what was really paid goes before
    offer = listed.manifest.get("inputs", {}).get("offer") or {}
    each = asked.offer_cost if asked.offer_cost is not None else float(offer.get("cost", 0.0))
    offers = each * _took(treated, seen, avoid=asked.avoid)
    # The list says what accepting is worth, not what any other outcome is; an amount of money is its own worth.
    usual = 1.0 if seen.is_money else listed.unit_value if seen.outcome == ACCEPTED else None
    value = usual if asked.value is None else asked.value
    cost = contacts + offers
    if not cost and value is None:
        return None
    if value is None or main.effect is None:
        return Money(contacts, offers, value)
    worth = -value * main.treated if asked.avoid else value * main.treated
    gain = (main.effect.value * worth, *sorted((main.effect.low * worth, main.effect.high * worth)))
    even = break_even(cost, main.treated, value) if cost else None
    return Money(contacts, offers, value, (gain[0], gain[1], gain[2]), None if even is None else -even if asked.avoid else even)
