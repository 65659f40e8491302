"""Fixtures every test may use: one DuckDB for the session, the agreement of engines, the real data where it is."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agreement import agree as agree_on
from c360.engines.duckdb import DuckDBEngine
from project import ROOT


@pytest.fixture(scope="session")
def duckdb_engine() -> Iterator[DuckDBEngine]:
    """One in-memory DuckDB; every query has a cursor of its own."""
    engine = DuckDBEngine()
    yield engine
    engine.close()


@pytest.fixture
def agree(duckdb_engine: DuckDBEngine) -> Callable[..., None]:
    """Assert that every engine gives the expected values."""
    return functools.partial(agree_on, duckdb_engine)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data; skips where it is missing."""
    folder = Path(os.environ.get("C360_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"real data not here ({folder.name}/); give its folder in C360_DATA")
    return folder


def pytest_configure(config: Any) -> None:
    """Keep terminal colours and the caller's C360 settings out of the tests."""
    for name in [n for n in os.environ if n.startswith("C360_") and n != "C360_DATA"]:
        del os.environ[name]
    os.environ["NO_COLOR"] = "1"
