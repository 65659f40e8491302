"""`Bill.month == "2026-10-01"` was never true, quietly: a month is dated on its last day."""

from __future__ import annotations

from datetime import date

import pytest

from c360.errors import TypeMismatch
from telecom import Agree, Bill

BILLS = """
    line | month   | total
    L1   | 2026-09 | 5
    L1   | 2026-10 | 7
"""


def test_a_month_is_written_as_year_and_month(agree: Agree) -> None:
    for written in ("2026-10", "2026-10-31"):
        agree(Bill.where(Bill.month == written).total.sum(), {"L1": 7}, entity="line", Bill=BILLS)
    agree(Bill.where(Bill.month <= "2026-09").total.sum(), {"L1": 5}, entity="line", Bill=BILLS)
    agree(Bill.where(Bill.month.is_in("2026-08", "2026-09")).total.sum(), {"L1": 5}, entity="line", Bill=BILLS)


@pytest.mark.parametrize("written", ["2026-10-01", "2026-10-15", date(2026, 10, 1)])
def test_a_month_is_no_other_day_of_it(written: object) -> None:
    for compare in (lambda: Bill.month == written, lambda: Bill.month != written, lambda: Bill.month.is_in(written)):
        with pytest.raises(TypeMismatch, match="dated on its last day") as found:
            compare()
        assert found.value.hint == "write '2026-10'"


def test_an_order_of_months_and_days_has_a_meaning(agree: Agree) -> None:
    agree(Bill.where(Bill.month >= "2026-10-15").total.sum(), {"L1": 7}, entity="line", Bill=BILLS)
