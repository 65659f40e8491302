"""A campaign called `fee` was evaluated by the list whose id begins so; its own last list was meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from c360.lists.importing import past_list
from contacting import Contacting, listed


def test_a_whole_name_goes_before_the_beginning_of_an_id(tmp_path: Path) -> None:
    workspace = Contacting(tmp_path).make().opened()
    for list_id, name in (("feed01", "spring"), ("a1b2c3", "fee"), ("fee", "exact")):
        workspace.records.ledger.record(*listed(list_id, date(2026, 10, 27), {"C1": "sms"}, name=name))
    assert past_list(workspace, "feed").list_id == "feed01"
    assert past_list(workspace, "fee").list_id == "fee"
    workspace.records.ledger.remove("fee")
    assert past_list(workspace, "fee").list_id == "a1b2c3"
    workspace.close()
