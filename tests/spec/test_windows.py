"""Windows: days that end with D, the last complete months at D, and the like before them; never a row after D."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from c360 import as_of, days, months
from telecom import Agree, Bill, Line, Ticket, Usage

# One bill of 2 ** month a month from January 2026 on, so that a sum says which months are in it.
BILLS = "line | month | total;" + ";".join(f"L1 | 2026-{month:02} | {2**month}" for month in range(1, 13))


def months_of(*numbers: int) -> int:
    """Return the sum that the bills of these months make."""
    return sum(2**month for month in numbers)


def daily(*spoken: str) -> str:
    """Return usage of one call a day."""
    return "line | day | calls;" + ";".join(f"L1 | {day} | 1" for day in spoken)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 31), months_of(8, 9, 10)),  # the last day of a month makes it complete
        (date(2026, 10, 30), months_of(7, 8, 9)),
        (date(2026, 11, 15), months_of(8, 9, 10)),
        (date(2026, 11, 1), months_of(8, 9, 10)),
        (date(2026, 2, 28), months_of(1, 2)),
        (date(2026, 1, 31), months_of(1)),
        (date(2026, 3, 1), months_of(1, 2)),
    ],
)
def test_months_are_the_last_complete_ones(agree: Agree, day: date, expected: int) -> None:
    agree(Bill.last(months(3)).total.sum(), {"L1": expected}, entity="line", day=day, Bill=BILLS)


def test_february_ends_on_the_29th_in_a_leap_year(agree: Agree) -> None:
    bills = "line | month | total; L1 | 2024-01 | 1; L1 | 2024-02 | 2"
    agree(Bill.last(months(1)).total.sum(), {"L1": 1}, entity="line", day=date(2024, 2, 28), Bill=bills)
    agree(Bill.last(months(1)).total.sum(), {"L1": 2}, entity="line", day=date(2024, 2, 29), Bill=bills)


def test_months_go_back_over_the_year(agree: Agree) -> None:
    bills = "line | month | total; L1 | 2025-11 | 1; L1 | 2025-12 | 2; L1 | 2026-01 | 4; L1 | 2026-02 | 8"
    agree(Bill.last(months(3)).total.sum(), {"L1": 2 + 4 + 8}, entity="line", day=date(2026, 2, 28), Bill=bills)


def test_days_end_with_d_and_include_it(agree: Agree) -> None:
    usage = daily("2026-10-28", "2026-10-29", "2026-10-30", "2026-10-31", "2026-11-01")
    for count, expected in [(1, 1), (2, 2), (3, 3), (30, 4)]:
        agree(Usage.last(days(count)).calls.sum(), {"L1": expected}, entity="line", Usage=usage)


def test_months_of_daily_rows_are_whole_calendar_months(agree: Agree) -> None:
    usage = daily("2026-08-31", "2026-09-01", "2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01", "2026-11-15")
    for day in (date(2026, 10, 31), date(2026, 11, 15)):
        agree(Usage.last(months(2)).count(), {"L1": 4}, entity="line", day=day, Usage=usage)


def test_before_ends_where_the_other_window_starts(agree: Agree) -> None:
    window = months(3).before(months(1))
    agree(Bill.last(window).total.sum(), {"L1": months_of(7, 8, 9)}, entity="line", Bill=BILLS)
    agree(Bill.last(window).total.sum(), {"L1": months_of(7, 8, 9)}, entity="line", day=date(2026, 11, 15), Bill=BILLS)


def test_windows_before_each_other_neither_overlap_nor_leave_a_gap(agree: Agree) -> None:
    usage = daily(*(f"2026-10-{day:02}" for day in range(1, 32)))
    recent, earlier = Usage.last(days(7)), Usage.last(days(7).before(days(7)))
    agree(earlier.day.min().days_until(as_of()), {"L1": 13}, entity="line", Usage=usage)
    agree(earlier.day.max().days_until(recent.day.min()), {"L1": 1}, entity="line", Usage=usage)


def test_before_may_go_on(agree: Agree) -> None:
    window = months(1).before(months(1).before(months(1)))
    agree(Bill.last(window).total.sum(), {"L1": months_of(8)}, entity="line", Bill=BILLS)


def test_days_before_a_month_end_with_the_month_before(agree: Agree) -> None:
    usage = daily("2026-09-28", "2026-09-29", "2026-09-30", "2026-10-01", "2026-10-31")
    agree(Usage.last(days(2).before(months(1))).count(), {"L1": 2}, entity="line", Usage=usage)


def test_months_before_days_are_complete_when_the_days_start(agree: Agree) -> None:
    usage = daily("2026-08-15", "2026-09-15", "2026-10-15", "2026-10-31")
    agree(Usage.last(months(1).before(days(10))).count(), {"L1": 1}, entity="line", Usage=usage)
    agree(Usage.last(months(1).before(days(31))).day.max().month_of_year(), {"L1": 9}, entity="line", Usage=usage)


def test_several_windows_over_the_same_rows(agree: Agree) -> None:
    this, that = Bill.last(months(3)).total.sum(), Bill.last(months(3).before(months(3))).total.sum()
    expected = months_of(8, 9, 10) / months_of(5, 6, 7)
    agree(this / that, {"L1": round(expected, 6)}, entity="line", Bill=BILLS)
    agree(Bill.total.sum() - this, {"L1": months_of(*range(1, 8))}, entity="line", Bill=BILLS)
    agree(
        Bill.last(months(1)).total.latest() - that.or_zero(),
        {"L1": months_of(10) - months_of(5, 6, 7)},
        entity="line",
        Bill=BILLS,
    )


def test_rows_after_d_are_never_seen(agree: Agree) -> None:
    agree(Bill.total.sum(), {"L1": months_of(*range(1, 11))}, entity="line", Bill=BILLS)
    agree(Bill.total.latest(), {"L1": Decimal(2**10)}, entity="line", Bill=BILLS)
    agree(Bill.count(), {"L1": 9}, entity="line", day=date(2026, 10, 30), Bill=BILLS)


def test_rows_without_a_date_are_dropped(agree: Agree) -> None:
    usage = "line | day | calls; L1 | 2026-10-31 | 1; L1 | | 2"
    agree(Usage.calls.sum(), {"L1": 1}, entity="line", Usage=usage)
    agree(Usage.last(days(1)).calls.sum(), {"L1": 1}, entity="line", Usage=usage)
    agree(Usage.calls.latest(), {"L1": 1}, entity="line", Usage=usage)


def test_a_window_without_rows_counts_zero_and_sums_to_null(agree: Agree) -> None:
    usage = daily("2026-01-01")
    agree(Usage.last(days(30)).count(), {"L1": 0}, entity="line", Usage=usage)
    agree(Usage.last(days(30)).calls.sum(), {"L1": None}, entity="line", Usage=usage)


def test_a_window_and_a_filter_both_hold_in_either_order(agree: Agree) -> None:
    usage = "line | day | calls; L1 | 2026-10-31 | 5; L1 | 2026-10-30 | 0; L1 | 2026-01-01 | 7"
    for rows in (Usage.last(days(30)).where(Usage.calls > 0), Usage.where(Usage.calls > 0).last(days(30))):
        agree(rows.calls.sum(), {"L1": 5}, entity="line", Usage=usage)


def test_a_window_over_an_entity_goes_by_its_since(agree: Agree) -> None:
    lines = "line | customer | activated_on; L1 | A | 2026-10-31; L2 | A | 2026-09-30; L3 | A | 2026-11-01; L4 | A |"
    agree(Line.last(months(1)).count(), {"A": 1}, Line=lines)
    agree(Line.count(), {"A": 3}, Line=lines)


def test_days_since_the_last_row(agree: Agree) -> None:
    tickets = "customer | opened_on; A | 2026-10-31; B | 2026-10-01; B | 2026-09-01; D | 2026-11-01"
    expected = {"A": 0, "B": 30, "C": None, "D": None}
    agree(Ticket.days_since_last(), expected, Customer="customer; A; B; C; D", Ticket=tickets)


def test_days_since_the_last_row_are_null_beyond_within(agree: Agree) -> None:
    tickets = "customer | opened_on; A | 2026-10-31; B | 2026-10-01"
    agree(Ticket.days_since_last(within=30), {"A": 0, "B": 30}, Ticket=tickets)
    agree(Ticket.days_since_last(within=29), {"A": 0, "B": None}, Ticket=tickets)
    agree(Ticket.days_since_last(within=0), {"A": 0, "B": None}, Ticket=tickets)


def test_days_since_the_last_row_of_a_filter_or_a_window(agree: Agree) -> None:
    tickets = "customer | opened_on | urgent; A | 2026-10-31 | F; A | 2026-10-21 | T; A | 2026-09-21 | T"
    agree(Ticket.where(Ticket.urgent).days_since_last(), {"A": 10}, Ticket=tickets)
    agree(Ticket.where(Ticket.urgent).days_since_last(within=9), {"A": None}, Ticket=tickets)
    agree(Ticket.last(days(30).before(days(30))).days_since_last(), {"A": 10 + 30}, Ticket=tickets)
    agree(Ticket.last(days(30).before(days(30))).days_since_last(within=39), {"A": None}, Ticket=tickets)
