"""A user's file in, its profile out: counts and forms of values by column, read by the engine; shows no value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlglot import exp

from c360.bindings.csv_files import Header, breakage, csv_header
from c360.bindings.encodings import UTF8
from c360.bindings.profiles import CODES_READ, NULL_TEXTS, ColumnProfile, FileProfile
from c360.bindings.settings import SourceBinding
from c360.bindings.sniff import Written, written_as
from c360.engines.decoding import DecodedFiles
from c360.engines.duckdb import DuckDBEngine
from c360.engines.headers import headers_of
from c360.errors import SourceError
from c360.quoting import text
from c360.sql.relations import csv, parquet
from c360.sql.render import to_text
from c360.sql.sources import FALSE_TEXTS, ISO_DAY, PLAIN, TRUE_TEXTS, WHOLE, cast, physical

TABLE = "profiled_rows"
SAMPLE_ROWS = 1_000_000
SAMPLE_VALUES = 2_000
DATE_FORMATS = (
    "%Y/%m/%d", "%Y%m%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y.%m.%d", "%y%m%d", "%d-%b-%y",
    "%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y%m%d%H%M%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p",
)  # fmt: skip
MONTH_FORMATS = ("%Y/%m", "%Y年%m月", "%m/%Y", "%b-%y", "%b %Y", "%Y.%m")
NATURAL_MONTH = f"[0-9]{{4}}-?[0-9]{{2}}|{ISO_DAY}|[0-9]{{8}}"
# What a value must look like before it is tried as a date: digits with signs or letters between, or so many digits.
DATELIKE = "[0-9]{6}|[0-9]{8}|[0-9]{14}|[0-9]{1,4}[-/.年 ][0-9A-Za-z]{1,3}.{0,25}|[A-Z][a-z]{2}[- ].{2,20}"


def profile_of(engine: DuckDBEngine, decoded: DecodedFiles, file: Path) -> FileProfile:
    """Return what the first million rows of *file* hold; raises SourceError with the line for what cannot be read."""
    written = written_as(file)
    header, relation = _opened(engine, decoded, file, written)
    columns = [exp.alias_(cast(physical(name), "TEXT"), f"c{place}") for place, (name, _) in enumerate(header)]
    query = exp.select(*columns).from_(relation).limit(SAMPLE_ROWS + 1)
    try:
        engine.execute(f"CREATE OR REPLACE TABLE {TABLE} AS\n{to_text(query)}", file.name)
        rows = int(engine.rows(f"SELECT COUNT(*) FROM {TABLE}")[0][0])
        return FileProfile(file, written, rows, tuple(_columns(engine, header, rows)), rows <= SAMPLE_ROWS)
    except SourceError as error:
        found = breakage(decoded.copy(file, written.codec), written.delimiter) if written.kind == "csv" else None
        raise (found or error) from None
    finally:
        engine.execute(f"DROP TABLE IF EXISTS {TABLE}")


def _opened(engine: DuckDBEngine, decoded: DecodedFiles, file: Path, written: Written) -> tuple[Header, exp.Expr]:
    if written.kind == "parquet":
        binding = SourceBinding(path=str(file), format="parquet")
        return headers_of(engine, binding, (file,), file.parent, "")[0], parquet([str(file.resolve())], binding)
    binding = SourceBinding(path=str(file), format="csv", delimiter=written.delimiter)
    header = csv_header(file, written.delimiter, written.codec)
    read = file if written.codec == UTF8 else decoded.copy(file, written.codec)
    return header, csv([str(read.resolve())], header, binding)


def _columns(engine: DuckDBEngine, header: Header, rows: int) -> Iterator[ColumnProfile]:
    for place, (name, type_) in enumerate(header):
        column = f"c{place}"
        filled, distinct, longest, whole, plain, cents, mils, booleans, likely_days, null_texts = _counts(engine, column)
        nulls = tuple(sorted(null_texts or ()))
        found = ColumnProfile(name, type_, rows, filled, distinct, longest, whole, plain, cents, mils, booleans, nulls)
        if 0 < found.distinct <= CODES_READ:
            found = replace(found, codes=_codes(engine, column))
        if found.filled and type_.startswith(("DATE", "TIMESTAMP")):
            found = replace(found, date_formats=("",), month_formats=("",))
        elif found.filled and likely_days == found.filled:
            days, months = _formats(engine, column)
            found = replace(found, date_formats=days, month_formats=months)
        yield found


def _counts(engine: DuckDBEngine, column: str) -> tuple[Any, ...]:
    """Return the counts of one column, of its values that may be days among them, and its null texts.

    Each different value is looked at once: most columns have few.
    """
    number = "TRY_CAST(value AS DOUBLE)"
    tests = (
        f"regexp_full_match(value, '{WHOLE}') AND {number} BETWEEN -9e18 AND 9e18",
        f"regexp_full_match(value, '{PLAIN}')",
        f"regexp_full_match(value, '{PLAIN}') AND ABS({number} - ROUND({number}, 2)) < 1e-6",
        f"regexp_full_match(value, '{PLAIN}') AND ABS({number} - ROUND({number}, 3)) < 1e-6",
        f"LOWER(value) IN {_texts((*TRUE_TEXTS, *FALSE_TEXTS))}",
        f"regexp_full_match(value, '{DATELIKE}')",
    )
    conditions = ("value IS NOT NULL", *tests)
    filled, *counts = (f"COALESCE(SUM(CASE WHEN {test} THEN times END), 0)" for test in conditions)
    nulls = "LIST(CASE WHEN value IS NULL AND TRIM(written) <> '' THEN written END)"
    head = ", ".join((filled, "COUNT(value)", "COALESCE(MAX(LENGTH(value)), 0)", *counts, nulls))
    each = f"(SELECT written, value, COUNT(*) AS times FROM {_values(column)} GROUP BY ALL)"
    *found, null_texts = engine.rows(f"SELECT {head} FROM {each}")[0]
    return (*map(int, found), [one for one in null_texts or () if one is not None])


def _codes(engine: DuckDBEngine, column: str) -> tuple[str, ...]:
    """Return the different values, null texts too, the most frequent first."""
    told = f"SELECT written FROM {_values(column)} WHERE TRIM(written) <> '' GROUP BY written ORDER BY COUNT(*) DESC, written"
    return tuple(row[0] for row in engine.rows(told))


def _formats(engine: DuckDBEngine, column: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the forms of days and of months that fit every one of a sample of values."""
    sample = f"(SELECT DISTINCT value FROM {_values(column)} WHERE value IS NOT NULL ORDER BY MD5(value) LIMIT {SAMPLE_VALUES})"
    month = "TRY_CAST(LEFT(REPLACE(value, '-', ''), 6) AS INTEGER) % 100"
    tests = [
        f"regexp_full_match(value, '{ISO_DAY}') AND TRY_CAST(value AS DATE) IS NOT NULL",
        f"regexp_full_match(value, '{NATURAL_MONTH}') AND {month} BETWEEN 1 AND 12",
        *(_fits(form) for form in (*DATE_FORMATS, *MONTH_FORMATS)),
        "TRUE",
    ]
    (fits, *_) = engine.rows("SELECT " + ", ".join(f"COUNT(CASE WHEN {test} THEN 1 END)" for test in tests) + f" FROM {sample}")
    is_day, is_month, *others = (found == fits[-1] for found in fits[:-1])
    days = tuple(form for form, fit in zip(DATE_FORMATS, others, strict=False) if fit)
    months = tuple(form for form, fit in zip(MONTH_FORMATS, others[len(DATE_FORMATS) :], strict=True) if fit)
    whole_days = ("",) if is_day else days
    return whole_days, ("",) if is_month else (*months, *days)


def _fits(form: str) -> str:
    """Return the condition that a value is a day of our times in this form."""
    return f"YEAR(try_strptime(value, '{form}')) BETWEEN 1900 AND 2200"


def _values(column: str) -> str:
    """Return the relation of one column: ``written`` as it stands in the file, ``value`` null where that means null."""
    null = f"TRIM({column}) = '' OR LOWER(TRIM({column})) IN {_texts(NULL_TEXTS)}"
    return f"(SELECT {column} AS written, CASE WHEN {null} THEN NULL ELSE {column} END AS value FROM {TABLE})"


def _texts(texts: Sequence[str]) -> str:
    return "(" + ", ".join(text(one) for one in texts) + ")"
