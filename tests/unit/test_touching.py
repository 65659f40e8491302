"""Contacts near a day: of the contact source by its binding and rule, of lists that left, each counted once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from c360.errors import DefinitionError, Refused, UnknownName
from c360.lists.suppressing import Touches, touches
from contacting import ON, Contacting, listed

CAPS = '[{ most = 2, days = 30 }, { most = 1, days = 7, channel = "sms" }]'


@pytest.fixture
def made(tmp_path: Path) -> Contacting:
    """Seven customers, with caps of 30 days."""
    found = Contacting(tmp_path / "work").make()
    found.configure(caps=CAPS)
    return found


def near(made: Contacting, without: str = "", lists: tuple[Any, ...] = (), **options: Any) -> Touches:
    """Return the contacts near the day, with *lists* in the ledger."""
    workspace = made.opened()
    try:
        for record, rows in lists:
            workspace.records.ledger.record(record, rows)
        return touches(workspace, ON, without, **options)
    finally:
        workspace.close()


def test_contacts_of_ours_in_the_widest_window_are_read_and_others_are_not(made: Contacting) -> None:
    made.add(
        "contact", "C1 2026-10-04 sms out offer autumn", "C1 2026-10-03 sms out offer autumn", "C2 2026-10-20 call in care -",
        "C2 2026-12-01 短信 out offer -", "C2 2026-12-02 sms out offer -", "C3 2026-11-02 - out - -",
    )  # fmt: skip
    found = near(made)
    assert found.frame.rows() == [
        ("C1", date(2026, 10, 4), "sms", "offer", "autumn", ""),
        ("C2", date(2026, 12, 1), "sms", "offer", "", ""),
        ("C3", date(2026, 11, 2), "", "", "", ""),
    ]
    assert found.sources["contact"]["rows"] == 6 and found.sources["contact"]["last_day"] == "2026-12-02"


def test_a_campaign_set_further_apart_widens_the_window(made: Contacting) -> None:
    made.add("contact", "C1 2026-10-03 sms out offer autumn", "C1 2026-10-02 sms out offer autumn")
    assert near(made, days=30).frame["on"].to_list() == [date(2026, 10, 3)]


def test_without_caps_or_distances_nothing_is_read(made: Contacting) -> None:
    made.configure(caps="[]")
    (made.folder / "data" / "contact.csv").unlink()
    assert near(made).frame.is_empty()
    with pytest.raises(Refused, match="how often somebody was contacted cannot be told"):
        near(made, days=1)


def test_lists_that_left_count_and_are_named(made: Contacting) -> None:
    found = near(made, lists=(listed("b1", date(2026, 11, 20), {"C1": "sms"}), listed("a1", date(2026, 10, 10), {"C2": "call"})))
    assert found.frame.rows() == [
        ("C1", date(2026, 11, 20), "sms", "offer", "spring", "b1"),
        ("C2", date(2026, 10, 10), "call", "offer", "spring", "a1"),
    ]
    assert found.lists == ("a1", "b1")


def test_a_list_for_analysis_contacts_nobody(made: Contacting) -> None:
    assert near(made, lists=(listed("a1", ON, {"C1": "sms"}, purpose="analysis"),)).frame.is_empty()


def test_a_contact_that_came_of_a_list_is_counted_once_on_the_lists_day(made: Contacting) -> None:
    made.add(
        "contact", "C1 2026-10-10 sms out offer -", "C1 2026-10-24 sms out offer -", "C1 2026-10-25 sms out offer -",
        "C1 2026-10-12 call out offer -", "C1 2026-10-12 sms out care -", "C1 2026-10-09 sms out offer -",
        "C2 2026-10-12 sms out offer -",
    )  # fmt: skip
    found = near(made, lists=(listed("a1", date(2026, 10, 10), {"C1": "sms"}),))
    kept = [(person, on.day, channel, purpose, by) for person, on, channel, purpose, _, by in found.frame.rows()]
    assert kept == [
        ("C1", 9, "sms", "offer", ""),  # before the list
        ("C1", 10, "sms", "offer", "a1"),
        ("C1", 12, "call", "offer", ""),  # another channel
        ("C1", 12, "sms", "care", ""),  # another purpose
        ("C1", 25, "sms", "offer", ""),  # fifteen days after it
        ("C2", 12, "sms", "offer", ""),  # another customer
    ]


def test_a_contact_of_a_list_before_the_window_is_that_lists_still(made: Contacting) -> None:
    made.add("contact", "C1 2026-10-06 sms out offer -")
    assert near(made, lists=(listed("a1", date(2026, 10, 1), {"C1": "sms"}),)).frame.is_empty()


def test_a_list_made_again_is_not_counted_against_itself_nor_are_its_contacts(made: Contacting) -> None:
    made.add("contact", "C1 2026-11-03 sms out offer -", "C2 2026-11-03 sms out offer -")
    found = near(made, without="ra1", lists=(listed("a1", ON, {"C1": "sms"}),))
    assert found.frame["person"].to_list() == ["C2"] and found.lists == ()


def test_contacts_of_lines_reach_their_customer(made: Contacting) -> None:
    made.configure(
        made.policy.replace('channel = "way"\ncampaign = "campaign"\nwhere = "direction = \'out\'"', 'source = "call_back"')
    )
    made.configure(made.policy.replace('source = "call_back"', 'source = "call_back"\nchannel = ""\npurpose = ""'), caps=CAPS)
    made.add("call_back", "L1 2026-11-01", "L9 2026-11-01")
    assert near(made).frame.rows() == [("C1", date(2026, 11, 1), "", "", "", "")]


@pytest.mark.parametrize(
    ("old", "new", "error", "told"),
    [
        ('channel = "way"', 'channel = "ways"', UnknownName, "did you mean 'way'"),
        ("direction = 'out'", "direktion = 'out'", UnknownName, r"unknown column of contact 'direktion'[^$]*policy.contacts"),
        ("direction = 'out'", "direction = 'aut'", DefinitionError, "aut"),
        ('channel = "way"', 'channel = "way"\non = "way"', DefinitionError, "'way' of contact is no date"),
        ('channel = "way"', 'channel = "way"\nsource = "contacts"', UnknownName, "did you mean 'contact'"),
    ],
)  # fmt: skip
def test_a_contact_source_that_is_told_wrongly_is_refused(
    made: Contacting, old: str, new: str, error: type[Exception], told: str
) -> None:
    made.configure(made.policy.replace(old, new), caps=CAPS)
    with pytest.raises(error, match=told):
        near(made)
