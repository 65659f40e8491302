"""Arbitration: one recommendation a person, no limit or capacity exceeded, every pair explained, whatever the order of input."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from c360.deliver.arbitration import FULL, GROUP, LIMIT, LOST, WON, Contest, decide

STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=60)
CHANNELS = ("call", "sms", "app")
SCHEMA = {
    "key": pl.String, "person": pl.String, "open": pl.List(pl.String), "score": pl.Float64, "value": pl.Float64,
    "group": pl.String, "rank": pl.UInt32, "held": pl.Boolean,
}  # fmt: skip
AMOUNTS = st.none() | st.sampled_from([0.0, 0.5, 1.0, 30.0])

Row = tuple[Any, ...]


@st.composite
def contests(draw: st.DrawFn) -> list[Contest]:
    """Draw up to four campaigns over few people, so that they meet; a person may have several rows in one."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        keys = draw(st.lists(st.integers(0, 9), unique=True, max_size=10))
        rows: list[Row] = []
        for rank, key in enumerate(keys):
            person = f"P{key // 2}" if number % 2 else f"P{key}"
            opened = draw(st.lists(st.sampled_from(CHANNELS), unique=True, min_size=1))
            group = draw(st.none() | st.sampled_from(["G1", "G2"]))
            rows.append((f"K{key}", person, opened, draw(AMOUNTS), draw(AMOUNTS), group, rank, draw(st.booleans())))
        frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
        limit = draw(st.none() | st.integers(1, 4))
        found.append(Contest(f"c{number}", draw(st.integers(1, 2)), frame, limit, draw(st.booleans()), draw(st.booleans())))
    return found


CAPACITY = st.dictionaries(st.sampled_from(CHANNELS), st.integers(1, 4))


@pytest.mark.thorough
@STEADY
@given(contests(), CAPACITY)
def test_every_pair_is_explained(found: list[Contest], capacity: dict[str, int]) -> None:
    made = decide(found, capacity, "2026-11")
    pairs = sorted((contest.name, key) for contest in found for key in contest.frame["key"])
    assert list(made.select("campaign", "key").iter_rows()) == pairs
    for row in made.iter_rows(named=True):
        told = (row["outcome"], row["channel"] is not None, row["winner"] is not None, row["full"] is not None)
        assert told in {(WON, not row["held"], False, False), (LOST, False, True, False), (FULL, False, False, True)}


@pytest.mark.thorough
@STEADY
@given(contests(), CAPACITY)
def test_a_person_has_one_recommendation_and_loses_only_to_it(found: list[Contest], capacity: dict[str, int]) -> None:
    made = decide(found, capacity, "2026-11")
    winner = dict(made.filter(outcome=WON).select("person", "campaign").iter_rows())
    assert len(winner) == made.filter(outcome=WON).height
    for row in made.filter(outcome=LOST).iter_rows(named=True):
        assert row["winner"] == winner[row["person"]]


@pytest.mark.thorough
@STEADY
@given(contests(), CAPACITY)
def test_no_limit_group_or_capacity_is_exceeded(found: list[Contest], capacity: dict[str, int]) -> None:
    won = decide(found, capacity, "2026-11").filter(outcome=WON)
    used = Counter(won["channel"].drop_nulls().to_list())
    assert all(used[channel] <= room for channel, room in capacity.items())
    for contest in found:
        mine = won.filter(campaign=contest.name)
        assert contest.limit is None or mine.height <= contest.limit
        taken = mine.join(contest.frame.select("key", "group", "open"), on="key")
        assert taken["group"].drop_nulls().is_unique().all()
        assert all(channel in opened for channel, opened in taken.select("channel", "open").iter_rows() if channel is not None)


@pytest.mark.thorough
@STEADY
@given(contests(), CAPACITY)
def test_what_is_full_is_full(found: list[Contest], capacity: dict[str, int]) -> None:
    made = decide(found, capacity, "2026-11")
    won = made.filter(outcome=WON)
    used = Counter(won["channel"].drop_nulls().to_list())
    for contest in found:
        mine = won.filter(campaign=contest.name).join(contest.frame.select("key", "group"), on="key")
        for row in made.filter(campaign=contest.name, outcome=FULL).join(contest.frame, on="key").iter_rows(named=True):
            if row["full"] == LIMIT:
                assert mine.height == contest.limit
            elif row["full"] == GROUP:
                assert row["group"] in mine["group"]
            else:
                assert row["full"] == f"capacity {row['open'][0]}"
                assert all(used[channel] == capacity[channel] for channel in row["open"])


