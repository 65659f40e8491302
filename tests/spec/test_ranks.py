"""Places among a population: percentile, parts, cumulative share, position; null and outsiders have none."""

from __future__ import annotations

from datetime import date

from c360 import segment, tag, tiers
from telecom import Agree, Bill, Customer, Line

CUSTOMERS = """
    customer | points | gender | active | born_on    | credit
    A        | 10     | f      | T      | 2000-01-01 | 60.00
    B        | 20     | f      | T      | 1990-01-01 | 30.00
    C        | 20     | m      | T      | 1980-01-01 | 10.00
    D        | 40     | m      | F      | 1970-01-01 | 0.00
    E        |        | m      | T      |            |
    F        | 50     |        |        | 1960-01-01 |
"""
active = segment(Customer.active, name="active_ones")


def test_a_percentile_is_the_percent_with_a_lower_value(agree: Agree) -> None:
    expected = {"A": 100 * 0 / 5, "B": 100 * 1 / 5, "C": 100 * 1 / 5, "D": 100 * 3 / 5, "E": None, "F": 100 * 4 / 5}
    agree(Customer.points.percentile(), expected, Customer=CUSTOMERS)


def test_a_percentile_is_rounded_before_it_is_compared(agree: Agree) -> None:
    table = "customer | points; A | 1; B | 2; C | 3"
    agree(Customer.points.percentile(), {"A": 0.0, "B": round(100 / 3, 6), "C": round(200 / 3, 6)}, Customer=table)


def test_a_population_is_a_segment_and_outsiders_have_no_place(agree: Agree) -> None:
    expected = {"A": 100 * 0 / 3, "B": round(100 / 3, 6), "C": round(100 / 3, 6), "D": None, "E": None, "F": None}
    agree(Customer.points.percentile(among=active), expected, definitions=[active], Customer=CUSTOMERS)


def test_not_a_segment_is_a_population_too(agree: Agree) -> None:
    expected = {"A": None, "B": None, "C": None, "D": 2, "E": None, "F": 1}
    agree(Customer.points.position(among=~active), expected, definitions=[active], Customer=CUSTOMERS)


def test_within_groups_the_population_falls_apart(agree: Agree) -> None:
    expected = {"A": 2, "B": 1, "C": 2, "D": 1, "E": None, "F": None}
    agree(Customer.points.position(within=Customer.gender), expected, Customer=CUSTOMERS)


def test_parts_differ_by_at_most_one_and_ties_go_by_key(agree: Agree) -> None:
    agree(Customer.points.ntile(2), {"A": 1, "B": 1, "C": 1, "D": 2, "E": None, "F": 2}, Customer=CUSTOMERS)
    agree(Customer.points.ntile(4), {"A": 1, "B": 1, "C": 2, "D": 3, "E": None, "F": 4}, Customer=CUSTOMERS)
    agree(Customer.points.ntile(9), {"A": 1, "B": 2, "C": 3, "D": 4, "E": None, "F": 5}, Customer=CUSTOMERS)


def test_the_greatest_has_position_one_and_ties_go_by_key(agree: Agree) -> None:
    agree(Customer.points.position(), {"A": 5, "B": 3, "C": 4, "D": 2, "E": None, "F": 1}, Customer=CUSTOMERS)


def test_a_date_has_a_place_as_well(agree: Agree) -> None:
    agree(Customer.born_on.position(), {"A": 1, "B": 2, "C": 3, "D": 4, "E": None, "F": 5}, Customer=CUSTOMERS)
    agree(
        Customer.born_on.percentile() >= 80,
        {"A": True, "B": False, "C": False, "D": False, "E": None, "F": False},
        Customer=CUSTOMERS,
    )


def test_a_cumulative_share_is_what_greater_values_hold(agree: Agree) -> None:
    expected = {"A": 0.0, "B": 60 / 100, "C": 90 / 100, "D": 100 / 100, "E": None, "F": None}
    agree(Customer.credit.cumulative_share(), expected, Customer=CUSTOMERS)
    agree(
        Customer.credit.cumulative_share() < 0.8,
        {"A": True, "B": True, "C": False, "D": False, "E": None, "F": None},
        Customer=CUSTOMERS,
    )


def test_a_cumulative_share_of_nothing_is_null(agree: Agree) -> None:
    agree(Customer.credit.cumulative_share(), {"A": None, "B": None}, Customer="customer | credit; A | 0; B | 0")


def test_everybody_may_have_no_place(agree: Agree) -> None:
    agree(Customer.points.percentile(), {"A": None}, Customer="customer | points; A |")


