"""Comparison: unknown beside null; ordered categories by level, numbers of all kinds by value."""

from __future__ import annotations

from decimal import Decimal

from c360 import tiers
from telecom import Agree, Customer

POINTS = """
    customer | points | visits
    A        | 3      | 4
    B        | 4      | 4
    C        | 5      | 4
    D        |        | 4
    E        | 5      |
"""
GRADES = """
    customer | grade  | wish
    A        | bronze | silver
    B        | silver | silver
    C        | gold   | silver
    D        |        | silver
    E        | gold   |
"""
TEXTS = """
    customer | name     | city
    A        | Anna     | anna
    B        | O'Neil   | O'Neil
    C        | 100%_!   | 北京
    D        |          | x
"""


def test_equal_is_unknown_beside_null(agree: Agree) -> None:
    agree(Customer.points == Customer.visits, {"A": False, "B": True, "C": False, "D": None, "E": None}, Customer=POINTS)
    agree(Customer.points == 4, {"A": False, "B": True, "C": False, "D": None, "E": False}, Customer=POINTS)


def test_unequal_is_unknown_beside_null(agree: Agree) -> None:
    agree(Customer.points != Customer.visits, {"A": True, "B": False, "C": True, "D": None, "E": None}, Customer=POINTS)


def test_below_and_at_most_differ_at_the_bound(agree: Agree) -> None:
    agree(Customer.points < Customer.visits, {"A": True, "B": False, "C": False, "D": None, "E": None}, Customer=POINTS)
    agree(Customer.points <= Customer.visits, {"A": True, "B": True, "C": False, "D": None, "E": None}, Customer=POINTS)


def test_above_and_at_least_differ_at_the_bound(agree: Agree) -> None:
    agree(Customer.points > 4, {"A": False, "B": False, "C": True, "D": None, "E": True}, Customer=POINTS)
    agree(Customer.points >= 4, {"A": False, "B": True, "C": True, "D": None, "E": True}, Customer=POINTS)


def test_a_constant_may_stand_first(agree: Agree) -> None:
    expected = {"A": False, "B": False, "C": True, "D": None, "E": True}
    agree(4 < Customer.points, expected, Customer=POINTS)  # noqa: SIM300


def test_between_includes_both_bounds(agree: Agree) -> None:
    agree(Customer.points.between(4, 5), {"A": False, "B": True, "C": True, "D": None, "E": True}, Customer=POINTS)
    agree(Customer.points.between(5, 4), {"A": False, "B": False, "C": False, "D": None, "E": False}, Customer=POINTS)


def test_between_is_no_where_one_known_bound_excludes(agree: Agree) -> None:
    expected = {"A": False, "B": True, "C": False, "D": None, "E": None}
    agree(Customer.points.between(4, Customer.visits), expected, Customer=POINTS)
    agree(
        Customer.points.between(6, Customer.visits),
        {"A": False, "B": False, "C": False, "D": None, "E": False},
        Customer=POINTS,
    )


def test_numbers_compare_by_value_whatever_their_kind(agree: Agree) -> None:
    table = "customer | points | score | credit | quota; A | 2 | 2.0 | 2.00 | 2.000; B | 2 | 2.5 | 2.01 | 2.001"
    for other in (Customer.score, Customer.credit, Customer.quota):
        agree(Customer.points == other, {"A": True, "B": False}, Customer=table)
        agree(other > Customer.points, {"A": False, "B": True}, Customer=table)
    agree(Customer.credit < Customer.score, {"A": False, "B": True}, Customer=table)


def test_a_written_fraction_is_not_cut_beside_integers_and_money(agree: Agree) -> None:
    table = "customer | points | credit; A | 2 | 2.00; B | 3 | 2.01"
    agree(Customer.points > 2.5, {"A": False, "B": True}, Customer=table)
    agree(Customer.credit > 2.005, {"A": False, "B": True}, Customer=table)
    agree(Customer.credit == 2.01, {"A": False, "B": True}, Customer=table)
    agree(Customer.credit == Decimal("2.01"), {"A": False, "B": True}, Customer=table)


def test_ordered_levels_compare_by_their_order_not_by_their_letters(agree: Agree) -> None:
    agree(Customer.grade >= "silver", {"A": False, "B": True, "C": True, "D": None, "E": True}, Customer=GRADES)
    agree(Customer.grade < "gold", {"A": True, "B": True, "C": False, "D": None, "E": False}, Customer=GRADES)


def test_ordered_columns_compare_by_their_order(agree: Agree) -> None:
    agree(Customer.grade > Customer.wish, {"A": False, "B": False, "C": True, "D": None, "E": None}, Customer=GRADES)
    agree(Customer.grade <= Customer.wish, {"A": True, "B": True, "C": False, "D": None, "E": None}, Customer=GRADES)


