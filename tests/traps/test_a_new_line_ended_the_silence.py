"""The silence of a customer was that of the youngest line: who had not called for 20 days and took a second card was silent 3."""

from __future__ import annotations

from collections.abc import Callable

from c360 import given
from c360.language.example import Example


def test_silence_lasts_until_one_of_the_lines_calls(tag_gives: Callable[[str, Example], None]) -> None:
    lines = """line|customer|service_type|activated_on
        L1|silent|mobile|2025-01-01; L2|silent|mobile|2026-10-29
        L3|calls|mobile|2025-01-01; L4|calls|mobile|2026-10-29
        L5|new|mobile|2026-10-25; L6|new|fixed|2026-10-29"""
    calls = "line|day|calls_out|calls_in; L1|2026-10-11|1|0; L3|2026-10-11|1|0; L4|2026-10-30|0|1"
    tag_gives("zero_call_days", given("2026-10-31", Line=lines, Usage=calls).gives(silent=31 - 11, calls=31 - 30, new=31 - 25 + 1))
