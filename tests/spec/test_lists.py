"""Lists: the most frequent values in order, and what can be asked of a list; no rows is an empty list, never null."""

from __future__ import annotations

import pytest

from c360 import days, listed, tag
from c360.errors import DefinitionError, TypeMismatch
from telecom import Agree, Customer, Ticket, Usage

CUSTOMERS = "customer; A; B; C"
TICKETS = """
    customer | opened_on  | kind    | note | minutes | severity
    A        | 2026-10-01 | price   | b    | 1       | high
    A        | 2026-10-02 | price   | a    | 1       | low
    A        | 2026-10-03 | network | a    | 9       | mid
    A        | 2026-10-04 | other   | 名   |         | mid
    A        | 2026-10-05 |         |      | 5       |
    B        | 2026-10-05 |         |      | 5       |
"""


def test_the_most_frequent_value_and_of_equals_the_least(agree: Agree) -> None:
    agree(Ticket.kind.most_frequent(), {"A": "price", "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)
    agree(Ticket.severity.most_frequent(), {"A": "mid", "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)
    agree(Ticket.minutes.most_frequent(), {"A": 1, "B": 5, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)
    tied = "customer | opened_on | severity | note; A | 2026-10-01 | high | b; A | 2026-10-02 | low | Z"
    agree(Ticket.severity.most_frequent(), {"A": "low"}, Ticket=tied)
    agree(Ticket.note.most_frequent(), {"A": "Z"}, Ticket=tied)


def test_a_top_list_goes_by_falling_frequency_then_by_value(agree: Agree) -> None:
    expected = {"A": ("price", "network", "other"), "B": (), "C": ()}
    agree(Ticket.kind.top(3), expected, Customer=CUSTOMERS, Ticket=TICKETS)
    agree(Ticket.kind.top(1), {"A": ("price",), "B": (), "C": ()}, Customer=CUSTOMERS, Ticket=TICKETS)
    agree(Ticket.note.top(5), {"A": ("a", "b", "名"), "B": (), "C": ()}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_a_top_list_may_go_by_a_sum(agree: Agree) -> None:
    # network has 9 minutes, price 1 + 1, other none known.
    expected = {"A": ("network", "price", "other"), "B": (), "C": ()}
    agree(Ticket.kind.top(3, by=Ticket.minutes), expected, Customer=CUSTOMERS, Ticket=TICKETS)


def test_a_top_list_of_a_filter_and_a_window(agree: Agree) -> None:
    rows = Ticket.where(Ticket.minutes > 1)
    agree(rows.kind.top(2), {"A": ("network",), "B": (), "C": ()}, Customer=CUSTOMERS, Ticket=TICKETS)
    agree(Ticket.last(days(1)).kind.top(2), {"A": (), "B": (), "C": ()}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_keys_make_a_list_of_their_texts(agree: Agree) -> None:
    usage = "line | day; L2 | 2026-10-01; L1 | 2026-10-01; L2 | 2026-10-02"
    agree(Usage.line.top(2), {"A": ("L2", "L1")}, Line="line | customer; L1 | A; L2 | A", Usage=usage)


def test_a_list_holds_an_item_or_not_and_is_never_unknown(agree: Agree) -> None:
    for item, holds in [("price", True), ("other", False), ("pri", False)]:
        expected = {"A": holds, "B": False, "C": False}
        agree(Ticket.kind.top(2).has_item(item), expected, Customer=CUSTOMERS, Ticket=TICKETS)


def test_items_are_counted_and_none_is_zero(agree: Agree) -> None:
    agree(Ticket.kind.top(9).items(), {"A": 3, "B": 0, "C": 0}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_an_item_beyond_the_list_is_null(agree: Agree) -> None:
    for place, item in [(1, "price"), (3, "other"), (4, None)]:
        agree(Ticket.kind.top(9).item(place), {"A": item, "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_two_lists_share_an_item_or_not(agree: Agree) -> None:
    frequent, long_ones = Ticket.kind.top(1), Ticket.where(Ticket.minutes > 1).kind.top(3)
    agree(frequent.overlaps(long_ones), {"A": False, "B": False, "C": False}, Customer=CUSTOMERS, Ticket=TICKETS)
    agree(Ticket.kind.top(3).overlaps(long_ones), {"A": True, "B": False, "C": False}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_a_list_of_a_tag_is_asked_like_any_other(agree: Agree) -> None:
    kinds = tag(Ticket.kind.top(2), name="kinds")
    agree(kinds.has_item("network"), {"A": True, "B": False, "C": False}, definitions=[kinds], Customer=CUSTOMERS, Ticket=TICKETS)


def test_names_whose_condition_holds_are_listed_as_written(agree: Agree) -> None:
    names = listed(vip=Customer.vip, many=Customer.points > 1)
    rows = "customer | vip | points; A | T | 2; B | | 2; C | F | 1; D | T |"
    agree(names, {"A": ("vip", "many"), "B": ("many",), "C": (), "D": ("vip",)}, Customer=rows)
    agree(listed(vip=Customer.vip).items(), {"A": 1, "B": 0, "C": 0, "D": 1}, Customer=rows)
    agree(names.has_item("many"), {"A": True, "B": True, "C": False, "D": False}, Customer=rows)


def test_items_of_a_list_have_conditions() -> None:
    with pytest.raises(TypeMismatch, match="yes/no"):
        listed(points=Customer.points)
    with pytest.raises(DefinitionError, match="at least one"):
        listed()
