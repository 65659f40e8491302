"""`top(2, by=…)` dropped the filter and window of *by*, and took a text to weigh by until the query ran."""

from __future__ import annotations

import pytest

from c360 import days
from c360.errors import GrainError, TypeMismatch
from telecom import Agree, Ticket


def test_another_selection_of_rows_is_no_weight() -> None:
    recent = Ticket.last(days(30))
    for other in (Ticket.last(days(90)), Ticket.where(Ticket.urgent), recent.where(Ticket.urgent)):
        with pytest.raises(GrainError, match="two different selections"):
            recent.note.top(2, by=other.minutes)


def test_a_weight_is_a_number() -> None:
    for weight in (Ticket.note, Ticket.opened_on, Ticket.urgent):
        with pytest.raises(TypeMismatch, match="weighs by a number"):
            Ticket.note.top(2, by=weight)


def test_the_same_selection_is_a_weight(agree: Agree) -> None:
    recent = Ticket.last(days(30))
    tickets = "customer | opened_on | note | minutes; A | 2026-10-31 | x | 1; A | 2026-10-30 | y | 2; A | 2026-01-01 | x | 9"
    agree(recent.note.top(2, by=recent.minutes), {"A": ("y", "x")}, Ticket=tickets)
    agree(recent.note.top(2, by=Ticket.minutes), {"A": ("y", "x")}, Ticket=tickets)
