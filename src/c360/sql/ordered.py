"""Values that ordered rows decide: first, last, most frequent, top lists, runs of days; rows in, one row an owner out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from c360.datatypes import DATE, INTEGER, DataType
from c360.expr.operator import AGGREGATES
from c360.plan.steps import PassColumn
from c360.sql.scope import SQL, column
from c360.sql.terms import Term, cast, date_literal

ORIGIN = date(2000, 1, 1)


@dataclass(frozen=True)
class RowsToOrder:
    """The projected rows of one measure, named ``r``: who owns them, when they are, and what they offer."""

    rows: exp.Select
    owner: str
    day: str
    value: Term | None
    by: Term | None
    condition: Term | None


def ordered_value(measure: PassColumn, given: RowsToOrder) -> exp.Select:
    """Return owner and value of one picking aggregate."""
    match AGGREGATES[measure.node.op].pick:
        case "first" | "last" as end:
            return _end_of(measure, given, falling=end == "last")
        case "frequent":
            return _most_frequent(measure, given)
        case "top":
            return _top(measure, given)
    return _longest_run(measure, given)


def order_term(value: Term) -> Term:
    """Return what *value* sorts by where rows tie: levels by rank, anything else by itself."""
    kind = value.type
    return SQL.rank(value, DataType("category", kind.all_levels)) if kind.kind == "category" else value


def row_number(owner: exp.Expr, *order: tuple[exp.Expr, bool]) -> exp.Window:
    """Return ROW_NUMBER within an owner by (term, falling) pairs, nulls last."""
    terms = [exp.Ordered(this=ast, desc=falling, nulls_first=False) for ast, falling in order]
    return exp.Window(this=exp.RowNumber(), partition_by=[owner], order=exp.Order(expressions=terms))


def _key(given: RowsToOrder, table: str) -> exp.Column:
    return exp.column(given.owner, table=table)


def _kept(given: RowsToOrder, *more: Term) -> list[exp.Expr]:
    known = [] if given.value is None else [SQL.not_(SQL.is_null(given.value))]
    conditions = [] if given.condition is None else [given.condition]
    return [term.ast for term in (*known, *more, *conditions)]


def _first_place(ranked: exp.Select, given: RowsToOrder, alias: str) -> exp.Select:
    first = exp.EQ(this=exp.column("place", table="ranked"), expression=exp.Literal.number(1))
    names = [_key(given, "ranked"), exp.column(alias, table="ranked")]
    return exp.select(*names).from_(ranked.subquery("ranked")).where(first)


def _end_of(measure: PassColumn, given: RowsToOrder, *, falling: bool) -> exp.Select:
    assert given.value is not None
    day = exp.column(given.day, table="r")
    place = row_number(_key(given, "r"), (day, falling), (order_term(given.value).ast, falling))
    chosen = exp.select(_key(given, "r"), exp.alias_(given.value.ast, measure.alias), exp.alias_(place, "place"))
    dated = SQL.not_(SQL.is_null(Term(day.copy(), DATE)))
    return _first_place(chosen.from_(given.rows.subquery("r")).where(*_kept(given, dated)), given, measure.alias)


def _weighed(given: RowsToOrder) -> exp.Select:
    """Return each owner's values with their weight: how many rows have one, or the exact sum of *by* over them."""
    assert given.value is not None
    weight = SQL.count(None)
    if given.by is not None:
        total = SQL.exact_sum(given.by, given.by.type)
        weight = SQL.coalesce(total, SQL.literal(0, INTEGER))
    chosen = exp.select(_key(given, "r"), exp.alias_(given.value.ast, "item"), exp.alias_(weight.ast, "weight"))
    chosen = chosen.from_(given.rows.subquery("r"))
    kept = _kept(given)
    return chosen.where(*kept).group_by(_key(given, "r"), given.value.ast.copy())


def _placed(measure: PassColumn, given: RowsToOrder, alias: str) -> exp.Select:
    assert measure.node.value is not None
    item = column("weighed", "item", measure.node.value.type)
    weight = exp.column("weight", table="weighed")
    place = row_number(_key(given, "weighed"), (weight, True), (order_term(item).ast, False))
    chosen = exp.select(_key(given, "weighed"), exp.alias_(item.ast, alias), exp.alias_(place, "place"))
    return chosen.from_(_weighed(given).subquery("weighed"))


def _most_frequent(measure: PassColumn, given: RowsToOrder) -> exp.Select:
    return _first_place(_placed(measure, given, measure.alias), given, measure.alias)


def _top(measure: PassColumn, given: RowsToOrder) -> exp.Select:
    assert measure.node.value is not None
    kind = measure.node.value.type
    slots = []
    for place in range(1, int(str(measure.node.option("count"))) + 1):
        here = SQL.op("=", column("ranked", "place", INTEGER), SQL.literal(place, INTEGER))
        slots.append(SQL.func("MAX", SQL.only(here, column("ranked", "item", kind))))
    listed = exp.alias_(SQL.list_of(slots).ast, measure.alias)
    ranked = _placed(measure, given, "item").subquery("ranked")
    return exp.select(_key(given, "ranked"), listed).from_(ranked).group_by(_key(given, "ranked"))


def _longest_run(measure: PassColumn, given: RowsToOrder) -> exp.Select:
    """Number the different days of an owner; days of one run keep their distance to that number."""
    day = exp.column(given.day, table="r")
    dated = SQL.not_(SQL.is_null(Term(day.copy(), DATE)))
    days = exp.select(_key(given, "r"), exp.alias_(day, "active_day")).distinct().from_(given.rows.subquery("r"))
    days = days.where(*_kept(given, dated))
    active = column("active", "active_day", DATE)
    number = row_number(_key(given, "active"), (active.ast.copy(), False))
    since_origin = SQL.days_between(Term(date_literal(ORIGIN), DATE), active)
    run = exp.Sub(this=since_origin.ast, expression=number)
    marked = exp.select(_key(given, "active"), exp.alias_(run, "run")).from_(days.subquery("active"))
    lengths = exp.select(_key(given, "marked"), exp.alias_(exp.Count(this=exp.Star()), "days"))
    lengths = lengths.from_(marked.subquery("marked")).group_by(_key(given, "marked"), exp.column("run", table="marked"))
    longest = cast(exp.Max(this=exp.column("days", table="lengths")), INTEGER)
    chosen = exp.select(_key(given, "lengths"), exp.alias_(longest, measure.alias))
    return chosen.from_(lengths.subquery("lengths")).group_by(_key(given, "lengths"))
