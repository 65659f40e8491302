"""Where losses outweigh profits, the cumulative share was negative, so everyone stood below 0.8, in Pareto's class A."""

from __future__ import annotations

from telecom import Agree, Customer


def test_a_total_that_is_not_above_zero_has_no_shares(agree: Agree) -> None:
    for losses in ("-10", "-3"):
        table = f"customer | points; A | 3; B | {losses}"
        agree(Customer.points.cumulative_share(), {"A": None, "B": None}, Customer=table)
