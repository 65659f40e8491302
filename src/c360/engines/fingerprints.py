"""A bound source in, its state out, with the days that each Parquet file holds; reads the ends of files, no row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlglot import exp

from c360.bindings.fingerprints import KNOWN_ON, SourceState, Span, state_of
from c360.bindings.resolve import BoundColumn, BoundSource
from c360.engines.duckdb import DuckDBEngine
from c360.expr.dates import month_end
from c360.sql.render import to_text

# Of these physical types a file's least and greatest value are its first and last day; those of a text may be cut short.
DAYS = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "DECIMAL", "FLOAT", "DOUBLE")
TOLD = ("file_name", "path_in_schema", "stats_min_value", "stats_max_value", "stats_null_count", "num_values")


def source_state(engine: DuckDBEngine, source: BoundSource, zone: str, days: Span | None = None) -> SourceState:
    """Return the state of *source*: what a value computed from it depends on; *zone* is the workspace's.

    *days* are those of the whole source where something else knows them: they stand in for files that do not tell theirs.
    """
    spans: dict[Path, dict[str, Span]] = {state.path: {} for state in source.states}
    if source.binding.kind == "parquet":
        for file, column, span in _told(engine, source):
            spans[file][column] = span
    dated = source.spec.date_column
    if days is not None and dated is not None:
        for known in spans.values():
            known.setdefault(dated.name, days)
    return state_of(source, zone, spans)


def without_nulls(engine: DuckDBEngine, source: BoundSource) -> frozenset[str]:
    """Return the numbers of a Parquet source that are never null, as the ends of its files tell and as they are read."""
    columns: dict[str, list[str]] = {}
    for name, column in source.columns.items():
        read = column.binding
        changed = read.expression or read.recode or read.nulls or read.nan == "null"
        if column.physical_type.startswith(NUMBERS) and not changed:
            columns.setdefault(column.physical, []).append(name)
    if source.binding.kind != "parquet" or source.binding.max_bad_rows or not columns:
        return frozenset()
    opened = {str(source.reads(file).resolve()): file for file in source.files}
    nulls: dict[str, int] = {}
    for _, name, _, _, unknown, _ in engine.rows(_question(opened, columns), source.place):
        nulls[name] = nulls.get(name, 0) + (1 if unknown is None else unknown)
    return frozenset(name for physical, found in nulls.items() if not found for name in columns[physical])


def _told(engine: DuckDBEngine, source: BoundSource) -> Iterator[tuple[Path, str, Span]]:
    """Yield file, contract column and span for each date column that decides which rows are seen, where the file's end tells."""
    columns = _deciding(source)
    if not columns:
        return
    opened = {str(source.reads(file).resolve()): file for file in source.files}
    groups: dict[tuple[str, str], list[Any]] = {}
    for path, name, *told in engine.rows(_question(opened, columns), source.place):
        groups.setdefault((path, name), []).append(told)
    for (path, name), found in groups.items():
        span = _span(found)
        if span is not None:
            for contract in columns[name]:
                yield opened[path], contract, _as_read(source, contract, span)


def _deciding(source: BoundSource) -> Mapping[str, list[str]]:
    """Return the physical date columns that are read as they are, each with what the contract calls it."""
    spec = source.spec
    wanted = {c.name for c in spec.columns if c.role in {"event", "since"}} | {c.by for c in spec.columns if c.role == "later"}
    columns: dict[str, list[str]] = {}
    for name in sorted(wanted & set(source.columns)):
        if _is_plain(source, source.columns[name]):
            columns.setdefault(source.columns[name].physical, []).append(name)
    if dict(source.header).get(source.known_on) in DAYS:
        columns.setdefault(source.known_on, []).append(KNOWN_ON)
    return columns


def _is_plain(source: BoundSource, column: BoundColumn) -> bool:
    read = column.binding
    changed = read.expression or read.recode or read.nulls or read.zone or source.binding.zone
    return column.physical_type in DAYS and not changed


def _question(paths: Mapping[str, Path], columns: Mapping[str, list[str]]) -> str:
    files, names = ([exp.Literal.string(text) for text in texts] for texts in (paths, columns))
    asked = exp.Table(this=exp.Anonymous(this="parquet_metadata", expressions=[exp.Array(expressions=files)]))
    within = exp.In(this=exp.column("path_in_schema"), expressions=names)
    return to_text(exp.select(*(exp.column(name) for name in TOLD)).from_(asked).where(within))


def _span(groups: list[Any]) -> Span | None:
    """Return the span over all groups of rows; None where one tells nothing of its values, or no day of a year that dates have."""
    known = [(least, greatest) for least, greatest, unknown, values in groups if least or unknown != values]
    try:
        first = min(date.fromisoformat((least or "")[:10]) for least, _ in known)
        last = max(date.fromisoformat((greatest or "")[:10]) for _, greatest in known)
    except ValueError:
        return None
    return Span(first, last, any(unknown != 0 for _, _, unknown, _ in groups))


def _as_read(source: BoundSource, contract: str, span: Span) -> Span:
    """Return the span of a month's column as months are read: by their last days."""
    if contract == KNOWN_ON or source.spec.column(contract).type.kind != "month":
        return span
    return Span(month_end(span.first), month_end(span.last), span.has_unknown)
