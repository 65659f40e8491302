"""Writers and private files: what each format makes of a value, and that a file appears whole or not at all."""

from __future__ import annotations

import io
import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from c360.deliver import writers
from c360.deliver.account import Form
from c360.deliver.writers import PLAIN, Prepared, format_of, prepare, refuse_target, write_csv, write_jsonl
from c360.errors import Refused, TargetExists, UsageError

TEXTS = {
    "=1+1": "'=1+1",
    "+SUM(A1)": "'+SUM(A1)",
    "-2+3": "'-2+3",
    "@cmd": "'@cmd",
    "\tx": "'\tx",
    "＝1": "'＝1",
    "＋1": "'＋1",
    "-5": "'-5",
    "+8613800138000": "8613800138000",
    "13800138000": "13800138000",
    "00017": "00017",
    "123456789012345678": "123456789012345678",
    "a=b": "a=b",
    " =1": " =1",
    "张三": "张三",
    "12": "12",
}


def csv_of(frame: pl.DataFrame, form: Form = PLAIN) -> tuple[str, int]:
    """Return the CSV of *frame*, its BOM cut off, and the count of changed cells."""
    file = io.BytesIO()
    count = write_csv(frame, file, form)
    return file.getvalue().decode("utf-8-sig"), count


@pytest.mark.parametrize(("text", "written"), TEXTS.items(), ids=map(repr, TEXTS))
def test_csv_texts(text: str, written: str) -> None:
    content, count = csv_of(pl.DataFrame({"x": [text]}))
    assert content == f"x\n{written}\n"
    assert count == (1 if written.startswith("'") else 0)


@pytest.mark.parametrize("text", ["\rx", "\n=1"])
def test_csv_texts_that_begin_with_a_line_break(text: str) -> None:
    assert csv_of(pl.DataFrame({"x": [text]})) == (f'x\n"\'{text}"\n', 1)


def test_csv_numbers_stay_numbers() -> None:
    frame = pl.DataFrame(
        {
            "n": [-5, None],
            "r": [-0.5, 120.0],
            "m": [Decimal("-1.50"), Decimal("3.00")],
            "d": [date(2026, 1, 2), None],
            "b": [True, None],
        }
    )
    assert csv_of(frame) == ("n,r,m,d,b\n-5,-0.5,-1.50,2026-01-02,true\n,120.0,3.00,,\n", 0)


def test_csv_lists_are_joined() -> None:
    frame = pl.DataFrame({"x": [["a", "b"], [], ["=1", "c"]]})
    assert csv_of(frame) == ('x\na|b\n""\n\'=1|c\n', 1)


def test_csv_opens_with_a_byte_order_mark_unless_told_not_to() -> None:
    frame = pl.DataFrame({"x": ["a"]})
    with_mark, without = io.BytesIO(), io.BytesIO()
    write_csv(frame, with_mark)
    write_csv(frame, without, Form(bom=False))
    assert with_mark.getvalue() == b"\xef\xbb\xbf" + without.getvalue()


def test_jsonl_values() -> None:
    frame = pl.DataFrame({"k": ["张"], "m": [Decimal("150.50")], "d": [date(2026, 1, 2)], "n": [None], "l": [["a"]]})
    file = io.BytesIO()
    assert write_jsonl(frame, file) == 0
    assert json.loads(file.getvalue()) == {"k": "张", "m": 150.5, "d": "2026-01-02", "n": None, "l": ["a"]}
    assert "张" in file.getvalue().decode()


@pytest.mark.parametrize(
    ("name", "wanted", "kind"),
    [
        ("a.csv", None, "csv"),
        ("a.CSV", None, "csv"),
        ("a.pq", None, "parquet"),
        ("a.ndjson", None, "jsonl"),
        ("a.txt", "csv", "csv"),
    ],
)
def test_formats(name: str, wanted: str | None, kind: str) -> None:
    assert format_of(Path(name), wanted) == kind


@pytest.mark.parametrize(("name", "told"), [("a.doc", "no writer for 'doc'"), ("list", "'list' has no ending")])
def test_unknown_formats(name: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        format_of(Path(name), None)
    assert "list.csv" in str(caught.value)


# Files that appear whole.


def test_a_prepared_file_has_no_name_yet(tmp_path: Path) -> None:
    target = tmp_path / "list.csv"
    prepared = filled(target, b"abc")
    assert not target.exists()
    assert (prepared.bytes, prepared.changed) == (3, 7)
    assert prepared.temporary.stat().st_mode & 0o777 == 0o600
    prepared.publish(force=False)
    prepared.discard()
    assert target.read_bytes() == b"abc"
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


def test_a_discarded_file_leaves_nothing(tmp_path: Path) -> None:
    filled(tmp_path / "list.csv", b"abc").discard()
    assert list(tmp_path.iterdir()) == []


def test_publishing_overwrites_only_when_told(tmp_path: Path) -> None:
    target = tmp_path / "list.csv"
    target.write_bytes(b"old")
    prepared = filled(target, b"new")
    with pytest.raises(TargetExists):
        prepared.publish(force=False)
    assert target.read_bytes() == b"old"
    prepared.publish(force=True)
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o600


def test_publishing_where_the_disk_knows_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    target = tmp_path / "list.csv"
    filled(target, b"new").publish(force=False)
    assert target.read_bytes() == b"new"
    with pytest.raises(TargetExists):
        filled(target, b"newer").publish(force=False)


def test_a_fault_while_filling_leaves_nothing(tmp_path: Path) -> None:
    def fill(file: object) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(tmp_path / "list.csv", fill)
    assert list(tmp_path.iterdir()) == []


def test_what_a_dead_process_left_is_removed_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "list.csv"
    filled(target, b"dead")
    other = filled(tmp_path / "other.csv", b"another list's")
    monkeypatch.setattr(writers, "_is_alive", lambda process: False)
    filled(target, b"abc").publish(force=False)
    left = {path.name for path in tmp_path.iterdir()}
    assert other.temporary.name in left
    assert len(left) == 3  # the list, its private file until it is discarded, and the other's


def test_private_files_of_long_chinese_names(tmp_path: Path) -> None:
    target = tmp_path / ("名" * 80 + ".csv")
    filled(target, b"abc").publish(force=False)
    assert target.exists()


def test_targets_that_are_refused(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Refused, match="symbolic link"):
        refuse_target(tmp_path / "link.csv", force=True)
    with pytest.raises(UsageError, match="is a folder"):
        refuse_target(tmp_path, force=True)
    with pytest.raises(UsageError, match="is not there"):
        refuse_target(tmp_path / "new" / "list.csv", force=True)
    refuse_target(tmp_path / "list.csv", force=False)


def filled(target: Path, content: bytes) -> Prepared:
    """Return a private file of *content* whose filling changed seven cells."""
    return prepare(target, lambda file: file.write(content) and 7)
