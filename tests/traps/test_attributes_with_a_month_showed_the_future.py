"""A `Month` column in a table of attributes dated its rows: one engine hid the row after D, the other showed it."""

from __future__ import annotations

from datetime import date

import pytest

from c360 import Attributes, Date, Entity, Integer, Month, event, fixed, since
from c360.errors import DefinitionError
from telecom import Agree, Customer


class Loyalty(Attributes[Customer]):
    """One row a customer."""

    points_until: Month = fixed()
    level: Integer = fixed()
    reviewed: Month


def test_a_month_of_attributes_is_a_plain_value(agree: Agree) -> None:
    table = """
        customer | level | reviewed
        A        | 3     | 2026-10
        B        | 4     | 2026-11
    """
    agree(Loyalty.level, {"A": 3, "B": 4}, sources=[Loyalty], Loyalty=table)
    agree(Loyalty.reviewed, {"A": date(2026, 10, 31), "B": date(2026, 11, 30)}, sources=[Loyalty], Loyalty=table)


def test_attributes_are_undated() -> None:
    with pytest.raises(DefinitionError, match="attributes have no date"):

        class Dated(Attributes[Customer]):
            on: Date = event()


def test_a_month_of_an_entity_does_not_say_since_when_its_row_is_there() -> None:
    class Shop(Entity):
        opened: Month
        since_on: Date = since()

    assert Shop.spec().date_column == Shop.spec().column("since_on")
    assert Shop.spec().column("opened").role == "current"
