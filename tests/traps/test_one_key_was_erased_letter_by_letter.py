"""`erase("C1")` erased the customers "C" and "1" and left C1; so did a list's keys, columns and channels take their letters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from c360.errors import UsageError
from contacting import ON, Contacting


def test_one_text_is_not_taken_for_several(tmp_path: Path) -> None:
    workspace = Contacting(tmp_path).make().opened()
    for asked in (workspace.erase, workspace.lists_holding):
        with pytest.raises(UsageError, match="keys takes several texts"):
            asked("C1")
    assert not workspace.records.erased.hashes()
    one: Any
    for one in ({"keys": "C1"}, {"columns": "city"}, {"order": "city"}, {"channels": "sms"}, {"unmask": "city"}):
        with pytest.raises(UsageError, match=f"{next(iter(one))} takes several texts"):
            workspace.export("northern", purpose="care", dry_run=True, **one)
    workspace.close()


def test_a_day_of_contact_is_taken_as_text_too(tmp_path: Path) -> None:
    workspace = Contacting(tmp_path).make().opened()
    told = [workspace.export("northern", purpose="care", dry_run=True, on=on).run_id for on in (ON, ON.isoformat())]
    assert told[0] == told[1]
    with pytest.raises(UsageError, match="on takes a date, found 'monday'"):
        workspace.export("northern", purpose="care", dry_run=True, on="monday")
    workspace.close()
