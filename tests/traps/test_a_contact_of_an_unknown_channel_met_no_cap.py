"""A contact whose channel or purpose nobody told was counted by no cap of a channel or purpose; unknown may be that one."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from c360.bindings.policy import Cap
from c360.deliver.caps import over

ON = date(2026, 11, 2)


@pytest.mark.parametrize("told", ["", None, "call"])
@pytest.mark.parametrize("cap", [Cap(most=1, days=30, channel="call"), Cap(most=1, days=30, purpose="offer"), Cap(most=1, days=30)])
def test_what_is_not_known_counts(told: str | None, cap: Cap) -> None:
    purpose = "offer" if told == "call" else told
    row = {"person": ["C1"], "on": [date(2026, 10, 20)], "channel": [told], "purpose": [purpose]}
    touches = pl.DataFrame(row, schema={"person": pl.String, "on": pl.Date, "channel": pl.String, "purpose": pl.String})
    assert over(touches, [cap], ON, "offer")["person"].to_list() == ["C1"]


def test_another_channel_does_not_count() -> None:
    touches = pl.DataFrame({"person": ["C1"], "on": [date(2026, 10, 20)], "channel": ["sms"], "purpose": ["care"]})
    assert over(touches, [Cap(most=1, days=30, channel="call")], ON, "offer").is_empty()
    assert over(touches, [Cap(most=1, days=30, purpose="offer")], ON, "offer").is_empty()
