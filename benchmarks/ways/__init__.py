"""The ways to build the same wide table: a name, a data folder and a target in, the table's file out."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
THREADS = 2
Way = Callable[[Path, Path], None]


def best(data: Path, target: Path) -> None:
    """Run the best SQL written by hand."""
    text = (HERE / "best.sql").read_text(encoding="utf-8")
    _run([text.replace("{derived}", (HERE / "derived.sql").read_text(encoding="utf-8"))], data, target)


def filter_sql(data: Path, target: Path) -> None:
    """Run SQL as most people write it: a pass a fact, FILTER, a window over the wide row."""
    from benchmarks.ways.ordinary import one_pass

    _run(one_pass(), data, target)


def table_a_tag(data: Path, target: Path) -> None:
    """Run a query and make a table for every aggregate."""
    from benchmarks.ways.ordinary import one_table_a_tag

    _run(one_table_a_tag(), data, target)


def polars(data: Path, target: Path) -> None:
    """Run Polars' streaming engine."""
    from benchmarks.ways.polars_streaming import build

    build(data, target)


def ibis(data: Path, target: Path) -> None:
    """Run Ibis over DuckDB."""
    from benchmarks.ways.ibis_filter import build

    build(data, target)


def scan(data: Path, target: Path) -> None:
    """Read every needed column once, which no way can do without; writes nothing worth comparing."""
    _run([f"SELECT * FROM ({text})" for text in _scans()], data, target, together=True)


WAYS: dict[str, Way] = {
    "best": best, "filter": filter_sql, "table_a_tag": table_a_tag, "polars": polars, "ibis": ibis, "scan": scan,
}  # fmt: skip
NEEDS = {"ibis": "ibis"}


def present() -> list[str]:
    """Return the ways whose library is installed; `scan` computes no table."""
    return [name for name in WAYS if name not in NEEDS or importlib.util.find_spec(NEEDS[name]) is not None]


def _run(statements: list[str], data: Path, target: Path, *, together: bool = False) -> None:
    import duckdb

    with duckdb.connect(":memory:", config={"threads": THREADS}) as connection:
        connection.execute((HERE / "settings.sql").read_text(encoding="utf-8"))
        *before, last = [text.replace("{data}", str(data)) for text in statements]
        for statement in before:
            connection.execute(statement)
        if together:
            connection.execute(last)
        else:
            connection.execute(f"COPY ({last}) TO '{target}' (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2)")


def _scans() -> list[str]:
    facts = {
        "usage/*": "line_id day calls_out calls_in night_calls dropped_calls sms_out minutes_out minutes_in data_mb".split(),
        "bill/*": "line_id month plan_fee voice data vas discount total interconnect".split(),
        "payment/*": "customer_id due_on amount_due paid_on amount_paid".split(),
        "ticket/*": "customer_id opened_on severity closed_on satisfaction".split(),
        "contact/*": "customer_id contacted_on direction outcome".split(),
        "contract/*": "line_id start_on end_on".split(),
        "subscription/*": "line_id started_on ended_on price".split(),
        "customer": "customer_id joined_on kind".split(),
        "line": "line_id customer_id activated_on".split(),
    }  # fmt: skip
    windows = {"usage/*": "day BETWEEN DATE '2026-08-03' AND DATE '2026-10-31'", "bill/*": "month >= DATE '2025-11-01'"}
    made = []
    for name, columns in facts.items():
        when = windows.get(name, "true")
        made.append(f"SELECT {', '.join(f'max({c})' for c in columns)} FROM read_parquet('{{data}}/{name}.parquet') WHERE {when}")
    return made
