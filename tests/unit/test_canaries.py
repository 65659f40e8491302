"""Canaries: one made-up customer a recipient, at a place nobody can guess, like its neighbours and nobody's copy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from c360.deliver.canaries import read_canaries, with_canary
from c360.errors import BadValues, C360Error, KeyFault, MissingColumn, MissingSource, Refused
from c360.records.secret import Secret

CANARIES = "recipient,customer_id,phone,joined_on\ncallcentre,K1,13000000001,2020-01-31\nstores,K2,13000000002,2021-01-31\n"


@pytest.fixture
def secret(tmp_path: Path) -> Secret:
    """A key."""
    return Secret(tmp_path / "records", lambda size: b"k" * size)


@pytest.fixture
def canaries(tmp_path: Path) -> pl.DataFrame:
    """Two recipients' canaries."""
    (tmp_path / "canaries.csv").write_text("\ufeff" + CANARIES)
    return read_canaries(tmp_path / "canaries.csv", "customer_id")


def listed(rows: int = 50) -> pl.DataFrame:
    """Return a list: key, phone, a date, a tag."""
    return pl.DataFrame(
        {
            "customer_id": [f"C{n:03}" for n in range(rows)],
            "phone": [f"139{n:08}" for n in range(rows)],
            "joined_on": [date(2019, 1, 1)] * rows,
            "tier": ["high" if n < rows // 2 else "low" for n in range(rows)],
        }
    )


def test_the_list_is_the_same_but_for_one_row(secret: Secret, canaries: pl.DataFrame) -> None:
    found = with_canary(listed(), canaries, "callcentre", secret, {"phone"})
    assert found.filter(pl.col("customer_id") != "K1").equals(listed())
    canary = found.filter(pl.col("customer_id") == "K1").row(0)
    assert canary[:3] == ("K1", "13000000001", date(2020, 1, 31)) and canary[3] in {"high", "low"}


def test_the_place_is_the_same_each_time_and_another_for_others(secret: Secret, canaries: pl.DataFrame, tmp_path: Path) -> None:
    other = Secret(tmp_path / "other", lambda size: b"x" * size)

    def place(recipient: str, key: str, under: Secret) -> int:
        return with_canary(listed(), canaries, recipient, under)["customer_id"].to_list().index(key)

    assert place("callcentre", "K1", secret) == place("callcentre", "K1", secret)
    assert len({place("callcentre", "K1", secret), place("stores", "K2", secret), place("callcentre", "K1", other)}) > 1


def test_a_list_in_order_stays_in_order(secret: Secret, canaries: pl.DataFrame) -> None:
    found = with_canary(listed(), canaries, "callcentre", secret)
    assert found["tier"].to_list() == sorted(found["tier"].to_list())


def test_a_list_of_nobody_stays_so(secret: Secret, canaries: pl.DataFrame) -> None:
    assert with_canary(listed(0), canaries, "callcentre", secret).is_empty()


def test_a_recipient_without_a_canary_is_refused(secret: Secret, canaries: pl.DataFrame) -> None:
    with pytest.raises(Refused, match="none for this recipient"):
        with_canary(listed(), canaries, "", secret)


def test_a_customers_own_value_is_never_copied(secret: Secret, canaries: pl.DataFrame) -> None:
    with pytest.raises(MissingColumn, match="no column phone"):
        with_canary(listed(), canaries.drop("phone"), "callcentre", secret, {"phone"})


def test_a_canary_on_the_list_as_a_customer_is_refused(secret: Secret, canaries: pl.DataFrame) -> None:
    frame = listed().with_columns(
        pl.when(pl.col("customer_id") == "C003").then(pl.lit("K1")).otherwise("customer_id").alias("customer_id")
    )
    with pytest.raises(Refused, match="on the list as a customer"):
        with_canary(frame, canaries, "callcentre", secret)


def test_a_value_of_another_kind_is_told_without_the_value(secret: Secret, canaries: pl.DataFrame) -> None:
    wrong = canaries.with_columns(pl.lit("in May").alias("joined_on"))
    with pytest.raises(BadValues, match="column 'joined_on'") as told:
        with_canary(listed(), wrong, "callcentre", secret)
    assert "in May" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (None, MissingSource),
        ("recipient,phone\na,1\n", MissingColumn),
        ("recipient,customer_id\na,1\na,2\n", KeyFault),
        ("recipient,customer_id\na,1\nb,\n", KeyFault),
        ("recipient,customer_id\na,1,2,3\n", BadValues),
    ],
)
def test_a_file_that_does_not_fit_is_told(tmp_path: Path, text: str | None, error: type[C360Error]) -> None:
    path = tmp_path / "canaries.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(error):
        read_canaries(path, "customer_id")
