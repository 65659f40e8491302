"""Outcomes: what is true at the end of a stretch after D; facts count by their date, rows of an entity when they are there."""

from __future__ import annotations

from datetime import date

import pytest

from c360 import as_of, days, months, outcome, segment, tag
from c360.errors import AsOfError, DefinitionError, GrainError
from telecom import Agree, Bill, Customer, Line, Services, Ticket, Usage

# One bill of 2 ** month a month, so that a sum says which months are in it.
BILLS = "line | month | total;" + ";".join(f"L1 | 2026-{month:02} | {2**month}" for month in range(1, 13))
TICKETS = """
    customer | opened_on  | closed_on  | satisfaction | urgent
    A        | 2026-10-31 | 2026-11-02 | 1            | T
    A        | 2026-11-01 | 2026-11-03 | 5            | F
    A        | 2026-11-30 |            |              | T
    A        | 2026-12-01 |            |              | T
    B        | 2026-10-01 |            |              | T
"""
LINES = """
    line | customer | activated_on | deactivated_on
    L1   | A        | 2020-01-01   |
    L2   | B        | 2020-01-01   | 2026-11-15
    L3   | B        | 2026-11-20   |
"""


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 6, 30), 2**7 + 2**8),  # a month end stays a month end: to 31 August
        (date(2026, 6, 29), 2**6 + 2**7),  # to 29 August: the bill of June is dated 30 June
        (date(2026, 7, 31), 2**8 + 2**9),
        (date(2026, 2, 28), 2**3 + 2**4),
        (date(2026, 1, 30), 2**1 + 2**2),  # to 30 March: January ends on the 31st
    ],
)
def test_months_of_an_outcome_count_the_bills_dated_in_them(agree: Agree, day: date, expected: int) -> None:
    agree(outcome(Bill.total.sum(), within=months(2)), {"L1": expected}, entity="line", day=day, Line="line; L1", Bill=BILLS)


def test_an_outcome_starts_the_day_after_d_and_ends_with_its_last(agree: Agree) -> None:
    usage = "line | day | calls;" + ";".join(f"L1 | 2026-{day} | 1" for day in ("10-31", "11-01", "11-07", "11-08"))
    agree(outcome(Usage.calls.sum(), within=days(7)), {"L1": 2}, entity="line", Usage=usage)
    agree(outcome(Usage.calls.sum(), within=days(8)), {"L1": 3}, entity="line", Usage=usage)


def test_nothing_after_d_is_zero_or_null_as_ever(agree: Agree) -> None:
    agree(outcome(Ticket.where(Ticket.urgent).count(), within=days(1)), {"A": 0, "B": 0}, Ticket=TICKETS)
    agree(outcome(Ticket.satisfaction.sum(), within=days(1)), {"A": None, "B": None}, Ticket=TICKETS)
    agree(outcome(Ticket.urgent.any(), within=days(30)), {"A": True, "B": False}, Ticket=TICKETS)


def test_what_is_known_by_the_end_counts(agree: Agree) -> None:
    agree(outcome(Ticket.satisfaction.sum(), within=days(3)), {"A": 5, "B": None}, Ticket=TICKETS)
    rated = "customer | rating | rated_on; A | 4 | 2026-11-30; B | 3 | 2026-12-01"
    agree(outcome(Services.rating, within=days(30)), {"A": 4, "B": None}, Customer="customer; A; B", Services=rated)


def test_a_window_of_its_own_is_kept(agree: Agree) -> None:
    late = outcome(Ticket.last(days(2)).count(), within=days(31))
    agree(late, {"A": 2, "B": 0}, Ticket=TICKETS)
    agree(outcome(Bill.last(months(3)).total.sum(), within=months(1)), {"L1": 2**9 + 2**10 + 2**11}, entity="line", Bill=BILLS)


def test_lines_are_those_that_are_there_at_the_end(agree: Agree) -> None:
    live = Line.where(Line.deactivated_on.is_null()).count()
    agree(outcome(live, within=days(15)), {"A": 1, "B": 0}, Line=LINES, Customer="customer; A; B")
    agree(outcome(live, within=days(30)), {"A": 1, "B": 1}, Line=LINES, Customer="customer; A; B")
    left = (live > 0) & outcome(live == 0, within=days(15))
    agree(left, {"A": False, "B": True}, Line=LINES, Customer="customer; A; B")


def test_lines_are_asked_what_happened_to_them(agree: Agree) -> None:
    quiet = Line.where(Usage.count() == 0).count()
    usage = "line | day; L1 | 2026-10-30; L2 | 2026-11-01"
    agree(quiet, {"A": 0, "B": 1}, Line=LINES, Usage=usage)
    agree(outcome(quiet, within=days(10)), {"A": 1, "B": 0}, Line=LINES, Usage=usage)


def test_the_rows_are_those_of_d(agree: Agree) -> None:
    table = "customer | joined_on | points; A | 2026-10-31 | 1; B | 2026-11-01 | 2"
    agree(outcome(Customer.points.position(), within=days(1)), {"A": 2}, Customer=table)


def test_a_tag_and_a_segment_are_asked_for_the_end(agree: Agree) -> None:
    asked = tag(Ticket.last(days(30)).count(), name="asked")
    busy = segment(asked > 0, name="busy")
    both = {"definitions": [asked, busy], "Ticket": TICKETS}
    agree(outcome(asked, within=days(31)), {"A": 2, "B": 0}, **both)
    agree(outcome(busy, within=days(31)), {"A": True, "B": False}, **both)
    agree(outcome(~busy, within=days(31)), {"A": False, "B": True}, **both)


def test_an_outcome_stands_beside_what_is_known_at_d(agree: Agree) -> None:
    more = outcome(Ticket.count(), within=days(30)) - Ticket.last(days(30)).count()
    agree(more, {"A": 2 - 1, "B": 0 - 0}, Ticket=TICKETS)
    agree(outcome(Ticket.count(), within=days(30)) - Ticket.count(), {"A": 2 - 1, "B": 0 - 1}, Ticket=TICKETS)


def test_the_past_may_stand_in_an_outcome(agree: Agree) -> None:
    grown = outcome(Ticket.count() - Ticket.count().ago(days=10), within=days(30))
    agree(grown, {"A": 2 - 1, "B": 0 - 0}, Ticket=TICKETS)
    passed = outcome(Ticket.opened_on.max().days_until(as_of()), within=days(30))
    agree(passed, {"A": 0, "B": None}, Ticket=TICKETS)


def test_an_outcome_has_no_past() -> None:
    from agreement import duckdb_sql, schema_of, typed
    from telecom import SOURCES, bound

    schema = schema_of(*SOURCES)
    asked = outcome(Ticket.count(), within=days(30)).ago(days=30)
    with pytest.raises(AsOfError, match="forward from D"):
        duckdb_sql(schema, typed(schema, {"Ticket": TICKETS}), {"x": bound(asked, "customer")}, "customer", date(2026, 10, 31), {})


def test_days_of_monthly_facts_are_refused() -> None:
    with pytest.raises(GrainError, match="monthly bill"):
        outcome(Bill.total.sum(), within=days(90))
    with pytest.raises(DefinitionError, match="plain stretch"):
        outcome(Ticket.count(), within=days(30).before(days(30)))
