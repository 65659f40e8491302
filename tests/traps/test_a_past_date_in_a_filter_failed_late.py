"""`Ticket.where(Ticket.opened_on > as_of().ago(months=1))` ended as a bug of ours when it ran; a constant has no past."""

from __future__ import annotations

import pytest

from c360 import as_of
from c360.errors import GrainError


def test_a_constant_has_no_past() -> None:
    with pytest.raises(GrainError, match="constant"):
        as_of().ago(months=1)
