"""`when(…).then(2000000000).otherwise(1) * 2` stopped the run: an engine gives written integers 32 bits."""

from __future__ import annotations

from c360 import when
from telecom import Agree, Customer

TABLE = """
    customer | vip | points
    A        | T   | 5
    B        | F   |
"""


def test_a_choice_among_written_integers_counts_beyond_32_bits(agree: Agree) -> None:
    limit = when(Customer.vip).then(2_000_000_000).otherwise(1)
    agree(limit * 2, {"A": 2_000_000_000 * 2, "B": 1 * 2}, Customer=TABLE)


def test_a_choice_beside_a_column_counts_beyond_32_bits(agree: Agree) -> None:
    limit = when(Customer.vip).then(2_000_000_000).otherwise(Customer.points)
    agree(limit * 2, {"A": 2_000_000_000 * 2, "B": None}, Customer=TABLE)
