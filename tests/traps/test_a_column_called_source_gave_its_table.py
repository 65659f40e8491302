"""`Lead.last(months(1)).source` gave the table's class, not the column `source`; `.line.type` gave the key's type."""

from __future__ import annotations

import pytest

from c360 import Category, Date, Entity, Facts, Integer, Key, Text, days, event, fixed
from c360.errors import DefinitionError
from telecom import Agree


class Person(Entity):
    """One row a person."""

    default = True
    age: Integer = fixed()


class Lead(Facts):
    """One row a lead, with column names that mean something to c360 too."""

    person: Key[Person]
    on: Date = event()
    source: Category["shop", "web"]
    span: Integer
    condition: Text
    type: Integer


LEADS = """
    person | on         | source | span | condition | type
    A      | 2026-10-31 | web    | 5    | hot       | 1
    A      | 2026-10-30 | shop   | 7    |           | 2
    A      | 2026-10-01 | web    | 9    | cold      | 3
"""


def test_columns_of_selected_rows_are_columns_whatever_their_name(agree: Agree) -> None:
    recent = Lead.last(days(2))
    for column, expected in [(recent.source.count_known(), 2), (recent.span.sum(), 5 + 7), (recent.type.max(), 2)]:
        agree(column, {"A": expected}, entity="person", sources=[Lead], Lead=LEADS)
    agree(recent.condition.count_known(), {"A": 1}, entity="person", sources=[Lead], Lead=LEADS)


@pytest.mark.parametrize("name", ["type", "year", "length", "first", "max", "node"])
def test_an_entity_refuses_columns_that_a_key_could_not_reach(name: str) -> None:
    with pytest.raises(DefinitionError, match=f"'{name}' cannot name a column of Gadget"):
        type("Gadget", (Entity,), {"__annotations__": {name: Integer}, name: fixed()})
