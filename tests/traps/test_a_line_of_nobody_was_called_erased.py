"""Where anybody was erased, lines whose customer is not known went off lists as erased at their own request."""

from __future__ import annotations

from pathlib import Path

import pytest

from contacting import POLICY, Contacting


@pytest.mark.parametrize(("policy", "purpose"), [(POLICY, "analysis"), ("\n", "")])
def test_a_line_of_nobody_stands_for_itself(tmp_path: Path, policy: str, purpose: str) -> None:
    made = Contacting(tmp_path, policy=policy).make()
    made.add("line", "L3 -")
    opened = made.opened()
    opened.erase(["C1"])
    asked = {"where": "line is not null", "entity": "line", "columns": (), "purpose": purpose}
    result = opened.export(**asked)  # type: ignore[arg-type]
    assert result.members is not None
    assert result.members["key"].to_list() == ["L2", "L3"]
    opened.close()


def test_lines_of_the_erased_are_not_taken_in_with_a_past_list(tmp_path: Path) -> None:
    opened = Contacting(tmp_path).make().opened()
    opened.erase(["C1"])
    past = tmp_path / "past.csv"
    past.write_text("line_id\nL1\nL2\n", encoding="utf-8")
    adopted = opened.adopt_list(past, "spring", "2026-10-01", entity="line")
    assert opened.records.ledger.rows(adopted.record.list_id)["key"].to_list() == ["L2"]
    opened.close()
