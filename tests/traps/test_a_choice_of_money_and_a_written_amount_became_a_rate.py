"""`when(…).then(bill).otherwise(9.99)` turned money into a number: the amount did not take its neighbour's type."""

from __future__ import annotations

from decimal import Decimal

from c360 import when
from c360.datatypes import DATE, MONEY, TEXT
from telecom import Agree, Customer

TABLE = """
    customer | vip | credit | born_on
    A        | T   | 12.30  | 2000-02-29
    B        | F   | 12.30  |
"""


def test_a_written_amount_beside_money_is_money(agree: Agree) -> None:
    fee = when(Customer.vip).then(Customer.credit).otherwise(9.99)
    assert fee.type == MONEY
    agree(fee, {"A": Decimal("12.30"), "B": Decimal("9.99")}, Customer=TABLE)


def test_the_amount_may_come_first(agree: Agree) -> None:
    fee = when(Customer.vip).then(0).when(~Customer.vip).then(Customer.credit).or_null()
    assert fee.type == MONEY
    agree(fee, {"A": 0, "B": Decimal("12.30")}, Customer=TABLE)


def test_a_written_date_beside_a_date_is_a_date(agree: Agree) -> None:
    day = when(Customer.vip).then(Customer.born_on).otherwise("2026-10-31")
    assert day.type == DATE
    agree(day.year(), {"A": 2000, "B": 2026}, Customer=TABLE)


def test_a_written_level_beside_a_category_keeps_its_order(agree: Agree) -> None:
    grade = when(Customer.vip).then(Customer.grade).otherwise("bronze")
    table = "customer | vip | grade; A | T | gold; B | F | gold"
    agree(grade >= "silver", {"A": True, "B": False}, Customer=table)


def test_a_text_that_is_no_level_makes_texts_of_all() -> None:
    assert when(Customer.vip).then(Customer.grade).otherwise("none").type == TEXT
