"""`item(-1)` gave item 1 and `item(0)` was answered; a list has places from 1, so both are refused where they are written."""

from __future__ import annotations

import pytest

from c360.errors import TypeMismatch
from telecom import Agree, Ticket


@pytest.mark.parametrize("place", [0, -1])
def test_a_place_before_the_first_is_refused(place: int) -> None:
    with pytest.raises(TypeMismatch, match="from 1"):
        Ticket.kind.top(3).item(place)


def test_a_place_behind_the_last_is_null(agree: Agree) -> None:
    agree(
        Ticket.kind.top(3).item(2),
        {"A": "network", "B": None},
        Customer="customer; A; B",
        Ticket="customer | opened_on | kind; A | 2026-10-01 | price; A | 2026-10-02 | network; B | 2026-10-01 | price",
    )
