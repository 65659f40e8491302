"""Raw SQL over a written fraction or over money reckoned in decimals, its meaning in floating point: 0.7 * 2 - 1 was 0.4."""

from __future__ import annotations

from c360 import Number, sql_expr
from c360.language.expression import Expression
from telecom import Agree, Customer


def doubled_less(a: object, b: object) -> Expression:
    """Return a * 2 - b in raw SQL."""
    return sql_expr("{a} * 2 - {b}", a=a, b=b, returns=Number, dialects=("duckdb",), meaning="a * 2 - b")


def test_a_written_fraction_is_a_number(agree: Agree) -> None:
    agree(doubled_less(0.7, Customer.points), {"A": 0.7 * 2 - 1}, Customer="customer | points; A | 1")


def test_money_is_a_number_in_raw_sql(agree: Agree) -> None:
    agree(doubled_less(Customer.credit, Customer.debt), {"A": 0.1 * 2 - 0.3}, Customer="customer | credit | debt; A | 0.1 | 0.3")


def test_a_large_whole_number_has_64_bits(agree: Agree) -> None:
    agree(doubled_less(2_000_000_000, Customer.points), {"A": float(2_000_000_000 * 2 - 1)}, Customer="customer | points; A | 1")
