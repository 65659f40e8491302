"""Arithmetic: numbers as they are, amounts exactly, rates of amounts rounded to 6 decimals."""

from __future__ import annotations

from decimal import Decimal

from c360 import greatest, least
from telecom import Agree, Customer

NUMBERS = """
    customer | points | visits | score | weight
    A        | 7      | 2      | 2.5   | 0.5
    B        | -7     | 2      | -2.5  | 0.5
    C        | 7      | 0      | 2.5   | 0
    D        |        | 2      |       | 0.5
"""
AMOUNTS = """
    customer | credit | debt  | quota | points
    A        | 10.05  | 0.10  | 1.125 | 3
    B        | -10.05 | 0.20  | 2.000 | -3
    C        |        | 0.30  | 0     | 0
"""


def test_integers_add_up(agree: Agree) -> None:
    agree(Customer.points + Customer.visits, {"A": 7 + 2, "B": -7 + 2, "C": 7 + 0, "D": None}, Customer=NUMBERS)


def test_numbers_add_up_as_floating_numbers_do(agree: Agree) -> None:
    agree(Customer.score + 0.1 + 0.2, {"A": 2.5 + 0.1 + 0.2}, Customer="customer | score; A | 2.5")


def test_an_integer_beside_a_number_is_a_number(agree: Agree) -> None:
    agree(Customer.points + Customer.score, {"A": 7 + 2.5, "B": -7 - 2.5, "C": 7 + 2.5, "D": None}, Customer=NUMBERS)


def test_a_written_fraction_makes_an_integer_a_number(agree: Agree) -> None:
    agree(Customer.points + 0.5, {"A": 7 + 0.5, "B": -7 + 0.5, "C": 7 + 0.5, "D": None}, Customer=NUMBERS)


def test_money_adds_up_to_the_cent(agree: Agree) -> None:
    expected = {"A": Decimal("10.05") + Decimal("0.10"), "B": Decimal("-10.05") + Decimal("0.20"), "C": None}
    agree(Customer.credit + Customer.debt, expected, Customer=AMOUNTS)


def test_a_written_amount_beside_money_is_money(agree: Agree) -> None:
    agree(
        Customer.credit + 0.1,
        {"A": Decimal("10.05") + Decimal("0.10"), "B": Decimal("-10.05") + Decimal("0.10"), "C": None},
        Customer=AMOUNTS,
    )
    agree(1 - Customer.debt, {k: 1 - Decimal(v) for k, v in [("A", "0.1"), ("B", "0.2"), ("C", "0.3")]}, Customer=AMOUNTS)


def test_a_written_amount_finer_than_a_cent_makes_a_rate(agree: Agree) -> None:
    agree(Customer.debt + 0.005, {"A": 0.105, "B": 0.205, "C": 0.305}, Customer=AMOUNTS)


def test_money_takes_integers_in(agree: Agree) -> None:
    expected = {"A": Decimal("0.10") + 3, "B": Decimal("0.20") - 3, "C": Decimal("0.30") + 0}
    agree(Customer.debt + Customer.points, expected, Customer=AMOUNTS)


def test_volumes_keep_three_decimals(agree: Agree) -> None:
    expected = {"A": Decimal("1.125") - Decimal("0.001"), "B": Decimal("2") - Decimal("0.001"), "C": -Decimal("0.001")}
    agree(Customer.quota - 0.001, expected, Customer=AMOUNTS)


def test_differences_have_a_sign(agree: Agree) -> None:
    agree(Customer.visits - Customer.points, {"A": 2 - 7, "B": 2 + 7, "C": 0 - 7, "D": None}, Customer=NUMBERS)
    agree(
        Customer.points - (Customer.visits - 1),
        {"A": 7 - (2 - 1), "B": -7 - (2 - 1), "C": 7 - (0 - 1), "D": None},
        Customer=NUMBERS,
    )
    agree(Customer.points - -3, {"A": 7 + 3, "B": -7 + 3, "C": 7 + 3, "D": None}, Customer=NUMBERS)


def test_products_of_integers_are_integers(agree: Agree) -> None:
    agree(Customer.points * Customer.visits, {"A": 7 * 2, "B": -7 * 2, "C": 0, "D": None}, Customer=NUMBERS)


def test_integers_have_64_bits(agree: Agree) -> None:
    agree(Customer.points * 1_000_000_000 * 1_000_000_000, {"A": 7 * 10**18}, Customer="customer | points; A | 7")


def test_products_keep_their_parentheses(agree: Agree) -> None:
    agree(
        (Customer.points + 1) * (Customer.visits - 5),
        {"A": (7 + 1) * (2 - 5)},
        Customer="customer | points | visits; A | 7 | 2",
    )


def test_money_times_an_integer_is_money_without_a_negative_zero(agree: Agree) -> None:
    expected = {"A": 3 * Decimal("0.10"), "B": -3 * Decimal("0.20"), "C": Decimal("0.00")}
    agree(Customer.debt * Customer.points, expected, Customer=AMOUNTS)
    agree(Customer.debt * -1 * Customer.points, {k: -v for k, v in expected.items()}, Customer=AMOUNTS)


def test_money_times_a_number_is_a_rate_of_six_decimals(agree: Agree) -> None:
    agree(Customer.credit * 0.333333, {"A": 3.349997, "B": -3.349997, "C": None}, Customer=AMOUNTS)


