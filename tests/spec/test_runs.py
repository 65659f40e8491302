"""Runs: the longest stretch of consecutive days with a row."""

from __future__ import annotations

from c360 import days
from telecom import Agree, Usage


def test_the_longest_run_of_days_counts_a_day_once(agree: Agree) -> None:
    usage = """
        line | day        | calls
        L1   | 2026-02-27 | 1
        L1   | 2026-02-28 | 1
        L1   | 2026-03-01 | 1
        L1   | 2026-03-01 | 1
        L1   | 2026-03-03 | 1
        L1   | 2026-03-04 | 0
        L1   | 2026-03-05 | 1
        L2   | 2026-10-31 | 1
        L2   |            | 1
    """
    lines = "line; L1; L2; L3"
    agree(Usage.longest_run(), {"L1": 3, "L2": 1, "L3": 0}, entity="line", Line=lines, Usage=usage)
    agree(Usage.where(Usage.calls > 0).longest_run(), {"L1": 3, "L2": 1, "L3": 0}, entity="line", Line=lines, Usage=usage)


def test_a_run_is_cut_at_the_window_and_at_d(agree: Agree) -> None:
    usage = "line | day;" + ";".join(f"L1 | 2026-10-{day}" for day in range(20, 32)) + "; L1 | 2026-11-01"
    agree(Usage.longest_run(), {"L1": 12}, entity="line", Usage=usage)
    agree(Usage.last(days(5)).longest_run(), {"L1": 5}, entity="line", Usage=usage)


def test_a_run_goes_over_the_leap_day_and_the_year_end(agree: Agree) -> None:
    leap = "line | day; L1 | 2024-02-28; L1 | 2024-02-29; L1 | 2024-03-01; L2 | 2025-02-28; L2 | 2025-03-01; L2 | 2025-03-03"
    agree(Usage.longest_run(), {"L1": 3, "L2": 2}, entity="line", Usage=leap)
    years = "line | day; L1 | 1999-12-30; L1 | 1999-12-31; L1 | 2000-01-01; L1 | 2000-01-02"
    agree(Usage.longest_run(), {"L1": 4}, entity="line", Usage=years)


def test_the_days_of_several_lines_make_one_run_of_their_customer(agree: Agree) -> None:
    usage = "line | day; L1 | 2026-10-01; L2 | 2026-10-02; L1 | 2026-10-03"
    agree(Usage.longest_run(), {"A": 3}, Line="line | customer; L1 | A; L2 | A", Usage=usage)
