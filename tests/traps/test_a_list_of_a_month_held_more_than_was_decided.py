"""A month's list took every line of a customer who had won with one, and kept rows whose channel had been closed since."""

from __future__ import annotations

from pathlib import Path

import pytest

from contacting import Contacting

CAMPAIGNS = '''"""Campaigns."""

from c360 import campaign, days, segment
from segments.all import everybody
from tags.sources import CallBack, Line

quiet_lines = segment(CallBack.last(days(30)).count() == 0, entity=Line)
of_lines = campaign(segment=quiet_lines, purpose="offer", channels=("sms",), priority=1, limit={limit})
of_people = campaign(segment=everybody, purpose="offer", channels=("call", "sms"), priority=2)
'''


@pytest.fixture
def made(tmp_path: Path) -> Contacting:
    work = Contacting(tmp_path / "ours")
    work.folder.mkdir()
    return work.make()


def define(made: Contacting, limit: int) -> None:
    (made.folder / "segments" / "campaigns.py").write_text(CAMPAIGNS.format(limit=limit), encoding="utf-8")


def test_a_campaign_of_lines_holds_the_one_line_that_won(made: Contacting) -> None:
    define(made, limit=9)
    made.add("line", "L3 C1")
    opened = made.opened()
    told = opened.arbitrate("2026-11", only=("of_lines",))
    (share,) = told.outcome.shares
    assert (share.eligible, share.won, share.lost) == (3, 2, {"of_lines": 1})  # of C1 the first line
    result = opened.export(campaign="of_lines", month="2026-11", dry_run=True)
    assert result.frame["line_id"].to_list() == ["L1", "L2"]
    opened.close()


def test_who_closed_the_channel_since_is_not_on_the_list(made: Contacting) -> None:
    define(made, limit=1)
    opened = made.opened()
    opened.arbitrate("2026-11", only=("of_people",))
    decided = opened.records.decisions.get("2026-11")
    assert decided is not None
    assert dict(decided.rows.filter(outcome="won").select("key", "channel").iter_rows()) == {"C1": "call", "C2": "sms", "C3": "sms"}
    opened.close()
    made.add("consent", "C1 2026-10-31 call no -")
    opened = made.opened()
    result = opened.export(campaign="of_people", month="2026-11", dry_run=True)
    assert dict(result.frame.select("customer_id", "channel").iter_rows()) == {"C2": "sms", "C3": "sms"}
    stage = next(one for one in result.waterfall.stages if one.name == "decided channel")
    assert (stage.words, stage.removed) == ("the channel decided on for 2026-11 is closed since", 1)
    opened.close()
