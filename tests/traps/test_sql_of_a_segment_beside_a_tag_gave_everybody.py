"""The SQL of a segment kept its members; with a tag named beside it, it gave every row, and a column nobody looked at."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import c360
from tiny import make


def test_tags_beside_one_segment_are_those_of_its_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make(tmp_path / "work").folder
    workspace = c360.open(folder)
    members = workspace.size("worth_keeping").members
    monkeypatch.chdir(folder)
    with duckdb.connect() as connection:
        alone = connection.execute(workspace.sql("worth_keeping")).fetchall()
        beside = connection.execute(workspace.sql("worth_keeping", "arpu_3m")).fetchall()
        first = connection.execute(workspace.sql("arpu_3m", "worth_keeping")).fetchall()
        both = connection.execute(workspace.sql("active", "worth_keeping")).fetchall()
    assert 0 < len(alone) == len(beside) == len(first) == members < 6
    assert len(both) == 6, "several segments are columns"
    workspace.close()
