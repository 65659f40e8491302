"""A bill counted when its month ended within 30 days after leaving: who left on 31 March had April's among those before."""

from __future__ import annotations

from collections.abc import Callable

from c360 import given
from c360.language.example import Example


def test_the_month_of_leaving_is_the_last(tag_gives: Callable[[str, Example], None]) -> None:
    lines = """line|customer|activated_on|deactivated_on
        L1|march|2025-01-01|2026-03-31; L2|march|2025-01-01|; L3|first|2025-01-01|2026-03-01
        L4|january|2025-01-01|2026-01-30; L5|january|2025-01-01|"""
    bills = """line|month|plan_fee|total
        L2|2026-03|59|50; L2|2026-04|59|50; L3|2026-03|59|50; L5|2026-01|59|50; L5|2026-02|59|50"""
    example = given("2026-06-30", Line=lines, Bill=bills)
    tag_gives("bills_below_fee_before", example.gives(march=1, first=1, january=1))
