"""A bound source in, the SELECT that reads it out: physical columns in contract names and types, and the checks of its contract."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlglot import exp

from c360.bindings.resolve import BoundColumn, BoundSource
from c360.sql.terms import SQL_TYPES

INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
TRUE_TEXTS = ("true", "t", "yes", "y", "1", "是")
FALSE_TEXTS = ("false", "f", "no", "n", "0", "否")
LARGEST = "1.7e308"


class SourceSql:
    """Reads one bound source; *zone* is the workspace's, *folder* what file paths are written relative to."""

    def __init__(self, source: BoundSource, zone: str, folder: Path | None = None) -> None:
        self._source, self._zone, self._folder = source, zone, folder

    def select(self, columns: tuple[str, ...], known_by: date) -> exp.Select:
        """Return the SELECT of *columns* in contract names; with `known_on`, only rows known by *known_by*."""
        bound = self._source.columns
        chosen = exp.select(*(exp.alias_(self.value(bound[name]), name) for name in columns)).from_(self.relation())
        if self._source.known_on:
            known = cast(physical(self._source.known_on), "DATE")
            chosen = chosen.where(exp.LTE(this=known, expression=cast(exp.Literal.string(known_by.isoformat()), "DATE")))
        return chosen

    def relation(self) -> exp.Expression:
        """Return what stands after FROM."""
        binding = self._source.binding
        if binding.table is not None:
            return exp.to_table(binding.table)
        if binding.sql is not None:
            from sqlglot import parse_one

            return exp.Subquery(this=parse_one(binding.sql, read="duckdb"), alias=exp.TableAlias(this=exp.to_identifier("given")))
        file = self._source.file
        assert file is not None
        path = exp.Literal.string(_shown(file, self._folder))
        if binding.kind == "parquet":
            return exp.Table(this=exp.Anonymous(this="read_parquet", expressions=[path]))
        return exp.Table(this=exp.Anonymous(this="read_csv", expressions=[path, *self._csv_options()]))

    def value(self, column: BoundColumn, *, safe: bool = False) -> exp.Expression:
        """Return the contract value of *column*; with *safe*, null for what is no such value instead of an error."""
        raw = self.raw(column)
        return _READERS[column.spec.type.kind](self, column, raw, safe)

    def raw(self, column: BoundColumn) -> exp.Expression:
        """Return the physical value after null texts and recodes."""
        raw = physical(column.physical)
        nulls = [*self._source.binding.nulls, *column.binding.nulls]
        if column.binding.recode and not is_text(column):
            raw = cast(raw, "TEXT")
        cases = [exp.If(this=_is_in(raw, nulls), true=exp.Null())] if nulls and is_text(column) else []
        for old, new in column.binding.recode.items():
            cases.append(exp.If(this=exp.EQ(this=raw.copy(), expression=exp.Literal.string(old)), true=exp.Literal.string(new)))
        return exp.Case(ifs=cases, default=raw.copy()) if cases else raw

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

    def _csv_options(self) -> list[exp.Expression]:
        binding = self._source.binding
        fields = [
            exp.PropertyEQ(this=exp.Literal.string(name), expression=exp.Literal.string("VARCHAR"))
            for name, _ in self._source.header
        ]
        options: dict[str, exp.Expression] = {
            "header": exp.true(),
            "auto_detect": exp.false(),
            "delim": exp.Literal.string(binding.delimiter),
            "quote": exp.Literal.string('"'),
            "escape": exp.Literal.string('"'),
            "columns": exp.Struct(expressions=fields),
        }
        return [exp.EQ(this=exp.to_identifier(name), expression=value) for name, value in options.items()]


def physical(name: str) -> exp.Expression:
    """Return a physical column; `quote_names` quotes what is not plain."""
    return exp.column(exp.to_identifier(name, quoted=False))


def cast(ast: exp.Expression, to: str, *, safe: bool = False) -> exp.Expression:
    """Return a cast; with *safe*, null for what cannot be cast."""
    kind = exp.TryCast if safe else exp.Cast
    return kind(this=ast, to=exp.DataType.build(to, dialect="duckdb"))


def is_text(column: BoundColumn) -> bool:
    """Whether the physical value is text."""
    return column.physical_type == "VARCHAR" or column.physical_type.startswith("ENUM")


def reads_text(column: BoundColumn) -> bool:
    """Whether the value to cast is text, physically or after a recode."""
    return is_text(column) or bool(column.binding.recode)


def _text(sql: SourceSql, column: BoundColumn, raw: exp.Expression, safe: bool) -> exp.Expression:
    return raw if is_text(column) and column.physical_type == "VARCHAR" and isinstance(raw, exp.Column) else cast(raw, "TEXT")


def _category(sql: SourceSql, column: BoundColumn, raw: exp.Expression, safe: bool) -> exp.Expression:
    value = _text(sql, column, raw, safe)
    if not safe:
        return value
    return exp.Case(ifs=[exp.If(this=_is_in(value, list(column.spec.type.all_levels)), true=value.copy())])


