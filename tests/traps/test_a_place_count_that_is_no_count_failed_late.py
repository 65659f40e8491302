"""`top(2.5)` and `ntile(2.5)` were taken and failed in the engine; `quantile("a")` was a Python error. All are refused at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from c360 import first_match, greatest, least, months, tag
from c360.errors import C360Error
from c360.language.scoring import grid
from telecom import Bill, Customer, Ticket

REFUSED: dict[str, Callable[[], Any]] = {
    "top of 2.5": lambda: Ticket.kind.top(2.5),  # type: ignore[arg-type]
    "top of a text": lambda: Ticket.kind.top("3"),  # type: ignore[arg-type]
    "top of yes": lambda: Ticket.kind.top(True),
    "quantile of a text": lambda: Bill.total.quantile("a"),  # type: ignore[arg-type]
    "2.5 parts": lambda: Bill.total.sum().ntile(2.5),  # type: ignore[arg-type]
    "a slope that misses a list": lambda: Bill.total.slope(["zero"]),  # type: ignore[arg-type]
    "the least of nothing": least,
    "the greatest of nothing": greatest,
    "a level that is a list": lambda: first_match(a=Customer.vip, otherwise=[]),  # type: ignore[arg-type]
    "a span before a number": lambda: months(3).before(3),  # type: ignore[arg-type]
    "a tag of a number": lambda: tag(Bill.count(), entity=3),  # type: ignore[arg-type]
    "a cell that is a number": lambda: grid(Customer.grade, Customer.wish, {("*", "*"): 3}),  # type: ignore[dict-item]
    "a grid of numbers": lambda: grid(Customer.grade, Customer.wish, {(1, 2): "a", ("*", "*"): "b"}),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("told", REFUSED)
def test_it_is_refused_where_it_is_written(told: str) -> None:
    with pytest.raises(C360Error):
        REFUSED[told]()
