"""`known_on` of a binding: a row counts from the day it became known, at D, at a shifted date and for an outcome alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

import c360

SOURCES = '''"""What each table means."""
from c360 import Attributes, Date, Entity, Facts, Integer, Key, event, fixed, since


class Customer(Entity):
    """One row a customer."""

    default = True
    joined_on: Date = since()


class Ticket(Facts):
    """One complaint."""

    customer: Key[Customer]
    opened_on: Date = event()


class Score(Attributes[Customer]):
    """One row a customer."""

    points: Integer = fixed()
'''
TAGS = '''"""Tickets and scores, now and before."""
from c360 import days, tag
from tags.sources import Score, Ticket

tickets = tag(Ticket.count())
tickets_last_month = tag(Ticket.count().ago(months=1))
recent = tag(Ticket.last(days(31)).count().ago(months=1))
latest = tag(Ticket.opened_on.latest().ago(months=1))
points = tag(Score.points)
points_last_month = tag(Score.points.ago(months=1))
'''
SETTINGS = """time_zone = "UTC"
as_of = 2026-10-31
[sources.customer]
path = "customer.csv"
known_on = "loaded_on"
[sources.ticket]
path = "ticket.csv"
known_on = "loaded_on"
[sources.score]
path = "score.csv"
known_on = "loaded_on"
"""
CUSTOMERS = """customer_id,joined_on,loaded_on
A,2020-01-01,2020-01-01
B,2020-01-01,2026-10-15
C,2020-01-01,2026-11-15
"""
TICKETS = """customer_id,opened_on,loaded_on
A,2026-09-01,2026-09-01
A,2026-09-02,2026-10-01
A,2026-09-03,2026-11-01
A,2026-10-01,2026-10-01
A,2026-11-01,2026-11-01
A,2026-11-02,2026-12-24
A,2026-09-04,
B,2026-09-01,2026-09-01
"""
SCORES = """customer_id,points,loaded_on
A,7,2026-10-01
B,8,2026-09-30
"""


@pytest.fixture
def workspace(tmp_path: Path) -> c360.Workspace:
    """A workspace of three tables whose rows became known on a day of their own."""
    (tmp_path / "tags").mkdir()
    (tmp_path / "segments").mkdir()
    files = {
        "c360.toml": SETTINGS, "tags/sources.py": SOURCES, "tags/told.py": TAGS,
        "customer.csv": CUSTOMERS, "ticket.csv": TICKETS, "score.csv": SCORES,
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return c360.open(tmp_path)


def values(workspace: c360.Workspace, *names: str, day: date | None = None) -> Mapping[str, tuple[object, ...]]:
    """Return the values of tags by customer."""
    return {key: tuple(rest) for key, *rest in workspace.table(*names, as_of=day).rows()}


def test_a_row_counts_from_the_day_it_became_known(workspace: c360.Workspace) -> None:
    # Of A's five tickets up to D one became known after D, of one nobody knows when; C itself was not known.
    assert values(workspace, "tickets") == {"A": (3,), "B": (1,)}
    assert values(workspace, "tickets", day=date(2026, 9, 30)) == {"A": (1,)}
    assert values(workspace, "tickets", day=date(2026, 11, 15)) == {"A": (5,), "B": (1,), "C": (0,)}


def test_at_a_shifted_date_late_rows_are_not_there_yet(workspace: c360.Workspace) -> None:
    names = ("tickets_last_month", "recent", "latest", "tickets")
    # B was not known on 30 September, so nothing of it was.
    assert values(workspace, *names) == {"A": (1, 1, date(2026, 9, 1), 3), "B": (None, None, None, 1)}


def test_the_shifted_value_is_the_value_of_a_run_then(workspace: c360.Workspace) -> None:
    for day, then in [(date(2026, 10, 31), date(2026, 9, 30)), (date(2026, 11, 1), date(2026, 10, 1))]:
        shifted = values(workspace, "tickets_last_month", "points_last_month", day=day)
        run = values(workspace, "tickets", "points", day=then)
        assert {key: value for key, value in shifted.items() if key in run} == run
        assert {value for key, value in shifted.items() if key not in run} <= {(None, None)}


def test_attributes_are_unknown_before_they_became_known(workspace: c360.Workspace) -> None:
    assert values(workspace, "points", "points_last_month") == {"A": (7, None), "B": (8, None)}
