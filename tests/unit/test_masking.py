"""What is left of a personal value on the way out."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from c360.deliver.masking import masked, refuse_sensitive
from c360.errors import Refused

TEXTS = {
    "13900001234": "139****1234",
    "+8613900001234": "139****1234",
    "86 139-0000-1234": "139****1234",
    "139 0000 1234": "139****1234",
    "+14155550123": "141****0123",
    "02088886666": "020****6666",
    "88886666": "8*",  # too short: seven of eight digits would be left
    "张三": "张*",
    "Ada Lovelace": "A*",
    "ada@example.com": "a*",
    "330106199001011234": "3*",
    "": "*",
    None: None,
}


@pytest.mark.parametrize(("text", "left"), TEXTS.items(), ids=map(repr, TEXTS))
def test_personal_texts(text: str | None, left: str | None) -> None:
    frame = pl.DataFrame({"x": [text]}, schema={"x": pl.String})
    assert masked(frame, {"x": "personal"})["x"].to_list() == [left]


def test_personal_dates_keep_their_year() -> None:
    frame = pl.DataFrame({"born": [date(1990, 1, 2), None]})
    assert masked(frame, {"born": "personal"})["born"].to_list() == ["1990-**-**", None]


def test_other_personal_values_are_hidden() -> None:
    frame = pl.DataFrame({"age": [36, None], "sure": [True, False], "names": [["a"], []]})
    found = masked(frame, dict.fromkeys(frame.columns, "personal"))
    assert found.to_dict(as_series=False) == {"age": ["***", None], "sure": ["***", "***"], "names": ["***", "***"]}


def test_nothing_is_left_of_a_sensitive_value() -> None:
    frame = pl.DataFrame({"id": ["330106199001011234", None]})
    assert masked(frame, {"id": "sensitive"})["id"].to_list() == ["***", None]


def test_other_columns_are_as_they_were() -> None:
    frame = pl.DataFrame({"key": ["C1"], "value": ["13900001234"]})
    assert masked(frame, {"value": "internal"}).equals(frame)


def test_a_sensitive_column_is_refused() -> None:
    refuse_sensitive({"a": "personal", "b": "public"})
    with pytest.raises(Refused, match="'c' is sensitive") as caught:
        refuse_sensitive({"a": "personal", "c": "sensitive"})
    assert caught.value.exit_code == 5


UNMASKED = {
    "13900001234": "13900001234",
    "+8613900001234": "8613900001234",
    "86 139-0000-1234": "8613900001234",
    "02088886666": "02088886666",
    "+12345": "12345",
    "1990-01-02": "1990-01-02",
    "张三": "张三",
    "=1+1": "=1+1",
    None: None,
}


@pytest.mark.parametrize(("text", "left"), UNMASKED.items(), ids=map(repr, UNMASKED))
def test_unmasked_phones_are_digits_and_other_texts_as_they_are(text: str | None, left: str | None) -> None:
    frame = pl.DataFrame({"x": [text]}, schema={"x": pl.String})
    assert masked(frame, {"x": "personal"}, {"x"})["x"].to_list() == [left]


def test_unmasking_one_column_leaves_the_others_masked() -> None:
    frame = pl.DataFrame({"a": ["张三"], "b": ["李四"], "born": [date(1990, 1, 2)], "age": [36]})
    found = masked(frame, dict.fromkeys(frame.columns, "personal"), {"a", "born", "age"})
    assert found.row(0) == ("张三", "李*", date(1990, 1, 2), 36)


def test_nothing_unmasks_a_sensitive_value() -> None:
    assert masked(pl.DataFrame({"id": ["330106199001011234"]}), {"id": "sensitive"}, {"id"})["id"].to_list() == ["***"]


def test_a_column_of_no_known_class_is_personal() -> None:
    assert masked(pl.DataFrame({"x": ["张三"]}), {"x": ""})["x"].to_list() == ["张*"]
