"""Builds that the engine has too little memory for: computed again in more parts, and what was finished is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import c360 as library
from c360.builds import memory
from c360.engines.duckdb import DuckDBEngine
from c360.errors import OutOfMemory
from c360.snapshots.content import content_of
from c360.workspace import Workspace as Opened
from tiny import Workspace, make

SAID = "memory ran out in 1 part: computed in 4 parts; --partitions 4 begins with them"


@pytest.fixture
def opened(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """A workspace of six customers; a part may be as small as one of them."""
    monkeypatch.setattr(memory, "FEWEST_ROWS", 1)
    found = library.open(workspace.folder)
    yield found
    found.close()


class Steps:
    """What a build tells of its steps; memory runs out in the middle of each of the first attempts."""

    def __init__(self, failing: int) -> None:
        self.failing, self.attempts, self.told = failing, 0, list[str]()

    def __call__(self, step: str, done: int, total: int) -> None:
        self.attempts += done == 0
        self.told.append(step)
        if self.attempts <= self.failing and 2 * done >= total:
            raise OutOfMemory("memory ran out", where=step)


def content(opened: Opened) -> dict[str, str]:
    snapshot = opened.snapshots.current()
    assert snapshot is not None
    with snapshot:
        return content_of(opened.engine, snapshot)


@pytest.mark.thorough
def test_a_build_without_memory_is_computed_in_more_parts(opened: Opened, tmp_path: Path) -> None:
    steps = Steps(failing=2)
    result = opened.build(told=steps)
    assert steps.attempts == 3
    assert result.notes == (SAID,) and SAID in result.as_json()["notes"]
    assert {step.partition(" (")[2] for step in steps.told} == {
        "", "again, in 2 parts: memory ran out)", "again, in 4 parts: memory ran out)",
    }  # fmt: skip
    assert not list((opened.folder / ".c360" / "work").rglob("*"))
    other = library.open(make(tmp_path / "other").folder)
    assert not other.build().notes
    assert content(opened) == content(other)
    other.close()


@pytest.mark.thorough
def test_finished_files_are_not_written_again(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    copy, written = DuckDBEngine.copy, list[str]()

    def failing(engine: DuckDBEngine, sql: str, path: Path, where: str | None = None) -> int:
        written.append(path.name)
        if path.name == "customer-masks.parquet" and written.count(path.name) == 1:
            raise OutOfMemory("memory ran out", where=where)
        return copy(engine, sql, path, where)

    monkeypatch.setattr(DuckDBEngine, "copy", failing)
    result = opened.build()
    assert result.notes == ("memory ran out in 1 part: computed in 2 parts; --partitions 2 begins with them",)
    assert {name: written.count(name) for name in written if written.count(name) > 1} == {"customer-masks.parquet": 2}


@pytest.mark.thorough
def test_parts_that_were_asked_for_stay(opened: Opened) -> None:
    steps = Steps(failing=1)
    with pytest.raises(OutOfMemory):
        opened.build(told=steps, parts=2)
    assert steps.attempts == 1
    assert opened.build(parts=2).is_new


@pytest.mark.thorough
def test_parts_do_not_become_tiny(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "FEWEST_ROWS", 2)
    steps = Steps(failing=10)
    with pytest.raises(OutOfMemory, match="memory ran out"):
        opened.build(told=steps)
    assert steps.attempts == 2, "six customers in parts of two at least: in one part, then in two"
    assert opened.snapshots.current() is None
    assert opened.build().is_new
