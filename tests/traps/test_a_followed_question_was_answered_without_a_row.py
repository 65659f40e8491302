"""`key[x.is_null()]` said yes, and `x.or_zero().ago(…)` gave 0, where there was no row to ask; both are null."""

from __future__ import annotations

from decimal import Decimal

from telecom import Agree, Customer, Device, Line, Ticket

CUSTOMERS = """
    customer | joined_on  | points
    A        | 2020-01-01 | 5
    B        | 2020-01-01 |
    C        | 2026-10-15 | 7
"""


def test_a_question_to_a_row_that_is_not_there_is_unknown(agree: Agree) -> None:
    agree(
        Line.customer[Customer.points.is_null()],
        {"L1": False, "L2": True, "L3": None, "L4": None},
        entity="line",
        sources=[Line],
        Customer=CUSTOMERS,
        Line="line | customer; L1 | A; L2 | B; L3 | X; L4 |",
    )


def test_a_row_that_a_fact_names_in_vain_gives_no_zero(agree: Agree) -> None:
    agree(
        Ticket.cause[Device.price.or_zero()].min(),
        {"A": Decimal("3.00"), "B": Decimal("0.00"), "C": None},
        sources=[Ticket],
        Customer=CUSTOMERS,
        Device="device | price; D1 | 3; D2 |",
        Ticket="customer | cause | opened_on; A | D1 | 2026-10-01; A | D9 | 2026-10-01; B | D2 | 2026-10-01; C | D9 | 2026-10-20",
    )


def test_a_value_before_the_row_was_there_is_null(agree: Agree) -> None:
    agree(Customer.points.or_zero().ago(months=1), {"A": 5, "B": 0, "C": None}, Customer=CUSTOMERS)
