"""A snapshot that the first version wrote is read by every later one: listed, verified, its rows as they were."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from c360.engines.duckdb import DuckDBEngine
from c360.snapshots.content import content_of, tags_sql
from c360.snapshots.store import Store
from project import ROOT
from tiny import CommandLine, Workspace, c360, workspace  # noqa: F401 - fixtures

FIXTURE = ROOT / "tests" / "fixtures" / "snapshot-format-1"
SIZE = 30_000


@pytest.fixture
def store(workspace: Workspace) -> Store:  # noqa: F811
    """The store of a workspace into which the first version's files were put."""
    folder = workspace.folder / ".c360" / "snapshots"
    shutil.copytree(FIXTURE, folder)
    return Store(folder, inside=workspace.folder)


def rows(engine: DuckDBEngine, store: Store, entity: str, *names: str) -> dict[str, tuple[Any, ...]]:
    """Return tags of the newest snapshot by key."""
    with store.current() as snapshot:
        table = snapshot.manifest.entity(entity)
        columns = ", ".join((table.key, *names))
        found = engine.rows(f"SELECT {columns} FROM ({tags_sql(snapshot, table)}) AS stored ORDER BY 1")
    return {key: tuple(values) for key, *values in found}


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in FIXTURE.rglob("*") if path.is_file()) <= SIZE


def test_it_is_listed_and_verified(c360: CommandLine, store: Store) -> None:  # noqa: F811
    assert [(row["generation"], row["state"]) for row in c360("snapshots").rows] == [
        ("2026-10-31-1", "current"),
        ("2026-11-29-2", "current"),
    ]
    answer = c360("snapshots", "--verify")
    assert answer.code == 0, answer.err


def test_its_rows_are_what_they_were(duckdb_engine: DuckDBEngine, store: Store) -> None:
    found = rows(duckdb_engine, store, "customer", "lines_active", "arpu_3m", "value_tier", "tickets_90d", "risk", "grade")
    assert found == {
        "00017": (1, (90.0 + 30) * 3 / 3, "high", 1, 0.4, "high"),
        "C2": (1, 60.0 * 3 / 3, "low", 0, 0.2, "low"),
        "C3": (1, 300.0 * 3 / 3, "high", 2, 0.9, "mid"),
        "C4": (0, 0.0, "minimal", 1, 0.5, None),
        "C5": (0, 0.0, "minimal", 0, None, None),
        "CANARY-KEY": (1, 150.5 * 3 / 3, "high", 0, 0.3, "mid"),
    }
    bills = rows(duckdb_engine, store, "line", "line_bill")
    assert bills["L6"] == (Decimal("150.50"),) and bills["L5"] == (None,)


def test_its_content_is_what_it_was(duckdb_engine: DuckDBEngine, store: Store) -> None:
    with store.current() as snapshot:
        assert content_of(duckdb_engine, snapshot) == CONTENT


def test_what_stands_in_an_older_generation_is_found(store: Store) -> None:
    with store.current() as snapshot:
        older = [entry.path for entry in snapshot.manifest.files if not entry.path.startswith(snapshot.generation)]
        assert older == ["2026-10-31-1/line-monthly.parquet"]
        assert [Path(path).name for path in snapshot.paths(snapshot.manifest.entity("line").files)][1] == "line-monthly.parquet"


def test_a_build_goes_on_from_it(c360: CommandLine, store: Store) -> None:  # noqa: F811
    answer = c360("build", "--replace")
    assert answer.code == 0, answer.err
    assert store.verify(store.current().generation).files > 0


CONTENT = {"customer": "6-28c286973a49431dac60dd3ace458d38", "line": "6-c92aa2716572d050cb4ebe72a217ba03"}
