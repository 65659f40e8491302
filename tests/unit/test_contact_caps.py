"""Frequency caps and distances between campaigns, on contacts one can count by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from c360.bindings.policy import Cap
from c360.deliver.caps import capped, over, reach, too_near

ON = date(2026, 11, 20)
SCHEMA = {"person": pl.String, "on": pl.Date, "channel": pl.String, "purpose": pl.String, "name": pl.String}


@dataclass(frozen=True)
class Apart:
    """A campaign not to meet within so many days."""

    name: str
    days: int


def touches(text: str) -> pl.DataFrame:
    """Return the contacts of a text: ``C1 2026-11-01 sms offer spring; …``."""
    rows = [one.split() for one in text.split(";") if one.strip()]
    return pl.DataFrame(
        [(person, date.fromisoformat(on), channel, purpose, *(rest or [""])) for person, on, channel, purpose, *rest in rows],
        schema=SCHEMA, orient="row",
    )  # fmt: skip


def refused(found: pl.DataFrame, channel: str = "sms") -> list[str]:
    """Return who of three may not be contacted."""
    persons = pl.DataFrame({"person": ["C1", "C2", "C3"]})
    return persons.filter(capped(found, channel))["person"].to_list()


def test_two_in_thirty_days_leave_no_room_for_a_third() -> None:
    known = touches("C1 2026-11-01 sms offer; C1 2026-11-10 call care; C2 2026-11-10 sms offer")
    assert refused(over(known, [Cap(most=2, days=30)], ON, "offer")) == ["C1"]


def test_a_contact_leaves_the_window_on_the_day_it_is_so_many_days_old() -> None:
    known = touches("C1 2026-10-21 sms offer; C2 2026-10-22 sms offer")  # 30 and 29 days before
    assert refused(over(known, [Cap(most=1, days=30)], ON, "offer")) == ["C2"]


def test_contacts_still_to_come_count_too() -> None:
    known = touches("C1 2026-12-19 sms offer; C2 2026-12-20 sms offer")
    assert refused(over(known, [Cap(most=1, days=30)], ON, "offer")) == ["C1"]


def test_one_contact_on_either_side_is_no_full_window() -> None:
    known = touches("C1 2026-11-05 sms offer; C1 2026-12-05 sms offer; C2 2026-11-05 sms offer; C2 2026-12-04 sms offer")
    assert refused(over(known, [Cap(most=2, days=30)], ON, "offer")) == ["C2"]  # 5 November to 4 December are thirty days


def test_a_cap_of_a_channel_counts_and_closes_that_channel_only() -> None:
    found = over(touches("C1 2026-11-19 sms offer; C2 2026-11-19 call offer"), [Cap(most=1, days=7, channel="sms")], ON, "offer")
    assert (refused(found, "sms"), refused(found, "call")) == (["C1"], [])


def test_a_cap_of_a_purpose_counts_and_binds_that_purpose_only() -> None:
    known, caps = touches("C1 2026-11-19 sms offer; C2 2026-11-19 sms care"), [Cap(most=1, days=7, purpose="offer")]
    assert (refused(over(known, caps, ON, "offer")), refused(over(known, caps, ON, "care"))) == (["C1"], [])


def test_none_at_all_forbids_also_whom_nobody_ever_contacted() -> None:
    found = over(touches(""), [Cap(most=0, days=1, channel="call")], ON, "offer")
    assert (refused(found, "call"), refused(found, "sms")) == (["C1", "C2", "C3"], [])
    assert found.rows() == [(None, "call", 0)]


def test_two_equal_contacts_are_two() -> None:
    known = touches("C1 2026-11-19 sms offer; C1 2026-11-19 sms offer; C2 2026-11-19 sms offer")
    assert refused(over(known, [Cap(most=2, days=7)], ON, "offer")) == ["C1"]


def test_which_cap_was_met_is_told() -> None:
    caps = [Cap(most=5, days=30), Cap(most=1, days=7), Cap(most=1, days=30, channel="sms")]
    assert over(touches("C1 2026-11-19 sms offer"), caps, ON, "offer").rows() == [("C1", "", 1), ("C1", "sms", 2)]


def test_campaigns_keep_their_distance_on_both_sides() -> None:
    known = touches(
        "C1 2026-10-21 sms offer spring; C2 2026-10-20 sms offer spring;"
        "C3 2026-12-20 sms care winter; C3 2026-12-20 sms care winter"
    )
    near = too_near(known, [Apart("spring", 30), Apart("winter", 30)], ON)
    assert near.rows() == [("C1", "spring"), ("C3", "winter")]


def test_a_distance_reaches_as_far_as_it_says_and_a_window_a_day_less() -> None:
    assert (reach([Cap(most=1, days=30)]), reach([Cap(most=1, days=7)], [Apart("spring", 30)]), reach([])) == (29, 30, -1)
