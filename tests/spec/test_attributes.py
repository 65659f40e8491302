"""Attributes: one row beside an entity's own; their columns are the entity's values, null where there is no row."""

from __future__ import annotations

from datetime import date

from c360 import Attributes, Integer, fixed, tag
from telecom import Agree, Bill, Customer, Line, Services

CUSTOMERS = "customer | points; A | 3; B | 5; C | 7"
SERVICES = """
    customer | contract | adviser | rating | rated_on
    A        | two_year | B       | 5      | 2026-10-31
    B        | none     | Z       | 4      | 2026-11-01
    Z        | one_year | A       | 3      | 2026-10-01
"""


class Signal(Attributes[Line]):
    """One row a line that was measured."""

    strength: Integer = fixed()


def test_a_missing_row_of_attributes_gives_null(agree: Agree) -> None:
    agree(Services.contract, {"A": "two_year", "B": "none", "C": None}, Customer=CUSTOMERS, Services=SERVICES)
    agree(Services.contract >= "one_year", {"A": True, "B": False, "C": None}, Customer=CUSTOMERS, Services=SERVICES)


def test_attributes_stand_beside_own_columns_and_aggregates(agree: Agree) -> None:
    value = Services.rating.or_zero() + Customer.points + Line.count()
    agree(
        value,
        {"A": 5 + 3 + 1, "B": 0 + 5 + 0, "C": 0 + 7 + 0},
        Customer=CUSTOMERS,
        Services=SERVICES,
        Line="line | customer; L1 | A",
    )


def test_a_later_attribute_is_null_until_its_date(agree: Agree) -> None:
    agree(Services.rating, {"A": 5, "B": None, "C": None}, Customer=CUSTOMERS, Services=SERVICES)
    agree(Services.rating, {"A": 5, "B": 4, "C": None}, day=date(2026, 11, 1), Customer=CUSTOMERS, Services=SERVICES)


def test_a_key_of_attributes_is_followed(agree: Agree) -> None:
    agree(Services.adviser, {"A": "B", "B": "Z", "C": None}, Customer=CUSTOMERS, Services=SERVICES)
    agree(Services.adviser.points, {"A": 5, "B": None, "C": None}, Customer=CUSTOMERS, Services=SERVICES)


def test_a_tag_over_attributes_is_followed_to(agree: Agree) -> None:
    rated = tag(Services.rating, name="rated")
    agree(
        Services.adviser[rated],
        {"A": None, "B": None, "C": None},
        definitions=[rated],
        Customer=CUSTOMERS,
        Services=SERVICES,
    )
    agree(
        Customer.referrer[Services.rating],
        {"A": None, "B": 5},
        Customer="customer | referrer; A | B; B | A",
        Services=SERVICES,
    )


def test_attributes_of_rows_below_are_summed_up(agree: Agree) -> None:
    tables = {
        "Customer": CUSTOMERS,
        "Line": "line | customer; L1 | A; L2 | A; L3 | B; L4 | C",
        "Signal": "line | strength; L1 | 10; L2 | 20; L4 |; L9 | 40",
    }
    sources = [Signal, Bill]
    agree(Signal.strength.sum(), {"A": 10 + 20, "B": None, "C": None}, sources=sources, **tables)
    agree(Line.where(Signal.strength > 10).count(), {"A": 1, "B": 0, "C": 0}, sources=sources, **tables)
    bills = "line | month | total; L1 | 2026-10 | 2; L2 | 2026-10 | 3"
    agree(
        (Bill.line[Signal.strength] * Bill.total).sum(),
        {"A": 10 * 2 + 20 * 3, "B": None, "C": None},
        sources=sources,
        Bill=bills,
        **tables,
    )
