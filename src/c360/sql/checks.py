"""Contract checks as one query a source: counts of broken values, keys and dates; never a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from c360.bindings.resolve import BoundColumn, BoundSource
from c360.sql.sources import FLOATS, NUMBERS, SourceSql, cast, finite, is_text, reads_text

BAD_ROWS = "bad_rows"
# Whole numbers that a BIGINT holds whatever they are, and how many digits an amount has before and behind its point.
SMALL = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
DIGITS = {"money": (16, 2), "volume": (15, 3)}
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class Check:
    """One count of the query: which column, what is wrong with the values it counts."""

    alias: str
    column: str
    kind: str
    told: str
    count: exp.Expr


def checks_of(source: BoundSource, reader: SourceSql) -> list[Check]:
    """Return every check of a source's contract; each is a count that should be 0."""
    found: list[Check] = []
    for name, column in source.columns.items():
        for kind, told, condition in _faults(source, column, reader):
            count = exp.Count(this=exp.Case(ifs=[exp.If(this=condition, true=exp.Literal.number(1))]))
            found.append(Check(f"{kind}_{len(found)}", name, kind, told, count))
    key = source.spec.key
    if key and key in source.columns:
        value = _of_good_rows(source, reader, reader.value(source.columns[key], safe=True))
        distinct = exp.Count(this=exp.Distinct(expressions=[value]))
        repeated = exp.Sub(this=exp.Count(this=value.copy()), expression=distinct)
        found.append(Check(f"repeated_{len(found)}", key, "repeated", "keys that stand more than once", repeated))
    return found


def check_query(source: BoundSource, reader: SourceSql, checks: list[Check], *, days: bool = True) -> exp.Select:
    """Return the query of the counts, with the number of rows and, unless *days* is false, the first and last date."""
    columns: list[exp.Expr] = [exp.alias_(exp.Count(this=exp.Star()), "rows_read")]
    dated = source.spec.date_column
    if days and dated is not None and dated.name in source.columns:
        day = _of_good_rows(source, reader, reader.value(source.columns[dated.name], safe=True))
        columns += [exp.alias_(exp.Min(this=day), "first_day"), exp.alias_(exp.Max(this=day.copy()), "last_day")]
    if source.binding.max_bad_rows:
        bad = exp.Not(this=good_row(source, reader))
        columns.append(exp.alias_(exp.Count(this=exp.Case(ifs=[exp.If(this=bad, true=exp.Literal.number(1))])), BAD_ROWS))
    columns += [exp.alias_(check.count, check.alias) for check in checks]
    return exp.select(*columns).from_(reader.relation())


def first_fault_query(source: BoundSource, reader: SourceSql, check: Check) -> exp.Select:
    """Return the query of the ordinal of the first row that *check* counts."""
    column = source.columns[check.column]
    condition = {kind: condition for kind, _, condition in _faults(source, column, reader)}[check.kind]
    numbered = exp.select(exp.alias_(exp.Window(this=exp.RowNumber()), "ordinal"), exp.alias_(condition, "is_fault")).from_(
        reader.relation()
    )
    return exp.select(exp.Min(this=exp.column("ordinal"))).from_(numbered.subquery("numbered")).where(exp.column("is_fault"))


def good_row(source: BoundSource, reader: SourceSql) -> exp.Expr:
    """Return the condition, true or false, that a row keeps the contract in every column that is bound."""
    faults = [fault for column in source.columns.values() for _, _, fault in _faults(source, column, reader)]
    broken = exp.Coalesce(this=exp.Paren(this=exp.or_(*faults)), expressions=[exp.false()]) if faults else exp.false()
    return exp.Not(this=broken)


def bad_rows_query(source: BoundSource, reader: SourceSql, most: int) -> tuple[exp.Select, list[tuple[str, str]]]:
    """Return the query of the first *most* bad rows: ordinal, then a yes/no for each (column, kind) that is returned too."""
    kinds: list[tuple[str, str]] = []
    flags = [exp.alias_(exp.Window(this=exp.RowNumber()), "ordinal")]
    for name, column in source.columns.items():
        for kind, _, condition in _faults(source, column, reader):
            told = exp.Coalesce(this=exp.Paren(this=condition), expressions=[exp.false()])
            flags.append(exp.alias_(told, f"fault_{len(kinds)}"))
            kinds.append((name, kind))
    numbered = exp.select(*flags).from_(reader.relation())
    names = [exp.column(f"fault_{place}") for place in range(len(kinds))]
    query = exp.select(exp.column("ordinal"), *(name.copy() for name in names)).from_(numbered.subquery("numbered"))
    return query.where(exp.or_(*names)).order_by("ordinal").limit(most), kinds


