"""`0.1 + 0.2 == 0.3` was true where both came from a choice: an engine reads 0.1 as a decimal, not as a number."""

from __future__ import annotations

from c360 import when
from telecom import Agree, Customer


def test_written_fractions_of_a_choice_are_numbers(agree: Agree) -> None:
    weight = when(Customer.vip).then(0.1).otherwise(0.2) + when(Customer.vip).then(0.2).otherwise(0.1)
    agree(weight == 0.3, {"A": 0.1 + 0.2 == 0.3}, Customer="customer | vip; A | T")
