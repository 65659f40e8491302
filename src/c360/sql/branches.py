"""A pass cut into stretches of days in, one SELECT over one branch a stretch out: each adds up its own days, windows join them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlglot import exp

from c360.expr.operator import AGGREGATES, COMBINED
from c360.plan.naming import Names, wanted_name
from c360.plan.steps import Pass, PassColumn, Rows, Strategy
from c360.sql.context import as_column
from c360.sql.terms import Term

Made = Callable[[Rows, PassColumn], Term]
Written = Callable[[Pass], exp.Select]


@dataclass(frozen=True)
class _Branch:
    """The days of one stretch: its pass, and which of its columns holds what each column of the whole pass has of those days."""

    alias: str
    step: Pass
    holds: dict[str, str]


def branched(step: Pass, made: Made, written: Written) -> exp.Select:
    """Return one row an owner: every stretch added up alone, by *written*, and brought together.

    *made* gives the term of a column, so that what two windows have in common of a stretch is one column of it.
    """
    branches = [branch for first, last in _stretches(step) if (branch := _branch(step, first, last, made)).holds]
    columns = [as_column(_together(one, [b for b in branches if one.alias in b.holds]), one.alias) for one in step.columns]
    chosen = exp.select(exp.column(step.entity), *columns, copy=False)
    for place, branch in enumerate(branches):
        table = written(branch.step).subquery(branch.alias)
        if place == 0:
            chosen = chosen.from_(table, copy=False)
        else:
            chosen = chosen.join(table, using=[step.entity], join_type="FULL", copy=False)
    return chosen


def _stretches(step: Pass) -> Iterator[tuple[date | None, date | None]]:
    """Yield the first and last day of each stretch that the rows of *step* are cut into."""
    first, last = step.rows.first, step.rows.last
    for cut in step.strategy.cuts:
        if (first is None or first < cut) and (last is None or cut <= last):
            yield first, cut - timedelta(days=1)
            first = cut
    yield first, last


def _branch(step: Pass, first: date | None, last: date | None, made: Made) -> _Branch:
    rows = replace(step.rows, first=first, last=last)
    found: dict[exp.Expr, PassColumn] = {}
    holds: dict[str, str] = {}
    names = Names({step.entity})
    for one in step.columns:
        low = first if one.first is None else one.first if first is None else max(first, one.first)
        high = last if one.last is None else one.last if last is None else min(last, one.last)
        if low is None or high is None or low <= high:
            clipped = replace(one, first=low, last=high)
            term = made(rows, clipped).ast
            if term not in found:
                found[term] = replace(clipped, alias=names.fresh(_name(one)))
            holds[one.alias] = found[term].alias
    columns = tuple(found.values())
    asked = {node for one in columns for node in (one.node.value, one.node.where)}
    kept = tuple(value for value in rows.values if value.node in asked)
    alias = f"days_to_{last:%Y_%m_%d}" if first is None else f"days_from_{first:%Y_%m_%d}"
    return _Branch(alias, replace(step, rows=replace(rows, values=kept), columns=columns, strategy=Strategy("case")), holds)


def _name(one: PassColumn) -> str:
    """Name what a stretch has of a column: as the column, but for its window."""
    assert one.part is not None, "what does not compose is read in one"
    told = one.node if len(AGGREGATES[one.node.op].parts) == 1 else replace(one.node, op=one.part.name)
    return wanted_name(replace(told, window=None))


def _together(one: PassColumn, branches: list[_Branch]) -> Term:
    """Return a column from what each stretch has of it; null where none has anything."""
    assert one.part is not None, "what does not compose is read in one"
    has = [exp.column(branch.holds[one.alias], table=branch.alias) for branch in branches]
    if len(has) == 1 and one.part.combine != "count":
        return Term(has[0], one.node.type)
    if COMBINED[one.part.combine] in ("min", "max"):
        # Some engines give null for the greatest of a value and null: each place falls back on a value that is there.
        known = [_first_known([*has[i:], *has[:i]]) for i in range(len(has))]
        name = "GREATEST" if one.part.combine == "max" else "LEAST"
        return Term(exp.Anonymous(this=name, expressions=known), one.node.type)
    total = _or_zero(has[0])
    for more in has[1:]:
        total = exp.Add(this=total, expression=_or_zero(more))
    if one.part.combine == "count":
        return Term(total, one.node.type)
    there = exp.Not(this=exp.Is(this=_first_known(has), expression=exp.Null()))
    return Term(exp.Case(ifs=[exp.If(this=there, true=total)]), one.node.type)


def _first_known(columns: list[exp.Column]) -> exp.Expr:
    return exp.Coalesce(this=columns[0].copy(), expressions=[column.copy() for column in columns[1:]])


def _or_zero(column: exp.Column) -> exp.Expr:
    return exp.Coalesce(this=column.copy(), expressions=[exp.Literal.number(0)])
