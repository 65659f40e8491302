"""The content of a snapshot: what its tags say, however the build came to it."""

from __future__ import annotations

from pathlib import Path

import pytest

import c360
from c360.snapshots.content import content_of
from tiny import Workspace, make


def content(workspace: Workspace, *names: str, **options: object) -> dict[str, str]:
    """Build and return the digest of each entity's tag values."""
    opened = c360.open(workspace.folder)
    opened.build(*names, **options)
    with opened.snapshots.current() as snapshot:
        return content_of(opened.engine, snapshot)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Six customers."""
    return make(tmp_path / "work")


@pytest.mark.thorough
def test_parts_and_threads_do_not_change_it(workspace: Workspace, tmp_path: Path) -> None:
    other = make(tmp_path / "other")
    other.add("c360.toml", "\n[engine]\nthreads = 1\n")
    assert content(workspace) == content(other, parts=3)


@pytest.mark.thorough
def test_a_row_more_changes_it(workspace: Workspace, tmp_path: Path) -> None:
    other = make(tmp_path / "other")
    other.add("data/ticket.csv", "C5,2026-11-01,bill\n")
    one, changed = content(workspace), content(other)
    assert set(one) == set(changed) == {"customer", "line"}
    assert one["customer"] != changed["customer"] and one["line"] == changed["line"]


@pytest.mark.thorough
def test_an_increment_says_what_a_full_build_says(workspace: Workspace, tmp_path: Path) -> None:
    other = make(tmp_path / "other")
    content(workspace)
    for one in (workspace, other):
        one.add("data/ticket.csv", "C5,2026-11-01,bill\n")
    assert content(workspace, replace=True) == content(other)
