"""23.33… less 13.33… is 9.999999999999998: a score that led by exactly 10 points was called mixed."""

from __future__ import annotations

from c360 import dominant, scorecard
from telecom import Agree, Customer

TABLE = "customer | points | visits; A | 1 | 1"


def score(points: int):  # type: ignore[no-untyped-def]
    """Return a score of *points* of 30."""
    return scorecard(met=(Customer.points > 0, points), unmet=(Customer.points > 9, 30 - points))


def test_a_lead_of_ten_points_is_ten_points(agree: Agree) -> None:
    agree(score(7) - score(4), {"A": 10}, Customer=TABLE)
    agree(dominant(at_least=20, price=score(7), service=score(4)), {"A": "price"}, Customer=TABLE)


def test_a_lead_of_plain_numbers_is_taken_to_six_decimals(agree: Agree) -> None:
    price, service = Customer.points * 700 / 30, Customer.visits * 400 / 30
    agree(dominant(at_least=20, price=price, service=service), {"A": "price"}, Customer=TABLE)
