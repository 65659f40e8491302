"""A user's own tag file in a copied workspace: five lines, and every command knows the tag."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing
from pathlib import Path

import pytest

from c360 import Workspace
from c360.cli.faults import run
from c360.demo import write_demo

OURS = """from c360 import tag
from tags.base import tenure_months
from tags.value import value_tier

valued_for_long = tag((value_tier >= "mid") & (tenure_months >= 24), title="Valued for two years", owner="retention")
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """The workspace that `c360 init` makes, with a demo and the new file."""
    assert run(["-q", "init", str(tmp_path / "mine")]) == 0
    write_demo(tmp_path / "mine" / "c360-demo", customers=300, seed=5)
    (tmp_path / "mine" / "tags" / "ours.py").write_text(OURS, encoding="utf-8")
    return tmp_path / "mine"


@pytest.mark.thorough
def test_a_tag_file_of_five_lines_works_everywhere(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*arguments: str) -> str:
        capsys.readouterr()
        assert run(["-w", str(mine), *arguments]) == 0
        return capsys.readouterr().out

    assert len(OURS.splitlines()) <= 5
    with closing(Workspace(mine)) as workspace:
        rows = workspace.table("value_tier", "tenure_months").rows(named=True)
    expected = {r["customer_id"] for r in rows if r["value_tier"] in ("mid", "high") and (r["tenure_months"] or 0) >= 24}
    assert 0 < len(expected) < 300

    assert json.loads(said("check", "--json"))["ok"] is True
    card = json.loads(said("tags", "valued_for_long", "--json"))
    assert (card["title"], card["unavailable"]) == ("Valued for two years", "")
    assert card["where"] == "tags/ours.py:5"
    (size,) = json.loads(said("size", "--where", "valued_for_long", "--json"))["sizes"]
    assert (size["members"], size["universe"]) == (len(expected), 300)
    columns = ("--columns", "value_tier,tenure_months,valued_for_long")
    looked_at = json.loads(said("export", "--where", "valued_for_long", *columns, "--dry-run", "--sample", "300", "--json"))
    assert {row["customer_id"] for row in looked_at["sample"]} == expected
    listed = said("export", "--where", "valued_for_long", *columns, "--purpose", "care", "--channel", "sms")
    members = list(csv.DictReader(io.StringIO(listed)))
    assert members and {row["customer_id"] for row in members} < expected, "who did not agree to it is left out"
    assert {row["valued_for_long"] for row in members} == {"true"}
