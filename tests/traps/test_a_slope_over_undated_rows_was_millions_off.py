"""`Line.minutes.slope()` gave -4864098 a month where one line had no activation date: its total counted, its month did not."""

from __future__ import annotations

from telecom import Agree, Line


def test_a_row_without_a_date_is_left_out_of_a_slope(agree: Agree) -> None:
    lines = "line | customer | activated_on | minutes; L1 | A | 2026-08-31 | 1; L2 | A | 2026-09-30 | 3; L3 | A | | 100"
    agree(Line.minutes.slope(), {"A": 3 - 1}, Line=lines)
    agree(Line.where(Line.minutes < 1000).minutes.slope(), {"A": 3 - 1}, Line=lines)
