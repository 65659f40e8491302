"""A customer on a list with two lines is contacted twice and may buy twice: of cost and revenue only one line's was counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from contacting import Contacting

POLICY = """
[policy]
[policy.purposes.care]
[policy.channels.sms]
cost = 2
[policy.channels.call]
"""


def test_a_person_costs_and_brings_what_all_its_lines_do(tmp_path: Path) -> None:
    made = Contacting(tmp_path / "ours", policy=POLICY)
    made.folder.mkdir()
    made.make().add("line", "L3 C1")
    opened = made.opened()
    listed = opened.export(path=tmp_path / "a.csv", where="line is not null", entity="line", purpose="care", columns=())
    assert listed.frame["line_id"].to_list() == ["L1", "L2", "L3"]
    back = tmp_path / "back.csv"
    back.write_text("line_id,outcome,revenue\nL1,accepted,10\nL1,accepted,10\nL3,accepted,30\n", encoding="utf-8")
    opened.import_outcomes(back, listed.run_id, both_arms=True)
    told = opened.evaluate(listed.run_id, outcome="revenue")
    assert told.main.treated == 2  # persons
    assert told.main.of_treated == pytest.approx((10 + 30) / 2)
    assert told.money is not None
    assert told.money.contacts == 3 * 2
    back.write_text("line_id,outcome,cost\nL1,accepted,7\nL3,accepted,8\n", encoding="utf-8")
    opened.import_outcomes(back, listed.run_id, both_arms=True)
    money = opened.evaluate(listed.run_id).money
    assert money is not None
    assert money.contacts == 7 + 8 + 2
    opened.close()
