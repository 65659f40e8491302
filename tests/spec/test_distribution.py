"""How values spread and move: different values, quantiles, standard deviation, slope."""

from __future__ import annotations

import math
import statistics
from datetime import date

import pytest

from c360 import months
from telecom import Agree, Bill, Ticket, Usage

CUSTOMERS = "customer; A; B; C"
# A has four known values, B one, C no row.
TICKETS = """
    customer | opened_on  | minutes | cost | severity | note | cause | urgent
    A        | 2026-10-01 | 4       | 0.10 | low      | a    | D1    | T
    A        | 2026-10-02 | 1       | 0.20 | low      | A    | D1    | F
    A        | 2026-10-03 | 4       | 0.20 | high     | a    | D2    | T
    A        | 2026-10-04 | 3       | 0.30 |          |      |       | T
    A        | 2026-10-05 |         |      |          |      |       | F
    B        | 2026-10-01 | 7       | 0.70 | mid      | x    | D1    | F
    B        | 2026-10-02 |         |      |          |      |       |
"""


def test_different_values_are_counted_once_and_null_is_none(agree: Agree) -> None:
    for column, different in [(Ticket.minutes, 3), (Ticket.cost, 3), (Ticket.severity, 2), (Ticket.note, 2), (Ticket.cause, 2)]:
        agree(column.distinct(), {"A": different, "B": 1, "C": 0}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_different_days_are_counted(agree: Agree) -> None:
    usage = "line | day; L1 | 2026-10-01; L1 | 2026-10-01; L1 | 2026-10-02"
    agree(Usage.day.distinct(), {"L1": 2}, entity="line", Usage=usage)
    agree(Usage.last(months(1)).day.distinct(), {"L1": 0}, entity="line", day=date(2026, 10, 30), Usage=usage)


def test_different_values_of_the_rows_that_a_filter_leaves(agree: Agree) -> None:
    agree(Ticket.where(Ticket.urgent).minutes.distinct(), {"A": 2, "B": 0, "C": 0}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_the_median_lies_between_the_two_in_the_middle(agree: Agree) -> None:
    agree(Ticket.minutes.median(), {"A": (3 + 4) / 2, "B": 7.0, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)
    agree(Ticket.cost.median(), {"A": 0.2, "B": 0.7, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)


@pytest.mark.parametrize(("share", "expected"), [(0, 1.0), (1, 4.0), (0.25, 1 + 0.75 * 2), (0.9, 4.0), (0.1, 1 + 0.3 * 2)])
def test_a_quantile_lies_between_two_values_in_proportion(agree: Agree, share: float, expected: float) -> None:
    # The known values are 1, 3, 4, 4: a share of 1/3 is the second.
    agree(Ticket.minutes.quantile(share), {"A": round(expected, 6), "B": 7.0, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_the_standard_deviation_is_that_of_a_sample(agree: Agree) -> None:
    expected = {"A": round(statistics.stdev([4, 1, 4, 3]), 6), "B": None, "C": None}
    agree(Ticket.minutes.stddev(), expected, Customer=CUSTOMERS, Ticket=TICKETS)
    cost = round(statistics.stdev([0.10, 0.20, 0.20, 0.30]), 6)
    agree(Ticket.cost.stddev(), {"A": cost, "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_equal_values_do_not_deviate_even_when_they_are_large(agree: Agree) -> None:
    usage = "line | day | speed; L1 | 2026-10-01 | 1000000.1; L1 | 2026-10-02 | 1000000.1; L1 | 2026-10-03 | 1000000.1"
    agree(Usage.speed.stddev(), {"L1": 0.0}, entity="line", Usage=usage)
    spread = "line | day | speed; L1 | 2026-10-01 | 1000000; L1 | 2026-10-02 | 1000000.001"
    agree(Usage.speed.stddev(), {"L1": round(0.001 / math.sqrt(2), 6)}, entity="line", Usage=spread)


BILLS = """
    line | month   | total
    L1   | 2026-07 | 10
    L1   | 2026-08 | 20
    L1   | 2026-10 | 60
    L2   | 2026-10 | 5
    L3   | 2026-09 | 5
    L3   | 2026-09 | 7
    L3   | 2026-10 | 2
    L3   | 2026-08 |
"""


def test_a_slope_goes_over_the_months_that_have_a_value(agree: Agree) -> None:
    # L1: months 0, 1, 3 with 10, 20, 60 around a mean month of 4/3 and a mean of 30; L3 totals 12 in September, 2 in October.
    above = (0 - 4 / 3) * (10 - 30) + (1 - 4 / 3) * (20 - 30) + (3 - 4 / 3) * (60 - 30)
    below = (0 - 4 / 3) ** 2 + (1 - 4 / 3) ** 2 + (3 - 4 / 3) ** 2
    expected = {"L1": round(above / below, 6), "L2": None, "L3": float(2 - 12), "L4": None}
    agree(Bill.total.slope(), expected, entity="line", Line="line; L1; L2; L3; L4", Bill=BILLS)


def test_a_slope_may_count_missing_months_as_zero(agree: Agree) -> None:
    # Of August to October L1 has 20, 0, 60 and L2 0, 0, 5: over three months the slope is half of last minus first.
    slope = Bill.last(months(3)).total.slope(missing="zero")
    expected = {"L1": (60 - 20) / 2, "L2": 5 / 2, "L3": 2 / 2, "L4": 0.0}
    agree(slope, expected, entity="line", Line="line; L1; L2; L3; L4", Bill=BILLS)


def test_a_slope_goes_over_the_year_end(agree: Agree) -> None:
    usage = "line | day | calls; L1 | 2025-12-31 | 1; L1 | 2026-01-01 | 2; L1 | 2026-01-15 | 1"
    agree(Usage.calls.slope(), {"L1": float(3 - 1)}, entity="line", Usage=usage)


def test_a_falling_slope_is_negative_to_six_decimals(agree: Agree) -> None:
    bills = "line | month | total; L1 | 2026-07 | 1.00; L1 | 2026-08 | 0.99; L1 | 2026-10 | 0.97"
    agree(Bill.total.slope(), {"L1": -0.01}, entity="line", Bill=bills)
