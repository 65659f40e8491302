"""A bound source in, the SELECT that reads it out: physical columns in contract names and types, safely or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlglot import exp

from c360.bindings.resolve import BoundColumn, BoundSource
from c360.expr.schema import ColumnSpec
from c360.sql.derived import Derived, derive
from c360.sql.relations import relation_of
from c360.sql.terms import KNOWN_ON, SQL_TYPES

INTEGERS = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
)  # fmt: skip
FLOATS = ("FLOAT", "DOUBLE")
DAYS = ("DATE", "TIMESTAMP")
# The physical types a contract type is read from as they are; any other is read as text.
NATURAL = {
    "integer": (*INTEGERS, *FLOATS, "DECIMAL"), "money": (*INTEGERS, *FLOATS, "DECIMAL"), "date": DAYS, "month": DAYS,
    "volume": (*INTEGERS, *FLOATS, "DECIMAL"), "number": (*INTEGERS, *FLOATS, "DECIMAL"), "boolean": ("BOOLEAN",),
}  # fmt: skip
NUMBERS = ("integer", "money", "volume", "number")
# The engine itself would take 1_000 and blanks around a number.
WHOLE = "[+-]?[0-9]+"
PLAIN = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"
ISO_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
NO_NUMBER = ("nan", "inf", "-inf", "+inf", "infinity", "-infinity", "+infinity")
TRUE_TEXTS = ("true", "t", "yes", "y", "1", "是")
FALSE_TEXTS = ("false", "f", "no", "n", "0", "否")


class SourceSql:
    """Reads one bound source; *zone* is the workspace's, *folder* what file paths are written relative to."""

    def __init__(self, source: BoundSource, zone: str, folder: Path | None = None) -> None:
        self._source, self._zone, self._folder = source, zone, folder

    def select(self, columns: tuple[str, ...], known_by: date, *, safe: bool = False) -> exp.Select:
        """Return the SELECT of *columns* in contract names; with `known_on`, only rows known by *known_by*."""
        bound = self._source.columns
        values = (exp.alias_(self.value(bound[name], safe=safe), name) for name in columns)
        chosen = exp.select(*values).from_(self.relation())
        if self._source.known_on:
            known = cast(physical(self._source.known_on), "DATE")
            by = cast(exp.Literal.string(known_by.isoformat()), "DATE")
            chosen = chosen.select(exp.alias_(known, KNOWN_ON)).where(exp.LTE(this=known.copy(), expression=by))
        return chosen

    def relation(self) -> exp.Expr:
        """Return what stands after FROM."""
        return relation_of(self._source, self._folder)

    def value(self, column: BoundColumn, *, safe: bool = False) -> exp.Expr:
        """Return the contract value of *column*; with *safe*, null for what is no such value instead of an error."""
        raw = self.raw(column)
        return _READERS[column.spec.type.kind](self, column, raw, safe)

    def raw(self, column: BoundColumn) -> exp.Expr:
        """Return the physical value after null texts, `nan` and recodes; as text where it is read as text."""
        raw = self.stored(column)
        text = cast(raw, "TEXT") if not is_text(column) else raw
        if reads_text(column):
            raw = text
        nulls = [*(self._source.binding.nulls if is_text(column) else ()), *column.binding.nulls]
        cases = [exp.If(this=_is_in(text, nulls), true=exp.Null())] if nulls else []
        if column.binding.nan == "null" and column.spec.type.kind in NUMBERS:
            none = _is_in(exp.func("lower", text.copy()), NO_NUMBER) if reads_text(column) else exp.Not(this=finite(raw))
            cases.append(exp.If(this=none, true=exp.Null()))
        for old, new in column.binding.recode.items():
            is_old = exp.EQ(this=raw.copy(), expression=exp.Literal.string(old))
            cases.append(exp.If(this=is_old, true=exp.Literal.string(new)))
        return exp.Case(ifs=cases, default=raw.copy()) if cases else raw

    def stored(self, column: BoundColumn) -> exp.Expr:
        """Return the physical value as it is stored, or as its expression derives it from what is stored."""
        return self._derived(column).value if column.binding.expression else physical(column.physical)

    def lost(self, column: BoundColumn) -> exp.Expr | None:
        """Return the condition under which a cast of a derived column cannot read what is stored; None without casts."""
        return self._derived(column).lost if column.binding.expression else None

    def _derived(self, column: BoundColumn) -> Derived:
        return derived_column(self._source, column.spec, column.binding.expression)

    def zone(self, column: BoundColumn) -> str:
        """Return the zone of a column's stamps; empty where they are local."""
        return column.binding.zone or self._source.binding.zone

    @property
    def workspace_zone(self) -> str:
        """The zone whose days are dates."""
        return self._zone

    def date_format(self, column: BoundColumn) -> str:
        """Return how a column's dates are written; empty for ISO."""
        return column.binding.format or self._source.binding.date_format

    def first_year(self, column: BoundColumn) -> int | None:
        """Return the first of the hundred years that a column's years are of; none where four digits say it."""
        written = self.date_format(column).replace("%%", "")
        return (column.binding.first_year or self._source.binding.first_year) if "%y" in written else None


