"""Limits of a query: the time a command may take, and how long nothing may move."""

from __future__ import annotations

import time

import pytest

from c360.engines import limits
from c360.engines.duckdb import DuckDBEngine
from c360.engines.limits import Limits
from c360.errors import NoProgress, ResourceError

ENDLESS = "SELECT COUNT(*) FROM range(100000) AS a(i), range(100000) AS b(i), range(100000) AS c(i) WHERE a.i * b.i = c.i"


@pytest.fixture
def engine() -> DuckDBEngine:
    """An engine of its own, for it may be left hanging."""
    return DuckDBEngine()


@pytest.mark.thorough
def test_a_query_ends_when_the_time_is_up(engine: DuckDBEngine) -> None:
    engine.limits = Limits(0.5)
    begun = time.monotonic()
    with pytest.raises(ResourceError, match=r"the time is up: 0.5 s had passed at counting"):
        engine.rows(ENDLESS, "counting")
    assert time.monotonic() - begun < 5


def test_the_time_is_that_of_all_queries(engine: DuckDBEngine) -> None:
    engine.limits = Limits(0.2)
    assert engine.rows("SELECT 1") == [(1,)]
    time.sleep(0.3)
    with pytest.raises(ResourceError, match="the time is up"):
        engine.rows("SELECT 1")


def test_a_connection_is_usable_after_the_time_was_up(engine: DuckDBEngine) -> None:
    engine.limits = Limits(0.3)
    with pytest.raises(ResourceError):
        engine.rows(ENDLESS)
    engine.limits = Limits()
    assert engine.rows("SELECT 1") == [(1,)]
    engine.close()


@pytest.mark.thorough
def test_a_query_that_computes_does_not_hang(engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATIENCE", 0.3)
    engine.limits = Limits(1.5)
    with pytest.raises(ResourceError) as told:
        engine.rows(ENDLESS)
    assert not isinstance(told.value, NoProgress)


def test_nothing_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATIENCE", 0.2)
    moving = Limits().watch("waiting")
    moving.check()
    time.sleep(0.3)
    with pytest.raises(NoProgress, match="at waiting: the engine hangs"):
        moving.check()


@pytest.mark.thorough
def test_reading_is_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow disk takes no time of a processor."""
    monkeypatch.setattr(limits, "PATIENCE", 0.2)
    read = iter(range(0, 10 * limits.READ, limits.READ))
    monkeypatch.setattr(limits, "_transferred", lambda: next(read))
    moving = Limits().watch("reading")
    for _ in range(3):
        time.sleep(0.25)
        moving.check()


def test_the_engine_leaves_the_process_room_in_the_memory_given() -> None:
    engine = DuckDBEngine(threads=1, memory="1GB")
    try:
        assert 0.88e9 < engine.memory_limit < 0.92e9
    finally:
        engine.close()
