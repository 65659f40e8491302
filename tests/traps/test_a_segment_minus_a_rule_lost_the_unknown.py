"""`segment - rule` left out the rows for which the rule is unknown; they are no members of what is taken away."""

from __future__ import annotations

from c360 import segment
from telecom import Agree, Customer

TABLE = """
    customer | vip | points
    A        | T   | 5
    B        | T   | 1
    C        | T   |
    D        | F   |
"""


def test_minus_takes_away_members_only(agree: Agree) -> None:
    vips = segment(Customer.vip, name="vips")
    rich = segment(Customer.points > 3, name="rich")
    for taken in (rich, Customer.points > 3, rich | (Customer.points > 3)):
        agree(
            vips - taken,
            {"A": False, "B": True, "C": True, "D": False},
            definitions=[vips, rich],
            Customer=TABLE,
        )
