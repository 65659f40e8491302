"""Entities: which rows are there at D, what they know by then, and the rows that keys alone make."""

from __future__ import annotations

from datetime import date

from c360 import as_of
from telecom import Agree, Bill, Customer, Device, Line, Services, Ticket

CUSTOMERS = "customer | joined_on; A | 2026-10-31; B | 2026-11-01; C |"
LINES = """
    line | customer | activated_on | deactivated_on
    L1   | A        | 2026-01-01   | 2026-10-31
    L2   | A        | 2026-01-01   | 2026-11-01
    L3   | A        | 2026-01-01   |
    L4   | A        | 2026-11-01   | 2026-12-01
"""


def test_a_row_is_there_from_its_since_on_and_always_without_one(agree: Agree) -> None:
    agree(Customer.customer.is_known(), {"A": True, "C": True}, Customer=CUSTOMERS)
    agree(Customer.customer.is_known(), {"A": True, "B": True, "C": True}, day=date(2026, 11, 1), Customer=CUSTOMERS)
    agree(Customer.customer.is_known(), {"C": True}, day=date(2026, 10, 30), Customer=CUSTOMERS)


def test_an_entity_without_since_is_always_there(agree: Agree) -> None:
    agree(Device.price.or_zero(), {"D1": 5}, entity="device", day=date(1999, 1, 1), Device="device | price; D1 | 5")


def test_a_table_without_rows_gives_none(agree: Agree) -> None:
    agree(Customer.points, {}, Customer="customer | points")
    agree(Ticket.count(), {}, Customer="customer", Ticket="customer | opened_on; A | 2026-10-01")
    agree(Ticket.count(), {"A": 0}, Customer="customer; A", Ticket="customer | opened_on")


def test_rows_below_that_are_not_there_do_not_count(agree: Agree) -> None:
    agree(Line.count(), {"A": 3, "C": 0}, Customer=CUSTOMERS, Line=LINES)
    agree(Line.count(), {"A": 4, "B": 0, "C": 0}, day=date(2026, 11, 1), Customer=CUSTOMERS, Line=LINES)


def test_a_later_column_is_null_until_the_day_it_is_known(agree: Agree) -> None:
    ended = date(2026, 10, 31)
    agree(Line.deactivated_on, {"L1": ended, "L2": None, "L3": None}, entity="line", Line=LINES)
    agree(Line.deactivated_on, {"L1": None, "L2": None, "L3": None}, entity="line", day=date(2026, 10, 30), Line=LINES)
    agree(Line.where(Line.deactivated_on.is_null()).count(), {"A": 2, "C": 0}, Customer=CUSTOMERS, Line=LINES)


def test_a_later_column_of_facts_waits_for_another(agree: Agree) -> None:
    tickets = """
        customer | opened_on  | closed_on  | satisfaction
        A        | 2026-10-01 | 2026-10-31 | 5
        A        | 2026-10-02 | 2026-11-01 | 1
        A        | 2026-10-03 |            | 2
    """
    agree(Ticket.satisfaction.sum(), {"A": 5}, Ticket=tickets)
    agree(Ticket.where(Ticket.closed_on.is_null()).count(), {"A": 2}, Ticket=tickets)
    agree(Ticket.where(Ticket.satisfaction <= 2).count(), {"A": 0}, Ticket=tickets)
    agree(Ticket.satisfaction.latest(), {"A": 5}, Ticket=tickets)
    agree(Ticket.satisfaction.sum(), {"A": 5 + 1}, day=date(2026, 11, 1), Ticket=tickets)


def test_a_planned_date_may_lie_ahead(agree: Agree) -> None:
    tickets = "customer | opened_on | due_on; A | 2026-10-01 | 2027-01-31; A | 2026-10-01 | 2026-10-01"
    agree(Ticket.due_on.max(), {"A": date(2027, 1, 31)}, Ticket=tickets)
    agree(Ticket.where(Ticket.due_on > as_of()).count(), {"A": 1}, Ticket=tickets)


def test_without_a_table_the_keys_that_rows_name_are_the_entity(agree: Agree) -> None:
    tickets = "customer | opened_on; A | 2026-10-31; A | 2026-10-30; B | 2026-11-01; | 2026-10-01"
    agree(Ticket.count(), {"A": 2}, Ticket=tickets)
    agree(Ticket.count(), {"A": 2, "B": 1}, day=date(2026, 11, 1), Ticket=tickets)


def test_every_key_to_an_entity_names_it(agree: Agree) -> None:
    lines = "line | customer; L1 | A; L2 | B; L3 |"
    tickets = "customer | opened_on; E | 2026-10-01; A | 2026-10-01"
    agree(Ticket.count(), {"A": 1, "B": 0, "E": 1}, Line=lines, Ticket=tickets)


def test_undated_attributes_name_an_entity_only_where_nothing_else_does(agree: Agree) -> None:
    services = "customer | adviser; C | D"
    agree(Ticket.count(), {"A": 1}, Services=services, Ticket="customer | opened_on; A | 2026-10-01")
    agree(Services.rating.or_zero(), {"C": 0, "D": 0}, Services=services)


def test_rows_not_there_yet_name_nobody(agree: Agree) -> None:
    lines = "line | customer | activated_on; L1 | A | 2026-10-31; L2 | B | 2026-11-01; L3 | C |"
    agree(Line.count(), {"A": 1, "C": 1}, Line=lines)


def test_keys_lead_through_an_entity_known_by_its_table_only(agree: Agree) -> None:
    agree(Bill.count(), {"A": 1}, Line="line | customer; L1 | A", Bill="line | month; L1 | 2026-10; L2 | 2026-10")