def test_a_sum_has_a_place_among_its_owners(agree: Agree) -> None:
    tables = {
        "Customer": "customer; A; B; C",
        "Line": "line | customer; L1 | A; L2 | A; L3 | B; L4 | C",
        "Bill": "line | month | total; L1 | 2026-10 | 3; L2 | 2026-10 | 3; L3 | 2026-10 | 5",
    }
    agree(Bill.total.sum().position(), {"A": 1, "B": 2, "C": None}, **tables)
    agree(Bill.total.sum().or_zero().position(), {"A": 1, "B": 2, "C": 3}, **tables)
    agree(Bill.total.sum().position(), {"L1": 2, "L2": 3, "L3": 1, "L4": None}, entity="line", **tables)


def test_a_place_may_be_followed_to_and_summed_up(agree: Agree) -> None:
    lines = "line | customer | minutes; L1 | A | 5; L2 | A | 9; L3 | B | 7; L4 | Z | 1"
    place = tag(Line.minutes.position(), name="place")
    agree(place.min(), {"A": 1, "B": 2}, definitions=[place], Customer="customer; A; B", Line=lines)
    points = tag(Customer.points.position(), name="points_place")
    table = "customer | points; A | 1; B | 2"
    agree(
        Line.customer[points],
        {"L1": 2, "L2": 2, "L3": 1, "L4": None},
        entity="line",
        definitions=[points],
        Customer=table,
        Line=lines,
    )


def test_a_place_of_a_place(agree: Agree) -> None:
    agree(Customer.points.position().position(), {"A": 1, "B": 3, "C": 2, "D": 4, "E": None, "F": 5}, Customer=CUSTOMERS)


def test_the_population_is_that_of_the_day(agree: Agree) -> None:
    table = "customer | joined_on | points; A | 2026-01-01 | 1; B | 2026-10-31 | 2; C | 2026-11-01 | 3"
    agree(Customer.points.position(), {"A": 2, "B": 1}, Customer=table)
    agree(Customer.points.position().ago(days=1), {"A": 1, "B": None}, Customer=table)
    agree(Customer.points.position(), {"A": 3, "B": 2, "C": 1}, day=date(2026, 11, 1), Customer=table)


def test_among_and_within_hold_together(agree: Agree) -> None:
    # Of the active: A and B are of group f, C and E of m; E has no value.
    expected = {"A": 2, "B": 1, "C": 1, "D": None, "E": None, "F": None}
    agree(Customer.points.position(among=active, within=Customer.gender), expected, definitions=[active], Customer=CUSTOMERS)
    percentiles = {"A": 0.0, "B": 100 * 1 / 2, "C": 0.0, "D": None, "E": None, "F": None}
    percentile = Customer.points.percentile(among=active, within=Customer.gender)
    agree(percentile, percentiles, definitions=[active], Customer=CUSTOMERS)
    weighed = "customer | points | gender | active; A | 10 | f | T; B | 10 | m | T; C | 7 | m | F; D | 0 | m | T"
    agree(
        Customer.points.cumulative_share(among=active, within=Customer.gender),
        {"A": 0.0, "B": 0.0, "C": None, "D": 1.0},
        definitions=[active],
        Customer=weighed,
    )


def test_losses_count_against_the_total_and_come_last(agree: Agree) -> None:
    table = "customer | credit; A | 60; B | -20; C | 60; D |"
    agree(Customer.credit.cumulative_share(), {"A": 0.0, "B": 120 / 100, "C": 60 / 100, "D": None}, Customer=table)
    agree(Customer.credit.position(), {"A": 1, "B": 3, "C": 2, "D": None}, Customer=table)


def test_nobody_in_the_population_is_nobody_placed(agree: Agree) -> None:
    nobody = segment(Customer.points > 1000, name="nobody")
    for place in (Customer.points.percentile(among=nobody), Customer.points.ntile(2, among=nobody)):
        agree(place, dict.fromkeys("ABCDEF"), definitions=[nobody], Customer=CUSTOMERS)


def test_a_band_is_a_group(agree: Agree) -> None:
    band = tiers(Customer.points, high=30, otherwise="low")
    top = Customer.credit.percentile(within=band) >= 50
    expected = {"A": True, "B": False, "C": False, "D": False, "E": None, "F": None}
    agree(top, expected, Customer=CUSTOMERS)


def test_keys_of_any_script_settle_ties_by_code_point(agree: Agree) -> None:
    table = "customer | points; b | 1; B | 1; 名 | 1; é | 1"
    agree(Customer.points.position(), {"B": 1, "b": 2, "é": 3, "名": 4}, Customer=table)
    agree(Customer.points.ntile(2), {"B": 1, "b": 1, "é": 2, "名": 2}, Customer=table)
