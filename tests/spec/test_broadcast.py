"""Down and up again: a value of the owner beside its rows, and rows asked by what their owner is."""

from __future__ import annotations

from decimal import Decimal

from c360 import months, segment, tag
from telecom import Agree, Bill, Customer, Line, Plan, Ticket, Usage

WORLD = {
    "Customer": "customer | joined_on | grade; A | 2020-01-01 | gold; B | 2026-10-15 | silver; C | |",
    "Line": """
        line | customer | plan | activated_on | minutes
        L1   | A        | P1   | 2020-01-01   | 60
        L2   | A        | P2   | 2020-01-01   | 20
        L3   | B        | P1   | 2020-01-01   | 5
        L4   | Z        | P1   | 2020-01-01   | 7
        L5   |          | P9   | 2020-01-01   | 8
        L6   | C        | P1   | 2020-01-01   |
    """,
    "Bill": "line | month | total; L1 | 2026-10 | 30; L2 | 2026-10 | 10; L1 | 2026-09 | 5; L3 | 2026-10 | 1; L4 | 2026-10 | 2",
    "Ticket": "customer | opened_on | urgent; A | 2026-10-01 | T; A | 2026-09-01 | F",
    "Plan": "plan | fee; P1 | 10; P2 | 20",
}
NOBODY = {"L4": None, "L5": None}


def test_a_column_of_the_owner_stands_beside_its_rows(agree: Agree) -> None:
    agree(Line.customer.grade, {"L1": "gold", "L2": "gold", "L3": "silver", **NOBODY, "L6": None}, entity="line", **WORLD)


def test_a_sum_of_the_owner_stands_beside_its_rows(agree: Agree) -> None:
    spend = tag(Bill.total.sum(), name="spend")
    expected = {"L1": 45, "L2": 45, "L3": 1, **NOBODY, "L6": None}
    agree(Line.customer[spend], expected, entity="line", definitions=[spend], **WORLD)
    agree(Line.customer[Bill.total.sum()], expected, entity="line", **WORLD)


def test_a_default_is_the_owners_and_no_owner_is_null(agree: Agree) -> None:
    expected = {"L1": 45, "L2": 45, "L3": 1, **NOBODY, "L6": 0}
    agree(Line.customer[Bill.total.sum().or_zero()], expected, entity="line", **WORLD)
    agree(Line.customer[Bill.total.sum()].or_zero(), {**expected, "L4": 0, "L5": 0}, entity="line", **WORLD)


def test_the_share_of_a_row_in_its_owners_sum(agree: Agree) -> None:
    spend = tag(Bill.total.sum(), name="spend")
    share = Bill.total.sum() / Line.customer[spend]
    expected = {"L1": round(35 / 45, 6), "L2": round(10 / 45, 6), "L3": 1.0, **NOBODY, "L6": None}
    agree(share, expected, entity="line", definitions=[spend], **WORLD)


def test_the_greatest_share_of_a_line_up_again(agree: Agree) -> None:
    spend = tag(Bill.total.sum(), name="spend")
    share = tag(Bill.total.sum() / Line.customer[spend], name="share_of_line", entity=Line)
    agree(share.max(), {"A": round(35 / 45, 6), "B": 1.0, "C": None}, definitions=[spend, share], **WORLD)
    most = tag(share.max(), name="most_of_one")
    expected = {"L1": round(35 / 45, 6), "L2": round(35 / 45, 6), "L3": 1.0, **NOBODY, "L6": None}
    agree(Line.customer[most], expected, entity="line", definitions=[spend, share, most], **WORLD)


def test_rows_are_chosen_by_what_their_owner_is(agree: Agree) -> None:
    asked = segment(Ticket.count() > 0, name="asked")
    agree(Line.where(Line.customer[asked]).count(), {"A": 2, "B": 0, "C": 0}, definitions=[asked], **WORLD)
    agree(Line.where(Line.customer[~asked]).count(), {"A": 0, "B": 1, "C": 1}, definitions=[asked], **WORLD)
    agree(Line.where(Line.minutes > Line.customer[Line.minutes.mean()]).count(), {"A": 1, "B": 0, "C": 0}, **WORLD)
    agree(Bill.where(Bill.line.customer[asked]).total.sum(), {"A": 45, "B": None, "C": None}, definitions=[asked], **WORLD)


def test_facts_stand_beside_their_owners_owner(agree: Agree) -> None:
    weighed = (Bill.total * Bill.line.customer[Ticket.count()]).sum()
    agree(weighed, {"A": 45 * 2, "B": 0, "C": None}, **WORLD)
    above = Bill.where(Bill.total > Bill.line[Bill.total.mean()]).count()
    agree(above, {"A": 1, "B": 0, "C": 0}, **WORLD)


def test_down_up_and_down_again(agree: Agree) -> None:
    # Of each plan its lines, of each line its customer's spend.
    spend = tag(Bill.last(months(1)).total.sum(), name="spend")
    richest = tag(Line.customer[spend].max(), name="richest", entity=Plan)
    agree(richest, {"P1": 40, "P2": 40}, entity="plan", definitions=[spend, richest], **WORLD)
    expected = {"L1": 40, "L2": 40, "L3": 40, "L4": 40, "L5": None, "L6": 40}
    agree(Line.plan[richest], expected, entity="line", definitions=[spend, richest], **WORLD)
    beside = (Line.plan[richest] - Line.customer[spend]).sum()
    agree(beside, {"A": 0, "B": 40 - 1, "C": None}, definitions=[spend, richest], **WORLD)


def test_a_key_of_a_followed_row_is_followed_on(agree: Agree) -> None:
    fee = Bill.line.plan[Plan.fee * 2]
    agree(fee.max(), {"A": Decimal(40), "B": Decimal(20), "C": None}, **WORLD)


def test_the_owners_past_stands_beside_its_rows(agree: Agree) -> None:
    before = Line.customer[Ticket.count().ago(months=1)]
    # B was no customer a month ago: nothing is known of it then.
    agree(before, {"L1": 1, "L2": 1, "L3": None, **NOBODY, "L6": 0}, entity="line", **WORLD)
    agree(Line.customer[Ticket.count()].ago(months=1), {"L1": 1, "L2": 1, "L3": None, **NOBODY, "L6": 0}, entity="line", **WORLD)


def test_the_owners_place_stands_beside_its_rows(agree: Agree) -> None:
    place = tag(Bill.total.sum().position(), name="place")
    agree(Line.customer[place], {"L1": 1, "L2": 1, "L3": 2, **NOBODY, "L6": None}, entity="line", definitions=[place], **WORLD)


def test_rows_named_by_keys_alone_have_owners_too(agree: Agree) -> None:
    tables = {
        "Customer": "customer | grade; A | gold",
        "Usage": "line | day; L1 | 2026-10-01",
        "Line": "line | customer; L1 | A; L2 | B",
    }
    agree(Usage.line.customer.grade.max(), {"A": "gold"}, **tables)
    agree(Line.customer[Customer.grade == "gold"], {"L1": True, "L2": None}, entity="line", **tables)
