"""Aggregates: many rows to one value; over no rows, over nulls, over unknown conditions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from telecom import Agree, Bill, Customer, Line, Ticket, Usage

CUSTOMERS = "customer; A; B; C"
# A has three tickets, one of them all null; B has one that is all null; C has none.
TICKETS = """
    customer | opened_on  | minutes | cost | urgent | severity | kind    | note  | due_on     | cause
    A        | 2026-10-01 | 7       | 0.01 | T      | low      | price   | b     | 2027-01-01 | D2
    A        | 2026-10-03 | -2      | 0.02 | F      | high     | other   | it's  | 2026-01-01 | D1
    A        | 2026-10-02 |         |      |        |          |         |       |            |
    B        | 2026-10-02 |         |      |        |          |         |       |            |
"""


def test_rows_are_counted_and_none_is_zero(agree: Agree) -> None:
    agree(Ticket.count(), {"A": 3, "B": 1, "C": 0}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_duplicate_rows_count_twice(agree: Agree) -> None:
    agree(Ticket.count(), {"A": 2}, Ticket="customer | opened_on; A | 2026-10-01; A | 2026-10-01")
    agree(
        Ticket.minutes.sum(),
        {"A": 5 + 5},
        Ticket="customer | opened_on | minutes; A | 2026-10-01 | 5; A | 2026-10-01 | 5",
    )


def test_known_values_are_counted_and_none_is_zero(agree: Agree) -> None:
    for column in (
        Ticket.minutes,
        Ticket.cost,
        Ticket.urgent,
        Ticket.severity,
        Ticket.note,
        Ticket.due_on,
        Ticket.cause,
    ):
        agree(column.count_known(), {"A": 2, "B": 0, "C": 0}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_a_sum_leaves_nulls_out_and_is_null_over_none(agree: Agree) -> None:
    agree(Ticket.minutes.sum(), {"A": 7 - 2, "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)
    agree(Ticket.minutes.sum().or_zero(), {"A": 7 - 2, "B": 0, "C": 0}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_a_sum_of_money_stays_money(agree: Agree) -> None:
    agree(
        Ticket.cost.sum(),
        {"A": Decimal("0.01") + Decimal("0.02"), "B": None, "C": None},
        Customer=CUSTOMERS,
        Ticket=TICKETS,
    )
    agree(Ticket.cost.sum() + 1, {"A": Decimal("1.03"), "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_a_sum_of_numbers_does_not_depend_on_their_order(agree: Agree) -> None:
    rows = [("2026-10-01", 0.1), ("2026-10-02", 0.2), ("2026-10-03", 0.3), ("2026-10-04", 1e9), ("2026-10-05", -1e9)]
    for some in (rows, rows[::-1], rows[2:] + rows[:2]):
        text = "line | day | speed;" + ";".join(f"L1 | {day} | {speed}" for day, speed in some)
        agree(Usage.speed.sum(), {"L1": 0.6}, entity="line", Usage=text)
        agree(Usage.speed.mean(), {"L1": 0.6 / 5}, entity="line", Usage=text)


def test_a_sum_of_numbers_keeps_millionths_of_each(agree: Agree) -> None:
    usage = "line | day | speed; L1 | 2026-10-01 | 0.0000004; L1 | 2026-10-02 | 0.0000006; L1 | 2026-10-03 | -0.0000005"
    agree(Usage.speed.sum(), {"L1": 0 + 0.000001 + 0}, entity="line", Usage=usage)


def test_sums_of_integers_go_beyond_32_bits(agree: Agree) -> None:
    agree(
        Ticket.minutes.sum(),
        {"A": 2 * 3_000_000_000},
        Ticket="customer | opened_on | minutes; A | 2026-10-01 | 3000000000; A | 2026-10-02 | 3000000000",
    )


def test_a_mean_divides_by_the_known_values(agree: Agree) -> None:
    agree(Ticket.minutes.mean(), {"A": (7 - 2) / 2, "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_a_mean_of_money_is_a_rate_of_six_decimals(agree: Agree) -> None:
    bills = "line | month | total; L1 | 2026-08 | 0.01; L1 | 2026-09 | 0.01; L1 | 2026-10 | 0.02"
    agree(Bill.total.mean(), {"L1": round(0.04 / 3, 6)}, entity="line", Bill=bills)
    agree((-Bill.total).mean(), {"L1": -0.013333}, entity="line", Bill=bills)


def test_the_least_and_the_greatest_leave_nulls_out(agree: Agree) -> None:
    for column, least, greatest in [
        (Ticket.minutes, -2, 7),
        (Ticket.cost, Decimal("0.01"), Decimal("0.02")),
        (Ticket.due_on, date(2026, 1, 1), date(2027, 1, 1)),
    ]:
        agree(column.min(), {"A": least, "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)
        agree(column.max(), {"A": greatest, "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_levels_have_a_least_and_a_greatest_by_their_order(agree: Agree) -> None:
    agree(Ticket.severity.min(), {"A": "low", "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)
    agree(Ticket.severity.max(), {"A": "high", "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)
    agree(Ticket.severity.max() >= "mid", {"A": True, "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)


# Of four customers: all yes, yes and no, yes and unknown, no and unknown, unknown; E has no ticket.
ANSWERS = """
    customer | opened_on  | urgent
    yes      | 2026-10-01 | T
    yes      | 2026-10-02 | T
    mixed    | 2026-10-01 | T
    mixed    | 2026-10-02 | F
    maybe    | 2026-10-01 | T
    maybe    | 2026-10-02 |
    hardly   | 2026-10-01 | F
    hardly   | 2026-10-02 |
    no       | 2026-10-01 | F
    unknown  | 2026-10-01 |
