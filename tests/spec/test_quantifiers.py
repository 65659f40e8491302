"""Rows below asked together: any, all, none, share, count, sum, max of lines and of their tags; over no line, over unknown."""

from __future__ import annotations

import pytest

from c360 import days, months, segment, tag
from telecom import Agree, Bill, Customer, Line, Ticket, Usage

# A: yes and no; B: yes and unknown; C: unknown; D: no line; E: its line ended; F: its line is not there yet.
CUSTOMERS = "customer; A; B; C; D; E; F"
LINES = """
    line | customer | minutes | activated_on | deactivated_on
    L1   | A        | 100     | 2026-10-01   |
    L2   | A        | 10      | 2020-01-01   |
    L3   | B        | 100     | 2020-01-01   |
    L4   | B        |         | 2026-10-31   |
    L5   | C        |         |              |
    L6   | E        | 100     | 2020-01-01   | 2026-10-31
    L7   | F        | 100     | 2026-11-01   |
    L8   |          | 100     | 2020-01-01   |
"""
USAGE = "line | day | calls; L1 | 2026-10-31 | 5; L2 | 2026-10-01 | 2; L3 | 2026-10-31 | 7; L9 | 2026-10-31 | 9"
live = Line.where(Line.deactivated_on.is_null())
busy = Line.minutes > 50


@pytest.mark.parametrize(
    ("way", "yes"),
    [("any", "ABE"), ("all", "DEF"), ("none", "DF")],
)
def test_unknown_is_not_met_and_proves_nothing(agree: Agree, way: str, yes: str) -> None:
    agree(getattr(busy, way)(), {name: name in yes for name in "ABCDEF"}, Customer=CUSTOMERS, Line=LINES)


def test_a_share_of_no_line_is_null_and_unknown_counts_below_the_bar(agree: Agree) -> None:
    expected = {"A": 1 / 2, "B": 1 / 2, "C": 0 / 1, "D": None, "E": 1 / 1, "F": None}
    agree(busy.share(), expected, Customer=CUSTOMERS, Line=LINES)


def test_values_of_chosen_rows_are_written_in_brackets(agree: Agree) -> None:
    agree(live[busy].any(), {name: name in "AB" for name in "ABCDEF"}, Customer=CUSTOMERS, Line=LINES)
    agree(live[busy].all(), {name: name in "DEF" for name in "ABCDEF"}, Customer=CUSTOMERS, Line=LINES)
    expected = {"A": 110 * 2, "B": 100 * 2, "C": None, "D": None, "E": None, "F": None}
    agree(live[Line.minutes * 2].sum(), expected, Customer=CUSTOMERS, Line=LINES)
    recent = {"A": 100, "B": None, "C": None, "D": None, "E": None, "F": None}
    agree(Line.last(days(31))[Line.minutes].max(), recent, Customer=CUSTOMERS, Line=LINES)


def test_a_value_of_the_rows_of_facts_in_brackets(agree: Agree) -> None:
    bills = "line | month | total | discount; L1 | 2026-10 | 9 | 1; L1 | 2026-09 | 5 | 5; L2 | 2026-10 | 4 |"
    due = Bill.last(months(1))[Bill.total - Bill.discount]
    agree(due.sum(), {"A": 9 - 1, "D": None}, Customer="customer; A; D", Line=LINES, Bill=bills)
    agree(Bill.last(months(1))[1].sum(), {"A": 2, "D": None}, Customer="customer; A; D", Line=LINES, Bill=bills)


def test_tags_of_lines_are_asked_like_their_columns(agree: Agree) -> None:
    calls = tag(Usage.last(days(30)).calls.sum().or_zero(), name="calls", entity=Line)
    told = {"definitions": [calls], "Customer": CUSTOMERS, "Line": LINES, "Usage": USAGE}
    agree(calls.max(), {"A": 5, "B": 7, "C": 0, "D": None, "E": 0, "F": None}, **told)
    agree(calls.sum(), {"A": 5, "B": 7 + 0, "C": 0, "D": None, "E": 0, "F": None}, **told)
    agree((calls == 0).count_known(), {"A": 2, "B": 2, "C": 1, "D": 0, "E": 1, "F": 0}, **told)
    agree((calls == 0).any(), {"A": True, "B": True, "C": True, "D": False, "E": True, "F": False}, **told)
    agree((calls == 0).all(), {"A": False, "B": False, "C": True, "D": True, "E": True, "F": True}, **told)
    agree((calls == 0).none(), {"A": False, "B": False, "C": False, "D": True, "E": False, "F": True}, **told)
    agree((calls == 0).share(), {"A": 1 / 2, "B": 1 / 2, "C": 1.0, "D": None, "E": 1.0, "F": None}, **told)
    agree(live[calls].max(), {"A": 5, "B": 7, "C": 0, "D": None, "E": None, "F": None}, **told)


def test_lines_are_chosen_by_their_tags_and_segments(agree: Agree) -> None:
    calls = tag(Usage.calls.sum().or_zero(), name="calls", entity=Line)
    quiet = segment(calls < 3, name="quiet", entity=Line)
    told = {"definitions": [calls, quiet], "Customer": CUSTOMERS, "Line": LINES, "Usage": USAGE}
    agree(Line.where(calls > 3).count(), {"A": 1, "B": 1, "C": 0, "D": 0, "E": 0, "F": 0}, **told)
    agree(Line.where(quiet).minutes.sum(), {"A": 10, "B": None, "C": None, "D": None, "E": 100, "F": None}, **told)
    agree(Line.where(~quiet).count(), {"A": 1, "B": 1, "C": 0, "D": 0, "E": 0, "F": 0}, **told)
    agree(quiet.all(), {"A": False, "B": False, "C": True, "D": True, "E": True, "F": True}, **told)


def test_an_aggregate_of_each_line_is_no_aggregate_of_all(agree: Agree) -> None:
    # The greatest sum of a line, and the greatest row of a customer.
    told = {
        "Customer": "customer; A",
        "Line": LINES,
        "Usage": "line | day | calls; L1 | 2026-10-30 | 3; L1 | 2026-10-31 | 4; L2 | 2026-10-31 | 6",
    }
    agree(live[Usage.calls.sum()].max(), {"A": 3 + 4}, **told)
    agree(Usage.calls.max(), {"A": 6}, **told)


def test_questions_of_two_kinds_of_rows_stand_together(agree: Agree) -> None:
    tickets = "customer | opened_on | urgent; A | 2026-10-01 | T; D | 2026-10-01 | F"
    both = busy.any() & Ticket.urgent.any()
    agree(both, {name: name == "A" for name in "ABCDEF"}, Customer=CUSTOMERS, Line=LINES, Ticket=tickets)
    agree(
        Customer.customer.is_known() & (Line.count() == 0),
        {name: name in "DF" for name in "ABCDEF"},
        Customer=CUSTOMERS,
        Line=LINES,
    )
