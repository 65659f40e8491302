"""A source of Parquet files in, what the ends of its files say of its columns out: rows, nulls, least, greatest; reads no row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlglot import exp

from c360.bindings.resolve import BoundColumn, BoundSource
from c360.engines.duckdb import DuckDBEngine
from c360.expr.dates import month_end
from c360.sql.checks import EARLIEST, LATEST, Check, fits_always
from c360.sql.render import to_text

TOLD = ("path_in_schema", "num_values", "stats_null_count", "stats_min_value", "stats_max_value")


@dataclass(frozen=True)
class Said:
    """What all files say of one column: none where one of them, or one group of rows, does not say it."""

    nulls: int | None
    least: str | None
    greatest: str | None


@dataclass(frozen=True)
class Footers:
    """What the files of a source say: their rows, and of each physical column what is in it."""

    rows: int
    columns: dict[str, Said]

    def proves(self, source: BoundSource, check: Check) -> bool:
        """Whether the files say that *check* counts nothing."""
        column = source.columns[check.column]
        said = self.columns.get(column.physical)
        if said is None or not fits_always(source, column):
            return False
        match check.kind:
            case "null":
                return said.nulls == 0
            case "range":
                first, last = (_day(text) for text in (said.least, said.greatest))
                return first is not None and last is not None and first >= EARLIEST and last <= LATEST
            case "below":
                least = _number(said.least)
                return least is not None and column.spec.min is not None and least >= Decimal(str(column.spec.min))
            case "above":
                greatest = _number(said.greatest)
                return greatest is not None and column.spec.max is not None and greatest <= Decimal(str(column.spec.max))
        return False

    def days(self, source: BoundSource) -> tuple[date, date] | None:
        """Return the first and last day of the source's date column; None where the files do not say both."""
        dated = source.spec.date_column
        column = None if dated is None else source.columns.get(dated.name)
        said = None if column is None else self.columns.get(column.physical)
        if column is None or said is None or not fits_always(source, column):
            return None
        first, last = _day(said.least), _day(said.greatest)
        if first is None or last is None:
            return None
        return (month_end(first), month_end(last)) if column.spec.type.kind == "month" else (first, last)


def footers_of(engine: DuckDBEngine, source: BoundSource) -> Footers | None:
    """Return what the files of *source* say; None where they are no Parquet files, or rows of them may be left out."""
    if source.binding.kind != "parquet" or source.binding.max_bad_rows or source.known_on or not source.files:
        return None
    paths = [str(source.reads(file).resolve()) for file in source.files]
    wanted = [column.physical for column in source.columns.values() if _is_plain(column)]
    groups = engine.rows(_question(paths, wanted), source.place)
    rows = int(engine.rows(_rows_question(paths), source.place)[0][0] or 0)
    by_column: dict[str, list[tuple[int, int | None, str | None, str | None]]] = {name: [] for name in wanted}
    for name, values, nulls, least, greatest in groups:
        by_column[name].append((values, nulls, least, greatest))
    return Footers(rows, {name: _said(told) for name, told in by_column.items() if sum(one[0] for one in told) == rows})


def _said(groups: Sequence[tuple[int, int | None, str | None, str | None]]) -> Said:
    nulls = None if any(one[1] is None for one in groups) else sum(one[1] or 0 for one in groups)
    full = [one for one in groups if one[1] is None or one[1] < one[0]]  # a group of nulls alone has no least value
    if any(one[2] is None or one[3] is None for one in full) or not full:
        return Said(nulls, None, None)
    least, greatest = [one[2] or "" for one in full], [one[3] or "" for one in full]
    return Said(nulls, min(least, key=_order), max(greatest, key=_order))


def _order(text: str) -> tuple[Decimal, str]:
    """Return what statistics sort by: numbers by size, days as they are written."""
    number = _number(text)
    return (Decimal(0), text) if number is None else (number, "")


def _is_plain(column: BoundColumn) -> bool:
    stored = column.physical_type
    return stored in {"DATE", "TINYINT", "SMALLINT", "INTEGER", "BIGINT"} or stored.startswith("DECIMAL")


def _question(paths: Sequence[str], columns: Sequence[str]) -> str:
    wanted = exp.In(this=exp.column(TOLD[0]), expressions=[exp.Literal.string(name) for name in columns])
    return to_text(exp.select(*(exp.column(name) for name in TOLD)).from_(_metadata("parquet_metadata", paths)).where(wanted))


def _rows_question(paths: Sequence[str]) -> str:
    return to_text(exp.select(exp.Sum(this=exp.column("num_rows"))).from_(_metadata("parquet_file_metadata", paths)))


def _metadata(function: str, paths: Sequence[str]) -> exp.Table:
    listed = exp.Array(expressions=[exp.Literal.string(path) for path in paths])
    return exp.Table(this=exp.Anonymous(this=function, expressions=[listed]))


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text[:10])
    except ValueError:
        return None


def _number(text: str | None) -> Decimal | None:
    try:
        found = None if text is None else Decimal(text)
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None
