"""On 15 October an outcome within a month counted 1 to 15 October and missed November: months started at their first day."""

from __future__ import annotations

from datetime import date

from c360 import months, outcome
from telecom import Agree, Line, Usage

# One call on each of these days, worth 1, 2, 4, 8, 16.
USAGE = """
    line | day        | calls
    L1   | 2026-10-15 | 1
    L1   | 2026-10-16 | 2
    L1   | 2026-11-10 | 4
    L1   | 2026-11-15 | 8
    L1   | 2026-11-16 | 16
"""


def test_an_outcome_counts_the_days_after_d_to_its_end(agree: Agree) -> None:
    calls = outcome(Usage.calls.sum(), within=months(1))
    agree(calls, {"L1": 2 + 4 + 8}, entity="line", day=date(2026, 10, 15), Line="line; L1", Usage=USAGE)
    agree(calls, {"L1": 4 + 8 + 16}, entity="line", day=date(2026, 10, 31), Line="line; L1", Usage=USAGE)


def test_what_lines_are_asked_for_is_counted_after_d_too(agree: Agree) -> None:
    quiet = Line.where(Usage.count() == 0).count()
    lines = "line | customer; L1 | A; L2 | A"
    agree(outcome(quiet, within=months(1)), {"A": 1}, day=date(2026, 10, 15), Line=lines, Usage=USAGE)
    agree(outcome(quiet, within=months(1)), {"A": 2}, day=date(2026, 11, 30), Line=lines, Usage=USAGE)
