"""Shifts in time: the same value some months and days before D; null for a row that was not there yet; and outcomes."""

from __future__ import annotations

from datetime import date

import pytest

from c360 import as_of, days, months, outcome, segment, tag
from telecom import Agree, Bill, Customer, Line, Services, Ticket

BILLS = "line | month | total;" + ";".join(f"L1 | 2026-{month:02} | {2**month}" for month in range(1, 13))


def test_a_window_moves_with_the_shift(agree: Agree) -> None:
    total = Bill.last(months(2)).total.sum()
    agree(total, {"L1": 2**9 + 2**10}, entity="line", Bill=BILLS)
    agree(total.ago(months=1), {"L1": 2**8 + 2**9}, entity="line", Bill=BILLS)
    agree(total - total.ago(months=2), {"L1": 2**9 + 2**10 - 2**7 - 2**8}, entity="line", Bill=BILLS)


@pytest.mark.parametrize(
    ("day", "then"),
    [
        (date(2026, 10, 31), date(2026, 9, 30)),  # a month end stays a month end
        (date(2026, 3, 31), date(2026, 2, 28)),
        (date(2026, 9, 30), date(2026, 8, 31)),
        (date(2024, 3, 31), date(2024, 2, 29)),
        (date(2026, 10, 30), date(2026, 9, 30)),
        (date(2026, 3, 29), date(2026, 2, 28)),
        (date(2026, 1, 15), date(2025, 12, 15)),
    ],
)
def test_a_month_ago(agree: Agree, day: date, then: date) -> None:
    agree(
        Customer.born_on.days_until(as_of()).ago(months=1),
        {"A": (then - date(2000, 1, 1)).days},
        day=day,
        Customer="customer | born_on; A | 2000-01-01",
    )


def test_shifts_add_up_and_count_from_the_original_day(agree: Agree) -> None:
    # Two months before 29 April is 28 February, and a month before that is 29 January: not 31, the end that February has.
    age = Customer.born_on.days_until(as_of())
    for shifts, then in [((2, 1), date(2026, 1, 29)), ((1, 1, 1), date(2026, 1, 29)), ((2,), date(2026, 2, 28))]:
        shifted = age
        for count in shifts:
            shifted = shifted.ago(months=count)
        expected = {"A": (then - date(2000, 1, 1)).days}
        agree(shifted, expected, day=date(2026, 4, 29), Customer="customer | born_on; A | 2000-01-01")


def test_months_are_taken_back_before_days(agree: Agree) -> None:
    age = Customer.born_on.days_until(as_of())
    for shifted in (age.ago(days=1).ago(months=1), age.ago(months=1, days=1)):
        expected = {"A": (date(2026, 2, 27) - date(2000, 1, 1)).days}
        agree(shifted, expected, day=date(2026, 3, 31), Customer="customer | born_on; A | 2000-01-01")


def test_a_row_that_was_not_there_yet_gives_null(agree: Agree) -> None:
    table = "customer | joined_on | points; A | 2026-09-30 | 1; B | 2026-10-01 | 2; C | | 3"
    agree(Customer.points.ago(months=1), {"A": 1, "B": None, "C": 3}, Customer=table)
    agree(Customer.points.is_null().ago(months=1), {"A": False, "B": None, "C": False}, Customer=table)
    tickets = "customer | opened_on; A | 2026-09-01; A | 2026-10-01; B | 2026-09-01"
    agree(Ticket.count().ago(months=1), {"A": 1, "B": None, "C": 0}, Customer=table, Ticket=tickets)


def test_what_was_known_later_is_unknown_then(agree: Agree) -> None:
    lines = "line | customer | deactivated_on; L1 | A | 2026-10-15; L2 | A |"
    live = Line.where(Line.deactivated_on.is_null()).count()
    agree(live, {"A": 1}, Line=lines)
    agree(live.ago(months=1), {"A": 2}, Line=lines)
    agree(live - live.ago(months=1), {"A": 1 - 2}, Line=lines)


def test_a_tag_and_a_segment_may_be_asked_for_the_past(agree: Agree) -> None:
    asked = tag(Ticket.last(days(31)).count(), name="asked")
    busy = segment(asked > 0, name="busy")
    tickets = "customer | opened_on; A | 2026-10-31; B | 2026-09-30"
    agree(asked.ago(days=31), {"A": 0, "B": 1}, definitions=[asked, busy], Ticket=tickets, Customer="customer; A; B")
    agree(busy & ~busy.ago(days=31), {"A": True, "B": False}, definitions=[asked, busy], Ticket=tickets, Customer="customer; A; B")


def test_a_value_of_rows_below_may_be_shifted_before_it_is_summed_up(agree: Agree) -> None:
    billed = tag(Bill.last(months(1)).total.sum(), name="billed", entity=Line)
    risen = tag(billed > billed.ago(months=1), name="risen", entity=Line)
    lines = "line | customer; L1 | A; L2 | A"
    agree(Line.where(risen).count(), {"A": 1}, definitions=[billed, risen], Line=lines, Bill=BILLS)


