"""Following a key: the value of the one row it names; null for an orphan, for no key, for a row not there yet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from c360 import tag
from telecom import Agree, Bill, Customer, Device, Line, Plan, Ticket, Usage

WORLD = {
    "Customer": """
        customer | joined_on  | points | referrer
        A        | 2020-01-01 | 3      | B
        B        |            | 5      | C
        C        | 2026-11-01 | 7      | A
        D        |            | 9      | Z
    """,
    "Plan": "plan | fee | size; P1 | 10.50 | small; P2 | 99.00 | large",
    "Line": """
        line | customer | plan | activated_on | minutes
        L1   | A        | P1   | 2020-01-01   | 100
        L2   | A        | P2   |              | 50
        L3   | B        | P9   | 2020-01-01   | 7
        L4   | C        | P1   | 2020-01-01   | 1000
        L5   |          | P1   | 2020-01-01   | 2000
        L6   | B        | P1   | 2026-11-01   | 4000
    """,
    "Bill": """
        line | month   | total
        L1   | 2026-10 | 1
        L1   | 2026-09 | 2
        L2   | 2026-10 | 4
        L3   | 2026-10 | 8
        L4   | 2026-10 | 16
        L5   | 2026-10 | 32
        L6   | 2026-10 | 64
        L9   | 2026-10 | 128
    """,
}


def test_the_row_a_key_names_gives_its_value(agree: Agree) -> None:
    agree(
        Line.plan.fee,
        {"L1": Decimal("10.50"), "L2": 99, "L3": None, "L4": Decimal("10.50"), "L5": Decimal("10.50")},
        entity="line",
        **WORLD,
    )


def test_two_keys_are_followed_one_after_the_other(agree: Agree) -> None:
    agree(Bill.line.plan.fee.sum(), {"A": 2 * Decimal("10.50") + 99, "B": None, "D": None}, **WORLD)
    agree(Bill.line.plan.size.max(), {"A": "large", "B": None, "D": None}, **WORLD)


def test_facts_count_for_whom_their_keys_lead_to(agree: Agree) -> None:
    agree(Bill.total.sum(), {"A": 1 + 2 + 4, "B": 8, "D": None}, **WORLD)
    agree(Bill.count(), {"A": 3, "B": 1, "D": 0}, **WORLD)


def test_a_row_not_there_yet_leads_nowhere(agree: Agree) -> None:
    # L6 is activated after D, its bill counts for nobody; the day it is there, it does.
    later = WORLD | {"Bill": "line | month | total; L6 | 2026-10 | 64"}
    agree(Bill.count(), {"A": 0, "B": 0, "D": 0}, **later)
    agree(Bill.count(), {"A": 0, "B": 1, "C": 0, "D": 0}, day=date(2026, 11, 1), **later)


def test_a_key_itself_is_known_where_its_row_is_missing(agree: Agree) -> None:
    agree(Line.plan.is_known(), {"L1": True, "L2": True, "L3": True, "L4": True, "L5": True}, entity="line", **WORLD)
    agree(
        Line.plan.fee.is_null(),
        {"L1": False, "L2": False, "L3": True, "L4": False, "L5": False},
        entity="line",
        **WORLD,
    )
    agree(Line.plan, {"L1": "P1", "L2": "P2", "L3": "P9", "L4": "P1", "L5": "P1"}, entity="line", **WORLD)


def test_a_key_may_lead_to_rows_of_its_own_table(agree: Agree) -> None:
    agree(Customer.referrer.points, {"A": 5, "B": None, "D": None}, **WORLD)
    agree(Customer.referrer.referrer, {"A": "C", "B": None, "D": None}, **WORLD)
    agree(Customer.points - Customer.referrer.points, {"A": 3 - 5, "B": None, "D": None}, **WORLD)


def test_a_filter_may_follow_a_key(agree: Agree) -> None:
    agree(Bill.where(Bill.line.plan.fee > 50).total.sum(), {"A": 4, "B": None, "D": None}, **WORLD)
    agree(Bill.where(Bill.line.plan.fee.is_null()).total.sum(), {"A": None, "B": 8, "D": None}, **WORLD)
    agree(Bill.where(Bill.line == "L1").total.sum(), {"A": 1 + 2, "B": None, "D": None}, **WORLD)


def test_a_row_value_stands_beside_a_followed_one(agree: Agree) -> None:
    agree((Bill.total * Bill.line.minutes).sum(), {"A": (1 + 2) * 100 + 4 * 50, "B": 8 * 7, "D": None}, **WORLD)


def test_a_tag_of_the_row_a_key_names(agree: Agree) -> None:
    billed = tag(Bill.total.sum(), name="billed")
    agree(Customer.referrer[billed], {"A": 8, "B": None, "D": None}, definitions=[billed], **WORLD)
    agree(
        Line.customer[billed],
        {"L1": 7, "L2": 7, "L3": 8, "L4": None, "L5": None},
        entity="line",
        definitions=[billed],
        **WORLD,
    )
    agree(Bill.line.customer[billed].max(), {"A": 7, "B": 8, "D": None}, definitions=[billed], **WORLD)


def test_a_tag_that_follows_a_key_to_itself_goes_one_step(agree: Agree) -> None:
    own = tag(Bill.total.sum().or_zero(), name="own")
    both = tag(own + Customer.referrer[own].or_zero(), name="both")
    agree(both, {"A": 7 + 8, "B": 8, "D": 0}, definitions=[own, both], **WORLD)
    agree(Customer.referrer[both], {"A": 8, "B": None, "D": None}, definitions=[own, both], **WORLD)


def test_an_aggregate_of_the_row_a_key_names(agree: Agree) -> None:
    expected = {"L1": round(3 / 7, 6), "L2": round(4 / 7, 6), "L3": 1.0, "L4": None, "L5": None}
    agree(Bill.total.sum() / Line.customer[Bill.total.sum()], expected, entity="line", **WORLD)


def test_a_value_per_line_is_summed_up_through_a_tag(agree: Agree) -> None:
    per_line = tag(Bill.total.sum(), name="per_line", entity=Line)
    agree(per_line.max(), {"A": 4, "B": 8, "D": None}, definitions=[per_line], **WORLD)
    agree(Line.where(per_line > 2).count(), {"A": 2, "B": 1, "D": 0}, definitions=[per_line], **WORLD)
    agree(
        (per_line / Line.plan.fee).max(),
        {"A": round(3 / 10.5, 6), "B": None, "D": None},
        definitions=[per_line],
        **WORLD,
    )


def test_an_aggregate_inside_a_filter_belongs_to_the_row_filtered(agree: Agree) -> None:
    agree(Line.where(Bill.total.sum() >= 4).minutes.sum(), {"A": 50, "B": 7, "D": None}, **WORLD)


def test_keys_lead_over_entities_in_between(agree: Agree) -> None:
    devices = "device | line | price; D1 | L1 | 10; D2 | L1 | 20; D3 | L3 | 40; D4 | L9 | 80"
    agree(Device.price.sum(), {"A": 10 + 20, "B": 40, "D": None}, Device=devices, **WORLD)
    agree(Device.line.plan.fee.max(), {"A": Decimal("10.50"), "B": None, "D": None}, Device=devices, **WORLD)
    agree(Line.where(Device.count() > 1).count(), {"A": 1, "B": 0, "D": 0}, Device=devices, **WORLD)


def test_the_owner_of_facts_may_be_any_entity_their_keys_reach(agree: Agree) -> None:
    agree(Bill.total.sum(), {"P1": 1 + 2 + 16 + 32, "P2": 4}, entity="plan", **WORLD)
    agree(Line.count(), {"P1": 3, "P2": 1}, entity="plan", **WORLD)
    agree(Plan.fee * Line.count(), {"P1": 3 * Decimal("10.50"), "P2": 99}, entity="plan", **WORLD)


def test_two_keys_of_one_row_lead_to_different_entities(agree: Agree) -> None:
    tickets = "customer | opened_on | cause; A | 2026-10-01 | D1; A | 2026-10-01 | D9; B | 2026-10-01 |"
    devices = "device | line | price; D1 | L3 | 10"
    agree(Ticket.cause.price.sum(), {"A": 10, "B": None, "D": None}, Ticket=tickets, Device=devices, **WORLD)
    agree(Ticket.cause.line.customer.points.max(), {"A": 5, "B": None, "D": None}, Ticket=tickets, Device=devices, **WORLD)


def test_usage_finds_its_customer_over_the_line(agree: Agree) -> None:
    usage = "line | day | mb; L1 | 2026-10-31 | 0.125; L2 | 2026-10-31 | 0.25; L5 | 2026-10-31 | 4"
    agree(Usage.mb.sum(), {"A": Decimal("0.375"), "B": None, "D": None}, Usage=usage, **WORLD)
