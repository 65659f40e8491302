"""A list was written over an earlier one with the very same bytes; erasing and expiring took the file for the earlier list's.

So its manifest was not issued again, and `verify` called the file changed; and it was deleted on the day the earlier list ended.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from c360.lists.delisting import expired_files
from c360.workspace import Workspace
from contacting import Contacting

FIRST, SECOND = date(2026, 11, 2), date(2026, 11, 16)


def twice(tmp_path: Path, *days: date) -> tuple[Workspace, Path]:
    """Write the list of each day into the same file."""
    workspace, target = Contacting(tmp_path / "work").make().opened(), tmp_path / "list.csv"
    written = set()
    for on in days:
        workspace.export("northern", target, purpose="care", channels=("sms",), columns=(), on=on, force=True)
        written.add(target.read_bytes())
    assert len(written) == 1 and len(workspace.records.ledger.lists()) == 2
    return workspace, target


@pytest.mark.thorough
def test_after_an_erasure_the_list_that_stands_there_verifies(tmp_path: Path) -> None:
    for number, days in enumerate(((FIRST, SECOND), (FIRST, SECOND, FIRST))):
        workspace, target = twice(tmp_path / str(number), *days)
        (fate,) = [fate for fate in workspace.erase(["C1"]).lists if fate.became == "rewritten"]
        assert (fate.rows, "C1" in target.read_text(encoding="utf-8")) == (1, False)
        assert "file" not in workspace.verify(target).kinds
        workspace.close()


def test_the_day_the_earlier_list_ends_the_later_ones_file_stays(tmp_path: Path) -> None:
    workspace, target = twice(tmp_path, FIRST, SECOND)
    first, second = sorted(workspace.records.ledger.lists(), key=lambda record: record.on)
    assert first.delete_after is not None and second.delete_after is not None and first.delete_after < second.delete_after
    expired_files(workspace, second.delete_after)
    assert target.is_file()
    expired_files(workspace, date(2999, 1, 1))
    assert not target.exists()
    workspace.close()
