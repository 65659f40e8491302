"""A segment that reads no dense source was counted on any day, years after the last file: the number of today, under that date."""

from __future__ import annotations

from pathlib import Path

import c360
from tiny import make

NOTE = "as of 2030-01-31, but the data goes up to 2026-11-29: nothing after that day is known"


def test_a_day_after_the_data_is_marked(tmp_path: Path) -> None:
    workspace = c360.open(make(tmp_path / "work").folder)
    assert workspace.size("active", as_of="2026-11-29").marks == ()
    assert workspace.size("active").marks == ()
    assert workspace.size("active", as_of="2030-01-31").marks == (NOTE,)
    path = tmp_path / "list.csv"
    assert NOTE in workspace.export("active", path, as_of="2030-01-31").marks
    workspace.close()
