"""Without a contact policy a list of lines did not reach their customers: the lines of an erased one stayed on it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from c360.workspace import Workspace
from growing import Growing, mb, yuan

DAY = date(2026, 10, 15)
TABLES = {
    "customer": [("A", date(2026, 1, 1), "north"), ("B", date(2026, 2, 1), "south")],
    "line": [("L1", "A", date(2026, 1, 1), True), ("L2", "B", date(2026, 2, 1), False), ("L3", "A", date(2026, 2, 1), True)],
    "usage": [("L1", DAY, mb("5"), 3), ("L2", DAY, mb("2"), 1)],
    "bill": [("L1", date(2026, 9, 1), yuan("60")), ("L2", date(2026, 9, 1), yuan("20"))],
    "ticket": [("A", DAY, None, None)],
}


def test_the_lines_of_an_erased_customer_are_on_no_list(tmp_path: Path) -> None:
    Growing(tmp_path, TABLES).make()
    workspace = Workspace(tmp_path)
    rule = {"where": "line is not null", "entity": "line", "as_of": DAY, "columns": ()}
    assert workspace.export(**rule, dry_run=True).frame["line_id"].to_list() == ["L1", "L2", "L3"]
    workspace.erase(["A"])
    made = workspace.export(**rule, dry_run=True)
    assert made.frame["line_id"].to_list() == ["L2"]
    assert [(stage.name, stage.removed) for stage in made.waterfall.stages if stage.kind == "suppression"] == [("erased", 2)]
    workspace.close()
