"""A contact source that does not tell purpose or channel: its rows were no list's contacts, so each list counted twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from c360.lists.touching import touches
from contacting import ON, POLICY, Contacting, listed

CAP = "\n[[policy.caps]]\nmost = 1\ndays = 30\n"


@pytest.mark.parametrize(
    ("channel", "purpose", "rows"),
    [
        ('channel = "way"', 'purpose = ""', 1),
        ('channel = ""', 'purpose = ""', 1),
        ('channel = "way"', "", 2),  # the row's purpose is told, and it is another
    ],
    ids=["no purpose", "neither", "both"],
)
def test_a_list_and_its_contact_in_the_source_are_one(tmp_path: Path, channel: str, purpose: str, rows: int) -> None:
    told = POLICY.replace('channel = "way"', f"{channel}\n{purpose}")
    made = Contacting(tmp_path, policy=told + CAP).make()
    made.add("contact", "C1 2026-10-28 sms out care -")
    workspace = made.opened()
    workspace.records.ledger.record(*listed("a1", date(2026, 10, 27), {"C1": "sms"}))
    found = touches(workspace, ON)
    assert found.frame.height == rows
