"""`best = greatest(best, column)` in a loop made SQL that doubled with every turn: twelve took seconds, twenty never ended."""

from __future__ import annotations

from c360 import greatest, least
from telecom import Agree, Customer

TABLE = "customer | points | visits; A | 1 | 2; B | | 3; C | |"


def test_the_greatest_of_many_is_one_choice_among_all(agree: Agree) -> None:
    most, fewest = Customer.points, Customer.points
    for number in range(40):
        most, fewest = greatest(most, Customer.visits + number), least(fewest, Customer.visits - number)
    agree(most, {"A": 2 + 39, "B": 3 + 39, "C": None}, Customer=TABLE)
    agree(fewest, {"A": 2 - 39, "B": 3 - 39, "C": None}, Customer=TABLE)


def test_kinds_of_numbers_still_meet(agree: Agree) -> None:
    mixed = greatest(greatest(Customer.points, Customer.visits), 2.5)
    agree(mixed, {"A": 2.5, "B": 3.0, "C": 2.5}, Customer=TABLE)
