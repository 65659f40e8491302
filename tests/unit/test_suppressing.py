"""Consent and suppression read anew: who stays, who goes and for which reason, on which day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from c360.errors import BadValues, DefinitionError, MissingColumn, Refused, UnknownName, UsageError
from c360.lists.suppressing import Reread, known_to, reread
from contacting import ON, Contacting, D


@pytest.fixture
def made(tmp_path: Path) -> Contacting:
    """Seven customers."""
    return Contacting(tmp_path / "work").make()


def asked(made: Contacting, purpose: str = "offer", **options: Any) -> tuple[dict[str, tuple[list[str], str]], Reread]:
    """Return each person's channels and the reason that forbids all contact, and the account."""
    workspace = made.opened()
    day, on = options.pop("day", D), options.pop("on", ON)
    among = options.pop("among", None)
    if among is not None:
        workspace.engine.keep("asked_for", among)
        options["among"] = "asked_for"
    try:
        told = reread(workspace, purpose, day, on, "anew", **options)
        reasons = ["", *(name for name, *_ in told.reasons)]
        rows = workspace.engine.rows("SELECT person, consent, never FROM anew")
        return {person: (consent, reasons[never]) for person, consent, never in rows}, told
    finally:
        workspace.close()


def test_each_person_has_the_channels_agreed_to_and_the_first_reason_against_any(made: Contacting) -> None:
    found, told = asked(made)
    assert found == {
        "C1": (["sms", "call"], ""), "C2": (["sms"], ""), "C3": (["sms"], ""), "C4": (["sms"], "left_alone"),
        "MINOR": (["sms"], "minors"), "AGELESS": (["sms"], "minors"), "SILENT": ([], ""),
    }  # fmt: skip
    assert told.day == ON and told.asks_consent and told.removed is None
    assert told.reasons[:2] == (("left_alone", "Left alone for a month", "近月谢绝接触"), ("minors", "Minors", "未成年人"))
    assert told.sources["consent"]["rows"] == 8 and told.sources["consent"]["last_day"] == "2026-10-20"


def test_consent_taken_back_after_d_is_no(made: Contacting) -> None:
    made.add("consent", "C2 2026-11-01 sms no -", "C3 2026-11-01 - - yes")
    found, _ = asked(made)
    assert found["C2"] == ([], "") and found["C3"][1] == "left_alone"


def test_consent_taken_back_after_the_day_of_contact_but_known_already_is_no(made: Contacting) -> None:
    made.add("consent", "C2 2026-11-20 sms no -")
    found, told = asked(made)
    assert found["C2"] == ([], "") and told.day == date(2026, 11, 20)


def test_consent_given_for_a_later_day_is_no_consent_yet(made: Contacting) -> None:
    made.add("consent", "SILENT 2026-11-20 sms yes -")
    assert asked(made)[0]["SILENT"] == ([], "")


def test_a_row_of_a_far_day_does_not_end_a_month_of_being_left_alone(made: Contacting) -> None:
    made.add("consent", "C1 2027-06-01 sms yes -")
    assert asked(made)[0]["C4"][1] == "left_alone"


def test_a_purpose_that_asks_no_consent_may_use_every_channel_of_the_policy(made: Contacting) -> None:
    found, told = asked(made, "care")
    assert found["SILENT"] == (["sms", "call"], "") and found["C4"] == (["sms", "call"], "left_alone")
    assert not told.asks_consent


def test_analysis_leaves_out_only_who_was_erased(made: Contacting) -> None:
    workspace = made.opened()
    workspace.records.erased.add([workspace.records.secret.hash("C1")], "2026-10-31T00:00:00+00:00")
    found, _ = asked(made, "analysis")
    assert {person: reason for person, (_, reason) in found.items() if reason} == {"C1": "erased"}


def test_the_erased_are_left_out_of_every_purpose_and_a_segment_before_them_is_the_reason(made: Contacting) -> None:
    workspace = made.opened()
    workspace.records.erased.add([workspace.records.secret.hash(key) for key in ("C1", "C4")], "2026-10-31T00:00:00+00:00")
    found, _ = asked(made)
    assert (found["C1"][1], found["C4"][1], found["C2"][1]) == ("erased", "left_alone", "")


def test_only_those_asked_for_are_told_of_each_once_and_a_stranger_is_no(made: Contacting) -> None:
    found, told = asked(made, among=["C1", "C1", "NOBODY"])
    assert found == {"C1": (["sms", "call"], ""), "NOBODY": ([], "not known")}
    assert [name for name, *_ in told.reasons] == ["left_alone", "minors", "not known"]


def test_a_customer_who_joined_after_the_day_of_contact_is_not_known_yet(made: Contacting) -> None:
    made.add("customer", "LATE 2026-11-20 40 north")
    assert "LATE" not in asked(made)[0]
    assert asked(made, among=["LATE"])[0]["LATE"][1] == "not known"


def test_a_list_of_keys_forbids_contact_and_is_accounted_for(made: Contacting) -> None:
    made.file("staff.csv", "note,customer_id\nx,C1\ny,C1\nz,NOBODY\n")
    made.configure(never_lists='["staff.csv"]')
    found, told = asked(made, mtime=lambda path: 0.0)
    assert found["C1"][1] == "staff.csv" and found["C2"][1] == ""
    account = told.lists["staff.csv"]
    assert (account["rows"], account["known"], account["changed"]) == (3, 1, "1970-01-01") and len(str(account["sha256"])) == 64
    assert told.reasons[2] == ("staff.csv", "on the list staff.csv", "在名单staff.csv上")