def test_an_outcome_counts_rows_after_d_only(agree: Agree) -> None:
    tickets = "customer | opened_on; A | 2026-10-31; A | 2026-11-01; A | 2026-11-30; A | 2026-12-01; B | 2026-10-01"
    agree(outcome(Ticket.count(), within=days(30)), {"A": 2, "B": 0}, Ticket=tickets)
    agree(outcome(Ticket.count(), within=months(2)), {"A": 3, "B": 0}, Ticket=tickets)
    agree(outcome(Ticket.count() > 0, within=days(1)), {"A": True, "B": False}, Ticket=tickets)


def test_the_complement_of_a_segment_then_is_that_of_its_universe_then(agree: Agree) -> None:
    asked = segment(Ticket.count() > 0, name="asked")
    urgent = segment(Ticket.urgent.any(), universe=asked, name="urgent")
    told = {
        "definitions": [asked, urgent],
        "Customer": "customer | joined_on; A |; B |; C |; D | 2026-10-15",
        "Ticket": "customer | opened_on | urgent; A | 2026-09-01 | F; A | 2026-10-01 | T; B | 2026-10-01 | T; D | 2026-10-16 | T",
    }
    agree(urgent, {"A": True, "B": True, "C": False, "D": True}, **told)
    # A month ago only A had asked, not urgently; D was not there, so whether it was a member is unknown.
    agree(urgent.ago(months=1), {"A": False, "B": False, "C": False, "D": None}, **told)
    agree((~urgent).ago(months=1), {"A": True, "B": False, "C": False, "D": None}, **told)
    agree(~urgent.ago(months=1), {"A": True, "B": True, "C": True, "D": None}, **told)
    new = segment(urgent & ~asked.ago(months=1), name="new")
    agree(new, {"A": False, "B": True, "C": False, "D": False}, **{**told, "definitions": [asked, urgent, new]})


def test_counts_lists_and_answers_are_null_before_the_row_was_there(agree: Agree) -> None:
    table = "customer | joined_on; A | 2026-10-01; B | 2026-09-30"
    tickets = "customer | opened_on | note | urgent; A | 2026-09-01 | x | T; B | 2026-09-01 | y | T"
    for value, then in [
        (Ticket.count(), 1), (Ticket.note.top(2), ("y",)), (Ticket.urgent.any(), True), (Ticket.urgent.none(), False),
        (Ticket.note.distinct(), 1), (Ticket.note.top(2).items(), 1), (Ticket.minutes.sum().is_null(), True),
    ]:  # fmt: skip
        agree(value.ago(months=1), {"A": None, "B": then}, Customer=table, Ticket=tickets)


def test_followed_keys_and_attributes_are_those_of_then(agree: Agree) -> None:
    lines = "line | customer | activated_on; L1 | A | 2026-01-01; L2 | B | 2026-01-01; L3 | A | 2026-10-15"
    customers = "customer | joined_on | points; A | 2026-01-01 | 1; B | 2026-10-01 | 2"
    expected = {"L1": 1, "L2": None, "L3": None}
    agree(Line.customer.points.ago(months=1), expected, entity="line", Line=lines, Customer=customers)
    agree(Line.customer[Line.count()].ago(months=1), expected, entity="line", Line=lines, Customer=customers)
    rated = "customer | rating | rated_on; A | 5 | 2026-09-30; B | 4 | 2026-10-01"
    told = {"Customer": "customer; A; B", "Services": rated}
    agree(Services.rating.ago(months=1), {"A": 5, "B": None}, **told)
    agree(Services.rating.ago(months=1).or_else(0) - Services.rating, {"A": 0, "B": -4}, **told)


def test_windows_of_months_turn_with_the_shifted_day(agree: Agree) -> None:
    # On 15 November October is complete, 20 days before it, on 26 October, September is.
    total = Bill.last(months(1)).total.sum()
    agree(total.ago(days=20), {"L1": 2**9}, entity="line", day=date(2026, 11, 15), Bill=BILLS)
    agree(total.ago(days=15), {"L1": 2**10}, entity="line", day=date(2026, 11, 15), Bill=BILLS)
    agree(Bill.total.sum().ago(months=9), {"L1": 2}, entity="line", Bill=BILLS)
    agree(Bill.total.sum().ago(months=10), {}, entity="line", day=date(2025, 12, 31), Bill=BILLS)


def test_shifts_of_shifts_share_a_date_whatever_their_order(agree: Agree) -> None:
    tickets = "customer | opened_on;" + ";".join(f"A | 2026-0{month}-28" for month in range(1, 10))
    told = {"day": date(2026, 9, 30), "Customer": "customer; A", "Ticket": tickets}
    one, two = Ticket.count().ago(months=3), Ticket.count().ago(months=1).ago(months=1).ago(months=1)
    agree(one - two, {"A": 0}, **told)
    agree((Ticket.count() - Ticket.count().ago(months=1)).ago(months=2), {"A": 7 - 6}, **told)


def test_a_place_among_a_segment_is_that_of_then(agree: Agree) -> None:
    asked = segment(Ticket.count() > 0, name="asked")
    told = {
        "definitions": [asked],
        "Customer": "customer | points; A | 1; B | 2; C | 3",
        "Ticket": "customer | opened_on; A | 2026-09-01; B | 2026-09-01; C | 2026-10-01",
    }
    agree(Customer.points.position(among=asked), {"A": 3, "B": 2, "C": 1}, **told)
    agree(Customer.points.position(among=asked).ago(months=1), {"A": 2, "B": 1, "C": None}, **told)
