"""Which columns a list may hold, by class, purpose and channel; and what its name must not tell."""

from __future__ import annotations

import polars as pl
import pytest

from c360.bindings.policy import ANALYSIS, Policy
from c360.deliver.columns import may_hold, only_where_needed, refuse_columns, refuse_file_name, refuse_reason, with_hashed_keys
from c360.errors import Refused

POLICY = Policy.model_validate(
    {
        "purposes": {"care": {"personal": ["phone", "name"]}, "offer": {"personal": ["phone"]}},
        "channels": {
            "sms": {"personal": ["phone"]},
            "app": {"personal": []},
            "visit": {"personal": ["name", "address"]},
            "call": {},
        },
    }
)


def refused(classes: dict[str, str], purpose: str, *channels: str) -> Refused:
    """Return the refusal of a list with these columns."""
    with pytest.raises(Refused) as caught:
        refuse_columns(classes, POLICY, purpose, channels, "my_list")
    assert caught.value.exit_code == 5
    return caught.value


def test_e13_undeclared_column() -> None:
    error = refused({"arpu_3m": "internal", "name": "personal"}, "offer")
    assert error.message == "column 'name' is personal, and not one that a list for offer may hold"
    assert error.where == "the columns of 'my_list'"
    assert error.hint is not None and "may hold it: care (purpose); visit (channel)" in error.hint


def test_e13_undeclared_column_of_a_channel() -> None:
    error = refused({"name": "personal"}, "care", "sms", "app")
    assert "not one that a list for care by sms, app may hold" in error.message


def test_e13_undeclared_column_that_nobody_may_hold() -> None:
    error = refused({"birth_on": "personal"}, "care")
    assert error.hint is not None and "nobody may hold it" in error.hint


@pytest.mark.parametrize("sensitivity", ["", "secret"])
def test_e13_undeclared_column_of_no_known_class(sensitivity: str) -> None:
    assert "'x' is of no declared class, so personal" in refused({"x": sensitivity}, "care").message


def test_e14_forbidden_class_whatever_the_purpose() -> None:
    for purpose in ("care", ANALYSIS):
        assert "'id_number' is sensitive and never leaves" in refused({"id_number": "sensitive"}, purpose).message
    with pytest.raises(Refused, match="never leaves"):
        refuse_columns({"id_number": "sensitive"}, None, "")


def test_a_purpose_may_hold_what_it_declares() -> None:
    refuse_columns({"phone": "personal", "arpu_3m": "internal", "city": "public"}, POLICY, "offer")
    refuse_columns({"phone": "personal"}, POLICY, "offer", ("call",))


@pytest.mark.parametrize(
    ("channels", "held"),
    [
        ((), {"phone", "name"}),
        (("call",), {"phone", "name"}),  # says nothing of its own
        (("sms",), {"phone"}),
        (("app",), set()),
        (("app", "sms"), {"phone"}),
        (("visit", "sms"), {"name", "address", "phone"}),
    ],
)
def test_a_channel_that_says_what_it_needs_gets_no_more(channels: tuple[str, ...], held: set[str]) -> None:
    assert may_hold(POLICY, "care", channels) == held


def test_a_purpose_nobody_declared_may_hold_nothing() -> None:
    assert may_hold(POLICY, "gossip", ("visit",)) == frozenset()


def test_a_row_tells_no_more_than_its_own_channel_needs() -> None:
    frame = pl.DataFrame(
        {"phone": ["1", "2", "3", "4"], "name": ["a", "b", "c", "d"], "n": [1, 2, 3, 4], "channel": ["sms", "visit", "call", None]}
    )
    classes = {"phone": "personal", "name": "personal", "n": "internal"}
    found = only_where_needed(frame, classes, POLICY, "care")
    assert found["phone"].to_list() == ["1", None, "3", "4"]  # a visit says what it needs, and a phone is not in it
    assert found["name"].to_list() == [None, "b", "c", "d"]
    assert found["n"].to_list() == [1, 2, 3, 4]
    assert only_where_needed(frame.drop("channel"), classes, POLICY, "care").equals(frame.drop("channel"))


def test_a_list_for_analysis_holds_no_personal_column() -> None:
    refuse_columns({"arpu_3m": "internal"}, POLICY, ANALYSIS)
    assert "a list for analysis holds none" in refused({"phone": "personal"}, ANALYSIS, "sms").message


def test_without_a_policy_personal_columns_are_masked_not_refused() -> None:
    refuse_columns({"phone": "personal"}, None, "")


def test_keys_are_hashed_where_they_stand() -> None:
    frame = pl.DataFrame({"customer_id": ["C1", "C2"], "manager": ["M1", None], "n": [1, 2]})

    def hashes(keys: pl.Series) -> pl.Series:
        return "h" + keys

    found = with_hashed_keys(frame, ["customer_id", "manager"], hashes)
    assert found.rows() == [("hC1", "hM1", 1), ("hC2", None, 2)]


@pytest.mark.parametrize("reason", ["", " " * 20, "because", "  test     "])
def test_a_reason_that_says_nothing_is_refused(reason: str) -> None:
    with pytest.raises(Refused, match="at least 10 characters"):
        refuse_reason(reason)


def test_a_reason_is_enough_at_ten_characters() -> None:
    refuse_reason("call-back 7")
    refuse_reason("回访十一月投诉未结客户名单")


@pytest.mark.parametrize("name", ["sex.csv", "by-SEX-2026.csv", "list of sex.xlsx", "is_minor_offers.csv", "客户民族名单.csv"])
def test_a_file_name_that_tells_what_is_sensitive_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="which is sensitive"):
        refuse_file_name(name, ["sex", "is_minor", "民族"])


@pytest.mark.parametrize("name", ["essex.csv", "minor.csv", "renewal.csv", "客户名单.csv"])
def test_other_file_names_are_fine(name: str) -> None:
    refuse_file_name(name, ["sex", "is_minor", "民族", ""])
