"""And, or, not: SQL's three values, written out for every pair of yes, no and unknown."""

from __future__ import annotations

from telecom import Agree, Customer

PAIRS = """
    customer | vip | active
    TT       | T   | T
    TF       | T   | F
    TU       | T   |
    FT       | F   | T
    FF       | F   | F
    FU       | F   |
    UT       |     | T
    UF       |     | F
    UU       |     |
"""


def test_and_is_no_where_any_part_is_no(agree: Agree) -> None:
    yes, unknown = {"TT": True}, {"TU": None, "UT": None, "UU": None}
    no = dict.fromkeys(["TF", "FT", "FF", "FU", "UF"], False)
    agree(Customer.vip & Customer.active, {**yes, **no, **unknown}, Customer=PAIRS)


def test_or_is_yes_where_any_part_is_yes(agree: Agree) -> None:
    yes = dict.fromkeys(["TT", "TF", "TU", "FT", "UT"], True)
    agree(Customer.vip | Customer.active, {**yes, "FF": False, "FU": None, "UF": None, "UU": None}, Customer=PAIRS)


def test_not_keeps_unknown_unknown(agree: Agree) -> None:
    expected = {
        pair: {"T": False, "F": True, "U": None}[pair[0]] for pair in ["TT", "TF", "TU", "FT", "FF", "FU", "UT", "UF", "UU"]
    }
    agree(~Customer.vip, expected, Customer=PAIRS)


def test_not_of_an_and_is_the_or_of_nots(agree: Agree) -> None:
    expected = {"TT": False, "TU": None, "UT": None, "UU": None, **dict.fromkeys(["TF", "FT", "FF", "FU", "UF"], True)}
    agree(~(Customer.vip & Customer.active), expected, Customer=PAIRS)
    agree(~Customer.vip | ~Customer.active, expected, Customer=PAIRS)


def test_not_of_an_or_is_the_and_of_nots(agree: Agree) -> None:
    expected = {"FF": True, "FU": None, "UF": None, "UU": None, **dict.fromkeys(["TT", "TF", "TU", "FT", "UT"], False)}
    agree(~(Customer.vip | Customer.active), expected, Customer=PAIRS)
    agree(~Customer.vip & ~Customer.active, expected, Customer=PAIRS)


def test_a_rule_or_its_opposite_is_unknown_for_null(agree: Agree) -> None:
    agree((Customer.points > 3) | ~(Customer.points > 3), {"A": True, "B": None}, Customer="customer | points; A | 3; B |")


def test_parts_keep_their_parentheses(agree: Agree) -> None:
    table = "customer | vip | active | points; A | T | F | 0; B | F | T | 0"
    agree((Customer.vip | Customer.active) & (Customer.points > 0), {"A": False, "B": False}, Customer=table)
    agree(Customer.vip | (Customer.active & (Customer.points > 0)), {"A": True, "B": False}, Customer=table)
    agree(~Customer.vip & Customer.active, {"A": False, "B": True}, Customer=table)
    agree((Customer.vip & Customer.active) == (Customer.points > 0), {"A": True, "B": True}, Customer=table)


def test_a_constant_may_stand_first(agree: Agree) -> None:
    table = "customer | vip; A | T; B | F; C |"
    agree(True & Customer.vip, {"A": True, "B": False, "C": None}, Customer=table)
    agree(True | Customer.vip, {"A": True, "B": True, "C": True}, Customer=table)
    agree(False & Customer.vip, {"A": False, "B": False, "C": False}, Customer=table)


def test_many_rules_may_stand_side_by_side(agree: Agree) -> None:
    rule = Customer.points == 0
    for points in range(1, 200):
        rule = rule | (Customer.points == points)
    agree(rule, {"A": True, "B": False, "C": None}, Customer="customer | points; A | 199; B | 200; C |")
