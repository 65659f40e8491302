"""`Decimal("1234567890123456.78")` was taken as …456.80: a number keeps 15 digits, and nobody was told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from c360.errors import DefinitionError
from telecom import Customer


def test_an_amount_that_would_lose_digits_is_refused() -> None:
    with pytest.raises(DefinitionError, match="digits"):
        Customer.credit > Decimal("1234567890123456.78")


def test_an_amount_keeps_every_digit_written() -> None:
    compared = (Customer.credit > Decimal("12345678901234.56")).node
    assert compared.args[1].value == Decimal("12345678901234.56")
