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
from tiny import CANARIES


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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Iterator[Any]:
    """Fail any test that lets c360 name the canary, a made-up customer, on stderr or in a log (P01)."""
    report = yield
    said = report.capstderr + report.caplog
    named = [canary for canary in CANARIES if canary in said]
    if named and report.outcome != "failed":
        report.outcome, report.longrepr = "failed", f"a customer is named on stderr or in a log: {', '.join(named)}"
    return report
