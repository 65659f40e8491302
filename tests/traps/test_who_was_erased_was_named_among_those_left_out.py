"""The file of those left out named customers who had been erased, with the reason that they had asked for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from contacting import POLICY, Contacting


@pytest.mark.parametrize(
    ("asked", "key", "erased"),
    [
        ({"segment": "everybody", "purpose": "care"}, "customer_id", "C1"),
        ({"segment": "everybody", "purpose": "care", "keys": ("C2", "C3")}, "customer_id", "C1"),  # gone before anybody asks
        ({"where": "line is not null", "entity": "line", "purpose": "care"}, "line_id", "L1"),
        ({"where": "line = 'L2'", "entity": "line", "purpose": "care"}, "line_id", "L1"),
    ],
    ids=["erased", "another key", "their line", "another line"],
)
def test_the_erased_are_hashes_there_too(tmp_path: Path, asked: dict[str, Any], key: str, erased: str) -> None:
    made = Contacting(tmp_path / "ours", policy=POLICY)
    made.folder.mkdir()
    opened = made.make().opened()
    opened.erase(["C1"])
    result = opened.export(path=tmp_path / "a.csv", excluded=tmp_path / "out.csv", columns=(), **asked)
    out = pl.read_csv(tmp_path / "out.csv")[key].to_list()
    assert erased not in out
    assert opened.records.secret.hash(erased) in out
    assert len(out) + result.frame.height == result.waterfall.stages[0].entered
    opened.close()
