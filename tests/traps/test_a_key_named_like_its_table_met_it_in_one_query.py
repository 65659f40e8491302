"""A key column called like its table of attributes gave two tables of a query one name, and the query failed."""

from __future__ import annotations

from c360 import Attributes, Key, fixed
from telecom import Agree, Customer, Line


class Favourite(Attributes[Customer]):
    """The line a customer uses most."""

    favourite: Key[Line] = fixed()


def test_a_key_may_have_the_name_of_its_table(agree: Agree) -> None:
    agree(
        Favourite.favourite.minutes + Favourite.favourite.customer.points,
        {"A": 7 + 3, "B": None},
        sources=[Favourite, Line],
        Customer="customer | points; A |; B | 3",
        Line="line | customer | minutes; L1 | B | 7",
        Favourite="customer | favourite; A | L1; B | L9",
    )
