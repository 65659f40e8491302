"""Dates: days and whole months between, calendar parts, month ends; leap days and the years before 1970 included."""

from __future__ import annotations

from datetime import date

from c360 import as_of, greatest, least
from telecom import Agree, Bill, Customer

DATES = """
    customer | born_on    | met_on
    A        | 2024-02-29 | 2025-02-28
    B        | 2026-01-31 | 2026-02-28
    C        | 1969-12-31 | 1970-01-05
    D        |            | 2026-01-01
    E        | 2026-03-15 | 2026-01-16
"""


def test_days_are_counted_from_one_date_to_the_other(agree: Agree) -> None:
    agree(
        Customer.born_on.days_until(Customer.met_on),
        {"A": 365, "B": 28, "C": 5, "D": None, "E": -(15 + 28 + 15)},
        Customer=DATES,
    )


def test_days_until_the_same_day_are_none(agree: Agree) -> None:
    agree(Customer.born_on.days_until(Customer.born_on), {"A": 0}, Customer="customer | born_on; A | 2024-02-29")


def test_days_until_the_as_of_date(agree: Agree) -> None:
    table = "customer | born_on; A | 2026-10-30; B | 2026-10-31; C | 2026-11-01"
    agree(Customer.born_on.days_until(as_of()), {"A": 1, "B": 0, "C": -1}, Customer=table)
    agree(as_of().days_until("2027-01-01"), {"A": 62, "B": 62, "C": 62}, Customer=table)


def test_a_month_is_whole_when_its_day_is_reached(agree: Agree) -> None:
    agree(
        Customer.born_on.months_until(Customer.met_on),
        {"A": 12 - 1, "B": 1 - 1, "C": 1 - 1, "D": None, "E": -2},
        Customer=DATES,
    )


def test_months_backwards_are_rounded_down(agree: Agree) -> None:
    agree(
        Customer.met_on.months_until(Customer.born_on),
        {"A": -12, "B": -1, "C": -1, "D": None, "E": 2 - 1},
        Customer=DATES,
    )


def test_the_year(agree: Agree) -> None:
    agree(Customer.born_on.year(), {"A": 2024, "B": 2026, "C": 1969, "D": None, "E": 2026}, Customer=DATES)


def test_the_month_counts_from_one(agree: Agree) -> None:
    agree(Customer.born_on.month_of_year(), {"A": 2, "B": 1, "C": 12, "D": None, "E": 3}, Customer=DATES)


def test_the_day_of_the_month(agree: Agree) -> None:
    agree(Customer.born_on.day_of_month(), {"A": 29, "B": 31, "C": 31, "D": None, "E": 15}, Customer=DATES)


def test_the_week_starts_on_monday(agree: Agree) -> None:
    agree(Customer.met_on.weekday(), {"A": 4, "B": 5, "C": 0, "D": 3, "E": 4}, Customer=DATES)
    agree(Customer.born_on.weekday(), {"A": 3, "B": 5, "C": 2, "D": None, "E": 6}, Customer=DATES)


def test_the_month_end_of_a_leap_year(agree: Agree) -> None:
    expected = {
        "A": date(2024, 2, 29),
        "B": date(2026, 1, 31),
        "C": date(1969, 12, 31),
        "D": None,
        "E": date(2026, 3, 31),
    }
    agree(Customer.born_on.month_end(), expected, Customer=DATES)
    agree(
        Customer.born_on.month_end() == Customer.born_on,
        {"A": True, "B": True, "C": True, "D": None, "E": False},
        Customer=DATES,
    )


def test_the_earlier_and_the_later_of_two_dates(agree: Agree) -> None:
    agree(
        least(Customer.born_on, Customer.met_on).year(),
        {"A": 2024, "B": 2026, "C": 1969, "D": 2026, "E": 2026},
        Customer=DATES,
    )
    agree(
        greatest(Customer.born_on, "2026-02-01").year(),
        {"A": 2026, "B": 2026, "C": 2026, "D": 2026, "E": 2026},
        Customer=DATES,
    )


def test_the_as_of_date_is_a_date_like_others(agree: Agree) -> None:
    agree(
        as_of().day_of_month() + Customer.born_on.day_of_month(),
        {"A": 31 + 1},
        Customer="customer | born_on; A | 2026-10-01",
    )
    agree(
        Customer.born_on <= as_of(),
        {"A": True, "B": False},
        day=date(2024, 2, 29),
        Customer="customer | born_on; A | 2024-02-29; B | 2024-03-01",
    )


def test_a_month_is_the_date_of_its_last_day(agree: Agree) -> None:
    bills = "line | month; L1 | 2024-02"
    agree(Bill.month.max(), {"L1": date(2024, 2, 29)}, entity="line", Bill=bills)
    agree(Bill.month.day_of_month().max(), {"L1": 29}, entity="line", Bill=bills)
    agree(Bill.month.days_until("2024-03-01").max(), {"L1": 1}, entity="line", Bill=bills)
