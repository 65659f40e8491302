"""`c360 segments NAME` shows the plays that fit, in both languages and as JSON."""

from __future__ import annotations

import pytest

import c360 as library
from tiny import CommandLine, Workspace

PLAYS = """\
from c360 import play, segment
from segments.keeping import active
from tags.value import value_tier

reward = play(
    title="Reward early renewal", zh="提前续约奖励", law="cost", strategy="raise_sunk_cost", moment="leaving", trigger=active,
    text="Offer points for a year more.", text_zh="续约一年送积分。", answers=[value_tier >= "low"],
)
lower = play(title="Lower the fee", law="product", text="Offer the small plan.", answers=[value_tier == "minimal"])
worth_it = segment(value_tier == "high", universe=active)
"""


@pytest.fixture(autouse=True)
def plays(workspace: Workspace) -> None:
    """Give the workspace two plays and a segment that one of them fits."""
    workspace.add("segments/plays.py", PLAYS)


def lines(c360: CommandLine, *arguments: str) -> list[str]:
    """Return the lines of a card that tell plays."""
    return [
        line.split(maxsplit=1)[1] for line in c360(*arguments).out.splitlines() if line.strip().startswith(("play ", "保有法则 "))
    ]


def test_the_card_of_a_segment_shows_the_plays_that_fit(c360: CommandLine) -> None:
    told = "reward  Reward early renewal (cost, raise sunk cost, leaving): Offer points for a year more."
    assert lines(c360, "segments", "worth_it") == [told]
    assert lines(c360, "segments", "active") == []
    assert lines(c360, "tags", "value_tier") == []


def test_chinese_where_it_is_asked_for(c360: CommandLine) -> None:
    assert lines(c360, "--lang", "zh", "segments", "worth_it") == [
        "reward  提前续约奖励 (成本法则, 提高沉没成本, 离网): 续约一年送积分。"
    ]


def test_json_tells_whom_a_play_answers(c360: CommandLine) -> None:
    (play,) = c360("segments", "worth_it", "--json").json["plays"]
    assert play["answers"] == [{"kind": "tag", "name": "value_tier", "levels": ["low", "high"]}]
    assert (play["name"], play["law"], play["law_zh"], play["trigger"]) == ("reward", "cost", "成本法则", "active")
    assert (play["where"], c360("segments", "active", "--json").json["plays"]) == ("segments/plays.py:5", [])


def test_the_library_returns_plays(workspace: Workspace) -> None:
    opened = library.open(workspace.folder)
    assert [play.name for play in opened.plays_for("worth_it")] == ["reward"]
    assert list(opened.catalog.plays) == ["reward", "lower"]


def test_plays_survive_a_rule_as_text(workspace: Workspace) -> None:
    asked = library.open(workspace.folder).with_rule("value_tier = 'minimal'")
    assert [play.name for play in asked.plays_for("where")] == ["lower"]
