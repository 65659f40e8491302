"""What contacting a list costs and may bring: a chance of a yes makes sums, any other score only says what pays."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from c360.deliver.listing import ListRequest
from c360.language.campaigns import Offer
from c360.lists.aiming import _money


def asked(unit: str, offer: Offer | None, value: float | None = 30.0) -> Any:
    """Return what `_money` looks at of a list that is asked for."""
    definitions = {"likely": SimpleNamespace(unit=unit)}
    request = ListRequest("s", score="likely", value=value, offer=offer)
    return SimpleNamespace(request=request, workspace=SimpleNamespace(catalog=SimpleNamespace(definitions=definitions)))


def treated(*rows: tuple[float | None, float | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"score": pl.Float64, "value": pl.Float64}, orient="row")


ROWS = treated((0.5, 30.0), (0.1, 30.0), (None, 30.0), (0.4, None))


@pytest.mark.parametrize(
    ("unit", "offer", "expected"),
    [
        ("probability", None, (8.0, 0.5 * 30 + 0.1 * 30, 8 / 90)),
        ("share", Offer("o", cost=5), (8 + 5 * (0.5 + 0.1 + 0.4), 0.5 * 30 + 0.1 * 30, 8 / (90 - 20))),
        ("", Offer("o", cost=5), (8.0, None, 8 / (90 - 20))),
        ("", Offer("o", cost=50), (8.0, None, None)),
    ],
)
def test_money(unit: str, offer: Offer | None, expected: tuple[float, float | None, float | None]) -> None:
    assert _money(asked(unit, offer), ROWS, 8.0) == pytest.approx(expected)


def test_without_a_worth_only_contacts_cost() -> None:
    assert _money(asked("share", None, value=None), ROWS, 8.0) == (8.0, None, None)
    assert _money(asked("share", None), treated(), 0.0) == (0.0, None, None)
