"""A list that no policy looked at has keys of its own, such as lines'; a customer with the same key was counted as contacted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from c360.lists.touching import touches
from contacting import ON, POLICY, Contacting, listed

CAP = "\n[[policy.caps]]\nmost = 1\ndays = 30\n"


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ({"entity": "customer"}, 1),
        ({"entity": "customer", "channels": ()}, 1),  # of before there was a policy
        ({"entity": "line"}, 1),  # looked at for the customers behind
        ({"entity": "line", "channels": ()}, 0),
        ({"entity": "line", "channels": (), "manifest": {"adopted": {}}}, 1),
        ({"entity": "store"}, 0),  # leads to nobody, and is no source any more
    ],
)
def test_only_lists_of_persons_are_contacts(tmp_path: Path, told: dict[str, object], counted: int) -> None:
    workspace = Contacting(tmp_path, policy=POLICY + CAP).make().opened()
    workspace.records.ledger.record(*listed("a1", date(2026, 10, 27), {"C1": "sms"}, **told))
    assert touches(workspace, ON).frame.height == counted
    workspace.close()
