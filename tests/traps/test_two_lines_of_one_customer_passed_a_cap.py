"""Two lines of one customer on one list are two contacts of that customer: a cap of one let both pass, and counted one."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from c360.bindings.policy import Cap
from c360.deliver.caps import room
from contacting import Contacting

POLICY = """
[policy]
never = ["left_alone", "minors"]
caps = [{caps}]

[policy.purposes.care]

[policy.channels.sms]
[policy.channels.call]
"""
CAMPAIGNS = '''"""Campaigns."""

from c360 import apart, campaign, days, segment
from tags.sources import CallBack, Line

quiet_lines = segment(CallBack.last(days(30)).count() == 0, entity=Line)
once = campaign(segment=quiet_lines, purpose="care", channels=("sms",), apart=(apart("once", days=7),))
'''
LINES = ("L3 C1", "L4 C1", "L5 C3")


def work(folder: Path, caps: str) -> Contacting:
    made = Contacting(folder / "ours", policy=POLICY.replace("{caps}", caps))
    made.folder.mkdir()
    made.make()
    (made.folder / "segments" / "campaigns.py").write_text(CAMPAIGNS, encoding="utf-8")
    made.add("line", *LINES)
    return made


@pytest.mark.parametrize(
    ("caps", "expected"),
    [
        ("{ most = 1, days = 7 }", {"L1": "sms", "L2": "sms", "L5": "sms"}),
        ("{ most = 2, days = 7 }", {"L1": "sms", "L2": "sms", "L3": "sms", "L5": "sms"}),
        ('{ most = 1, days = 7, channel = "sms" }', {"L1": "sms", "L2": "sms", "L3": "call", "L4": "call", "L5": "sms"}),
        (
            '{ most = 1, days = 7, channel = "sms" }, { most = 2, days = 7 }',
            {"L1": "sms", "L2": "sms", "L3": "call", "L5": "sms"},
        ),
        ("", {"L1": "sms", "L2": "sms", "L3": "sms", "L4": "sms", "L5": "sms"}),
    ],
)
def test_lines_of_one_customer_are_as_many_contacts(tmp_path: Path, caps: str, expected: dict[str, str]) -> None:
    made = work(tmp_path, caps)
    opened = made.opened()
    result = opened.export("quiet_lines", tmp_path / "a.csv", purpose="care", channels=("sms", "call"))
    assert dict(result.frame.select("line_id", "channel").iter_rows()) == expected
    day = date(2026, 11, 1)
    counted = Counter(opened.records.ledger.touches(day, day)["person"])
    assert counted == Counter({"L1": "C1", "L2": "C2", "L3": "C1", "L4": "C1", "L5": "C3"}[line] for line in expected)
    opened.close()


def test_lines_contacted_earlier_count_one_by_one(tmp_path: Path) -> None:
    opened = work(tmp_path, "{ most = 3, days = 7 }").opened()
    first = opened.export("quiet_lines", tmp_path / "a.csv", purpose="care", keys=("L1", "L3"))
    assert first.frame["line_id"].to_list() == ["L1", "L3"]
    second = opened.export("quiet_lines", tmp_path / "b.csv", purpose="care", order=("-customer",), columns=())
    assert second.frame["line_id"].to_list() == ["L5", "L2", "L1"]  # of C1 one more, the first in order
    opened.close()


def test_a_campaign_apart_from_itself_holds_one_line_a_customer(tmp_path: Path) -> None:
    opened = work(tmp_path, "").opened()
    assert opened.export(campaign="once", dry_run=True).frame["line_id"].to_list() == ["L1", "L2", "L5"]
    opened.close()


def test_the_room_that_a_cap_leaves_is_that_of_the_fullest_window() -> None:
    days = [("C1", 5), ("C1", 18), ("C1", 22), ("C2", 21), ("C3", 30)]
    rows = [(person, date(2026, 11, day), "sms", "care") for person, day in days]
    touches = pl.DataFrame(rows, schema=["person", "on", "channel", "purpose"], orient="row")
    found = room(touches, Cap(most=3, days=7), date(2026, 11, 20))
    assert dict(found.iter_rows()) == {"C1": 1, "C2": 2}
