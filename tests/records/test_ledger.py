"""What the ledger of lists keeps, and what of it counts as a contact."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from c360.errors import InternalError, NothingMatched, SnapshotError
from records import a_list, made, some_rows

DAY = date(2026, 12, 1)


def test_nothing_is_made_before_something_is_written(tmp_path: Path) -> None:
    records = made(tmp_path / "records")
    assert records.ledger.lists() == [] and list(records.audit.lines()) == [] and records.erased.hashes() == frozenset()
    assert records.ledger.touches(DAY, DAY).is_empty() and records.ledger.last("retention", "retention") is None
    assert not (tmp_path / "records").exists()


def test_a_list_is_found_by_its_id_and_by_its_beginning(tmp_path: Path) -> None:
    ledger = made(tmp_path).ledger
    record = a_list("a1b2", delete_after=date(2027, 1, 1), approvals=("p1",), costs={"call": 1.5}, manifest={"rows": 2})
    ledger.record(record, some_rows({"A": "call"}, ("B",)))
    ledger.record(a_list("a9"), some_rows({"A": None}))
    assert ledger.get("a1") == record == ledger.get("a1b2")
    with pytest.raises(NothingMatched, match="2 lists"):
        ledger.get("a")
    with pytest.raises(NothingMatched, match="no list 'b'"):
        ledger.get("b")


def test_rows_are_kept_by_key_whatever_order_they_came_in(tmp_path: Path) -> None:
    ledger = made(tmp_path).ledger
    rows = some_rows({"B": "call", "A": "sms"}, ("C",))
    ledger.record(a_list("one"), rows)
    ledger.record(a_list("two"), rows.reverse())
    assert ledger.rows("one")["key"].to_list() == ["A", "B", "C"]
    assert (tmp_path / "lists" / "one.parquet").read_bytes() == (tmp_path / "lists" / "two.parquet").read_bytes()


def test_a_list_recorded_again_is_replaced(tmp_path: Path) -> None:
    ledger = made(tmp_path).ledger
    ledger.record(a_list("one"), some_rows({"A": "call"}))
    ledger.record(a_list("one", rows=1), some_rows({"B": "call"}))
    assert [record.rows for record in ledger.lists()] == [1] and ledger.rows("one")["person"].to_list() == ["B"]


def test_a_contact_counts_once_a_person_and_request(tmp_path: Path) -> None:
    ledger = made(tmp_path).ledger
    ledger.record(a_list("one", request="r", made_at="2026-11-01"), some_rows({"A": "call", "B": None}, ("C",)))
    ledger.record(a_list("two", request="r", made_at="2026-11-02"), some_rows({"A": "sms"}))
    ledger.record(a_list("three", request="s", made_at="2026-11-03"), some_rows({"A": "call"}))
    found = ledger.touches(DAY, DAY).sort("person", "request_id").select("person", "channel", "request_id").rows()
    assert found == [("A", "sms", "r"), ("A", "call", "s"), ("B", "", "r")]


def test_only_lists_of_the_days_asked_count_and_not_the_request_itself(tmp_path: Path) -> None:
    ledger = made(tmp_path).ledger
    for day in (1, 2, 3):
        ledger.record(a_list(f"l{day}", on=date(2026, 12, day)), some_rows({"A": "call"}))
    assert ledger.touches(date(2026, 12, 2), date(2026, 12, 3))["list_id"].to_list() == ["l2", "l3"]
    assert ledger.touches(date(2026, 12, 2), date(2026, 12, 3), "request-of-l2")["list_id"].to_list() == ["l3"]


def test_the_last_list_is_of_its_name_and_purpose(tmp_path: Path) -> None:
    ledger = made(tmp_path).ledger
    for number, purpose in enumerate(("retention", "care", "retention")):
        ledger.record(a_list(f"l{number}", purpose=purpose, made_at=f"2026-11-0{number + 1}"), some_rows({"A": None}))
    last = ledger.last("retention", "retention")
    assert last is not None and last.list_id == "l2"
    assert ledger.last("retention", "offer") is None


def test_what_was_removed_is_gone(tmp_path: Path) -> None:
    ledger = made(tmp_path).ledger
    ledger.record(a_list("one"), some_rows({"A": "call"}))
    ledger.remove("one")
    assert ledger.lists() == [] and not list((tmp_path / "lists").glob("one*"))


def test_rows_leave_a_list_at_once(tmp_path: Path) -> None:
    ledger = made(tmp_path).ledger
    ledger.record(a_list("one"), some_rows({"A": "call", "B": "call"}))
    assert ledger.rewrite("one", lambda rows: rows.filter(pl.col("person") != "A")) == 1
    assert ledger.rows("one")["person"].to_list() == ["B"] and ledger.get("one").rows == 2


@pytest.mark.parametrize("list_id", ["../x", "a/b", "", ".hidden", "a\nb"])
def test_an_id_that_is_a_path_is_refused(tmp_path: Path, list_id: str) -> None:
    with pytest.raises(InternalError):
        made(tmp_path).ledger.record(a_list(list_id, request="r"), some_rows({"A": None}))


def test_rows_without_a_person_are_refused(tmp_path: Path) -> None:
    rows = some_rows({"A": "call"}).with_columns(pl.lit(None, dtype=pl.String).alias("person"))
    with pytest.raises(InternalError, match="1 rows"):
        made(tmp_path).ledger.record(a_list("one"), rows)


@pytest.mark.parametrize("name", ["one.json", "one.parquet"])
def test_a_damaged_record_is_named(tmp_path: Path, name: str) -> None:
    ledger = made(tmp_path).ledger
    ledger.record(a_list("one"), some_rows({"A": "call"}))
    (tmp_path / "lists" / name).write_bytes(b"{")
    with pytest.raises(SnapshotError, match="damaged"):
        ledger.rows("one")


def test_rows_that_are_lost_are_told(tmp_path: Path) -> None:
    ledger = made(tmp_path).ledger
    ledger.record(a_list("one"), some_rows({"A": "call"}))
    (tmp_path / "lists" / "one.parquet").unlink()
    with pytest.raises(SnapshotError, match="damaged"):
        ledger.touches(DAY, DAY)


def test_a_record_of_a_later_format_is_refused(tmp_path: Path) -> None:
    ledger = made(tmp_path).ledger
    ledger.record(a_list("one"), some_rows({"A": "call"}))
    path = tmp_path / "lists" / "one.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(SnapshotError, match="format 2"):
        ledger.lists()
