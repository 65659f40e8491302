"""`Line.….top(…, by=Bill.total.sum())` left the sum without an owner, and the request failed; it is each line's sum."""

from __future__ import annotations

from telecom import Agree, Bill, Line


def test_a_list_of_children_is_weighed_by_what_each_owns(agree: Agree) -> None:
    agree(
        Line.plan.top(2, by=Bill.total.sum()),
        {"A": ("P2", "P1")},
        Customer="customer; A",
        Line="line | customer | plan; L1 | A | P1; L2 | A | P2; L3 | A | P3",
        Bill="line | month | total; L1 | 2026-09 | 5; L2 | 2026-09 | 4; L2 | 2026-10 | 3; L3 | 2026-10 | 1",
    )
