"""Keyed hashes: the same for ever in one workspace, others elsewhere, and refused without their key."""

from __future__ import annotations

import time
from pathlib import Path

import polars as pl
import pytest

from c360.errors import Refused, SnapshotError
from records import NOON, made


def test_a_hash_is_the_same_later_and_another_elsewhere(tmp_path: Path) -> None:
    first = made(tmp_path / "a").secret.hash("00017")
    assert first == made(tmp_path / "a", random=b"other").secret.hash("00017") and len(first) == 32
    assert first != made(tmp_path / "b", random=b"x").secret.hash("00017")


def test_hashes_of_a_column_are_those_of_its_texts(tmp_path: Path) -> None:
    secret = made(tmp_path).secret
    assert secret.hashes(pl.Series("key", ["A", None, "张"])).to_list() == [secret.hash("A"), None, secret.hash("张")]


@pytest.mark.thorough
def test_a_million_keys_take_less_than_three_seconds(tmp_path: Path) -> None:
    secret = made(tmp_path).secret
    keys = pl.select(pl.int_range(1_000_000).cast(pl.String).alias("key")).to_series()
    began = time.process_time()
    assert secret.hashes(keys).n_unique() == 1_000_000
    assert time.process_time() - began < 3


@pytest.mark.parametrize("spoil", ["lost", "changed", "cut"])
def test_a_key_that_is_lost_or_another_is_refused(tmp_path: Path, spoil: str) -> None:
    made(tmp_path).secret.hash("A")
    key = tmp_path / "key"
    {"lost": key.unlink, "changed": lambda: key.write_text("ab" * 32), "cut": lambda: key.write_text("ab")}[spoil]()
    with pytest.raises(Refused, match="cannot be recognised without it"):
        made(tmp_path).secret.hash("A")


def test_what_is_signed_is_known_again(tmp_path: Path) -> None:
    secret = made(tmp_path).secret
    assert secret.is_signed("text", secret.sign("text")) and not secret.is_signed("texts", secret.sign("text"))


def test_the_erased_are_known_by_their_hashes_alone(tmp_path: Path) -> None:
    records = made(tmp_path)
    assert records.erased.among(pl.Series(["A", None])).to_list() == [False, None]
    assert records.erased.add([records.secret.hash("A")], NOON) == 1
    assert records.erased.add([records.secret.hash("A"), records.secret.hash("B")], NOON) == 1
    assert made(tmp_path).erased.among(pl.Series("p", ["A", "C", None, "B"])).to_list() == [True, False, None, True]
    assert '"A"' not in records.erased.path.read_text()


def test_the_first_erased_makes_the_key(tmp_path: Path) -> None:
    assert made(tmp_path).erased.add(["0" * 32], NOON) == 1


def test_those_erased_under_a_lost_key_are_not_forgotten(tmp_path: Path) -> None:
    records = made(tmp_path)
    records.erased.add([records.secret.hash("A")], NOON)
    for name in ("key", "key.id"):
        (tmp_path / name).unlink()
    with pytest.raises(Refused, match="another key"):
        made(tmp_path, random=b"new").erased.among(pl.Series(["A"]))


def test_a_damaged_file_of_the_erased_is_refused(tmp_path: Path) -> None:
    records = made(tmp_path)
    records.erased.add([records.secret.hash("A")], NOON)
    records.erased.path.write_text('{"hash": 1')
    with pytest.raises(SnapshotError, match="damaged"):
        records.erased.hashes()
