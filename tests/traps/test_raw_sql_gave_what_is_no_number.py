"""`ln(-1)` of a raw SQL expression came back as NaN, and a quarter as Integer was 1 when shown and not 1 when compared."""

from __future__ import annotations

from decimal import Decimal

from c360 import Integer, Money, Number, sql_expr
from telecom import Agree, Customer

TABLE = "customer | points; A | 3; B | 0; C | -1; D |"


def test_what_is_no_finite_number_is_null(agree: Agree) -> None:
    root = sql_expr("sqrt({a} - 3)", a=Customer.points, returns=Number, dialects=("duckdb",), meaning="sqrt(a - 3)")
    agree(root, {"A": 0.0, "B": None, "C": None, "D": None}, Customer=TABLE)
    log = sql_expr("ln({a})", a=Customer.points, returns=Number, dialects=("duckdb",), meaning="ln(a)")
    agree(log > 0, {"A": True, "B": None, "C": None, "D": None}, Customer=TABLE)
    grown = sql_expr("exp({a} * 500)", a=Customer.points, returns=Number, dialects=("duckdb",), meaning="exp(a * 500)")
    agree(grown.is_null(), {"A": True, "B": False, "C": False, "D": True}, Customer=TABLE)


def test_an_integer_is_rounded_down_before_anything_is_done_with_it(agree: Agree) -> None:
    quarter = sql_expr("{a} / 4", a=Customer.points, returns=Integer, dialects=("duckdb",), meaning="a / 4")
    agree(quarter, {"A": 0, "B": 0, "C": -1, "D": None}, Customer=TABLE)
    agree(quarter == 0, {"A": True, "B": True, "C": False, "D": None}, Customer=TABLE)


def test_money_is_money(agree: Agree) -> None:
    half = sql_expr("{a} / 8", a=Customer.points, returns=Money, dialects=("duckdb",), meaning="a / 8")
    agree(half, {"A": Decimal("0.38"), "B": 0, "C": Decimal("-0.13"), "D": None}, Customer=TABLE)
    agree(half + 1 == Decimal("1.38"), {"A": True, "B": False, "C": False, "D": None}, Customer=TABLE)
