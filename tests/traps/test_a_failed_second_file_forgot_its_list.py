"""Found in review: a list was written a second time, the second file could not get its name, and the ledger forgot both.

So nobody on it counted as contacted, and the next list contacted them again. What had left stays in the ledger.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from c360.errors import TargetExists
from c360.lists import handing
from contacting import Contacting

CAPPED = """
[policy]

[policy.purposes.care]

[policy.channels.sms]

[[policy.caps]]
most = 1
days = 7
"""


def test_what_had_left_stays_in_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Contacting(tmp_path / "work", policy=CAPPED).make().opened()
    first = workspace.export("northern", tmp_path / "first.csv", purpose="care")
    write = handing.WRITERS["csv"]

    def slow(*arguments: Any) -> int:
        (tmp_path / "second.csv").write_text("somebody else's\n", encoding="utf-8")
        return write(*arguments)

    monkeypatch.setitem(handing.WRITERS, "csv", slow)
    with pytest.raises(TargetExists):
        workspace.export("northern", tmp_path / "second.csv", purpose="care")
    monkeypatch.undo()
    (kept,) = workspace.records.ledger.lists()
    assert (kept.list_id, kept.file) == (first.run_id, str(tmp_path / "first.csv"))
    others = workspace.export("everybody", tmp_path / "third.csv", purpose="care").frame["customer_id"]
    assert not set(others) & set(first.frame["customer_id"])


def test_what_never_left_is_not_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Contacting(tmp_path / "work", policy=CAPPED).make().opened()

    def broken(*_: Any, force: bool) -> None:
        raise TargetExists("there already")

    monkeypatch.setattr(handing, "publish", broken)
    with pytest.raises(TargetExists):
        workspace.export("northern", tmp_path / "first.csv", purpose="care")
    assert not workspace.records.ledger.lists()


def test_a_list_of_nobody_on_the_screen_is_no_list_to_measure_the_next_one_by(tmp_path: Path) -> None:
    made = Contacting(tmp_path / "work", policy=CAPPED.replace("[policy]\n", "[policy]\nmax_change = 0.5\n", 1)).make()
    workspace = made.opened()
    assert workspace.export("northern", purpose="care", keys=("C3",), allow_empty=True).frame.is_empty()
    assert not workspace.records.ledger.lists()
    assert workspace.export("northern", purpose="care").frame.height == 4