@pytest.mark.thorough
@STEADY
@given(contests(), CAPACITY, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_campaigns_changes_nothing(
    found: list[Contest], capacity: dict[str, int], chance: random.Random
) -> None:
    mixed = [replace(contest, frame=contest.frame.sample(fraction=1, shuffle=True, seed=7)) for contest in found]
    chance.shuffle(mixed)
    assert decide(mixed, capacity, "2026-11").equals(decide(found, capacity, "2026-11"))


@pytest.mark.thorough
@STEADY
@given(contests(), CAPACITY, st.data())
def test_taking_a_pair_away_that_did_not_win_changes_nothing(
    found: list[Contest], capacity: dict[str, int], data: st.DataObject
) -> None:
    made = decide(found, capacity, "2026-11")
    pairs = list(made.filter(pl.col("outcome") != WON).select("campaign", "key").iter_rows())
    if not pairs:
        return
    name, key = data.draw(st.sampled_from(pairs))
    without = [
        replace(contest, frame=contest.frame.filter(pl.col("key") != key)) if contest.name == name else contest for contest in found
    ]
    kept = made.filter(~((pl.col("campaign") == name) & (pl.col("key") == key)))
    assert decide(without, capacity, "2026-11").equals(kept)


@pytest.mark.thorough
@STEADY
@given(contests())
def test_with_room_for_all_everybody_has_the_first_campaign_that_fits(found: list[Contest]) -> None:
    plain = [replace(contest, limit=None, frame=contest.frame.with_columns(group=None)) for contest in found]
    winners = dict(decide(plain, {}, "2026-11").filter(outcome=WON).select("person", "campaign").iter_rows())
    for person, name in winners.items():
        mine = [contest for contest in plain if person in contest.frame["person"]]
        assert next(c.priority for c in plain if c.name == name) == min(c.priority for c in mine)
    assert set(winners) == {person for contest in plain for person in contest.frame["person"]}


# The order, one idea each.


def frame(
    *rows: tuple[str, float | None, float | None], held: tuple[str, ...] = (), opened: tuple[str, ...] = ("sms",)
) -> pl.DataFrame:
    """Return rows of (person, score, value) in their campaign's order."""
    made = [(p, p, list(opened), score, value, None, rank, p in held) for rank, (p, score, value) in enumerate(rows)]
    return pl.DataFrame(made, schema=SCHEMA, orient="row")


def winners(*found: Contest, **capacity: int) -> dict[str, str]:
    made = decide(found, capacity, "2026-11").filter(outcome=WON)
    return dict(made.select("person", "campaign").iter_rows())


def test_the_lower_priority_number_goes_first_whatever_the_value() -> None:
    retention, offer = Contest("retention", 1, frame(("C1", 0.1, 1.0))), Contest("offer", 2, frame(("C1", 0.9, 900.0)))
    assert winners(offer, retention) == {"C1": "retention"}


def test_of_equal_priority_the_higher_expected_value_wins() -> None:
    one, other = Contest("one", 1, frame(("C1", 0.5, 30.0))), Contest("other", 1, frame(("C1", 0.1, 200.0)))
    assert winners(one, other) == {"C1": "other"}  # 0.1 × 200 > 0.5 × 30


def test_a_campaign_without_score_or_value_counts_one_for_it() -> None:
    plain = Contest("plain", 1, frame(("C1", None, None)), has_score=False, has_value=False)
    assert winners(plain, Contest("scored", 1, frame(("C1", 0.9, None)), has_value=False)) == {"C1": "plain"}
    assert winners(plain, Contest("scored", 1, frame(("C1", 0.9, 2.0)))) == {"C1": "scored"}


def test_an_unknown_score_goes_last() -> None:
    known = Contest("known", 1, frame(("C1", -5.0, 1.0)))
    assert winners(Contest("unknown", 1, frame(("C1", None, 1.0))), known) == {"C1": "known"}
    assert winners(Contest("nan", 1, frame(("C1", float("nan"), 1.0))), known) == {"C1": "known"}


def test_without_scores_the_order_of_the_campaign_says_who_is_under_its_limit() -> None:
    plain = Contest("plain", 1, frame(("C3", None, None), ("C1", None, None), ("C2", None, None)), 2, False, False)
    assert set(winners(plain)) == {"C3", "C1"}


def test_what_is_still_equal_is_decided_by_a_hash_that_another_month_draws_anew() -> None:
    people = [(f"C{n}", 1.0, 1.0) for n in range(40)]
    # One person a campaign and rank, so that only the hash is left to decide between the two.
    found = [Contest(name, 1, frame(*people)) for name in ("one", "other")]
    november, december = (dict(decide(found, {}, m).filter(outcome=WON).select("person", "campaign").iter_rows()) for m in "ab")
    assert 8 <= Counter(november.values())["one"] <= 32
    assert november != december


def test_the_held_out_take_room_under_the_limit_and_none_of_a_channel() -> None:
    found = Contest("one", 1, frame(("C1", 3.0, 1.0), ("C2", 2.0, 1.0), ("C3", 1.0, 1.0), held=("C1",)), limit=2)
    made = decide([found], {"sms": 1}, "2026-11")
    assert list(made.select("person", "outcome", "channel", "full").iter_rows()) == [
        ("C1", WON, None, None),
        ("C2", WON, "sms", None),
        ("C3", FULL, None, LIMIT),
    ]


def test_the_held_out_end_where_the_channels_end_as_the_treated_do() -> None:
    found = Contest("one", 1, frame(("C1", 3.0, 1.0), ("C2", 2.0, 1.0), held=("C2",)))
    made = decide([found], {"sms": 1}, "2026-11")
    assert list(made.select("person", "outcome", "full").iter_rows()) == [("C1", WON, None), ("C2", FULL, "capacity sms")]


def test_who_finds_a_campaign_full_has_the_next() -> None:
    first = Contest("first", 1, frame(("C1", 2.0, 1.0), ("C2", 1.0, 1.0)), limit=1)
    made = decide([first, Contest("second", 2, frame(("C1", 1.0, 1.0), ("C2", 1.0, 1.0)))], {}, "2026-11")
    assert list(made.select("campaign", "person", "outcome", "winner", "full").iter_rows()) == [
        ("first", "C1", WON, None, None),
        ("first", "C2", FULL, None, LIMIT),
        ("second", "C1", LOST, "first", None),
        ("second", "C2", WON, None, None),
    ]


def test_a_full_channel_gives_way_to_the_next_open_one() -> None:
    found = Contest("one", 1, frame(("C1", 2.0, 1.0), ("C2", 1.0, 1.0), opened=("call", "sms")))
    made = decide([found], {"call": 1}, "2026-11")
    assert made["channel"].to_list() == ["call", "sms"]
