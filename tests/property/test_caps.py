"""Caps against a plain reckoning of every window, and a life of contacts that never breaks one."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from c360.bindings.policy import Cap
from c360.deliver.caps import capped, over, reach

MIDDLE = date(2026, 11, 10)
CHANNELS, PURPOSES = ("sms", "call"), ("offer", "care")
SCHEMA = {"person": pl.String, "on": pl.Date, "channel": pl.String, "purpose": pl.String}

days = st.integers(-8, 8).map(lambda n: MIDDLE + timedelta(days=n))
touch = st.tuples(st.sampled_from("AB"), days, st.sampled_from((*CHANNELS, "")), st.sampled_from((*PURPOSES, "")))
cap = st.builds(
    Cap, most=st.integers(0, 3), days=st.integers(1, 7), channel=st.sampled_from(("", *CHANNELS)),
    purpose=st.sampled_from(("", *PURPOSES)),
)  # fmt: skip
Touch = tuple[str, date, str, str]
STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=150)


def frame(touches: list[Touch]) -> pl.DataFrame:
    """Return contacts as a frame."""
    return pl.DataFrame(touches, schema=SCHEMA, orient="row")


def is_over(touches: list[Touch], person: str, one: Cap) -> bool:
    """Say whether some days in a row, as many as the cap says, hold more contacts of *person* than it allows."""
    own = [
        on for who, on, channel, purpose in touches
        if who == person and one.channel in ("", channel) and one.purpose in ("", purpose)
    ]  # fmt: skip
    starts = [MIDDLE + timedelta(days=n) for n in range(-20, 21)]
    return any(sum(first <= on < first + timedelta(days=one.days) for on in own) > one.most for first in starts)


def breaks(touches: list[Touch], new: Touch, one: Cap) -> bool:
    """Say whether *new* is one contact too many for a cap: some window with its day holds more than it allows then."""
    if one.purpose not in ("", new[3]) or one.channel not in ("", new[2]):
        return False
    firsts = [new[1] - timedelta(days=n) for n in range(one.days)]
    near = [
        (first, [
            on for who, on, channel, purpose in [*touches, new]
            if who == new[0] and one.channel in ("", channel) and one.purpose in ("", purpose)
            and first <= on < first + timedelta(days=one.days)
        ])
        for first in firsts
    ]  # fmt: skip
    return any(len(held) > one.most for _, held in near)


@pytest.mark.thorough
@STEADY
@given(st.lists(touch, max_size=12), st.lists(cap, max_size=3), days, st.sampled_from(CHANNELS), st.sampled_from(PURPOSES))
def test_caps_refuse_what_a_plain_reckoning_of_every_window_refuses(
    touches: list[Touch], caps: list[Cap], on: date, channel: str, purpose: str
) -> None:
    found = over(frame(touches), caps, on, purpose)
    persons = pl.DataFrame({"person": ["A", "B"]})
    for number, one in enumerate(caps):
        asked = persons.with_columns(capped(found, channel, number).alias("no"))
        assert dict(asked.iter_rows()) == {who: breaks(touches, (who, on, channel, purpose), one) for who in "AB"}


@pytest.mark.thorough
@STEADY
@given(st.lists(touch, max_size=12), st.lists(cap, min_size=1, max_size=3), days)
def test_contacts_beyond_the_reach_of_caps_do_not_matter(touches: list[Touch], caps: list[Cap], on: date) -> None:
    near = [one for one in touches if abs((one[1] - on).days) <= reach(caps)]
    assert over(frame(near), caps, on, "offer").equals(over(frame(touches), caps, on, "offer"))


@pytest.mark.thorough
@STEADY
@given(st.lists(touch, max_size=12), st.lists(cap, max_size=3), days, st.randoms(use_true_random=False))
def test_the_order_of_contacts_does_not_matter(touches: list[Touch], caps: list[Cap], on: date, random: Random) -> None:
    mixed = list(touches)
    random.shuffle(mixed)
    assert over(frame(mixed), caps, on, "offer").equals(over(frame(touches), caps, on, "offer"))


@pytest.mark.thorough
@STEADY
@given(st.lists(st.tuples(days, st.sampled_from(CHANNELS), st.sampled_from(PURPOSES)), max_size=12), st.lists(cap, max_size=3))
def test_a_life_of_allowed_contacts_breaks_no_cap(asked: list[tuple[date, str, str]], caps: list[Cap]) -> None:
    made: list[Touch] = []
    for on, channel, purpose in asked:
        found = over(frame(made), caps, on, purpose)
        refused = pl.DataFrame({"person": ["A"]}).select(capped(found, channel)).item()
        if not refused:
            made.append(("A", on, channel, purpose))
    assert not any(is_over(made, "A", one) for one in caps)
