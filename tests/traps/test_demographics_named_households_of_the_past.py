"""Undated attributes named members of an entity without a table at every past day, so later customers stood in the base."""

from __future__ import annotations

from telecom import Agree, Services, Ticket


def test_a_customer_is_there_from_the_first_dated_row_on(agree: Agree) -> None:
    services = "customer | contract; A | none; B | none"
    agree(Ticket.count(), {"A": 1}, Services=services, Ticket="customer | opened_on; A | 2026-10-01; B | 2026-11-01")
    agree(Services.contract == "none", {"A": True}, Services=services, Ticket="customer | opened_on; A | 2026-10-01")
