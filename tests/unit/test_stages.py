"""The stages of a list after its rule, on frames one can count by hand, and against a plain reckoning row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from c360.deliver.stages import (
    ARM,
    CHANNEL,
    GROUP,
    HELD_OUT,
    KEY,
    LEFT_AT,
    PERSON,
    PREFERENCE,
    TREATED,
    Narrowing,
    Step,
    among,
    flag,
)
from c360.deliver.waterfall import Stage, Waterfall

CHANNELS = ("sms", "call", "visit")
FULL, LIMIT, HOLDOUT = (
    Step("capacity", "capacity", "no room"),
    Step("limit", "limit", "the first"),
    Step("holdout", "holdout", "held out"),
)


def step(name: str) -> Step:
    """Return a step of a name."""
    return Step(name, "suppression", f"left out for {name}")


def listed(keys: str, channels: Sequence[str] = (), **columns: Any) -> Narrowing:
    """Return a list of rows called by one letter each, in this order, which are persons of their own."""
    return Narrowing(pl.DataFrame({KEY: list(keys), PERSON: list(keys), **columns}), channels)


def still(narrowing: Narrowing) -> str:
    """Return who is still in, in order."""
    return "".join(narrowing.frame.filter(pl.col(LEFT_AT) == 0)[KEY])


def chosen(narrowing: Narrowing) -> dict[str, str | None]:
    """Return the channel of everybody who is still in."""
    return dict(narrowing.frame.filter(pl.col(LEFT_AT) == 0).select(KEY, CHANNEL).iter_rows())


def choose(narrowing: Narrowing, limit: int | None = None, held: str = "", capacity: Mapping[str, int] | None = None) -> Narrowing:
    """Give each row a channel; *held* are held out."""
    is_held = pl.Series("held", [key in held for key in narrowing.frame[KEY]], pl.Boolean)
    narrowing.choose((FULL, LIMIT), limit, is_held, capacity or {})
    return narrowing


# Leaving.


def test_who_meets_a_condition_goes_and_so_does_who_may() -> None:
    narrowing = listed("ABC", barred=[True, False, None])
    narrowing.out(step("barred"), pl.col("barred"))
    assert still(narrowing) == "B"


def test_the_first_reason_is_kept() -> None:
    narrowing = listed("ABC")
    narrowing.out(step("one"), pl.col(KEY).is_in(["A"]))
    narrowing.out(step("two"), pl.col(KEY).is_in(["A", "B"]))
    assert narrowing.reasons().rows() == [("A", "one", "left out for one"), ("B", "two", "left out for two")]
    assert narrowing.left == 3 - 2


def test_two_steps_of_one_name_keep_their_own_words() -> None:
    narrowing = listed("AB")
    narrowing.out(Step("minors", "suppression", "under age when asked"), pl.col(KEY) == "A")
    narrowing.out(Step("minors", "suppression", "under age by now"), pl.col(KEY) == "B")
    assert narrowing.reasons()["reason"].to_list() == ["under age when asked", "under age by now"]


def test_persons_may_be_several_rows() -> None:
    narrowing = Narrowing(pl.DataFrame({KEY: ["L1", "L2", "L3"], PERSON: ["C1", "C2", "C1"]}))
    narrowing.out(step("erased"), among(["C1"]))
    assert narrowing.frame.filter(pl.col(LEFT_AT) == 0)[KEY].to_list() == ["L2"]


# Channels.


def test_a_row_goes_with_its_last_channel() -> None:
    narrowing = listed("ABC", CHANNELS[:2], agreed=[["sms", "call"], ["call"], []], can_sms=[False, True, True])
    narrowing.narrow(step("consent"), {channel: pl.col("agreed").list.contains(channel) for channel in CHANNELS[:2]})
    assert still(narrowing) == "AB"
    narrowing.narrow(step("reach"), {"sms": pl.col("can_sms")})
    assert still(narrowing) == "AB", "A keeps calls, B never had texts"
    narrowing.narrow(step("cap"), {"call": pl.lit(value=False)})
    assert still(narrowing) == ""
    assert narrowing.reasons().select(KEY, "stage").rows() == [("A", "cap"), ("B", "cap"), ("C", "consent")]


def test_what_is_not_known_closes_a_channel() -> None:
    narrowing = listed("A", ("sms",), reach=[None])
    narrowing.narrow(step("reach"), {"sms": pl.col("reach")})
    assert still(narrowing) == ""


def test_the_channel_is_the_first_that_the_person_likes_then_the_first_that_was_asked_for() -> None:
    liked = [["call", "sms"], [], None, ["visit", "call"], ["fax"]]
    narrowing = listed("ABCDE", CHANNELS, **{PREFERENCE: pl.Series(liked, dtype=pl.List(pl.String))})
    narrowing.narrow(step("consent"), {"visit": pl.lit(value=False)})
    assert chosen(choose(narrowing)) == {"A": "call", "B": "sms", "C": "sms", "D": "call", "E": "sms"}


def test_the_channels_asked_for_are_tried_in_their_order() -> None:
    assert chosen(choose(listed("A", ("visit", "sms")))) == {"A": "visit"}
    assert listed("A", ("visit", "sms")).open_channels()["open"].to_list() == [["visit", "sms"]]


def test_open_channels_stand_in_the_order_in_which_they_would_be_chosen() -> None:
    liked = pl.Series([["visit", "call"], None], dtype=pl.List(pl.String))
    narrowing = listed("AB", CHANNELS, **{PREFERENCE: liked})
    narrowing.narrow(step("consent"), {"call": pl.col(KEY) == "B"})
    assert narrowing.open_channels()["open"].to_list() == [["visit", "sms"], ["sms", "call", "visit"]]


def test_without_channels_nobody_has_one() -> None:
    assert chosen(choose(listed("AB"))) == {"A": None, "B": None}


# One a group.


def test_the_first_of_each_group_in_order_stays() -> None:
    narrowing = listed("ABCDE", **{GROUP: ["x", "y", "x", "y", "z"]})
    narrowing.one_per(step("one per"))
    assert still(narrowing) == "ABE"


def test_who_is_out_already_takes_no_place_in_a_group() -> None:
    narrowing = listed("ABC", **{GROUP: ["x", "x", "x"]})
    narrowing.out(step("barred"), pl.col(KEY) == "A")
    narrowing.one_per(step("one per"))
    assert still(narrowing) == "B"


def test_a_row_without_a_group_stands_for_itself() -> None:
    narrowing = listed("ABC", **{GROUP: pl.Series([None, None, "x"], dtype=pl.String)})
    narrowing.one_per(step("one per"))
    assert still(narrowing) == "ABC"


# Room, limit, holdout.


def test_the_first_in_order_take_the_room_there_is_and_the_next_go_elsewhere() -> None:
    narrowing = listed("ABCD", ("call", "sms"))
    narrowing.narrow(step("consent"), {"sms": pl.col(KEY) != "C"})
    assert chosen(choose(narrowing, capacity={"call": 2})) == {"A": "call", "B": "call", "D": "sms"}
    assert narrowing.reasons().select(KEY, "stage").rows() == [("C", "capacity")]


def test_the_held_out_take_no_room() -> None:
    narrowing = choose(listed("ABCD", ("call",)), held="AC", capacity={"call": 1})
    assert still(narrowing) == "AB", "B took the only place, so the list and its holdout end there"


def test_the_limit_counts_contacted_and_held_out() -> None:
    narrowing = choose(listed("ABCD", ("sms",)), limit=3, held="B")
    narrowing.hold_out(HOLDOUT)
    assert still(narrowing) == "AC"
    assert dict(narrowing.frame.select(KEY, ARM).iter_rows()) == {"A": TREATED, "B": HELD_OUT, "C": TREATED, "D": None}


def test_who_found_no_room_does_not_count_for_the_limit() -> None:
    narrowing = listed("ABCD", ("call", "sms"))
    narrowing.narrow(step("consent"), {"sms": pl.col(KEY).is_in(["C", "D"])})
    assert chosen(choose(narrowing, limit=2, capacity={"call": 1})) == {"A": "call", "C": "sms"}


def test_behind_the_limit_nobody_takes_room() -> None:
    narrowing = choose(listed("ABC", ("call",)), limit=1, capacity={"call": 2})
    assert [row for row in narrowing.reasons().select(KEY, "stage").iter_rows()] == [("B", "limit"), ("C", "limit")]


def test_without_a_share_nobody_is_held_out() -> None:
    narrowing = choose(listed("AB"))
    narrowing.hold_out(None)
    assert narrowing.frame[ARM].to_list() == [TREATED, TREATED]
    assert [one.name for one in narrowing.steps] == ["limit"][:0]


# Against a plain reckoning.

FLAGS = st.lists(st.booleans(), min_size=3, max_size=3)


@dataclass(frozen=True)
class Row:
    """One row: who is barred, which channels it agreed to and is reached on, what it likes, its group, whether it is held out."""

    barred: bool | None
    agreed: list[bool]
    reached: list[bool]
    likes: list[str]
    group: str | None
    held: bool


ROWS = st.lists(
    st.builds(
        Row, barred=st.sampled_from((True, False, False, None)), agreed=FLAGS, reached=FLAGS,
        likes=st.lists(st.sampled_from((*CHANNELS, "fax")), max_size=3),
        group=st.sampled_from(("x", "y", None)), held=st.booleans(),
    ),
    max_size=9,
)  # fmt: skip
ROOM = st.dictionaries(st.sampled_from(CHANNELS), st.integers(0, 3))
LIMITS = st.none() | st.integers(1, 5)
ONE_PER = st.booleans()


def reckoned(rows: list[Row], one_per: bool, limit: int | None, room: dict[str, int]) -> list[tuple[str, str | None]]:
    """Return for each row what became of it, and its channel where it is on the list or held out."""
    room, groups, taken, found = dict(room), set[str](), 0, list[tuple[str, str | None]]()
    for row in rows:
        consented = [c for c, yes in zip(CHANNELS, row.agreed, strict=True) if yes]
        opened = [c for c, yes in zip(CHANNELS, row.reached, strict=True) if yes and c in consented]
        wanted = [c for c in (*row.likes, *CHANNELS) if c in opened]
        channel = next((c for c in wanted if room.get(c, 1) > 0), None)
        if row.barred is not False:
            found.append(("barred", None))
        elif not consented:
            found.append(("consent", None))
        elif not opened:
            found.append(("reach", None))
        elif one_per and row.group in groups:
            found.append(("one per", None))
        elif channel is None and (limit is None or taken < limit):
            found.append(("capacity", None))
        elif limit is not None and taken >= limit:
            found.append(("limit", None))
        else:
            taken += 1
            if not row.held and channel in room:
                room[channel] -= 1
            found.append((HELD_OUT if row.held else TREATED, channel))
        if found[-1][0] not in ("barred", "consent", "reach") and row.group is not None:
            groups.add(row.group)
    return found


def staged(rows: list[Row], one_per: bool, limit: int | None, room: dict[str, int]) -> Narrowing:
    """Take rows through all stages."""
    columns: dict[str, Any] = {
        "barred": pl.Series([row.barred for row in rows], dtype=pl.Boolean),
        PREFERENCE: pl.Series([row.likes for row in rows], dtype=pl.List(pl.String)),
        GROUP: pl.Series([row.group for row in rows], dtype=pl.String),
    }
    for number, channel in enumerate(CHANNELS):
        columns["agreed " + channel] = pl.Series([row.agreed[number] for row in rows], dtype=pl.Boolean)
        columns["reached " + channel] = pl.Series([row.reached[number] for row in rows], dtype=pl.Boolean)
    keys = pl.Series([str(number) for number in range(len(rows))], dtype=pl.String)
    narrowing = Narrowing(pl.DataFrame({KEY: keys, PERSON: keys, **columns}), CHANNELS)
    narrowing.out(step("barred"), pl.col("barred"))
    narrowing.narrow(step("consent"), {channel: pl.col("agreed " + channel) for channel in CHANNELS})
    narrowing.narrow(step("reach"), {channel: pl.col("reached " + channel) for channel in CHANNELS})
    if one_per:
        narrowing.one_per(step("one per"))
    held = pl.Series("held", [row.held for row in rows], pl.Boolean)
    narrowing.choose((FULL, LIMIT), limit, held, room)
    narrowing.hold_out(HOLDOUT)
    return narrowing


@pytest.mark.thorough
@settings(derandomize=True, deadline=None, database=None, max_examples=150)
@given(ROWS, ONE_PER, LIMITS, ROOM)
def test_every_row_ends_where_a_plain_reckoning_puts_it(
    rows: list[Row], one_per: bool, limit: int | None, room: dict[str, int]
) -> None:
    narrowing = staged(rows, one_per, limit, room)
    reasons = dict(narrowing.reasons().select(KEY, "stage").iter_rows())
    found = [
        (reasons.get(key, TREATED), channel if arm is not None else None)
        for key, channel, arm in narrowing.frame.select(KEY, CHANNEL, ARM).iter_rows()
    ]
    assert found == reckoned(rows, one_per, limit, room)


@pytest.mark.thorough
@settings(derandomize=True, deadline=None, database=None, max_examples=60)
@given(ROWS, ONE_PER, LIMITS, ROOM)
def test_the_stages_add_up_and_everybody_is_accounted_for_once(
    rows: list[Row], one_per: bool, limit: int | None, room: dict[str, int]
) -> None:
    narrowing = staged(rows, one_per, limit, room)
    whole = Waterfall((Stage("all", "all", "all rows", len(rows), 0, 0, len(rows)),))
    stages = narrowing.added_to(whole).ended("rows in the list").stages
    assert all(one.entered - one.removed == one.left for one in stages)
    assert all(before.left == after.entered for before, after in zip(stages, stages[1:], strict=False))
    counted = dict(narrowing.reasons()["stage"].value_counts().iter_rows())
    assert {one.name: one.removed for one in stages if one.removed} == counted
    assert sum(counted.values()) + stages[-1].left == len(rows)
    assert len(still(narrowing)) == stages[-1].left
    channels = narrowing.frame.filter(pl.col(LEFT_AT) == 0)[CHANNEL].value_counts()
    assert all(rows <= room.get(channel, rows) for channel, rows in channels.iter_rows()), "no channel is fuller than it may be"


def test_a_channel_has_a_column_of_its_own() -> None:
    assert flag("sms") == "open:sms"
    assert {"open:sms", "open:call"} <= set(listed("A", ("sms", "call")).frame.columns)
