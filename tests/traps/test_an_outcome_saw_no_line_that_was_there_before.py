"""`outcome(Line.where(in service).count() == 0)` called nearly everyone lost: only lines activated after D were looked at."""

from __future__ import annotations

from c360 import days, outcome
from telecom import Agree, Device, Line

LINES = """
    line | customer | activated_on | deactivated_on
    L1   | A        | 2020-01-01   |
    L2   | B        | 2020-01-01   | 2026-11-15
    L3   | C        | 2020-01-01   | 2026-11-15
    L4   | C        | 2026-11-20   |
    L5   | D        | 2020-01-01   | 2027-03-01
"""


def test_an_outcome_sees_the_lines_that_are_there_at_its_end(agree: Agree) -> None:
    in_service = Line.where(Line.deactivated_on.is_null()).count()
    expected = {"A": False, "B": True, "C": False, "D": False}
    agree(outcome(in_service == 0, within=days(30)), expected, Customer="customer; A; B; C; D", Line=LINES)


def test_an_outcome_over_rows_without_a_date_counts_them(agree: Agree) -> None:
    agree(outcome(Device.count(), within=days(30)), {"L1": 1}, entity="line", Line="line; L1", Device="device | line; D1 | L1")