def derived_column(source: BoundSource, spec: ColumnSpec, text: str) -> Derived:
    """Return the derived column *spec* of *source*; raises DefinitionError that shows the place in *text*."""
    where = f"c360.toml [sources.{source.spec.name}] {spec.name}"
    return derive(text, source.header, tuple(source.binding.nulls), where)


def physical(name: str) -> exp.Expr:
    """Return a physical column; `quote_names` quotes what is not plain."""
    return exp.column(exp.to_identifier(name, quoted=False))


def cast(ast: exp.Expr, to: str, *, safe: bool = False) -> exp.Expr:
    """Return a cast; with *safe*, null for what cannot be cast."""
    kind = exp.TryCast if safe else exp.Cast
    return kind(this=ast, to=exp.DataType.build(to, dialect="duckdb"))


def is_text(column: BoundColumn) -> bool:
    """Whether the physical value is text."""
    return column.physical_type == "VARCHAR" or column.physical_type.startswith("ENUM")


def reads_text(column: BoundColumn) -> bool:
    """Whether the value is read from text: stored so, recoded, or of a kind that only its text can tell of."""
    natural = NATURAL.get(column.spec.type.kind)
    stored = column.physical_type
    foreign = natural is not None and (not stored.startswith(natural) or stored.endswith("]"))
    return is_text(column) or bool(column.binding.recode) or foreign


def finite(number: exp.Expr) -> exp.Expression:
    """Return the condition that *number* is neither NaN nor infinite.

    No comparison will do: the engine holds NaN for the largest number, but trusts a Parquet file's largest, which is
    not NaN, and lets the NaN pass.
    """
    return exp.Anonymous(this="isfinite", expressions=[number.copy()])


def _text(sql: SourceSql, column: BoundColumn, raw: exp.Expr, safe: bool) -> exp.Expr:
    is_plain = column.physical_type == "VARCHAR" and isinstance(raw, exp.Column)
    return raw if is_plain else cast(raw, "TEXT")


def _category(sql: SourceSql, column: BoundColumn, raw: exp.Expr, safe: bool) -> exp.Expr:
    value = _text(sql, column, raw, safe)
    return _only_if(_is_in(value, column.spec.type.all_levels), value) if safe else value


def _integer(sql: SourceSql, column: BoundColumn, raw: exp.Expr, safe: bool) -> exp.Expr:
    value = cast(raw, "BIGINT", safe=safe)
    if not safe or column.physical_type in INTEGERS:
        return value
    if reads_text(column):
        return _only_if(_matches(raw, WHOLE), value)
    return _only_if(exp.EQ(this=exp.Floor(this=raw.copy()), expression=raw.copy()), value)


def _amount(sql: SourceSql, column: BoundColumn, raw: exp.Expr, safe: bool) -> exp.Expr:
    to = SQL_TYPES[column.spec.type.kind]
    if column.factor:
        wide = cast(raw, "DECIMAL(24, 6)", safe=safe)
        meant: exp.Expr = exp.Mul(this=cast(wide, "DOUBLE"), expression=exp.Literal.number(column.factor))
    else:
        meant = raw
    value = cast(meant, to, safe=safe)
    if not safe:
        return value
    plain = [_matches(raw, PLAIN)] if reads_text(column) else []
    if column.factor and column.spec.type.kind == "volume":  # 1 KB is no whole number of thousandths of a MB
        return _only_if(plain[0], value) if plain else value
    return _only_if(exp.and_(*plain, _unrounded(column, meant, value)), value)


def _unrounded(column: BoundColumn, meant: exp.Expr, value: exp.Expr) -> exp.Expr:
    """Return the condition that *value* is what the file means, not what is left of it after rounding.

    Other programs write 414.09000000000003 for 414.09: a millionth off is the same amount, more is not. A float of its
    own is no more exact than its digits.
    """
    off: exp.Expr
    if column.factor or (column.physical_type in FLOATS and not reads_text(column)):
        digits = "0.0000002" if column.physical_type == "FLOAT" else "0.000000000000001"
        dust = exp.Mul(this=exp.Abs(this=meant.copy()), expression=exp.Literal.number(digits))
        off = exp.Sub(this=cast(value.copy(), "DOUBLE"), expression=meant.copy())
        limit: exp.Expr = exp.Add(this=exp.Literal.number("0.000001"), expression=dust)
    else:
        off = exp.Sub(this=value.copy(), expression=cast(meant.copy(), "DECIMAL(38, 12)", safe=True))
        limit = exp.Literal.number("0.000001")
    return exp.LT(this=exp.Abs(this=off), expression=limit)


