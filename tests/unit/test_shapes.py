"""What the footers of a fact's files tell: rows a key and day, and whether a row group holds few days or all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import c360
from c360.engines.duckdb import DuckDBEngine
from c360.engines.shapes import Shapes

SOURCES = '''"""What each table means."""
from c360 import Date, Entity, Facts, Integer, Key, event, fixed


class Line(Entity):
    """One row a line."""

    default = True
    kind: Integer = fixed()


class Usage(Facts):
    """One line's day."""

    line: Key[Line]
    day: Date = event()
    calls: Integer


class Visit(Facts):
    """One visit, from a file of text."""

    line: Key[Line]
    day: Date = event()
'''
CALLS = '''"""Calls."""
from c360 import days, tag
from tags.sources import Usage

calls_10d = tag(Usage.last(days(10)).calls.sum())
'''
SETTINGS = """time_zone = "UTC"
as_of = 2026-04-10
[sources.line]
path = "line.parquet"
[sources.usage]
path = "usage/*.parquet"
[sources.visit]
path = "visit.csv"
"""
LINES, DAYS = 40, 100
FIRST, LAST = date(2026, 1, 1), date(2026, 4, 10)
USAGE = f"""SELECT 'L' || (n % {LINES}) AS line_id, DATE '2026-01-01' + (n // {LINES})::INTEGER AS day, 1 AS calls
FROM range({LINES * DAYS}) AS t(n)"""


@pytest.fixture
def workspace(tmp_path: Path, duckdb_engine: DuckDBEngine) -> c360.Workspace:
    """A workspace whose usage is still to be written."""
    (tmp_path / "tags").mkdir()
    (tmp_path / "tags" / "sources.py").write_text(SOURCES)
    (tmp_path / "c360.toml").write_text(SETTINGS)
    data = tmp_path / "data"
    (data / "usage").mkdir(parents=True)
    (data / "visit.csv").write_text("line_id,day\nL1,2026-01-01\n")
    duckdb_engine.execute(f"COPY (SELECT 'L' || n AS line_id, 1 AS kind FROM range({LINES}) AS t(n)) TO '{data / 'line.parquet'}'")
    return c360.Workspace.find(tmp_path, data_folder=data)


def _shapes(workspace: c360.Workspace) -> Shapes:
    return Shapes(workspace.bindings, workspace.engine, small=0)


@pytest.mark.thorough
def test_a_file_a_day_is_told_from_one_of_all_days(workspace: c360.Workspace, duckdb_engine: DuckDBEngine) -> None:
    usage = workspace.data_folder / "usage"
    for day in range(DAYS):
        duckdb_engine.execute(
            f"COPY (SELECT * FROM ({USAGE}) WHERE day = DATE '2026-01-01' + {day}) TO '{usage / f'{day}.parquet'}'"
        )
    found = _shapes(workspace).of("usage", "line")
    assert found is not None
    assert (found.rows, found.keys, found.first, found.last, found.days_a_group) == (LINES * DAYS, LINES, FIRST, LAST, 1)
    assert found.rows_a_key_and_day == 1
    workspace.close()


def test_rows_by_key_hold_all_days_in_a_row_group(workspace: c360.Workspace, duckdb_engine: DuckDBEngine) -> None:
    target = workspace.data_folder / "usage" / "all.parquet"
    duckdb_engine.execute(f"COPY (SELECT * FROM ({USAGE}) ORDER BY line_id, day) TO '{target}'")
    found = _shapes(workspace).of("usage", "line")
    assert found is not None
    assert found.days_a_group == DAYS
    workspace.close()


@pytest.mark.thorough
def test_only_the_files_of_the_days_asked_for_are_read(workspace: c360.Workspace, duckdb_engine: DuckDBEngine) -> None:
    usage = workspace.data_folder / "usage"
    for day in range(DAYS):
        duckdb_engine.execute(
            f"COPY (SELECT * FROM ({USAGE}) WHERE day = DATE '2026-01-01' + {day}) TO '{usage / f'{day}.parquet'}'"
        )
    (workspace.folder / "tags" / "calls.py").write_text(CALLS)
    told = workspace.engine.rows(
        "EXPLAIN ANALYZE " + workspace.sql("calls_10d", as_of=LAST).replace("data/", f"{workspace.data_folder}/")
    )
    assert f"Row Groups Scanned: 10 / {DAYS}" in told[0][1]
    workspace.close()


def test_small_files_and_text_tell_nothing(workspace: c360.Workspace, duckdb_engine: DuckDBEngine) -> None:
    duckdb_engine.execute(f"COPY ({USAGE}) TO '{workspace.data_folder / 'usage' / 'all.parquet'}'")
    assert workspace.shapes.of("usage", "line") is None
    assert _shapes(workspace).of("visit", "line") is None
    assert _shapes(workspace).of("nothing", "line") is None
    workspace.close()
