"""A table of 115 tags in, one order-free number of its content out; two tables with the same values have the same.

Rules: amounts and counts are compared exactly. Rates are rounded to six decimals, and a ratio of counts, a DOUBLE as the division
left it, is compared to six decimals too: libraries divide by a constant in different ways, which shows in the sixteenth digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

FLOATING = ("DOUBLE", "FLOAT")
NUMBERS = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT", "UBIGINT", "UINTEGER", "DECIMAL")


def of_files(files: Sequence[Path]) -> str:
    """Return the digest of tables that share the key ``customer_id``, joined by it."""
    with duckdb.connect(":memory:") as connection:
        first, *others = [f"read_parquet('{file}') AS part_{number}" for number, file in enumerate(files)]
        joined = " ".join(f"FULL JOIN {other} USING (customer_id)" for other in others)
        return of_relation(connection, f"(FROM {first} {joined})")


def of_relation(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Return the digest of a relation: rows, and the sum of half an md5 of each."""
    types = {row[0]: row[1] for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}
    parts = " || '|' || ".join(_as_text(name, types[name]) for name in sorted(types))
    half = "('0x' || left(md5(row_text), 15))::BIGINT::HUGEINT"
    query = f"SELECT count(*), sum({half}) FROM (SELECT {parts} AS row_text FROM {relation})"
    rows, total = connection.execute(query).fetchall()[0]
    return f"{len(types)} columns, {rows} rows, {int(total or 0):x}"


def _as_text(name: str, type: str) -> str:
    column = f'"{name}"'
    if type.startswith(FLOATING):
        column = f"round({column}, 6)::DECIMAL(28, 6)"
    elif type.startswith(NUMBERS):
        column = f"{column}::DECIMAL(28, 6)"
    return f"coalesce({column}::VARCHAR, '~')"