def _number(sql: SourceSql, column: BoundColumn, raw: exp.Expr, safe: bool) -> exp.Expr:
    value: exp.Expr = cast(raw, "DOUBLE", safe=safe)
    if column.factor:
        value = exp.Mul(this=value, expression=exp.Literal.number(column.factor))
    return _only_if(_matches(raw, PLAIN), value) if safe and reads_text(column) else value


def _date(sql: SourceSql, column: BoundColumn, raw: exp.Expr, safe: bool) -> exp.Expr:
    pattern, zone = sql.date_format(column), sql.zone(column)
    if reads_text(column) and pattern:
        raw = exp.Anonymous(this="try_strptime" if safe else "strptime", expressions=[raw, exp.Literal.string(pattern)])
        raw = _in_century(raw, sql.first_year(column))
    elif reads_text(column) and safe and not zone:
        return _only_if(_matches(raw, ISO_DAY), cast(raw, "DATE", safe=True))
    if column.physical_type == "TIMESTAMP WITH TIME ZONE" and not reads_text(column):
        raw = exp.AtTimeZone(this=raw, zone=exp.Literal.string(sql.workspace_zone))
    elif zone:
        stamp = cast(raw, "TIMESTAMP", safe=safe)
        local = exp.AtTimeZone(this=stamp, zone=exp.Literal.string(zone))
        raw = exp.AtTimeZone(this=local, zone=exp.Literal.string(sql.workspace_zone))
    return raw if column.physical_type == "DATE" and isinstance(raw, exp.Column) else cast(raw, "DATE", safe=safe)


def _in_century(stamp: exp.Expr, first_year: int | None) -> exp.Expr:
    """Return the stamp in the hundred years from *first_year* on; the engine takes 69 for 1969 and 68 for 2068."""
    if first_year is None:
        return stamp
    year = exp.func("year", stamp.copy())
    years = exp.Mod(
        this=exp.Paren(this=exp.Add(this=year, expression=exp.Literal.number(100 - first_year % 100))),
        expression=exp.Literal.number(100),
    )
    wanted = exp.Add(this=years, expression=exp.Literal.number(first_year))
    later = exp.Sub(this=wanted, expression=exp.func("year", stamp.copy()))
    return exp.Add(this=stamp, expression=exp.Anonymous(this="to_years", expressions=[cast(later, "INTEGER")]))


def _month(sql: SourceSql, column: BoundColumn, raw: exp.Expr, safe: bool) -> exp.Expr:
    """Read 2026-08, 202608 or any date of the month as the month's last day."""
    if not reads_text(column) or sql.date_format(column) or sql.zone(column):
        return cast(exp.LastDay(this=_date(sql, column, raw, safe)), "DATE")
    digits = exp.func("replace", raw, exp.Literal.string("-"), exp.Literal.string(""))
    year, month = (
        exp.func("substring", digits.copy(), exp.Literal.number(start), exp.Literal.number(length))
        for start, length in ((1, 4), (5, 2))
    )
    first = exp.func("concat", year, exp.Literal.string("-"), month, exp.Literal.string("-01"))
    value = cast(exp.LastDay(this=cast(first, "DATE", safe=safe)), "DATE")
    if not safe:
        return value
    is_day = exp.Not(this=exp.Is(this=cast(raw.copy(), "DATE", safe=True), expression=exp.Null()))
    known = exp.or_(_matches(raw, "[0-9]{4}-?[0-9]{2}"), exp.and_(_matches(raw, ISO_DAY), is_day), _matches(raw, "[0-9]{8}"))
    return _only_if(known, value)


def _boolean(sql: SourceSql, column: BoundColumn, raw: exp.Expr, safe: bool) -> exp.Expr:
    if column.physical_type == "BOOLEAN" and not column.binding.recode:
        return raw
    text = exp.func("lower", raw)
    ifs = [
        exp.If(this=_is_in(text, texts), true=exp.Boolean(this=value))
        for texts, value in ((TRUE_TEXTS, True), (FALSE_TEXTS, False))
    ]
    return exp.Case(ifs=ifs)


_READERS = {
    "text": _text, "key": _text, "category": _category, "integer": _integer, "money": _amount, "volume": _amount,
    "number": _number, "rate": _number, "date": _date, "month": _month, "boolean": _boolean,
}  # fmt: skip


def _is_in(ast: exp.Expr, texts: Sequence[str]) -> exp.Expr:
    return exp.In(this=ast.copy(), expressions=[exp.Literal.string(text) for text in texts])


def _matches(text: exp.Expr, pattern: str) -> exp.Expr:
    return exp.Anonymous(this="regexp_full_match", expressions=[text.copy(), exp.Literal.string(pattern)])


def _only_if(condition: exp.Expr, value: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=condition, true=value.copy())])