def orphan_query(relation: exp.Select, key: str, target: exp.Select, target_key: str) -> exp.Select:
    """Return the count of rows of *relation* whose *key* names no row of *target*."""
    on = exp.EQ(this=exp.column(target_key, table="named"), expression=exp.column(key, table="rows_of"))
    orphan = exp.and_(
        exp.Not(this=exp.Is(this=exp.column(key, table="rows_of"), expression=exp.Null())),
        exp.Is(this=exp.column(target_key, table="named"), expression=exp.Null()),
    )
    return (
        exp.select(exp.Count(this=exp.Star()))
        .from_(relation.subquery("rows_of"))
        .join(target.distinct().subquery("named"), on=on, join_type="LEFT")
        .where(orphan)
    )


def _of_good_rows(source: BoundSource, reader: SourceSql, value: exp.Expr) -> exp.Expr:
    """Return *value* where bad rows are left out, null for them."""
    if not source.binding.max_bad_rows:
        return value
    return exp.Case(ifs=[exp.If(this=good_row(source, reader), true=value)])


def _faults(source: BoundSource, column: BoundColumn, reader: SourceSql) -> list[tuple[str, str, exp.Expr]]:
    """Return (kind, words, condition) of what can be wrong with one value."""
    always = fits_always(source, column)
    raw, value = reader.raw(column), reader.value(column, safe=not always)
    kind, spec = column.spec.type.kind, column.spec
    absent = exp.Is(this=raw.copy(), expression=exp.Null())
    nothing = exp.Is(this=value.copy(), expression=exp.Null())
    found: list[tuple[str, str, exp.Expr]] = []
    if spec.name == source.spec.key or spec.role == "event":
        found.append(("null", "missing key" if spec.name == source.spec.key else "missing date", absent))
    broken = [exp.Not(this=absent.copy()), nothing]
    if kind in NUMBERS and (column.physical_type in FLOATS or kind == "number"):
        infinite = exp.Not(this=finite(cast(raw.copy(), "DOUBLE", safe=True)))
        found.append(("nan", "not a finite number", infinite))
        broken.append(exp.Not(this=exp.Coalesce(this=infinite.copy(), expressions=[exp.false()])))
    if kind in {"text", "key"} and is_text(column):
        nul = exp.Anonymous(this="chr", expressions=[exp.Literal.number(0)])
        holds = exp.Anonymous(this="contains", expressions=[reader.stored(column), nul])
        found.append(("nul", "text with a NUL byte", holds))
    lost = reader.lost(column)
    if lost is not None:
        found.append(("cast", "what its expression cannot cast", lost))
    if kind not in {"text", "key"} and not always:
        found.append(("type", _not_a(column), exp.and_(*broken)))
    for bound, comparison, words in ((spec.min, exp.LT, "below"), (spec.max, exp.GT, "above")):
        if bound is not None:
            limit = exp.Literal.number(abs(bound)) if bound >= 0 else exp.Neg(this=exp.Literal.number(abs(bound)))
            found.append((words, f"{words} {bound:g}", comparison(this=value.copy(), expression=limit)))
    if kind in {"date", "month"}:
        days = [cast(exp.Literal.string(day.isoformat()), "DATE") for day in (EARLIEST, LATEST)]
        outside = exp.Not(this=exp.Between(this=value.copy(), low=days[0], high=days[1]))
        found.append(("range", "a date before 1900 or after 2200", outside))
    return found


def fits_always(source: BoundSource, column: BoundColumn) -> bool:
    """Whether every value of the physical type is one of the contract's: then there is nothing to ask of the rows.

    It spares most of a check's cost; every file must store the column so, and nothing may be made of what is stored.
    """
    binding, stored, kind = column.binding, column.physical_type, column.spec.type.kind
    made = binding.expression or binding.nulls or binding.nan == "null" or binding.zone or source.binding.zone or column.factor
    if made or reads_text(column):
        return False
    if any(dict(header).get(column.physical) != stored for header in source.headers):
        return False
    if kind in DIGITS:
        digits = re.fullmatch(r"DECIMAL\((\d+),\s*(\d+)\)", stored)
        return digits is not None and int(digits[2]) <= DIGITS[kind][1] and int(digits[1]) - int(digits[2]) <= DIGITS[kind][0]
    return stored in SMALL if kind == "integer" else stored == {"date": "DATE", "month": "DATE", "boolean": "BOOLEAN"}.get(kind)


def _not_a(column: BoundColumn) -> str:
    kind = column.spec.type.kind
    if kind == "category":
        return f"none of the levels {', '.join(column.spec.type.all_levels)}"
    words: Mapping[str, str] = {
        "integer": "not a whole number", "money": "not an amount with at most 2 decimals", "number": "not a number",
        "volume": "not an amount with at most 3 decimals", "boolean": "neither yes nor no", "date": "not a date",
        "month": "not a month",
    }  # fmt: skip
    return words[kind]
