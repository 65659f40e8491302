"""`export --dry-run`: what a list would be if it left: sizes, money, whom it shares, and which guards it would meet."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from c360.deliver.listing import ListResult
from c360.deliver.rehearsal import Rehearsal
from contacting import Contacting
from tiny import CommandLine

POLICY = """
[policy]
never = ["left_alone", "minors"]
quiet_weekdays = ["sunday"]
min_rows = 2
max_share = 0.5
caps = [{ most = 9, days = 7 }]

[policy.approval]
rows = 2

[policy.purposes.offer]
consent = "offer_channels"
[policy.purposes.care]

[policy.channels.sms]
cost = 0.5
[policy.channels.call]
cost = 3.0

[policy.contacts]
channel = "way"
where = "direction = 'out'"
"""
CAMPAIGNS = '''"""Campaigns."""

from c360 import Offer, campaign
from segments.all import everybody
from tags.consent import likely

sell = campaign(
    segment=everybody, purpose="offer", channels=("call", "sms"), priority=1, title="Sell", score=likely, value=100.0,
    offer=Offer("gift", cost=20),
)
'''


@pytest.fixture
def made(tmp_path: Path) -> Contacting:
    """C1 may be called, C2 and C3 get a text; each has a manager but C3, and one in five says yes."""
    work = Contacting(tmp_path / "ours", policy=POLICY)
    work.folder.mkdir()
    work.make()
    likely = 'likely = tag(Customer.age * 0 + 0.2, title="Likely", unit="probability")'
    for file, old, new in (
        (
            "tags/sources.py",
            "    city: Text = fixed()\n",
            '    city: Text = fixed()\n    manager: Text = fixed(sensitivity="internal")\n',
        ),
        ("tags/consent.py", "age = tag(", f"{likely}\nage = tag("),
    ):
        text = (work.folder / file).read_text(encoding="utf-8")
        assert old in text
        (work.folder / file).write_text(text.replace(old, new), encoding="utf-8")
    (work.folder / "segments" / "campaigns.py").write_text(CAMPAIGNS, encoding="utf-8")
    head, *rows = work.tables["customer"].splitlines()
    managers = {"C1": "M1", "C2": "M1", "C4": "M2"}
    work.tables["customer"] = "\n".join([f"{head} manager", *(f"{row} {managers.get(row.split()[0], '-')}" for row in rows)])
    work.write("customer")
    return work


@pytest.fixture
def c360(capsys: pytest.CaptureFixture[str], made: Contacting) -> CommandLine:
    """The command line over that workspace."""
    return CommandLine(capsys, made)  # type: ignore[arg-type]


def export(made: Contacting, segment: str | None = "everybody", path: Path | None = None, **options: Any) -> ListResult:
    workspace = made.opened()
    try:
        return workspace.export(segment, path, **options)
    finally:
        workspace.close()


def rehearsed(made: Contacting, segment: str | None = "everybody", **options: Any) -> Rehearsal:
    found = export(made, segment, dry_run=True, **options).rehearsal
    assert found is not None
    return found


def test_the_size_and_cost_by_channel(made: Contacting) -> None:
    told = rehearsed(made, purpose="offer", channels=("call", "sms"))
    assert [(one.channel, one.rows, one.cost) for one in told.channels] == [("call", 1, 3.0), ("sms", 2, 2 * 0.5)]
    assert told.contacts == 3.0 + 2 * 0.5


def test_the_size_by_manager(made: Contacting) -> None:
    told = rehearsed(made, purpose="offer")
    assert (told.by, told.groups) == ("manager", (("M1", 2), (None, 1)))


def test_the_size_by_what_it_would_be_split_by(made: Contacting) -> None:
    told = rehearsed(made, purpose="offer", split_by="channel", channels=("call", "sms"))
    assert (told.by, told.groups) == ("channel", (("sms", 2), ("call", 1)))
    told = rehearsed(made, purpose="offer", split_by="nothing")
    assert told.groups == () and any("nothing" in why for why, _ in told.refusals)


def test_the_money_to_expect_where_a_score_is_a_chance(made: Contacting) -> None:
    told = rehearsed(made, None, campaign="sell")
    assert told.value == pytest.approx(3 * 0.2 * 100)
    assert told.offers == pytest.approx(3 * 0.2 * 20) and told.offers_at_most == 3 * 20
    assert told.margin == pytest.approx(60 - 12 - 4)
    assert any("value 60.00, margin 44.00" in line for line in told.lines())


@pytest.mark.thorough
def test_what_an_approval_and_the_guards_would_say(made: Contacting) -> None:
    told = rehearsed(made, purpose="offer", on=date(2026, 11, 8))
    whys = [why for why, _ in told.refusals]
    assert told.yeses == 1
    assert any("quiet day" in why for why in whys) and any("nobody proposed it" in why for why in whys)
    assert not any("max_share" in why for why in whys)
    told = rehearsed(made, "northern", purpose="offer", limit=1)
    assert told.yeses == 0 and "at least 2 are asked for" in told.refusals[0][0] and "--accept-size 1" in told.refusals[0][1]
    assert rehearsed(made, "northern", purpose="offer", limit=1, accept_size=1).refusals == ()


def test_a_list_of_nobody_is_told_and_not_refused(made: Contacting) -> None:
    told = rehearsed(made, "minors", purpose="offer")
    assert any("0 rows" in why for why, _ in told.refusals)


def test_a_purpose_that_is_missing(made: Contacting) -> None:
    told = rehearsed(made)
    assert told.missing == (("a purpose", "--purpose with one of: offer, care, analysis"),)
    assert told.channels == () and told.shared == ()
    assert rehearsed(made, purpose="offer").missing == ()


@pytest.mark.thorough
def test_the_lists_that_contact_the_same_persons(made: Contacting, tmp_path: Path) -> None:
    made.configure(
        POLICY.replace("\n[policy.approval]\nrows = 2\n", "").replace("min_rows = 2\n", "").replace("max_share = 0.5\n", "")
    )
    export(made, "northern", tmp_path / "a.csv", purpose="offer", on=date(2026, 11, 3))
    export(made, "everybody", tmp_path / "b.csv", purpose="care", limit=1, on=date(2027, 1, 5))  # too far away
    told = rehearsed(made, None, campaign="sell", on=date(2026, 11, 20))
    assert [(one.name, one.on, one.persons) for one in told.shared] == [("northern", date(2026, 11, 3), 2)]
    assert any(line.startswith("also contacted by northern on 2026-11-03: 2") for line in told.lines())
    # A list is not in the way of itself.
    assert rehearsed(made, "northern", purpose="offer", on=date(2026, 11, 3)).shared == ()


@pytest.mark.thorough
def test_a_rehearsal_leaves_nothing_but_its_audit_line(c360: CommandLine, made: Contacting, tmp_path: Path) -> None:
    answer = c360("export", "--campaign", "sell", "--dry-run", "--sample", "2", "-o", str(tmp_path / "x.csv"))
    assert answer.code == 0, answer.err
    assert len(answer.rows) == 2 and not (tmp_path / "x.csv").exists()
    for told in ("would contact by call 1 (3.00), sms 2 (1.00)", "by manager: M1 2, none 1", "margin 44.00", "yes of 1 person"):
        assert told in answer.err
    found = c360("export", "--campaign", "sell", "--dry-run", "--json").json["rehearsal"]
    assert (found["contact_cost"], found["offer_cost"], found["margin"], found["yeses"]) == (4.0, 12.0, 44.0, 1)
    workspace = made.opened()
    assert workspace.records.ledger.lists() == []
    assert [line.facts["event"] for line in workspace.records.audit.lines()] == ["preview", "preview"]
    workspace.close()


def test_a_list_that_leaves_was_not_rehearsed(made: Contacting, tmp_path: Path) -> None:
    made.configure("\n")
    assert export(made, "everybody", tmp_path / "a.csv").rehearsal is None
    told = rehearsed(made)
    assert (told.by, told.missing, told.refusals) == ("manager", (), ())
