"""`.latest()` over rows without a date was accepted, and its query failed; no row is the latest there."""

from __future__ import annotations

import pytest

from c360.errors import GrainError
from telecom import Device


@pytest.mark.parametrize("pick", ["first", "latest"])
def test_rows_without_a_date_have_no_first_and_no_latest(pick: str) -> None:
    with pytest.raises(GrainError, match="rows of device have no date") as found:
        getattr(Device.price, pick)()
    assert ".max()" in str(found.value.hint)
