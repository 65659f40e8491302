"""Columns with their SQL types in, SQL text for an order-free digest of a table's values out; knows no connection.

A row is written as one canonical text: texts and lists with their lengths, null unlike any value. The digest is the number
of rows and the sums of two halves of each row's md5, so it depends neither on the order of rows nor on files and threads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import reduce

from c360.quoting import quoted

NULL, SEPARATOR = "chr(30)", "chr(31)"
AT_ONCE = 50  # columns in one concat: the engine plans long ones slowly


def digest_sql(relation: str, columns: Mapping[str, str]) -> str:
    """Return the query for rows, high and low over *relation* (SQL), whose *columns* have these DuckDB types."""
    cells = [canonical_text(quoted(name), columns[name]) for name in sorted(columns)]
    parts = [f"concat({f', {SEPARATOR}, '.join(cells[i : i + AT_ONCE])})" for i in range(0, len(cells), AT_ONCE)]
    row = f" || {SEPARATOR} || ".join(parts) or "''"
    halves = ", ".join(f"SUM(('0x' || substr(h, {first}, 15))::BIGINT::HUGEINT) AS {name}" for name, first in HALVES.items())
    return f"SELECT COUNT(*) AS row_count, {halves} FROM (SELECT md5({row}) AS h FROM {relation}) AS hashed"


HALVES = {"high": 1, "low": 17}


def digest_text(columns: Mapping[str, str], answers: Iterable[tuple[int, int | None, int | None]]) -> str:
    """Return the digest of a table from the answers of its disjoint parts (one, where it was asked at once)."""
    sums = reduce(lambda a, b: (a[0] + b[0], a[1] + (b[1] or 0), a[2] + (b[2] or 0)), answers, (0, 0, 0))
    body = json.dumps([sorted(columns.items()), sums])
    return f"{sums[0]}-{hashlib.sha256(body.encode()).hexdigest()[:32]}"


def canonical_text(column: str, kind: str) -> str:
    """Return the SQL text of a cell's canonical form; *column* is SQL, *kind* its DuckDB type."""
    if kind == "BOOLEAN":
        text = f"CASE WHEN {column} THEN '1' ELSE '0' END"
        return f"CASE WHEN {column} IS NULL THEN {NULL} ELSE {text} END"
    if kind.endswith("[]"):
        cells = f"list_transform({column}, lambda e: length(e) || ':' || e)"
        text = f"len({column}) || '[' || array_to_string({cells}, {SEPARATOR})"
    elif kind in {"VARCHAR", "TEXT"}:
        text = f"length({column}) || ':' || {column}"
    elif kind in {"DOUBLE", "FLOAT"}:
        text = f"({column} + 0.0)::VARCHAR"  # -0.0 is 0.0
    else:
        text = f"{column}::VARCHAR"
    return f"COALESCE({text}, {NULL})"