def test_nothing_is_below_the_lowest_level_and_all_is_at_least_it(agree: Agree) -> None:
    agree(Customer.grade < "bronze", {"A": False, "B": False, "C": False, "D": None, "E": False}, Customer=GRADES)
    agree(Customer.grade >= "bronze", {"A": True, "B": True, "C": True, "D": None, "E": True}, Customer=GRADES)
    agree(Customer.grade > "gold", {"A": False, "B": False, "C": False, "D": None, "E": False}, Customer=GRADES)


def test_a_level_outside_the_order_compares_as_unknown(agree: Agree) -> None:
    tier = tiers(Customer.points, high=5, mid=4, otherwise="low", missing="unknown")
    for rule, expected in [
        (tier >= "mid", {"A": False, "B": True, "C": True, "D": None, "E": True}),
        (~(tier >= "mid"), {"A": True, "B": False, "C": False, "D": None, "E": False}),
        (tier < "low", {"A": False, "B": False, "C": False, "D": None, "E": False}),
        (tier == "unknown", {"A": False, "B": False, "C": False, "D": True, "E": False}),
        (tier != "high", {"A": True, "B": True, "C": False, "D": True, "E": False}),
    ]:
        agree(rule, expected, Customer=POINTS)


def test_two_tiers_of_one_shape_compare_and_outside_levels_are_unknown(agree: Agree) -> None:
    one = tiers(Customer.points, high=5, mid=4, otherwise="low")
    other = tiers(Customer.visits, high=5, mid=4, otherwise="low")
    agree(one > other, {"A": False, "B": False, "C": True, "D": None, "E": None}, Customer=POINTS)


def test_texts_are_equal_letter_by_letter(agree: Agree) -> None:
    agree(Customer.name == Customer.city, {"A": False, "B": True, "C": False, "D": None}, Customer=TEXTS)
    agree(Customer.name == "O'Neil", {"A": False, "B": True, "C": False, "D": None}, Customer=TEXTS)
    agree(Customer.name == "100%_!", {"A": False, "B": False, "C": True, "D": None}, Customer=TEXTS)


def test_texts_are_ordered_by_code_point(agree: Agree) -> None:
    agree(Customer.name < Customer.city, {"A": True, "B": False, "C": True, "D": None}, Customer=TEXTS)
    agree(Customer.city > "x", {"A": False, "B": False, "C": True, "D": False}, Customer=TEXTS)


def test_dates_compare_with_written_dates(agree: Agree) -> None:
    table = "customer | born_on; A | 2000-02-29; B | 2000-03-01; C |"
    agree(Customer.born_on <= "2000-02-29", {"A": True, "B": False, "C": None}, Customer=table)
    agree(Customer.born_on.between("2000-02-28", "2000-02-29"), {"A": True, "B": False, "C": None}, Customer=table)


def test_yes_and_no_are_equal_or_not(agree: Agree) -> None:
    table = "customer | vip | active; A | T | T; B | T | F; C | F |"
    agree(Customer.vip == Customer.active, {"A": True, "B": False, "C": None}, Customer=table)
    agree(Customer.vip != Customer.active, {"A": False, "B": True, "C": None}, Customer=table)


def test_a_key_compares_with_its_text(agree: Agree) -> None:
    agree(Customer.customer == "A", {"A": True, "B": False}, Customer="customer; A; B")


def test_one_of_is_unknown_for_null(agree: Agree) -> None:
    agree(Customer.points.is_in(3, 5), {"A": True, "B": False, "C": True, "D": None, "E": True}, Customer=POINTS)
    agree(~Customer.points.is_in(3, 5), {"A": False, "B": True, "C": False, "D": None, "E": False}, Customer=POINTS)


def test_one_of_takes_fractions_texts_levels_and_dates(agree: Agree) -> None:
    agree(Customer.points.is_in(3, 4.5), {"A": True, "B": False, "C": False, "D": None, "E": False}, Customer=POINTS)
    agree(Customer.name.is_in("O'Neil", "北京"), {"A": False, "B": True, "C": False, "D": None}, Customer=TEXTS)
    agree(Customer.grade.is_in("gold"), {"A": False, "B": False, "C": True, "D": None, "E": True}, Customer=GRADES)
    agree(Customer.born_on.is_in("2000-02-29"), {"A": True}, Customer="customer | born_on; A | 2000-02-29")
    agree(Customer.credit.is_in(2.01, 3), {"A": True, "B": True}, Customer="customer | credit; A | 2.01; B | 3")
