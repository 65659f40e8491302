"""Every outcome over a source with `known_on` was 0 or null: reading stopped at what was known on D, before anything came out."""

from __future__ import annotations

from pathlib import Path

import c360
from c360.plan import Output

SOURCES = '''"""One table."""
from c360 import Date, Entity, Facts, Key, event


class Customer(Entity):
    """One row a customer."""


class Ticket(Facts):
    """One complaint."""

    customer: Key[Customer]
    opened_on: Date = event()
'''
TAGS = '''"""What is to come."""
from c360 import days, outcome, tag
from tags.sources import Ticket

tickets_to_come = tag(outcome(Ticket.count(), within=days(30)))
tickets_before = tag(Ticket.count())
'''
SETTINGS = """as_of = 2026-10-31
[sources.ticket]
path = "ticket.csv"
known_on = "loaded_on"
"""
# On D one ticket is known; of the two of November one becomes known in December.
TICKETS = """customer_id,opened_on,loaded_on
A,2026-10-01,2026-10-01
A,2026-10-02,2026-11-01
A,2026-11-01,2026-11-02
A,2026-11-03,2026-12-24
"""


def test_an_outcome_sees_what_became_known_by_its_end(tmp_path: Path) -> None:
    (tmp_path / "tags").mkdir()
    (tmp_path / "segments").mkdir()
    files = {"c360.toml": SETTINGS, "tags/sources.py": SOURCES, "tags/coming.py": TAGS, "ticket.csv": TICKETS}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    workspace = c360.open(tmp_path)
    outputs = tuple(Output(name, workspace.reference(name)) for name in ("tickets_to_come", "tickets_before"))
    run = workspace.run(outputs, "customer", None, allow_outcomes=True)
    assert workspace.engine.rows(run.sql.table()) == [("A", 1, 1)]
