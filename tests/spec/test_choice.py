"""Choices: when-then, tiers and first match; what an unknown condition or value does in each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from c360 import first_match, months, tiers, when
from telecom import Agree, Bill, Customer

TABLE = """
    customer | points | visits | credit | vip
    A        | 10     | 1      | 2.50   | T
    B        | 5      | 2      | -2.50  | F
    C        | 0      | 3      |        |
    D        |        |        | 0.01   | F
"""


def test_the_first_condition_that_holds_decides(agree: Agree) -> None:
    size = when(Customer.points >= 10).then("many").when(Customer.points >= 5).then("some").otherwise("few")
    agree(size, {"A": "many", "B": "some", "C": "few", "D": "few"}, Customer=TABLE)


def test_an_unknown_condition_is_not_met(agree: Agree) -> None:
    agree(
        when(Customer.vip).then(1).when(~Customer.vip).then(2).otherwise(3),
        {"A": 1, "B": 2, "C": 3, "D": 2},
        Customer=TABLE,
    )


def test_a_choice_without_a_rest_may_be_null(agree: Agree) -> None:
    agree(when(Customer.vip).then(Customer.points).or_null(), {"A": 10, "B": None, "C": None, "D": None}, Customer=TABLE)


def test_a_chosen_null_stays_null(agree: Agree) -> None:
    agree(when(Customer.vip).then(1).otherwise(Customer.points), {"A": 1, "B": 5, "C": 0, "D": None}, Customer=TABLE)


def test_numbers_of_a_choice_are_of_one_kind(agree: Agree) -> None:
    agree(
        when(Customer.vip).then(Customer.points).otherwise(0.5),
        {"A": 10.0, "B": 0.5, "C": 0.5, "D": 0.5},
        Customer=TABLE,
    )
    agree(
        when(Customer.vip).then(Customer.credit).otherwise(Customer.visits),
        {"A": Decimal("2.50"), "B": 2, "C": 3, "D": None},
        Customer=TABLE,
    )
    agree(
        when(Customer.vip).then(1).otherwise(2.5) + Customer.visits,
        {"A": 1 + 1, "B": 2.5 + 2, "C": 2.5 + 3, "D": None},
        Customer=TABLE,
    )


def test_a_choice_keeps_the_order_of_its_levels(agree: Agree) -> None:
    better = when(Customer.vip).then(Customer.wish).otherwise(Customer.grade)
    agree(
        better >= "silver",
        {"A": True, "B": False},
        Customer="customer | vip | grade | wish; A | T | bronze | gold; B | F | bronze | gold",
    )


def test_dates_and_answers_may_be_chosen(agree: Agree) -> None:
    table = "customer | vip | born_on | met_on; A | T | 2000-02-29 | 2020-01-01; B | | 2000-02-29 | 2020-01-01"
    expected = {"A": date(2000, 2, 29), "B": date(2020, 1, 1)}
    agree(when(Customer.vip).then(Customer.born_on).otherwise(Customer.met_on), expected, Customer=table)
    agree(when(Customer.vip).then(False).otherwise(True), {"A": False, "B": True}, Customer=table)


def test_a_value_at_a_cut_belongs_to_the_tier_it_opens(agree: Agree) -> None:
    tier = tiers(Customer.points, high=10, mid=5, otherwise="low")
    agree(tier, {"A": "high", "B": "mid", "C": "low", "D": "unknown"}, Customer=TABLE)


def test_a_null_has_the_tier_called_missing(agree: Agree) -> None:
    tier = tiers(Customer.credit, plus=0, otherwise="minus", missing="none")
    agree(tier, {"A": "plus", "B": "minus", "C": "none", "D": "plus"}, Customer=TABLE)


def test_cuts_finer_than_a_cent_hold(agree: Agree) -> None:
    tier = tiers(Customer.credit, high=2.499, mid=0.011, low=-2.5, otherwise="deep")
    agree(tier, {"A": "high", "B": "low", "C": "unknown", "D": "low"}, Customer=TABLE)


def test_a_rate_meets_its_cut(agree: Agree) -> None:
    # 240.45 / 3 is 80.14999999999999 in floating numbers.
    arpu = Bill.last(months(3)).total.sum() / 3
    bills = "line | month | total; L1 | 2026-08 | 80.15; L1 | 2026-09 | 80.15; L1 | 2026-10 | 80.15; L2 | 2026-10 | 240.44"
    agree(tiers(arpu, high=80.15, otherwise="low"), {"L1": "high", "L2": "low"}, entity="line", Bill=bills)


def test_tiers_of_a_count_are_never_missing(agree: Agree) -> None:
    tier = tiers(Bill.count(), many=2, one=1, otherwise="none")
    agree(
        tier,
        {"L1": "many", "L2": "one", "L3": "none"},
        entity="line",
        Line="line; L1; L2; L3",
        Bill="line | month; L1 | 2026-09; L1 | 2026-10; L2 | 2026-10",
    )


def test_first_match_takes_the_levels_in_the_order_written(agree: Agree) -> None:
    stage = first_match(rich=Customer.points >= 10, known=Customer.visits >= 1, otherwise="new")
    agree(stage, {"A": "rich", "B": "known", "C": "known", "D": "unknown"}, Customer=TABLE)


def test_an_unknown_condition_ends_the_match(agree: Agree) -> None:
    stage = first_match(vip=Customer.vip, visitor=Customer.visits >= 1, otherwise="other", missing="cannot say")
    agree(stage, {"A": "vip", "B": "visitor", "C": "cannot say", "D": "cannot say"}, Customer=TABLE)


def test_a_condition_met_before_the_unknown_one_decides(agree: Agree) -> None:
    stage = first_match(visitor=Customer.visits >= 1, vip=Customer.vip, otherwise="other")
    agree(stage, {"A": "visitor", "B": "visitor", "C": "visitor", "D": "unknown"}, Customer=TABLE)


def test_an_unknown_condition_may_be_skipped(agree: Agree) -> None:
    stage = first_match(vip=Customer.vip, visitor=Customer.visits >= 1, otherwise="other", unknown="skip")
    agree(stage, {"A": "vip", "B": "visitor", "C": "visitor", "D": "other"}, Customer=TABLE)


def test_conditions_that_are_never_unknown_never_end_a_match(agree: Agree) -> None:
    stage = first_match(billed=Bill.count() > 0, asked=Bill.count() == 0, otherwise="never")
    agree(stage, {"L1": "billed", "L2": "asked"}, entity="line", Line="line; L1; L2", Bill="line | month; L1 | 2026-10")


def test_levels_with_quotes_are_texts_like_others(agree: Agree) -> None:
    stage = first_match(**{"it's on": Customer.vip}, otherwise="it isn't", missing="we can't say")
    agree(stage, {"A": "it's on", "B": "it isn't", "C": "we can't say", "D": "it isn't"}, Customer=TABLE)
    agree(stage == "it isn't", {"A": False, "B": True, "C": False, "D": True}, Customer=TABLE)
