"""The content digest: the same rows give the same one however they come, any other value gives another."""

from __future__ import annotations

import hashlib

import pytest

from c360.engines.duckdb import DuckDBEngine
from c360.snapshots.digest import digest_sql, digest_text

COLUMNS = {
    "customer_id": "VARCHAR", "spend": "DECIMAL(18,2)", "rate": "DOUBLE", "active": "BOOLEAN", "n": "BIGINT", "on": "DATE",
    "topics": "VARCHAR[]", "grade": "VARCHAR",
}  # fmt: skip
ROW = {
    "customer_id": "'C1'", "spend": "12.50", "rate": "0.1", "active": "TRUE", "n": "3", "on": "DATE '2026-10-31'",
    "topics": "['a', 'b']", "grade": "'low'",
}  # fmt: skip
OTHER = {**ROW, "customer_id": "'C2'", "spend": "NULL", "topics": "[]::VARCHAR[]", "active": "FALSE"}


def relation(*rows: dict[str, str]) -> str:
    """Return SQL for a table of *rows*."""
    cells = [", ".join(f'CAST({row[name]} AS {kind}) AS "{name}"' for name, kind in COLUMNS.items()) for row in rows]
    return f"({' UNION ALL '.join(f'SELECT {cell}' for cell in cells)}) AS t"


def digest(engine: DuckDBEngine, *parts: str) -> str:
    """Return the digest of a table from its parts."""
    return digest_text(COLUMNS, [engine.rows(digest_sql(part, COLUMNS))[0] for part in parts])


def test_the_order_of_rows_does_not_count(duckdb_engine: DuckDBEngine) -> None:
    assert digest(duckdb_engine, relation(ROW, OTHER)) == digest(duckdb_engine, relation(OTHER, ROW))


def test_neither_do_files(duckdb_engine: DuckDBEngine) -> None:
    assert digest(duckdb_engine, relation(ROW), relation(OTHER)) == digest(duckdb_engine, relation(ROW, OTHER))


def test_a_row_twice_is_not_a_row_once(duckdb_engine: DuckDBEngine) -> None:
    assert digest(duckdb_engine, relation(ROW, ROW)) != digest(duckdb_engine, relation(ROW))
    assert digest(duckdb_engine, relation(ROW)).startswith("1-")


@pytest.mark.parametrize("name", COLUMNS)
def test_null_is_unlike_any_value(duckdb_engine: DuckDBEngine, name: str) -> None:
    assert digest(duckdb_engine, relation({**ROW, name: "NULL"})) != digest(duckdb_engine, relation(ROW))


def test_two_rows_that_swap_a_value_differ(duckdb_engine: DuckDBEngine) -> None:
    swapped = relation({**ROW, "spend": "NULL"}, {**OTHER, "spend": "12.50"})
    assert digest(duckdb_engine, swapped) != digest(duckdb_engine, relation(ROW, OTHER))


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("topics", "['a', 'b']", "['a, b']"),
        ("topics", "['']", "[]::VARCHAR[]"),
        ("topics", "[]::VARCHAR[]", "NULL"),
        ("grade", "''", "NULL"),
        ("grade", "chr(30)", "NULL"),
        ("rate", "0.1", "0.10000000000000002"),
        ("spend", "0", "NULL"),
    ],
)
def test_values_that_look_alike_differ(duckdb_engine: DuckDBEngine, name: str, one: str, other: str) -> None:
    assert digest(duckdb_engine, relation({**ROW, name: one})) != digest(duckdb_engine, relation({**ROW, name: other}))


def test_text_does_not_run_over_into_the_next_column(duckdb_engine: DuckDBEngine) -> None:
    columns = {"a": "VARCHAR", "b": "VARCHAR"}
    one, other = ("(SELECT 'x' || chr(31) || '1:y' AS a, '' AS b) AS t", "(SELECT 'x' AS a, '1:y' || chr(31) AS b) AS t")
    found = {digest_text(columns, duckdb_engine.rows(digest_sql(part, columns))) for part in (one, other)}
    assert len(found) == 2


def test_minus_zero_is_zero(duckdb_engine: DuckDBEngine) -> None:
    assert digest(duckdb_engine, relation({**ROW, "rate": "-0.0::DOUBLE"})) == digest(duckdb_engine, relation({**ROW, "rate": "0"}))


def test_no_rows_have_a_digest(duckdb_engine: DuckDBEngine) -> None:
    empty = f"(SELECT * FROM {relation(ROW)} WHERE FALSE) AS nothing"
    assert digest(duckdb_engine, empty).startswith("0-")


def test_a_digest_is_what_any_program_finds(duckdb_engine: DuckDBEngine) -> None:
    """Frozen, and found again without an engine: an upgrade that changes it must be seen."""
    # In the order of names: active, customer_id, grade, n, on, rate, spend, topics.
    texts = (
        "1\x1f2:C1\x1f3:low\x1f3\x1f2026-10-31\x1f0.1\x1f12.50\x1f2[1:a\x1f1:b",
        "0\x1f2:C2\x1f3:low\x1f3\x1f2026-10-31\x1f0.1\x1f\x1e\x1f0[",
    )
    hashed = [hashlib.md5(text.encode()).hexdigest() for text in texts]
    high, low = (sum(int(text[place : place + 15], 16) for text in hashed) for place in (0, 16))
    assert digest(duckdb_engine, relation(ROW, OTHER)) == digest_text(COLUMNS, [(2, high, low)])
    assert digest(duckdb_engine, relation(ROW, OTHER)) == "2-d42382d83dd7ee4f073919d1b880b5c3"
