"""Slid passes in, the SELECTs that go on from what was kept of an earlier day out: old + entering - leaving; knows no file."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from c360.datatypes import DATE, INTEGER
from c360.plan.steps import Lost, Slid, SlidColumn
from c360.sql.context import Context, day_term
from c360.sql.scope import SQL, column
from c360.sql.terms import Term

LARGEST = {"min": "LEAST", "max": "GREATEST"}


def among(relation: str, entity: str, owner: Term) -> exp.Expr:
    """Return the condition that *owner* stands in *relation*."""
    owners = exp.select(exp.column(entity, table=relation)).from_(exp.to_table(relation))
    return exp.In(this=owner.ast.copy(), query=owners.subquery())


def slid(step: Slid, context: Context) -> exp.Select:
    """Return one row an owner of whom a column says anything."""
    inner, key = _joined(step, (*step.beside, *step.mending))
    by_alias = {one.alias: one for one in step.columns}
    made = [exp.alias_(_value(step, one, by_alias), one.alias) for one in step.columns]
    inner = inner.select(exp.alias_(key, step.entity), *made, copy=False)
    owner = column("s", step.entity, step.owner.type)
    shown = [owner.ast, *(exp.column(one.alias, table="s") for one in step.columns)]
    says = [_says(one) for one in step.columns]
    return exp.select(*shown).from_(inner.subquery("s")).where(exp.or_(*says), *context.of_part(owner))


def lost(step: Lost, context: Context) -> exp.Select:
    """Return the owners whose least or greatest values are to be looked for again."""
    guarded = [one for one in step.slid.columns if one.is_guarded]
    edges = dict.fromkeys(relation for one in guarded for relation, _ in (*one.enters, *one.leaves))
    inner, key = _joined(step.slid, tuple(edges))
    inner = inner.select(exp.alias_(key, step.entity), copy=False)
    owner = Term(key, step.slid.owner.type)
    return inner.where(exp.or_(*(_lost(step.slid, one) for one in guarded)), *context.of_part(owner))


def _joined(step: Slid, beside: Sequence[str]) -> tuple[exp.Select, exp.Expr]:
    """Return what was kept joined to the relations *beside*, and the owner's key; owners of each are there."""
    chosen = exp.select(copy=False).from_(exp.to_table(step.kept), copy=False)
    keys = [exp.column(step.entity, table=step.kept)]
    for name in beside:
        on = exp.EQ(this=exp.column(step.entity, table=name), expression=_first(keys))
        chosen = chosen.join(exp.to_table(name), on=on, join_type="FULL", copy=False)
        keys.append(exp.column(step.entity, table=name))
    return chosen, _first(keys)


def _value(step: Slid, one: SlidColumn, by_alias: dict[str, SlidColumn]) -> exp.Expr:
    if one.anew:
        return exp.column(one.alias, table=one.anew)
    kept = exp.column(one.kept, table=step.kept)
    if not one.enters and not one.leaves and one.since is None:
        return kept
    assert one.part is not None
    if one.part.combine in LARGEST:
        return _largest(step, one)
    total = _total(step, one)
    if one.part.combine == "count":
        return total
    if one.known:
        known = SQL.op(">", Term(_total(step, by_alias[one.known]), INTEGER), SQL.literal(0, INTEGER))
        return exp.Case(ifs=[exp.If(this=known.ast, true=total)])
    silent = [exp.Is(this=ast, expression=exp.Null()) for ast in (kept, *_columns(one.enters))]
    return exp.Case(ifs=[exp.If(this=exp.and_(*silent), true=exp.Null())], default=total)


def _total(step: Slid, one: SlidColumn) -> exp.Expr:
    """Return what was kept, what entered added and what left taken off; all of it exact."""
    total: exp.Expr = _or_zero(exp.column(one.kept, table=step.kept))
    for ast in _columns(one.enters):
        total = exp.Add(this=total, expression=_or_zero(ast))
    for ast in _columns(one.leaves):
        total = exp.Sub(this=total, expression=_or_zero(ast))
    return total


def _largest(step: Slid, one: SlidColumn) -> exp.Expr:
    """Return the least or greatest of what was kept and what entered, or what was found again where it may have left."""
    assert one.part is not None
    kept = exp.column(one.kept, table=step.kept)
    found = exp.func(LARGEST[one.part.combine], kept, *_columns(one.enters)) if one.enters else kept
    if one.since is not None:
        inside = SQL.op(">=", Term(found, DATE), day_term(one.since))
        return exp.Case(ifs=[exp.If(this=inside.ast, true=found.copy())])
    if not one.leaves:
        return found
    again: list[exp.Expr] = [exp.column(one.alias, table=one.mending)] if one.mending else []
    if one.tail:
        again += [exp.column(one.tail, table=step.kept), *_columns(one.enters)]
    again_found = exp.func(LARGEST[one.part.combine], *again) if len(again) > 1 else again[0]
    return exp.Case(ifs=[exp.If(this=_lost(step, one), true=again_found)], default=found)


def _lost(step: Slid, one: SlidColumn) -> exp.Expr:
    """Return the condition that a row that left held the least or greatest, and none that entered reaches it."""
    assert one.part is not None
    reaches: type[exp.Expr] = exp.GTE if one.part.combine == "max" else exp.LTE
    kept = exp.column(one.kept, table=step.kept)
    left = exp.or_(*(reaches(this=ast, expression=kept.copy()) for ast in _columns(one.leaves)))
    came = [exp.func("COALESCE", reaches(this=ast, expression=kept.copy()), exp.false()) for ast in _columns(one.enters)]
    return exp.and_(exp.func("COALESCE", left, exp.false()), *(exp.not_(met) for met in came))


def _says(one: SlidColumn) -> exp.Expr:
    value = exp.column(one.alias, table="s")
    if one.part is not None and one.part.combine == "count":
        return exp.GT(this=value, expression=exp.Literal.number(0))
    return exp.Not(this=exp.Is(this=value, expression=exp.Null()))


def _columns(pairs: Sequence[tuple[str, str]]) -> list[exp.Expr]:
    return [exp.column(name, table=relation) for relation, name in pairs]


def _or_zero(ast: exp.Expr) -> exp.Expr:
    return exp.func("COALESCE", ast, exp.Literal.number(0))


def _first(keys: Sequence[exp.Expr]) -> exp.Expr:
    return keys[0].copy() if len(keys) == 1 else exp.func("COALESCE", *(key.copy() for key in keys))
