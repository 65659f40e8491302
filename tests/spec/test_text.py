"""Text: tests and parts by code point; what is searched for is never a pattern."""

from __future__ import annotations

import pytest

from telecom import Agree, Customer

NAMES = """
    customer | name
    A        | O'Neil
    B        | 50%_off!
    C        | 名字é
    D        |
    E        | a"b--c
"""
NOBODY = dict.fromkeys("ABCE", False) | {"D": None}


@pytest.mark.parametrize(
    ("part", "who"), [("'", "A"), ("%", "B"), ("_", "B"), ("!", "B"), ("%_", "B"), ("字", "C"), ('"', "E"), ("--", "E")]
)
def test_every_character_is_looked_for_as_it_is(agree: Agree, part: str, who: str) -> None:
    agree(Customer.name.contains(part), {**NOBODY, who: True}, Customer=NAMES)


def test_what_is_not_there_is_not_found(agree: Agree) -> None:
    for part in ("O_Neil", "5%%", "neil", "é!", ";"):
        agree(Customer.name.contains(part), NOBODY, Customer=NAMES)


def test_case_counts(agree: Agree) -> None:
    agree(Customer.name.contains("Neil"), {**NOBODY, "A": True}, Customer=NAMES)
    agree(Customer.name.contains("NEIL"), NOBODY, Customer=NAMES)


def test_a_text_starts_with_its_first_characters(agree: Agree) -> None:
    agree(Customer.name.starts_with("O'"), {**NOBODY, "A": True}, Customer=NAMES)
    agree(Customer.name.starts_with("50%_"), {**NOBODY, "B": True}, Customer=NAMES)
    agree(Customer.name.starts_with("%"), NOBODY, Customer=NAMES)
    agree(Customer.name.starts_with("字"), NOBODY, Customer=NAMES)


def test_a_text_ends_with_its_last_characters(agree: Agree) -> None:
    agree(Customer.name.ends_with("off!"), {**NOBODY, "B": True}, Customer=NAMES)
    agree(Customer.name.ends_with("_off!"), {**NOBODY, "B": True}, Customer=NAMES)
    agree(Customer.name.ends_with("é"), {**NOBODY, "C": True}, Customer=NAMES)
    agree(Customer.name.ends_with("_"), NOBODY, Customer=NAMES)


def test_not_found_keeps_null_unknown(agree: Agree) -> None:
    agree(~Customer.name.contains("O"), {"A": False, "B": True, "C": True, "D": None, "E": True}, Customer=NAMES)


def test_the_length_counts_code_points(agree: Agree) -> None:
    agree(Customer.name.length(), {"A": 6, "B": 8, "C": 3, "D": None, "E": 6}, Customer=NAMES)
    agree(Customer.name.length(), {"A": 2}, Customer="customer | name; A | 👍🏽")


def test_the_first_characters_of_a_shorter_text_are_the_text(agree: Agree) -> None:
    agree(Customer.name.left(2), {"A": "O'", "B": "50", "C": "名字", "D": None, "E": 'a"'}, Customer=NAMES)
    agree(
        Customer.name.left(100),
        {"A": "O'Neil", "B": "50%_off!", "C": "名字é", "D": None, "E": 'a"b--c'},
        Customer=NAMES,
    )


def test_a_missing_text_joins_as_an_empty_one(agree: Agree) -> None:
    table = "customer | name | city; A | Anna | 北京; B | | Rome; C | |"
    agree(Customer.name.concat(", ", Customer.city), {"A": "Anna, 北京", "B": ", Rome", "C": ", "}, Customer=table)
    agree(
        Customer.name.concat(" it's\nhere"),
        {"A": "Anna it's\nhere", "B": " it's\nhere", "C": " it's\nhere"},
        Customer=table,
    )


def test_levels_and_keys_are_texts_too(agree: Agree) -> None:
    table = "customer | grade; A12 | gold; B3 |"
    agree(Customer.grade.starts_with("go"), {"A12": True, "B3": None}, Customer=table)
    agree(Customer.customer.left(1), {"A12": "A", "B3": "B"}, Customer=table)
    agree(Customer.customer.length(), {"A12": 3, "B3": 2}, Customer=table)
    agree(Customer.customer.concat("/", Customer.grade), {"A12": "A12/gold", "B3": "B3/"}, Customer=table)
