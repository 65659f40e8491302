"""A drop divided by a mean rounded to six decimals: after 1.25 minutes in three months, 20.5 in one were -48.19996, not -48.2."""

from __future__ import annotations

from collections.abc import Callable

from c360 import given
from c360.language.example import Example


def test_a_rise_from_little_is_told_to_six_decimals(tag_gives: Callable[[str, Example], None]) -> None:
    lines = "line|customer|activated_on; L1|C1|2025-01-01"
    # 1 - 20.5 * 3 / 1.25
    used = "line|day|minutes_out; L1|2026-07-01|1.25; L1|2026-10-01|20.5"
    tag_gives("usage_drop", given("2026-10-31", Line=lines, Usage=used).gives(C1=-48.2))
