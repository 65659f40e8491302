"""Segments: sets within a universe, never unknown; not, minus, and what becomes of rows whose rule is unknown."""

from __future__ import annotations

from c360 import segment, tag
from telecom import Agree, Bill, Customer, Line

# Two customers each: a member, not one, unknown; the first of each pair is in the universe of active customers.
CUSTOMERS = """
    customer | points | active
    in1      | 9      | T
    in2      | 9      | F
    out1     | 1      | T
    out2     | 1      | F
    unk1     |        | T
    unk2     |        | F
    who      | 9      |
"""
EVERYBODY = ["in1", "in2", "out1", "out2", "unk1", "unk2", "who"]

rich = segment(Customer.points > 5, name="rich")
active = segment(Customer.active, name="active_ones")
rich_active = segment(Customer.points > 5, universe=active, name="rich_active")
poor_active = segment(Customer.points <= 5, universe=active, name="poor_active")
DEFINED = [rich, active, rich_active, poor_active]


def members(*names: str) -> dict[str, bool]:
    """Return yes for *names* and no for everybody else: a segment is never unknown."""
    return {name: name in names for name in EVERYBODY}


def test_unknown_is_out(agree: Agree) -> None:
    agree(rich, members("in1", "in2", "who"), definitions=DEFINED, Customer=CUSTOMERS)


def test_not_a_segment_is_its_universe_minus_it(agree: Agree) -> None:
    agree(~rich, members("out1", "out2", "unk1", "unk2"), definitions=DEFINED, Customer=CUSTOMERS)
    agree(~rich_active, members("out1", "unk1"), definitions=DEFINED, Customer=CUSTOMERS)


def test_a_segment_holds_members_of_its_universe_only(agree: Agree) -> None:
    agree(rich_active, members("in1"), definitions=DEFINED, Customer=CUSTOMERS)
    agree(poor_active, members("out1"), definitions=DEFINED, Customer=CUSTOMERS)


def test_not_a_segment_differs_from_the_opposite_rule(agree: Agree) -> None:
    opposite = segment(~(Customer.points > 5), name="not_rich")
    agree(opposite, members("out1", "out2"), definitions=[*DEFINED, opposite], Customer=CUSTOMERS)


def test_segments_join_as_sets(agree: Agree) -> None:
    agree(rich_active | poor_active, members("in1", "out1"), definitions=DEFINED, Customer=CUSTOMERS)
    agree(rich & active, members("in1"), definitions=DEFINED, Customer=CUSTOMERS)
    agree(~rich_active & ~poor_active, members("unk1"), definitions=DEFINED, Customer=CUSTOMERS)


def test_minus_leaves_the_members_that_the_other_has_not(agree: Agree) -> None:
    agree(active - rich_active, members("out1", "unk1"), definitions=DEFINED, Customer=CUSTOMERS)
    agree(rich - active, members("in2", "who"), definitions=DEFINED, Customer=CUSTOMERS)


def test_not_of_an_expression_over_segments_goes_beyond_their_universe(agree: Agree) -> None:
    expected = members(*(name for name in EVERYBODY if name not in {"in1", "out1"}))
    agree(~(rich_active | poor_active), expected, definitions=DEFINED, Customer=CUSTOMERS)


def test_a_universe_may_have_a_universe(agree: Agree) -> None:
    few, many = (segment(Customer.points >= cut, universe=rich_active, name=f"core_{cut}") for cut in (1, 100))
    agree(few, members("in1"), definitions=[*DEFINED, few], Customer=CUSTOMERS)
    agree(~few, members(), definitions=[*DEFINED, few], Customer=CUSTOMERS)
    agree(~many, members("in1"), definitions=[*DEFINED, many], Customer=CUSTOMERS)


def test_a_rule_over_segments_and_values_may_be_unknown_but_the_segment_is_not(agree: Agree) -> None:
    choice = segment(active & (Customer.points > 5), name="choice")
    agree(active & (Customer.points > 5), {**members("in1"), "unk1": None}, definitions=DEFINED, Customer=CUSTOMERS)
    agree(choice, members("in1"), definitions=[*DEFINED, choice], Customer=CUSTOMERS)


def test_everybody_and_nobody_are_segments(agree: Agree) -> None:
    all_of_them = segment(True, name="everybody", entity=Customer)
    nobody = segment(False, name="nobody", entity=Customer)
    agree(all_of_them, members(*EVERYBODY), definitions=[all_of_them, nobody], Customer=CUSTOMERS)
    agree(~all_of_them | nobody, members(), definitions=[all_of_them, nobody], Customer=CUSTOMERS)


def test_a_segment_over_a_tag_that_is_missing_is_out(agree: Agree) -> None:
    billed = tag(Bill.total.sum(), name="billed")
    big = segment(billed >= 5, name="big")
    tables = {
        "Customer": "customer; A; B; C",
        "Line": "line | customer; L1 | A; L2 | B",
        "Bill": "line | month | total; L1 | 2026-10 | 5; L2 | 2026-10 | 4",
    }
    agree(big, {"A": True, "B": False, "C": False}, definitions=[billed, big], **tables)
    agree(~big, {"A": False, "B": True, "C": True}, definitions=[billed, big], **tables)


LINES = {
    "Customer": "customer; A; B; C",
    "Line": """
        line | customer | minutes | deactivated_on
        L1   | A        | 100     |
        L2   | A        | 1       |
        L3   | A        |         |
        L4   | B        | 100     | 2026-10-01
        L9   | Z        | 100     |
    """,
}
live = segment(Line.deactivated_on.is_null(), name="live")
busy = segment(Line.minutes > 50, universe=live, name="busy")


def test_a_segment_of_rows_below_is_counted_and_quantified(agree: Agree) -> None:
    agree(Line.where(busy).count(), {"A": 1, "B": 0, "C": 0}, definitions=[live, busy], **LINES)
    agree(Line.where(~busy).count(), {"A": 2, "B": 0, "C": 0}, definitions=[live, busy], **LINES)
    agree(busy.any(), {"A": True, "B": False, "C": False}, definitions=[live, busy], **LINES)
    agree(busy.none(), {"A": False, "B": True, "C": True}, definitions=[live, busy], **LINES)
    agree(live.all(), {"A": True, "B": False, "C": True}, definitions=[live, busy], **LINES)
    agree(busy.share(), {"A": 1 / 3, "B": 0.0, "C": None}, definitions=[live, busy], **LINES)


def test_membership_of_the_row_a_key_names_is_null_for_an_orphan(agree: Agree) -> None:
    with_live = segment(Line.where(live).count() > 0, name="with_live")
    expected = {"L1": True, "L2": True, "L3": True, "L4": False, "L9": None}
    agree(Line.customer[with_live], expected, entity="line", definitions=[live, with_live], **LINES)
    agree(
        Line.customer[~with_live],
        {**expected, "L1": False, "L2": False, "L3": False, "L4": True},
        entity="line",
        definitions=[live, with_live],
        **LINES,
    )


def test_a_tag_may_say_membership(agree: Agree) -> None:
    word = tag(rich, name="is_rich")
    agree(word, members("in1", "in2", "who"), definitions=[*DEFINED, word], Customer=CUSTOMERS)
