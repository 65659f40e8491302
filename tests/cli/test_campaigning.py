"""`c360 arbitrate` and `c360 campaigns`: one recommendation a customer, kept, told, compared and written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from c360.errors import C360Error, NothingMatched, Refused, UsageError
from contacting import Contacting
from tiny import CommandLine

POLICY = """
[policy]
never = ["left_alone", "minors"]
quiet_weekdays = ["sunday"]

[policy.purposes.offer]
consent = "offer_channels"

[policy.channels.sms]
cost = 0.1
[policy.channels.call]
capacity = 1

[policy.contacts]
channel = "way"
campaign = "campaign"
where = "direction = 'out'"
"""
CAMPAIGNS = '''"""Campaigns."""

from c360 import Offer, apart, campaign, play
from segments.all import everybody, northern
from tags.consent import age

stay = campaign(
    segment=northern, purpose="offer", channels=("call", "sms"), priority=1, title="Stay", zh="挽留", owner="retention",
    offer=Offer("gift", cost=5), columns=(age,), order=("age",), apart=(apart("stay", days=90),),
)
sell = campaign(segment=everybody, purpose="offer", channels=("sms", "call"), priority=2, title="Sell", score=age, columns=(age,))
'''
MONTH = "2026-11"


@pytest.fixture
def made(tmp_path: Path) -> Contacting:
    """C1 and C2 of the north, C3 and C5 of the south may be contacted; C1 by call too."""
    work = Contacting(tmp_path / "ours", policy=POLICY)
    work.folder.mkdir()
    work.make()
    (work.folder / "segments" / "campaigns.py").write_text(CAMPAIGNS, encoding="utf-8")
    work.add("customer", "C5 2020-01-01 50 south")
    work.add("consent", "C5 2026-01-01 sms yes -", "C2 2026-01-01 call yes -")
    return work


@pytest.fixture
def c360(capsys: pytest.CaptureFixture[str], made: Contacting) -> CommandLine:
    """The command line over that workspace."""
    return CommandLine(capsys, made)  # type: ignore[arg-type]


def change(made: Contacting, old: str, new: str) -> None:
    path = made.folder / "segments" / "campaigns.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def shares(told: dict[str, Any]) -> dict[str, tuple[int, int, int, int]]:
    """Return of each campaign: eligible, lost, without room, won."""
    return {c["name"]: (c["eligible"], sum(c["lost"].values()), sum(c["full"].values()), c["won"]) for c in told["campaigns"]}


# Deciding.


def test_each_customer_has_one_campaign_and_the_first_one_goes_first(c360: CommandLine) -> None:
    told = c360("arbitrate", "--month", MONTH, "--json").json
    assert shares(told) == {"stay": (2, 0, 0, 2), "sell": (4, 2, 0, 2)}
    assert told["campaigns"][1]["lost"] == {"stay": 2}
    assert (told["month"], told["as_of"], told["people"], told["preview"]) == (MONTH, "2026-10-31", 4, False)
    assert [one["on"] for one in told["campaigns"]] == ["2026-11-02", "2026-11-02"]  # the first is a Sunday


def test_a_channel_that_is_full_gives_way_to_the_next(c360: CommandLine) -> None:
    told = c360("arbitrate", "--month", MONTH, "--json").json
    assert told["campaigns"][0]["channels"] == {"call": 1, "sms": 1}
    assert told["channels"] == [
        {"channel": "call", "contacts": 1, "capacity": 1},
        {"channel": "sms", "contacts": 3, "capacity": None},
    ]


def test_the_table_goes_to_stdout_and_channels_and_the_decision_are_told(c360: CommandLine) -> None:
    found = c360("arbitrate", "--month", MONTH)
    assert [(row["campaign"], row["eligible"], row["won"], row["channels"]) for row in found.rows] == [
        ("stay", "2", "2", "call 1, sms 1"),
        ("sell", "4", "2", "sms 2"),
    ]
    assert "call: 1 contacts of 1 it can make" in found.err
    assert "2026-11 as of 2026-10-31: 4 people have a campaign; decision " in found.err


def test_chinese_where_it_is_asked_for(c360: CommandLine) -> None:
    assert c360("--lang", "zh", "arbitrate", "--month", MONTH).out.splitlines()[1].startswith("挽留,1,")
    assert c360("--lang", "zh", "campaigns").out.splitlines()[0].startswith("名称,标题,优先级")
    assert "  渠道顺序     call, sms" in c360("--lang", "zh", "campaigns", "stay").out


def test_the_decision_is_kept_with_losers_and_told_in_the_log(made: Contacting, c360: CommandLine) -> None:
    told = c360("arbitrate", "--month", MONTH, "--json").json
    with_records = made.opened()
    kept = with_records.records.decisions.get(MONTH)
    assert kept is not None and kept.facts["decision"] == told["decision"]
    lost = kept.rows.filter(pl.col("outcome") == "lost").select("person", "campaign", "winner")
    assert list(lost.iter_rows()) == [("C1", "sell", "stay"), ("C2", "sell", "stay")]
    (line,) = with_records.records.audit.lines(event="arbitrate")
    assert (line.facts["name"], line.facts["decision"], line.facts["campaigns"]) == (
        MONTH,
        told["decision"],
        {"stay": 2, "sell": 2},
    )


@pytest.mark.thorough
def test_deciding_again_gives_the_same_decision(c360: CommandLine) -> None:
    first, second = (c360("arbitrate", "--month", MONTH, "--json").json for _ in range(2))
    assert first == second


@pytest.mark.thorough
def test_deciding_again_after_the_lists_left_gives_everybody_the_same_campaign(
    made: Contacting, c360: CommandLine, tmp_path: Path
) -> None:
    made.configure(POLICY + "[[policy.caps]]\nmost = 1\ndays = 30\n")
    assert c360("arbitrate", "--month", MONTH, "-o", str(tmp_path / "out")).code == 0
    again = c360("arbitrate", "--month", MONTH, "--json").json
    assert {one["name"]: one["won"] for one in again["campaigns"]} == {"stay": 2, "sell": 2}


def test_a_decision_that_the_log_cannot_hold_is_not_kept(made: Contacting, c360: CommandLine) -> None:
    made.opened()
    records = made.folder / ".c360" / "records"
    records.mkdir(parents=True, mode=0o700)
    (records / "audit").write_text("in the way")
    assert c360("arbitrate", "--month", MONTH).code == 7
    assert made.opened().records.decisions.get(MONTH) is None


# Lists.


@pytest.mark.thorough
def test_each_campaign_writes_the_list_of_those_it_won(c360: CommandLine, tmp_path: Path) -> None:
    found = c360("arbitrate", "--month", MONTH, "-o", str(tmp_path / "out"))
    assert found.code == 0
    stay, sell = (pl.read_csv(tmp_path / "out" / f"{name}_2026-11.csv") for name in ("stay", "sell"))
    assert sorted(stay.select("customer_id", "channel").iter_rows()) == [("C1", "call"), ("C2", "sms")]
    assert sorted(sell.select("customer_id", "channel").iter_rows()) == [("C3", "sms"), ("C5", "sms")]


@pytest.mark.thorough
def test_a_list_says_whom_it_lost_to_which_campaign(c360: CommandLine, tmp_path: Path) -> None:
    told = c360("arbitrate", "--month", MONTH, "-o", str(tmp_path / "out"), "--json").json
    manifest = json.loads((tmp_path / "out" / "sell_2026-11.csv.manifest.json").read_text(encoding="utf-8"))
    lost = [stage for stage in manifest["results"]["waterfall"] if stage["kind"] == "priority"]
    assert [(stage["words"], stage["removed"]) for stage in lost][0] == ("goes to Stay instead", 2)
    assert manifest["inputs"]["read_anew"]["decision"] == told["decision"]


@pytest.mark.thorough
def test_one_list_that_a_guard_refuses_does_not_keep_the_others_back(made: Contacting, c360: CommandLine, tmp_path: Path) -> None:
    made.configure(POLICY.replace("quiet_weekdays", "min_rows = 2\nquiet_weekdays"))
    change(made, 'order=("age",),', 'order=("age",), limit=1,')
    found = c360("arbitrate", "--month", MONTH, "-o", str(tmp_path / "out"))
    assert found.code == 5
    assert "not written: stay" in found.err and f"written: {tmp_path / 'out' / 'sell_2026-11.csv'}" in found.err


def test_a_campaign_that_nobody_has_writes_no_list_and_that_is_well(made: Contacting, c360: CommandLine, tmp_path: Path) -> None:
    change(made, "segment=everybody", "segment=northern")
    found = c360("arbitrate", "--month", MONTH, "-o", str(tmp_path / "out"))
    assert found.code == 0 and "left out: sell, nobody is left to contact, so it has no list" in found.err
    assert not (tmp_path / "out" / "sell_2026-11.csv").exists()


@pytest.mark.thorough
def test_nothing_is_decided_where_a_file_is_in_the_way(made: Contacting, c360: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "sell_2026-11.csv").write_text("mine")
    assert c360("arbitrate", "--month", MONTH, "-o", str(tmp_path)).code == 2
    assert made.opened().records.decisions.get(MONTH) is None
    assert c360("arbitrate", "--month", MONTH, "-o", str(tmp_path), "--force").code == 0


# One list of a month.


def exported(made: Contacting, **options: Any) -> Any:
    opened = made.opened()
    try:
        return opened.export(campaign="sell", month=MONTH, dry_run=True, **options)
    finally:
        opened.close()


def test_a_list_of_a_month_waits_for_the_decision(made: Contacting) -> None:
    with pytest.raises(Refused, match="nothing was arbitrated for 2026-11") as caught:
        exported(made)
    assert caught.value.hint == "decide again: c360 arbitrate --month 2026-11"


@pytest.mark.thorough
def test_a_list_of_a_month_is_what_was_decided(made: Contacting, c360: CommandLine) -> None:
    c360("arbitrate", "--month", MONTH)
    assert exported(made).frame["customer_id"].to_list() == ["C5", "C3"]  # by score, falling


def test_a_campaign_that_changed_since_is_refused(made: Contacting, c360: CommandLine) -> None:
    c360("arbitrate", "--month", MONTH)
    change(made, "priority=2", "priority=3")
    with pytest.raises(Refused, match="'sell' has changed since 2026-11 was arbitrated"):
        exported(made)


def test_a_campaign_that_took_no_part_is_refused(made: Contacting, c360: CommandLine) -> None:
    c360("arbitrate", "--month", MONTH, "--without", "sell")
    with pytest.raises(Refused, match="'sell' took no part in what was arbitrated for 2026-11"):
        exported(made)


def test_a_decision_of_another_day_is_refused(made: Contacting, c360: CommandLine) -> None:
    c360("arbitrate", "--month", MONTH)
    with pytest.raises(Refused, match="arbitrated as of 2026-10-31, and the list is asked for as of 2026-11-05"):
        exported(made, as_of="2026-11-05")


# Previews.


def test_a_preview_keeps_and_writes_nothing(made: Contacting, c360: CommandLine) -> None:
    found = c360("arbitrate", "--month", MONTH, "--preview")
    assert found.code == 0 and "preview, nothing is kept" in found.err
    assert not (made.folder / ".c360" / "records").exists()


@pytest.mark.thorough
def test_a_preview_shows_who_moves_where_a_campaign_is_left_out(c360: CommandLine) -> None:
    told = c360("arbitrate", "--month", MONTH, "--preview", "--without", "stay", "--json").json
    assert shares(told) == {"sell": (4, 0, 0, 4)}
    assert [(one["name"], one["won"]) for one in told["before"]] == [("stay", 2), ("sell", 2)]
    assert told["moves"] == [{"before": "stay", "after": "sell", "people": 2}]
    found = c360("arbitrate", "--month", MONTH, "--preview", "--without", "stay")
    assert [(row["campaign"], row["won"], row["won_before"]) for row in found.rows] == [("sell", "4", "2"), ("stay", "", "2")]
    assert "2 go from stay to sell" in found.err


def test_a_preview_shows_who_would_have_nothing_any_more(c360: CommandLine) -> None:
    told = c360("arbitrate", "--month", MONTH, "--preview", "--only", "stay", "--json").json
    assert told["moves"] == [{"before": "sell", "after": "", "people": 2}]


@pytest.mark.thorough
def test_a_preview_of_a_new_campaign_compares_with_the_last_decision(made: Contacting, c360: CommandLine) -> None:
    c360("arbitrate", "--month", MONTH)
    new = 'first = campaign(segment=everybody, purpose="offer", channels=("sms",), priority=1, score=age, value=100, limit=1)\n'
    change(made, "sell = campaign", new + "sell = campaign")
    told = c360("arbitrate", "--month", MONTH, "--preview", "--json").json
    assert [(one["name"], one["won"]) for one in told["before"]] == [("stay", 2), ("sell", 2)]
    assert told["moves"] == [{"before": "sell", "after": "first", "people": 1}]


# When.


def test_campaigns_of_other_months_take_no_part(made: Contacting, c360: CommandLine) -> None:
    change(made, "priority=2,", 'priority=2, starts="2026-12-01",')
    assert shares(c360("arbitrate", "--month", MONTH, "--json").json) == {"stay": (2, 0, 0, 2)}
    found = c360("arbitrate", "--month", MONTH, "--only", "sell")
    assert (found.code, "does not run in 2026-11" in found.err) == (2, True)


def test_a_campaign_that_starts_in_the_month_contacts_from_then_on(made: Contacting, c360: CommandLine) -> None:
    change(made, "priority=2,", 'priority=2, starts="2026-11-15",')
    told = c360("arbitrate", "--month", MONTH, "--json").json
    assert [(one["name"], one["on"]) for one in told["campaigns"]] == [("stay", "2026-11-02"), ("sell", "2026-11-16")]


def test_a_campaign_that_ends_before_the_day_of_contact_is_left_out_and_told(made: Contacting, c360: CommandLine) -> None:
    change(made, "priority=2,", 'priority=2, ends="2026-11-01",')
    found = c360("arbitrate", "--month", MONTH)
    assert "left out: sell, ended on 2026-11-01, before the day of contact, 2026-11-02" in found.err
    told = "no campaign takes part in 2026-11: sell ended on 2026-11-01, before the day of contact, 2026-11-02"
    assert told in c360("arbitrate", "--month", MONTH, "--only", "sell").err


@pytest.mark.parametrize(
    ("options", "kind", "told"),
    [
        ({"month": "2026-13"}, UsageError, "expected a month, found '2026-13'"),
        ({"month": "2026-10"}, UsageError, "2026-11-02 .* is not in 2026-10"),
        ({"month": MONTH, "on": "2026-12-01"}, UsageError, "2026-12-01 .* is not in 2026-11"),
        ({"month": MONTH, "on": "2026-11-08"}, Refused, "is a quiet day"),
        ({"month": MONTH, "only": ("stey",)}, NothingMatched, "unknown campaign 'stey'"),
        ({"month": MONTH, "without": ("stay", "sell")}, NothingMatched, "no campaign takes part in 2026-11"),
        ({"month": MONTH, "preview": True, "folder": "out"}, UsageError, "a preview writes nothing"),
    ],
)
def test_what_cannot_be_is_refused(made: Contacting, options: dict[str, Any], kind: type[C360Error], told: str) -> None:
    opened = made.opened()
    with pytest.raises(kind, match=told):
        opened.arbitrate(**options)
    opened.close()


def test_without_a_policy_there_is_nothing_to_decide_by(made: Contacting, c360: CommandLine) -> None:
    text = (made.folder / "c360.toml").read_text(encoding="utf-8")
    (made.folder / "c360.toml").write_text(text.split("[policy]")[0], encoding="utf-8")
    found = c360("arbitrate", "--month", MONTH)
    assert (found.code, "there is no contact policy here" in found.err) == (2, True)


# The library of campaigns.


def test_campaigns_lists_what_is_defined_the_first_to_choose_first(c360: CommandLine) -> None:
    assert [(row["name"], row["priority"], row["segment"], row["channels"]) for row in c360("campaigns").rows] == [
        ("stay", "1", "northern", "call, sms"),
        ("sell", "2", "everybody", "sms, call"),
    ]
    first = c360("campaigns", "--json").json["campaigns"][0]
    assert (first["name"], first["title"], first["zh"], first["owner"], first["limit"]) == (
        "stay",
        "Stay",
        "挽留",
        "retention",
        None,
    )


def test_one_campaign_in_full(c360: CommandLine) -> None:
    found = c360("campaigns", "stay")
    assert found.out.splitlines()[0] == "stay  Stay  挽留"
    assert "  offer        name gift, cost 5.0" in found.out
    assert "no list of it has left yet" in found.err
    card = c360("campaigns", "stay", "--json").json
    assert (card["offer"]["cost"], card["columns"], card["lists"], card["plays"]) == (5.0, ["age"], [], [])


def test_a_campaign_shows_the_plays_that_fit_its_segment(made: Contacting, c360: CommandLine) -> None:
    play = 'visit = play(title="Visit", zh="走访", law="cost", text="Go there.", answers=[northern])\n'
    change(made, "stay = campaign", play + "stay = campaign")
    assert "  play         visit  Visit" in c360("campaigns", "stay").out


def test_an_unknown_campaign_is_told_with_the_nearest(c360: CommandLine) -> None:
    found = c360("campaigns", "stey")
    assert (found.code, "did you mean 'stay'?" in found.err) == (2, True)


@pytest.mark.thorough
def test_past_lists_are_told_the_last_first(c360: CommandLine, tmp_path: Path) -> None:
    assert c360("campaigns", "--past", "--json").json == {"lists": []}
    c360("arbitrate", "--month", MONTH, "-o", str(tmp_path / "out"))
    lists = c360("campaigns", "--past", "--json").json["lists"]
    assert {(one["name"], one["rows"], one["on"], one["results"]) for one in lists} == {
        ("stay", 2, "2026-11-02", None),
        ("sell", 2, "2026-11-02", None),
    }
    assert [one["name"] for one in c360("campaigns", "stay", "--json").json["lists"]] == ["stay"]
    assert len(c360("campaigns", "--past").rows) == 2


def test_no_campaign_at_all_is_told(made: Contacting, c360: CommandLine) -> None:
    (made.folder / "segments" / "campaigns.py").unlink()
    assert (c360("campaigns").code, c360("arbitrate", "--month", MONTH).code) == (2, 2)


def test_check_counts_campaigns(c360: CommandLine) -> None:
    assert ", 2 campaigns, " in c360("check").err
