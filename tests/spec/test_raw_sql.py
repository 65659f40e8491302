"""The raw-SQL leaf: an author's own scalar SQL, held against its meaning in Python."""

from __future__ import annotations

from c360 import Integer, Number, sql_expr
from c360.datatypes import BOOLEAN
from telecom import Agree, Customer

TABLE = "customer | points | visits | score; A | 3 | 2 | 2.5; B | -3 | 2 | 0.5; C | | 2 | 1"


def test_an_expression_of_an_engine_computes_what_its_meaning_says(agree: Agree) -> None:
    power = sql_expr("power({a}, {b})", a=Customer.score, b=Customer.visits, returns=Number, dialects=("duckdb",), meaning="a ** b")
    agree(power, {"A": 2.5**2, "B": 0.5**2, "C": 1.0}, Customer=TABLE)


def test_a_null_argument_gives_null(agree: Agree) -> None:
    product = sql_expr("{a} * {b}", a=Customer.points, b=Customer.visits, returns=Integer, dialects=("duckdb",), meaning="a * b")
    agree(product, {"A": 3 * 2, "B": -3 * 2, "C": None}, Customer=TABLE)


def test_arguments_keep_their_parentheses(agree: Agree) -> None:
    product = sql_expr(
        "{a} * {b}", a=Customer.points + 1, b=Customer.visits - 5, returns=Integer, dialects=("duckdb",), meaning="a * b"
    )
    agree(product + 1, {"A": (3 + 1) * (2 - 5) + 1, "B": (-3 + 1) * (2 - 5) + 1, "C": None}, Customer=TABLE)


def test_an_argument_may_stand_twice_and_the_result_may_be_an_answer(agree: Agree) -> None:
    big = sql_expr(
        "{a} * {a} > {b}", a=Customer.points, b=Customer.visits, returns=BOOLEAN, dialects=("duckdb",), meaning="a * a > b"
    )
    agree(big & (Customer.points > 0), {"A": True, "B": False, "C": None}, Customer=TABLE)