def test_a_parquet_list_is_read_by_its_key_and_keys_keep_their_zeros(made: Contacting) -> None:
    made.add("customer", "007 2020-01-01 40 north")
    pl.DataFrame({"customer_id": ["007"]}).write_parquet(made.folder / "data" / "staff.parquet")
    made.configure(never_lists='["staff.parquet"]')
    assert asked(made)[0]["007"][1] == "staff.parquet"


def test_a_list_of_other_keys_is_pointed_out(made: Contacting) -> None:
    made.file("staff.csv", "customer_id\n13800001111\n13800001112\n")
    made.configure(never_lists='["staff.csv"]')
    _, told = asked(made)
    assert told.notes == ("the list staff.csv names nobody whom the sources know: are its 2 keys others?",)


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        ("phone\n138\n", MissingColumn, "no column 'customer_id', expected one; found phone"),
        ("customer_id,note\nC1,a\n,b\n", BadValues, "1 of 2 rows without a key"),
        ("customer_id,date\nC1,31/10/2026\n", BadValues, "column date: 1 of 1 rows hold no date"),
        ("customer_id,note\nC1,a,b\n", BadValues, "line 2: 3 fields, expected 2"),
    ],
)  # fmt: skip
def test_a_list_that_is_no_list_of_keys_is_refused_with_its_place(
    made: Contacting, text: str, error: type[Exception], told: str
) -> None:
    made.file("staff.csv", text)
    made.configure(never_lists='["staff.csv"]')
    with pytest.raises(error, match=told):
        asked(made)


def test_a_list_says_how_old_it_is_by_its_dates_or_by_its_file(made: Contacting) -> None:
    made.configure(never_lists='["staff.csv"]', max_age_days="30")
    old, new = (lambda path: 0.0), (lambda path: 1_793_000_000.0)  # 2026-10-26
    made.file("staff.csv", "customer_id\nC1\n")
    assert asked(made, mtime=new)[1].lists["staff.csv"]["changed"] == "2026-10-26"
    with pytest.raises(Refused, match=r"the list staff.csv is of 1970-01-01, 20,759 days before the contact on 2026-11-02"):
        asked(made, mtime=old)
    made.file("staff.csv", "customer_id,date\nC1,2026-01-01\nC2,2026-10-30\n")
    assert asked(made, mtime=old)[1].lists["staff.csv"]["changed"] == "2026-10-30"


def test_consent_may_be_as_old_as_the_policy_says_and_not_a_day_older(made: Contacting) -> None:
    made.configure(max_age_days="13")  # the newest answer is of 20 October
    asked(made)
    with pytest.raises(Refused, match=r"source consent is of 2026-10-20, 14 days before .* at most 13 are allowed"):
        asked(made, on=ON + timedelta(days=1))


def test_one_answer_of_a_far_day_does_not_make_old_consent_new(made: Contacting) -> None:
    made.configure(max_age_days="5")
    made.add("consent", "C1 2027-06-01 sms yes -")
    with pytest.raises(Refused, match=r"source consent is of 2026-10-20"):
        asked(made)


@pytest.mark.parametrize(
    ("old", "new", "error", "told"),
    [
        ('consent = "offer_channels"', 'consent = "offer_chanels"', UnknownName, "did you mean 'offer_channels'"),
        ('consent = "offer_channels"', 'consent = "city"', DefinitionError, "expected a list of channels of customer"),
        ('"minors"]', '"minor"]', UnknownName, "did you mean 'minors'"),
    ],
)  # fmt: skip
def test_a_policy_that_names_what_is_not_there_is_refused(
    made: Contacting, old: str, new: str, error: type[Exception], told: str
) -> None:
    made.configure(made.policy.replace(old, new))
    with pytest.raises(error, match=told):
        asked(made)


def test_a_purpose_that_the_policy_does_not_know_is_a_slip(made: Contacting) -> None:
    with pytest.raises(UsageError, match=r"no purpose 'offers'.*\n.*did you mean 'offer'"):
        asked(made, "offers")


@pytest.mark.thorough
def test_who_agreed_when_the_snapshot_was_built_and_does_not_now_is_counted(made: Contacting) -> None:
    workspace = made.opened()
    workspace.build(as_of=D)
    workspace.close()
    assert asked(made)[1].removed == 0
    made.add("consent", "C2 2026-11-01 sms no -", "C3 2026-11-01 - - yes", "SILENT 2026-11-01 sms no -")
    _, told = asked(made)
    assert told.removed == 2
    assert told.notes[-1] == "2 removed since the snapshot of 2026-10-31: consent taken back, or not to be contacted any more"
    assert asked(made, among=["C2", "SILENT"])[1].removed == 1


def test_the_last_day_known_is_that_of_consent_suppression_and_contacts(made: Contacting) -> None:
    workspace = made.opened()
    assert known_to(workspace, "offer") == date(2026, 10, 20)
    made.add("contact", "C1 2026-11-05 sms out offer -")
    assert known_to(made.opened(), "offer") == date(2026, 11, 5)
