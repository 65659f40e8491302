"""A column asked of an entity without a table was no reason to call a tag unavailable: the engine refused it, then it was null.

Of such a row the key is known and nothing else. In examples all else is null; in a workspace what needs it is unavailable.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import c360
from c360 import tag
from c360.errors import NothingMatched
from telecom import Agree, Customer, Line, Ticket
from tiny import make

LINES = "line | customer | plan; L1 | A | P1; L2 | B |"
TAGS = '''"""What is asked of customers and lines that are known by their keys only."""

from c360 import tag
from tags.sources import Bill, Customer, Line, Ticket

visitors = tag(Customer.visits, title="Visits", unit="visit", owner="service")
of_visitors = tag(Line.customer[visitors], title="Visits of its customer", unit="visit", owner="service")
billed = tag(Bill.total.sum(), title="Billed", unit="yuan", owner="service")
complaints = tag(Ticket.count(), title="Complaints", unit="ticket", owner="service")
'''
BOUND = """
[sources.bill]
path = "bill.parquet"

[sources.ticket]
path = "ticket.csv"
"""


def test_a_column_of_it_is_null(agree: Agree) -> None:
    agree(Line.plan.fee, {"L1": None, "L2": None}, entity="line", sources=[Line], Line=LINES)


def test_a_tag_of_it_is_computed_from_what_is_there(agree: Agree) -> None:
    points = tag(Customer.points.or_else(0) + Line.count(), name="points")
    expected = {"L1": 0 + 1, "L2": 0 + 1}
    agree(Line.customer[points], expected, entity="line", sources=[Line], definitions=[points], Line=LINES)


def test_a_column_two_keys_away_is_null(agree: Agree) -> None:
    tickets = "customer | cause | opened_on; A | D1 | 2026-10-01; B | | 2026-10-01"
    agree(Ticket.cause.line.customer.points.max(), {"A": None, "B": None}, sources=[Ticket], Ticket=tickets)


def test_what_nobody_names_has_no_rows(agree: Agree) -> None:
    agree(Customer.points, {}, sources=[Customer])


def test_what_needs_more_than_its_key_is_unavailable(tmp_path: Path) -> None:
    folder = make(tmp_path / "workspace").folder
    (folder / "tags" / "value.py").write_text(TAGS, encoding="utf-8")
    (folder / "segments" / "keeping.py").unlink()
    (folder / "c360.toml").write_text('as_of = 2026-10-31\ndata_folder = "data"\n' + BOUND, encoding="utf-8")
    workspace = c360.open(folder)
    assert workspace.unavailable() == {
        "visitors": "source customer is not bound",
        "of_visitors": "source customer is not bound",  # what it builds on
        "billed": "source line is not bound",
    }
    assert dict(workspace.table("complaints").iter_rows()) == {"00017": 1, "C3": 2, "C4": 1, "C5": 1}
    with pytest.raises(NothingMatched, match="source customer is not bound"):
        workspace.table("visitors")
