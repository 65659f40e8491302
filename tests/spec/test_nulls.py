"""Null handling: tests that are never unknown, defaults, and values taken for missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from telecom import Agree, Customer

TABLE = """
    customer | points | visits | score | credit | name | vip | grade  | born_on
    A        | 5      | 1      | 0.5   | 2.50   | Anna | T   | gold   | 2000-02-29
    B        | 0      | 2      | 0     | 0      | x    | F   | bronze | 2001-01-01
    C        |        | 3      |       |        |      |     |        |
"""


def test_missing_is_never_unknown(agree: Agree) -> None:
    for column in (Customer.points, Customer.credit, Customer.name, Customer.vip, Customer.grade, Customer.born_on):
        agree(column.is_null(), {"A": False, "B": False, "C": True}, Customer=TABLE)
        agree(column.is_known(), {"A": True, "B": True, "C": False}, Customer=TABLE)
        agree(~column.is_null(), {"A": True, "B": True, "C": False}, Customer=TABLE)


def test_an_unknown_rule_is_missing(agree: Agree) -> None:
    agree((Customer.points > 3).is_null(), {"A": False, "B": False, "C": True}, Customer=TABLE)


def test_a_default_stands_for_null_only(agree: Agree) -> None:
    agree(Customer.points.or_else(9), {"A": 5, "B": 0, "C": 9}, Customer=TABLE)
    agree(Customer.points.or_else(Customer.visits), {"A": 5, "B": 0, "C": 3}, Customer=TABLE)
    agree(Customer.points.or_zero(), {"A": 5, "B": 0, "C": 0}, Customer=TABLE)


def test_a_default_of_another_kind_of_number_makes_all_of_that_kind(agree: Agree) -> None:
    agree(Customer.points.or_else(0.5), {"A": 5.0, "B": 0.0, "C": 0.5}, Customer=TABLE)
    agree(Customer.credit.or_else(Customer.visits), {"A": Decimal("2.50"), "B": 0, "C": 3}, Customer=TABLE)
    agree(Customer.credit.or_else(Customer.score), {"A": 2.5, "B": 0.0, "C": None}, Customer=TABLE)


def test_a_written_default_takes_the_type_of_what_it_stands_for(agree: Agree) -> None:
    agree(Customer.credit.or_else(1.5), {"A": Decimal("2.50"), "B": 0, "C": Decimal("1.50")}, Customer=TABLE)
    agree(Customer.born_on.or_else("2026-10-31").year(), {"A": 2000, "B": 2001, "C": 2026}, Customer=TABLE)
    agree(Customer.grade.or_else("bronze") >= "silver", {"A": True, "B": False, "C": False}, Customer=TABLE)
    agree(Customer.name.or_else("it's unknown"), {"A": "Anna", "B": "x", "C": "it's unknown"}, Customer=TABLE)


def test_unknown_may_be_taken_for_no(agree: Agree) -> None:
    agree((Customer.points > 3).or_false(), {"A": True, "B": False, "C": False}, Customer=TABLE)
    agree(~(Customer.points > 3).or_false(), {"A": False, "B": True, "C": True}, Customer=TABLE)
    agree((~(Customer.points > 3)).or_false(), {"A": False, "B": True, "C": False}, Customer=TABLE)


def test_a_default_may_be_null_too(agree: Agree) -> None:
    agree(Customer.points.or_else(Customer.visits), {"A": None}, Customer="customer | points | visits; A | |")


def test_a_value_may_be_taken_for_missing(agree: Agree) -> None:
    agree(Customer.points.null_if(0), {"A": 5, "B": None, "C": None}, Customer=TABLE)
    agree(Customer.credit.null_if(2.5), {"A": None, "B": 0, "C": None}, Customer=TABLE)
    agree(Customer.name.null_if("x"), {"A": "Anna", "B": None, "C": None}, Customer=TABLE)
    agree(Customer.grade.null_if("gold") >= "bronze", {"A": None, "B": True, "C": None}, Customer=TABLE)
    agree(Customer.born_on.null_if("2000-02-29"), {"A": None, "B": date(2001, 1, 1), "C": None}, Customer=TABLE)


def test_a_value_beside_null_is_not_taken_for_missing(agree: Agree) -> None:
    agree(Customer.visits.null_if(Customer.points), {"A": 1, "B": 2, "C": 3}, Customer=TABLE)
    agree(Customer.points.null_if(Customer.score), {"A": 5, "B": None, "C": None}, Customer=TABLE)
