"""Texts that want to be run, hidden or cut: in every format they are never run, and come back as they were or are refused."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from c360.datatypes import TEXT, key_of
from c360.deliver.account import ColumnAccount, Form, ListAccount, Subject
from c360.deliver.waterfall import Stage, Waterfall
from c360.deliver.writers import FORMULA_START, WRITERS
from workbooks import AS_CSV, converted, read, rows_of, soffice

__all__ = ["soffice"]

TEXTS = (
    "=1+1", '=HYPERLINK("http://x","y")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "{=1}", "＝1", "＋1", "－1", "＠x",
    "\tx", "\rx", "\n=1", "a\tb", "two\nlines", "cr\rmid", "crlf\r\nend", "a\x01b", "a\x07b", "a\x1bb", "\x7f\x85",
    "_x0041_", "_x000D_", "_x005F_", "_x0041_x0042_", "__x0041__", "_X0041_", "_x00g1_",
    "🙂", "👩\u200d👩\u200d👧", "e\u0301", "\u202e123", "\u2028", "\xa0x", " lead", "trail ", "  ", "\n", "",
    "<b>&amp;</b>", "]]>", "<!--", '"', "'", "a,b;c|d", "00017", "1e5", "TRUE", "#REF!", "110101198001011111",
    "http://example.org", "mailto:a@b.c", "DROP TABLE x; --", "张金丝雀",
)  # fmt: skip
LONG = "张" * 40_000


def frame(*texts: str | None) -> pl.DataFrame:
    """Return a list of customers with these notes."""
    return pl.DataFrame(
        {"customer_id": [f"C{i}" for i in range(len(texts))], "note": texts}, schema={"customer_id": pl.String, "note": pl.String}
    )


def written(kind: str, *texts: str | None) -> tuple[bytes, int]:
    """Return the file of these notes, and how many cells were changed."""
    columns = (ColumnAccount("customer_id", "ID", key_of("customer"), "key"), ColumnAccount("note", "Note", TEXT, "note"))
    stages = Waterfall((Stage("written", "written", "rows", len(texts), 0, 0, len(texts)),))
    account = ListAccount("en", Subject("active", "Active", "all", "0a1b"), date(2026, 10, 31), "cafe", len(texts), stages, columns)
    file = io.BytesIO()
    changed = WRITERS[kind](frame(*texts), file, Form(account))
    return file.getvalue(), changed


def listed(book: bytes) -> list[list[Any]]:
    """Return the rows of the first sheet as another reader sees them; an empty cell is an empty text to it."""
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()


def test_a_workbook_gives_every_text_back() -> None:
    book, changed = written("xlsx", *TEXTS)
    assert [row[1] for row in listed(book)[1:]] == list(TEXTS)
    assert changed == 0
    assert {cell.shown_as for place, cell in read(book)[0].cells.items() if place.startswith("B") and place != "B1"} == {"@"}


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff") | st.sampled_from("_x0041D\r\n ")))
)
def test_a_workbook_gives_any_text_back(texts: list[str]) -> None:
    found = listed(written("xlsx", *texts)[0])[1:]
    assert [row[1] for row in found] == texts


def test_a_workbook_keeps_no_text_apart_from_an_empty_one() -> None:
    cells = read(written("xlsx", "", None)[0])[0].cells
    assert cells["B2"].value == "" and "B3" not in cells


def test_signs_that_xml_has_not_are_escaped_as_the_format_says() -> None:
    xml = read(written("xlsx", "a\x00b", "\ufffe\uffff")[0])[0].xml
    assert "<t>a_x0000_b</t>" in xml and "<t>_xFFFE__xFFFF_</t>" in xml


@pytest.mark.thorough
@pytest.mark.slow
def test_a_spreadsheet_program_runs_none_and_shows_all(soffice: str, tmp_path: Path) -> None:
    texts = [*TEXTS, "\ufffe\uffff", "x" * 32_767]
    (tmp_path / "list.xlsx").write_bytes(written("xlsx", *texts)[0])
    files = {path.stem: path for path in converted(soffice, tmp_path / "list.xlsx", AS_CSV, tmp_path)}
    shown = [row[1] for row in rows_of(files["list-List"])[1:]]
    assert shown == [text.replace("\r\n", "\n") for text in texts]  # LibreOffice breaks a line in one way only


def test_lone_surrogates_are_no_text_to_write() -> None:
    with pytest.raises(Exception, match="surrogates"):
        frame("\ud800")


@pytest.mark.parametrize("kind", ["parquet", "jsonl"])
def test_files_for_machines_give_every_text_back(kind: str) -> None:
    texts = [*TEXTS, LONG, "a\x00b", None]
    data, changed = written(kind, *texts)
    if kind == "parquet":
        found = pl.read_parquet(io.BytesIO(data))["note"].to_list()
    else:
        found = [json.loads(line)["note"] for line in data.decode().split("\n")[:-1]]
    assert (found, changed) == (texts, 0)


def test_csv_gives_back_every_text_that_no_program_would_run() -> None:
    import csv

    texts = [*TEXTS, LONG]
    data, changed = written("csv", *texts)
    found = [row[1] for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))][1:]
    risky = pl.Series(texts).str.contains(FORMULA_START).to_list()
    assert found == [f"'{text}" if is_risky else text for text, is_risky in zip(texts, risky, strict=True)]
    assert changed == sum(risky) == 13
    assert not [text for text in found if text[:1] in "=+-@\t\r\n＝＋－＠" and text]
