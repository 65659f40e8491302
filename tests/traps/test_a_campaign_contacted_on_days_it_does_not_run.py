"""A campaign's list was for a day before its start or after its end, and a month's list for a day that nobody had decided on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from c360.errors import Refused
from c360.workspace import Workspace
from contacting import Contacting

POLICY = """
[policy]
quiet_weekdays = ["sunday"]
caps = [{ most = 1, days = 60 }]
[policy.purposes.care]
[policy.channels.sms]
"""
CAMPAIGNS = '''"""Campaigns."""

from c360 import campaign
from segments.all import everybody

late = campaign(segment=everybody, purpose="care", channels=("sms",), starts="2026-11-14", ends="2026-11-16")
sunday = campaign(segment=everybody, purpose="care", channels=("sms",), starts="2026-11-15", ends="2026-11-15")
'''


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Contacting(tmp_path / "ours", policy=POLICY)
    made.folder.mkdir()
    made.make()
    (made.folder / "segments" / "campaigns.py").write_text(CAMPAIGNS, encoding="utf-8")
    opened = made.opened()
    yield opened
    opened.close()


def test_a_campaign_contacts_when_it_has_started(workspace: Workspace) -> None:
    assert workspace.export(campaign="late", dry_run=True).aim.on == date(2026, 11, 14)
    assert workspace.export(campaign="late", on=date(2026, 11, 16), dry_run=True).aim.on == date(2026, 11, 16)


@pytest.mark.parametrize("on", ["2026-11-13", "2026-11-17"])
def test_outside_its_days_it_contacts_nobody(workspace: Workspace, on: str) -> None:
    with pytest.raises(Refused, match=f"'late' does not run on the day of contact, {on}: it runs from 2026-11-14 to 2026-11-16"):
        workspace.export(campaign="late", on=date.fromisoformat(on))


def test_a_campaign_that_runs_on_quiet_days_alone_contacts_nobody(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="'sunday' does not run on the day of contact, 2026-11-16"):
        workspace.export(campaign="sunday")


def test_a_list_of_a_month_is_for_the_day_decided_on_and_the_same_as_the_months_own(workspace: Workspace, tmp_path: Path) -> None:
    workspace.arbitrate("2026-11", on=date(2026, 11, 5), folder=tmp_path / "lists")
    again = workspace.export(campaign="late", month="2026-11", dry_run=True)
    assert (again.aim.on, again.aim.treated) == (date(2026, 11, 14), 7)  # its own contacts do not count against it
    (record,) = workspace.records.ledger.lists()
    assert again.run_id == record.list_id
    with pytest.raises(Refused, match="'late' was arbitrated for contacts on 2026-11-14, .* asked for contacts on 2026-11-16"):
        workspace.export(campaign="late", month="2026-11", on=date(2026, 11, 16))
