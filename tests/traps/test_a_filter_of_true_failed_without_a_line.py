"""`Bill.where(True)` ended in an AttributeError, and `Bill.where(Bill.total)` was told only when it was counted."""

from __future__ import annotations

import pytest

from c360.errors import TypeMismatch
from telecom import Agree, Bill


def test_a_constant_filter_keeps_all_or_none(agree: Agree) -> None:
    bills = "line | month; L1 | 2026-09; L1 | 2026-10"
    agree(Bill.where(True).count(), {"L1": 2}, entity="line", Bill=bills)
    agree(Bill.where(False).count(), {"L1": 0}, entity="line", Bill=bills)


def test_a_filter_is_checked_where_it_is_written() -> None:
    with pytest.raises(TypeMismatch, match="a filter on bill is a yes/no expression; found money"):
        Bill.where(Bill.total)