def test_money_times_volume_is_a_rate(agree: Agree) -> None:
    agree(
        Customer.debt * Customer.quota,
        {"A": round(0.10 * 1.125, 6), "B": round(0.20 * 2, 6), "C": 0.0},
        Customer=AMOUNTS,
    )


def test_a_quotient_of_integers_is_a_number(agree: Agree) -> None:
    agree(Customer.points / Customer.visits, {"A": 7 / 2, "B": -7 / 2, "C": None, "D": None}, Customer=NUMBERS)
    agree(Customer.points / 3, {"A": 7 / 3, "B": -7 / 3, "C": 7 / 3, "D": None}, Customer=NUMBERS)


def test_division_by_zero_is_null(agree: Agree) -> None:
    agree(Customer.points / 0, {"A": None, "B": None, "C": None, "D": None}, Customer=NUMBERS)
    agree(Customer.score / Customer.weight, {"A": 2.5 / 0.5, "B": -2.5 / 0.5, "C": None, "D": None}, Customer=NUMBERS)
    agree(Customer.debt / Customer.quota, {"A": 0.088889, "B": 0.1, "C": None}, Customer=AMOUNTS)


def test_a_number_may_be_divided_by_a_column(agree: Agree) -> None:
    agree(10 / Customer.visits, {"A": 10 / 2, "B": 10 / 2, "C": None, "D": 10 / 2}, Customer=NUMBERS)


def test_a_rate_is_rounded_before_it_is_compared(agree: Agree) -> None:
    # 240.45 / 3 is 80.14999999999999 in floating numbers, below a cut of 80.15.
    agree(Customer.credit / 3 >= 80.15, {"A": True, "B": False}, Customer="customer | credit; A | 240.45; B | 240.44")


def test_rates_round_half_up_below_zero_too(agree: Agree) -> None:
    table = "customer | credit; A | 0.01; B | -0.01; C | 1; D | -1"
    agree(Customer.credit / 20000, {"A": 0.000001, "B": 0.0, "C": 0.00005, "D": -0.00005}, Customer=table)
    agree(Customer.credit / 3, {"A": 0.003333, "B": -0.003333, "C": 0.333333, "D": -0.333333}, Customer=table)


def test_floor_division_rounds_down_below_zero_too(agree: Agree) -> None:
    agree(Customer.points // Customer.visits, {"A": 3, "B": -4, "C": None, "D": None}, Customer=NUMBERS)
    agree(Customer.points // -2, {"A": -4, "B": 3, "C": -4, "D": None}, Customer=NUMBERS)
    agree(15 // Customer.visits, {"A": 15 // 2, "B": 15 // 2, "C": None, "D": 15 // 2}, Customer=NUMBERS)


def test_a_remainder_has_the_sign_of_the_divisor(agree: Agree) -> None:
    agree(Customer.points % 3, {"A": 7 - 2 * 3, "B": -7 + 3 * 3, "C": 1, "D": None}, Customer=NUMBERS)
    agree(Customer.points % -3, {"A": 7 - 3 * 3, "B": -7 + 2 * 3, "C": -2, "D": None}, Customer=NUMBERS)
    agree(Customer.points % Customer.visits, {"A": 1, "B": 1, "C": None, "D": None}, Customer=NUMBERS)
    agree(15 % Customer.visits, {"A": 1, "B": 1, "C": None, "D": 1}, Customer=NUMBERS)


def test_minus_turns_the_sign(agree: Agree) -> None:
    agree(-Customer.points, {"A": -7, "B": 7, "C": -7, "D": None}, Customer=NUMBERS)
    agree(-(-Customer.points + 1), {"A": 7 - 1, "B": -7 - 1, "C": 7 - 1, "D": None}, Customer=NUMBERS)
    agree(-Customer.credit, {"A": -Decimal("10.05"), "B": Decimal("10.05"), "C": None}, Customer=AMOUNTS)


def test_the_size_has_no_sign(agree: Agree) -> None:
    agree(abs(Customer.points), {"A": 7, "B": 7, "C": 7, "D": None}, Customer=NUMBERS)
    agree(abs(Customer.credit), {"A": Decimal("10.05"), "B": Decimal("10.05"), "C": None}, Customer=AMOUNTS)
    agree(abs(Customer.score - 5), {"A": 2.5, "B": 7.5, "C": 2.5, "D": None}, Customer=NUMBERS)


def test_the_least_leaves_nulls_out(agree: Agree) -> None:
    agree(least(Customer.points, Customer.visits), {"A": 2, "B": -7, "C": 0, "D": 2}, Customer=NUMBERS)
    agree(least(Customer.points, Customer.score), {"A": 2.5, "B": -7.0, "C": 2.5, "D": None}, Customer=NUMBERS)


def test_the_greatest_leaves_nulls_out(agree: Agree) -> None:
    agree(greatest(Customer.points, Customer.visits, 3), {"A": 7, "B": 3, "C": 7, "D": 3}, Customer=NUMBERS)
    agree(
        greatest(Customer.credit, Customer.debt),
        {k: Decimal(v) for k, v in [("A", "10.05"), ("B", "0.20"), ("C", "0.30")]},
        Customer=AMOUNTS,
    )


def test_the_least_of_money_and_a_written_amount_is_money(agree: Agree) -> None:
    agree(
        least(Customer.credit, 9.99),
        {"A": Decimal("9.99"), "B": Decimal("-10.05"), "C": Decimal("9.99")},
        Customer=AMOUNTS,
    )
    agree(greatest(Customer.credit, 0), {"A": Decimal("10.05"), "B": 0, "C": 0}, Customer=AMOUNTS)