"""
ASKED = "customer; yes; mixed; maybe; hardly; no; unknown; nobody"


@pytest.mark.parametrize(
    ("way", "yes"),
    [
        ("any", {"yes", "mixed", "maybe"}),  # unknown counts as not met
        ("all", {"yes", "nobody"}),  # unknown counts as not proven
        ("none", {"no", "nobody"}),
    ],
)
def test_any_all_none_are_never_unknown(agree: Agree, way: str, yes: set[str]) -> None:
    everybody = [line.strip() for line in ASKED.split(";")[1:]]
    agree(getattr(Ticket.urgent, way)(), {name: name in yes for name in everybody}, Customer=ASKED, Ticket=ANSWERS)


def test_a_share_divides_by_all_rows_and_is_null_over_none(agree: Agree) -> None:
    expected = {
        "yes": 2 / 2,
        "mixed": 1 / 2,
        "maybe": 1 / 2,
        "hardly": 0 / 2,
        "no": 0 / 1,
        "unknown": 0 / 1,
        "nobody": None,
    }
    agree(Ticket.urgent.share(), expected, Customer=ASKED, Ticket=ANSWERS)
    agree(
        Ticket.urgent.share(),
        {"A": 1 / 3},
        Ticket="customer | opened_on | urgent; A | 2026-10-01 | T; A | 2026-10-01 | F; A | 2026-10-01 |",
    )


def test_any_all_none_of_the_rows_that_a_filter_leaves(agree: Agree) -> None:
    tickets = Ticket.where(Ticket.minutes > 0)
    table = """
        customer | opened_on  | minutes | urgent
        A        | 2026-10-01 | 5       | F
        A        | 2026-10-01 | 0       | T
        A        | 2026-10-01 |         | T
        B        | 2026-10-01 | 0       | T
    """
    agree(tickets.urgent.any(), {"A": False, "B": False}, Ticket=table)
    agree(tickets.urgent.all(), {"A": False, "B": True}, Ticket=table)
    agree(tickets.urgent.none(), {"A": True, "B": True}, Ticket=table)
    agree(tickets.urgent.share(), {"A": 0 / 1, "B": None}, Ticket=table)


def test_an_unknown_filter_keeps_no_row_nor_does_its_opposite(agree: Agree) -> None:
    agree(Ticket.where(Ticket.urgent).count(), {"A": 1, "B": 0, "C": 0}, Customer=CUSTOMERS, Ticket=TICKETS)
    agree(Ticket.where(~Ticket.urgent).count(), {"A": 1, "B": 0, "C": 0}, Customer=CUSTOMERS, Ticket=TICKETS)
    agree(Ticket.where(Ticket.urgent.is_null()).count(), {"A": 1, "B": 1, "C": 0}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_filters_add_up(agree: Agree) -> None:
    rows = Ticket.where(Ticket.minutes.is_known()).where(Ticket.severity >= "mid")
    agree(rows.count(), {"A": 1, "B": 0, "C": 0}, Customer=CUSTOMERS, Ticket=TICKETS)
    agree(rows.note.latest(), {"A": "it's", "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_the_first_and_the_latest_known_value_by_date(agree: Agree) -> None:
    expectations = [
        (Ticket.minutes, 7, -2),
        (Ticket.cost, Decimal("0.01"), Decimal("0.02")),
        (Ticket.urgent, True, False),
        (Ticket.severity, "low", "high"),
        (Ticket.note, "b", "it's"),
        (Ticket.due_on, date(2027, 1, 1), date(2026, 1, 1)),
        (Ticket.cause, "D2", "D1"),
        (Ticket.opened_on, date(2026, 10, 1), date(2026, 10, 3)),
    ]
    for column, first, latest in expectations:
        least, most = (None, None) if column is not Ticket.opened_on else (date(2026, 10, 2),) * 2
        agree(column.first(), {"A": first, "B": least, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)
        agree(column.latest(), {"A": latest, "B": most, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_on_one_day_the_first_is_the_least_and_the_latest_the_greatest(agree: Agree) -> None:
    table = """
        customer | opened_on  | minutes | severity | kind    | note | urgent
        A        | 2026-10-01 | 2       | mid      | other   | 名   | F
        A        | 2026-10-01 | 10      | low      | price   | Z    | T
        A        | 2026-10-01 | 9       | high     | network | a    | F
    """
    for column, first, latest in [
        (Ticket.minutes, 2, 10),
        (Ticket.severity, "low", "high"),
        (Ticket.kind, "price", "other"),  # a category's levels as declared
        (Ticket.note, "Z", "名"),  # texts by code point
        (Ticket.urgent, False, True),
    ]:
        agree(column.first(), {"A": first}, Ticket=table)
        agree(column.latest(), {"A": latest}, Ticket=table)


def test_the_latest_of_a_filter_and_a_computed_value(agree: Agree) -> None:
    agree(
        Ticket.where(Ticket.minutes > 0).minutes.latest(),
        {"A": 7, "B": None, "C": None},
        Customer=CUSTOMERS,
        Ticket=TICKETS,
    )
    agree((Ticket.minutes * 2 + 1).latest(), {"A": -2 * 2 + 1, "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_a_computed_value_of_selected_rows(agree: Agree) -> None:
    cheap = Ticket.where(Ticket.cost < 0.02)
    agree(cheap[Ticket.minutes * 2].sum(), {"A": 7 * 2, "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)
    agree((cheap.minutes * 2).sum(), {"A": 7 * 2, "B": None, "C": None}, Customer=CUSTOMERS, Ticket=TICKETS)


def test_aggregates_of_different_rows_stand_side_by_side(agree: Agree) -> None:
    usage = "line | day | mb; L1 | 2026-10-01 | 1.5; L2 | 2026-10-01 | 2; L9 | 2026-10-01 | 4"
    bills = "line | month | total; L1 | 2026-10 | 10; L1 | 2026-09 | 20"
    lines = "line | customer; L1 | A; L2 | A; L3 | B"
    value = Bill.total.sum().or_zero() / Usage.mb.sum()
    agree(value, {"A": round(30 / 3.5, 6), "B": None}, Customer="customer; A; B", Line=lines, Bill=bills, Usage=usage)
    agree(Line.count() + Bill.count(), {"A": 2 + 2, "B": 1}, Customer="customer; A; B", Line=lines, Bill=bills)


def test_an_aggregate_stands_beside_the_owners_own_column(agree: Agree) -> None:
    agree(
        Ticket.count() > Customer.visits,
        {"A": True, "B": False, "C": None},
        Customer="customer | visits; A | 2; B | 1; C |",
        Ticket=TICKETS,
    )


def test_rows_of_nobody_and_of_the_unknown_count_for_none(agree: Agree) -> None:
    tickets = "customer | opened_on; A | 2026-10-01; Z | 2026-10-01;  | 2026-10-01"
    agree(Ticket.count(), {"A": 1, "B": 0}, Customer="customer; A; B", Ticket=tickets)
