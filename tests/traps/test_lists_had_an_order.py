"""`.max()` and `<` took lists, which have no order anyone asked for; they are refused where they are written."""

from __future__ import annotations

import pytest

from c360 import tag
from c360.errors import TypeMismatch
from telecom import Ticket


def test_lists_have_no_order() -> None:
    kinds = Ticket.kind.top(3)
    named = tag(kinds, name="kinds")
    with pytest.raises(TypeMismatch):
        kinds < Ticket.kind.top(2)
    with pytest.raises(TypeMismatch):
        Ticket.customer[named].max()