def _integer(sql: SourceSql, column: BoundColumn, raw: exp.Expression, safe: bool) -> exp.Expression:
    if not safe:
        return cast(raw, "BIGINT")
    if reads_text(column):
        whole = exp.func("regexp_full_match", raw.copy(), exp.Literal.string("[+-]?[0-9]+"))
        return exp.Case(ifs=[exp.If(this=whole, true=cast(raw, "BIGINT", safe=True))])
    if column.physical_type in INTEGERS:
        return cast(raw, "BIGINT", safe=True)
    floor = exp.EQ(this=exp.Floor(this=raw.copy()), expression=raw.copy())
    return exp.Case(ifs=[exp.If(this=floor, true=cast(raw, "BIGINT", safe=True))])


def _amount(sql: SourceSql, column: BoundColumn, raw: exp.Expression, safe: bool) -> exp.Expression:
    to = SQL_TYPES[column.spec.type.kind]
    if column.factor:
        wide = cast(raw, "DECIMAL(24, 6)", safe=safe)
        product = exp.Mul(this=cast(wide, "DOUBLE"), expression=exp.Literal.number(column.factor))
        return cast(product, to, safe=safe)
    value = cast(raw, to, safe=safe)
    if not safe or not reads_text(column):
        return value
    # Other programs write 414.09000000000003 for 414.09: less than a millionth off is the same amount, more is not.
    off = exp.Sub(this=value, expression=cast(raw.copy(), "DECIMAL(38, 12)", safe=True))
    exact = exp.LT(this=exp.Abs(this=off), expression=exp.Literal.number("0.000001"))
    return exp.Case(ifs=[exp.If(this=exact, true=value.copy())])


def _number(sql: SourceSql, column: BoundColumn, raw: exp.Expression, safe: bool) -> exp.Expression:
    value: exp.Expression = cast(raw, "DOUBLE", safe=safe)
    if column.factor:
        value = exp.Mul(this=value, expression=exp.Literal.number(column.factor))
    if column.binding.nan == "null":
        low = exp.Neg(this=exp.Literal.number(LARGEST))
        finite = exp.Between(this=value, low=low, high=exp.Literal.number(LARGEST))
        return exp.Case(ifs=[exp.If(this=finite, true=value.copy())])
    return value


def _date(sql: SourceSql, column: BoundColumn, raw: exp.Expression, safe: bool) -> exp.Expression:
    pattern, zone = sql.date_format(column), sql.zone(column)
    if reads_text(column) and pattern:
        name = "try_strptime" if safe else "strptime"
        raw = exp.Anonymous(this=name, expressions=[raw, exp.Literal.string(pattern)])
    elif reads_text(column) and safe and not zone:
        iso = exp.func("regexp_full_match", raw.copy(), exp.Literal.string("[0-9]{4}-[0-9]{2}-[0-9]{2}"))
        return exp.Case(ifs=[exp.If(this=iso, true=cast(raw, "DATE", safe=True))])
    if zone:
        stamp = cast(raw, "TIMESTAMP", safe=safe)
        local = exp.AtTimeZone(this=stamp, zone=exp.Literal.string(zone))
        raw = exp.AtTimeZone(this=local, zone=exp.Literal.string(sql.workspace_zone))
    return raw if column.physical_type == "DATE" and isinstance(raw, exp.Column) else cast(raw, "DATE", safe=safe)


def _month(sql: SourceSql, column: BoundColumn, raw: exp.Expression, safe: bool) -> exp.Expression:
    """Read 2026-08, 202608 or any date of the month as the month's last day."""
    if column.physical_type == "DATE" or column.physical_type.startswith("TIMESTAMP") or sql.date_format(column):
        day = _date(sql, column, raw, safe)
    else:
        digits = exp.func("replace", cast(raw, "TEXT"), exp.Literal.string("-"), exp.Literal.string(""))
        year = exp.func("substring", digits, exp.Literal.number(1), exp.Literal.number(4))
        month = exp.func("substring", digits.copy(), exp.Literal.number(5), exp.Literal.number(2))
        day = cast(exp.func("concat", year, exp.Literal.string("-"), month, exp.Literal.string("-01")), "DATE", safe=safe)
    return cast(exp.LastDay(this=day), "DATE")


def _boolean(sql: SourceSql, column: BoundColumn, raw: exp.Expression, safe: bool) -> exp.Expression:
    if column.physical_type == "BOOLEAN" and not column.binding.recode:
        return raw
    text = exp.func("lower", raw if reads_text(column) else cast(raw, "TEXT"))
    ifs = [
        exp.If(this=_is_in(text, list(texts)), true=exp.Boolean(this=value))
        for texts, value in ((TRUE_TEXTS, True), (FALSE_TEXTS, False))
    ]
    return exp.Case(ifs=ifs)


_READERS = {
    "text": _text, "key": _text, "category": _category, "integer": _integer, "money": _amount, "volume": _amount,
    "number": _number, "rate": _number, "date": _date, "month": _month, "boolean": _boolean,
}  # fmt: skip


def _is_in(ast: exp.Expression, texts: list[str]) -> exp.Expression:
    return exp.In(this=ast.copy(), expressions=[exp.Literal.string(text) for text in texts])


def _shown(file: Path, folder: Path | None) -> str:
    if folder is None:
        return str(file.resolve())
    import os

    return os.path.relpath(file, folder)
