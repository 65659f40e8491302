"""A first bill was told by counting all bills there are: where the file begins with last month, it was everybody's first."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from c360 import Workspace
from c360.demo import write_demo
from c360.errors import StaleSource
from project import ROOT


@pytest.mark.thorough
def test_bills_that_begin_last_month_tell_of_no_first_bill(tmp_path: Path) -> None:
    for part in ("tags", "segments"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "c360.toml", tmp_path)
    data = write_demo(tmp_path / "c360-demo", customers=300, seed=3).folder
    whole = Workspace(tmp_path)
    assert 0 < whole.size(where="first_bill_due").members < 30
    bills = pl.read_parquet(data / "bill.parquet")
    bills.filter(pl.col("month") == date(2026, 10, 1)).write_parquet(data / "bill.parquet")
    settings = (ROOT / "c360.toml").read_text(encoding="utf-8")
    # With every source bound and whole, only the run itself says so; here one is not.
    (tmp_path / "c360.toml").write_text(re.sub(r"\[sources\.visit\]\n(?:[a-z].*\n)+", "", settings), encoding="utf-8")
    with pytest.raises(StaleSource, match="starts on"):
        Workspace(tmp_path).size(where="first_bill_due")
    short = Workspace(tmp_path)
    assert "starts on" in short.unavailable()["first_bill_due"]
