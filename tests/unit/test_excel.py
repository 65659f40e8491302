"""Workbooks: every value stays what it was, the second sheet says what the list is, the same list gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from c360.catalog.parameters import Parameter
from c360.datatypes import BOOLEAN, DATE, INTEGER, LIST, MONEY, MONTH, NUMBER, RATE, TEXT, VOLUME, DataType, category, key_of
from c360.deliver import fast_excel
from c360.deliver.account import ColumnAccount, Form, ListAccount, Subject, Term
from c360.deliver.excel import ABOUT, LONGEST_TEXT, MOST_ROWS, write_xlsx
from c360.deliver.waterfall import Stage, Waterfall
from c360.errors import Refused
from workbooks import Cell, Sheet, read

KEY = ColumnAccount("customer_id", "客户编号", key_of("customer"), "来源“客户”的主键")
STAGES = (
    Stage("all", "all", "2026-10-31的全部客户", 20_000, 0, 0, 20_000),
    Stage("rule 1", "rule", "近三月ARPU不低于100", 20_000, 18_998, 7, 1_002),
    Stage("written", "written", "名单行数", 1_002, 0, 0, 1_002),
)
SUBJECT = Subject(
    "worth_keeping", "中高价值客户", "价值层级不低于'mid'", "0a1b2c3d", "客户", "Who pays.", "market",
    (Term("active_customers", "在网客户", "在网用户数高于0"),), (Term("revenue_3m", "近三月收入", "近3个完整月账单的总额之和"),),
    (Parameter("value.mid_arpu", Decimal("100"), Decimal("120.50"), "S", ("价值层级",)),),
)  # fmt: skip


def account(*columns: ColumnAccount, lang: str = "zh") -> ListAccount:
    """Return the account of a list with *columns* behind its key."""
    return ListAccount(
        lang, SUBJECT, date(2026, 10, 31), "cafe0123", 1_002, Waterfall(STAGES), (KEY, *columns), (("近三月ARPU", True),),
        ("current values used for 2026-10-31: customer.phone",), 3, 1,
    )  # fmt: skip


def workbook(frame: pl.DataFrame, told: ListAccount, *, titles: bool = True, scratch: Path | None = None) -> bytes:
    """Return the bytes of a workbook."""
    file = io.BytesIO()
    assert write_xlsx(frame, file, Form(told, titles, scratch=scratch)) == 0
    return file.getvalue()


def sheet(frame: pl.DataFrame, told: ListAccount) -> Sheet:
    """Return the sheet of the list; a scratch folder or none makes no difference."""
    return read(workbook(frame, told))[0]


def column(
    values: Sequence[object], type: DataType, dtype: object = None, *, unit: str = "", lang: str = "zh"
) -> list[Cell | None]:
    """Return the cells of one column that holds *values*."""
    frame = pl.DataFrame({"customer_id": [f"C{i}" for i in range(len(values))], "x": pl.Series(values, dtype=dtype)})  # type: ignore[arg-type]
    cells = sheet(frame, account(ColumnAccount("x", "X", type, "x", unit), lang=lang)).cells
    return [cells.get(f"B{row}") for row in range(2, len(values) + 2)]


# Values.


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "{=1}", "http://example.org", "mailto:a@b.c", "00017",
        "110101198001011111", "1e5", "2026-10-31", "TRUE", " leading", "two\nlines", "<b>&amp;", "张伟", "a\x07b", "_x0041_", "🙂",
    ],
)  # fmt: skip
def test_a_text_stays_the_text_it_was(text: str) -> None:
    (cell,) = column([text], TEXT)
    assert cell is not None
    told = re.sub(r"_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), str(cell.value))  # as the format says such characters
    assert (told, cell.shown_as) == (text, "@")


def test_e16_leading_zero_phone_and_long_keys_are_intact() -> None:
    keys = ["123456789012345678", "123456789012345679", "00017"]
    found = sheet(pl.DataFrame({"customer_id": keys}), account()).cells
    assert [found[f"A{row}"] for row in (2, 3, 4)] == [Cell(key, "@") for key in keys]


@pytest.mark.parametrize(
    ("type", "unit", "values", "dtype", "numbers", "shown_as"),
    [
        (INTEGER, "", [0, -3, 1234567], pl.Int64, [0, -3, 1234567], "#,##0"),
        (MONEY, "yuan", [Decimal("1234.50"), Decimal("-0.01")], pl.Decimal(18, 2), [1234.5, -0.01], "#,##0.00"),
        (VOLUME, "MB", [Decimal("0.125")], pl.Decimal(18, 3), [0.125], "#,##0.000"),
        (RATE, "yuan/month", [45.333333], pl.Float64, [45.333333], "#,##0.00"),
        (RATE, "share", [0.6457], pl.Float64, [0.6457], "0.00%"),
        (NUMBER, "", [0.4, 1000.0], pl.Float64, [0.4, 1000.0], "#,##0.00##"),
    ],
)
def test_numbers_are_numbers_and_look_like_what_they_are(
    type: DataType, unit: str, values: list[object], dtype: object, numbers: list[float], shown_as: str
) -> None:
    assert column(values, type, dtype, unit=unit) == [Cell(float(n), shown_as) for n in numbers]


@pytest.mark.parametrize(
    ("type", "values", "dtype"),
    [
        (INTEGER, [999_999_999_999_999_999, 5], pl.Int64),
        (MONEY, [Decimal("9999999999999.99"), Decimal("10000000000000.00")], pl.Decimal(18, 2)),
    ],
)
def test_numbers_of_more_digits_than_excel_keeps_are_texts(type: DataType, values: list[object], dtype: object) -> None:
    assert column(values, type, dtype) == [Cell(str(value), "@") for value in values]


def test_fifteen_digits_are_still_numbers() -> None:
    assert column([999_999_999_999_999], INTEGER) == [Cell(999_999_999_999_999.0, "#,##0")]
    assert column([Decimal("9999999999999.99")], MONEY, pl.Decimal(18, 2)) == [Cell(9999999999999.99, "#,##0.00")]


def test_numbers_are_the_same_to_the_last_bit() -> None:
    values = [1e22, 1e-7, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, -0.0, 1 / 3, 123456789.123456]
    assert [cell and cell.value for cell in column(values, NUMBER)] == values


def test_no_number_at_all() -> None:
    assert [c and c.value for c in column([float("nan"), float("inf"), None, 1.0], RATE)] == ["nan", "inf", None, 1.0]


@pytest.mark.parametrize("type", [DATE, MONTH])
def test_dates_are_dates(type: DataType) -> None:
    days = [date(2026, 10, 31), date(1900, 3, 1), date(9999, 12, 31)]
    cells = column(days, type)
    assert [cell and (cell.day, cell.shown_as) for cell in cells] == [(day, "yyyy-mm-dd") for day in days]


def test_days_before_excels_calendar_is_right_are_texts() -> None:
    assert [c and c.value for c in column([date(1900, 2, 28), date(1812, 1, 1)], DATE)] == ["1900-02-28", "1812-01-01"]


def test_masked_dates_are_texts() -> None:
    assert column(["1980-**-**"], DATE) == [Cell("1980-**-**", "@")]


def test_yes_and_no_follow_the_language() -> None:
    assert [c and c.value for c in column([True, False, None], BOOLEAN, lang="en")] == ["yes", "no", None]
    assert [c and c.value for c in column([True, False, None], BOOLEAN, lang="zh")] == ["是", "否", None]


def test_lists_are_joined_and_levels_are_as_they_are() -> None:
    assert [c and c.value for c in column([["a", "b"], [], None], LIST)] == ["a|b", "", None]
    assert column(["mid"], category("low", "mid", ordered=True)) == [Cell("mid", "@")]


def test_null_leaves_its_cell_empty() -> None:
    assert column([None, 1], INTEGER) == [None, Cell(1.0, "#,##0")]


def test_every_row_has_its_place_however_many_are_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pl.DataFrame({"customer_id": ["C1", "C2", "C3"], "x": [1.5, None, float("inf")]})
    whole = workbook(frame, account(ColumnAccount("x", "X", RATE, "x")))
    for at_once in (1, 2, 3):
        monkeypatch.setattr(fast_excel, "ROWS_AT_ONCE", at_once)
        made = read(workbook(frame, account(ColumnAccount("x", "X", RATE, "x"))))[0]
        assert made.values() == read(whole)[0].values() == [["客户编号", "X"], ["C1", 1.5], ["C2"], ["C3", "inf"]]
        assert re.findall(r'<row r="(\d+)"', made.xml) == ["1", "2", "3", "4"]
        assert '<dimension ref="A1:B4"/>' in made.xml


def test_a_column_of_nothing_is_a_column() -> None:
    assert column([None, None], TEXT, pl.String) == [None, None]
    assert column([None, None], DATE, pl.Date) == [None, None]
    assert column([None, None], RATE, pl.Float64) == [None, None]


def test_a_very_large_sheet_is_told_with_longer_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_excel, "LARGEST_ENTRY", 0)
    assert read(workbook(two_columns(), account(*TWO)))[0].values()[1] == ["00017", 120.0, "好"]


def test_columns_are_lettered_up_to_the_last() -> None:
    frame = pl.DataFrame({"customer_id": ["C1"], **{f"n{i}": [i] for i in range(30)}})
    cells = sheet(frame, account(*(ColumnAccount(f"n{i}", f"N{i}", INTEGER, "n") for i in range(30)))).cells
    assert (cells["Z2"].value, cells["AA2"].value, cells["AE2"].value) == (24.0, 25.0, 29.0)


# The sheet of the list.


TWO = (ColumnAccount("arpu_3m", "近三月ARPU", RATE, "近三月收入除以3", "yuan/month"), ColumnAccount("note", "备注", TEXT, "备注"))


def two_columns(notes: Sequence[str | None] = ("好", None)) -> pl.DataFrame:
    """Return a frame of two customers."""
    return pl.DataFrame({"customer_id": ["00017", "C2"], "arpu_3m": [120.0, 60.0], "note": notes})


def test_titles_or_names_head_the_columns() -> None:
    told = account(*TWO)
    first = [read(workbook(two_columns(), told, titles=titles))[0].values()[0] for titles in (True, False)]
    assert first == [["客户编号", "近三月ARPU", "备注"], ["customer_id", "arpu_3m", "note"]]


def test_the_header_stays_in_sight_and_filters() -> None:
    xml = sheet(two_columns(), account(*TWO)).xml
    assert re.search(r'<pane xSplit="1" ySplit="1" topLeftCell="B2" [^>]*state="frozen"', xml)
    assert '<autoFilter ref="A1:C3"/>' in xml


def test_columns_are_as_wide_as_what_they_hold() -> None:
    latin = sheet(two_columns(["a" * 20, None]), account(*TWO)).widths()[2]
    chinese = sheet(two_columns(["张" * 20, None]), account(*TWO)).widths()[2]
    assert (20 < latin < 26) and (40 < chinese < 46)
    assert sheet(two_columns(["a" * 1000, None]), account(*TWO)).widths()[2] < 62


def test_a_list_of_nobody_has_its_header() -> None:
    found = sheet(two_columns().clear(), account(*TWO))
    assert found.values() == [["客户编号", "近三月ARPU", "备注"]]
    assert '<autoFilter ref="A1:C1"/>' in found.xml


def test_formats_are_of_cells_so_that_every_program_shows_them() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(two_columns(), account(*TWO)))) as whole:
        assert not [name for name in whole.namelist() if "table" in name or "external" in name or "vba" in name]


# The sheet that says what the list is.


def about(lang: str, told: ListAccount | None = None) -> list[list[str | float | None]]:
    """Return the rows of the second sheet."""
    masked = ColumnAccount("phone", "联系电话", TEXT, "来源“客户”的字段phone", "", "personal", is_masked=True)
    ordered = ColumnAccount("value_tier", "价值层级", category("low", "mid", ordered=True), "近三月ARPU分层")
    frame = two_columns().with_columns(phone=pl.lit("138****8000"), value_tier=pl.lit("mid"))
    first, second = read(workbook(frame, told or account(*TWO, masked, ordered, lang=lang)))
    assert (first.name, second.name) == ({"zh": "名单", "en": "List"}[lang], ABOUT)
    return second.values()


def test_the_second_sheet_says_what_the_list_is() -> None:
    rows = about("zh")
    assert rows[0] == ["中高价值客户"]
    assert dict(row for row in rows[1 : rows.index([])]) == {  # type: ignore[misc]
        "客群": "worth_keeping",
        "定义": "价值层级不低于'mid'",
        "说明": "Who pays.",
        "范围": "active_customers: 在网客户 — 在网用户数高于0",
        "截止日": "2026-10-31",
        "行数": 1002.0,
        "排序": "近三月ARPU降序",
        "给定编号": "给定3个，其中1个查无此编号",
        "脱敏字段": "联系电话",
        "备注": "current values used for 2026-10-31: customer.phone",
        "负责人": "market",
        "运行编号": "cafe0123",
        "定义哈希": "0a1b2c3d",
    }


def test_the_second_sheet_holds_the_whole_waterfall() -> None:
    rows = about("zh")
    start = rows.index(["名单形成过程"])
    assert rows[start + 1 : start + 5] == [
        ["步骤", "条件", "进入", "剔除", "其中未知", "剩余"],
        ["1", "2026-10-31的全部客户", 20_000, "", "", 20_000],
        ["2", "近三月ARPU不低于100", 20_000, 18_998, 7, 1_002],
        ["3", "名单行数", 1_002, "", "", 1_002],
    ]


def test_the_second_sheet_explains_columns_parameters_and_terms() -> None:
    rows = about("zh")
    assert rows[rows.index(["字段"]) + 1 :][:6] == [
        ["名称", "含义", "字段名", "类型", "单位", "敏感级别"],
        ["客户编号", "来源“客户”的主键", "customer_id", "文本", "", "内部"],
        ["近三月ARPU", "近三月收入除以3", "arpu_3m", "比率", "yuan/month", "内部"],
        ["备注", "备注", "note", "文本", "", "内部"],
        ["联系电话", "来源“客户”的字段phone", "phone", "文本", "", "个人信息，已脱敏"],
        ["价值层级", "近三月ARPU分层", "value_tier", "有序类别", "", "内部"],
    ]
    assert rows[rows.index(["参数"]) + 1 :][:2] == [
        ["参数", "用于", "取值", "默认值", "来源"],
        ["value.mid_arpu", "价值层级", "120.50", "100", "行业资料"],
    ]
    assert rows[rows.index(["引用的定义"]) + 2] == ["近三月收入", "近3个完整月账单的总额之和", "revenue_3m"]


def test_in_english_its_labels_are_english() -> None:
    rows = about("en")
    labels = [row[0] for row in rows if row]
    for label in (
        "segment",
        "definition",
        "universe",
        "as of",
        "rows",
        "run id",
        "How the list came about",
        "Columns",
        "Parameters",
    ):
        assert label in labels
    assert ["stage", "condition", "entered", "removed", "of it unknown", "left"] in rows


def test_what_does_not_apply_is_left_out() -> None:
    subject = Subject("where", "ARPU is above 100", "ARPU is above 100", "0a1b", "customer")
    told = replace(account(*TWO, lang="en"), subject=subject, keys_given=None, order=(), marks=())
    rows = [row for row in read(workbook(two_columns(), told))[1].values() if row]
    assert [row[0] for row in rows[:8]] == [
        "ARPU is above 100", "segment", "definition", "universe", "as of", "rows", "masked columns", "run id",
    ]  # fmt: skip
    assert ["universe", "all customer rows"] in rows and ["masked columns", "none"] in rows
    assert not [row for row in rows if row[0] in {"Parameters", "What the definition builds on"}]


# Bytes.


def test_the_same_list_gives_the_same_bytes(tmp_path: Path) -> None:
    for scratch in (None, tmp_path):
        assert workbook(two_columns(), account(*TWO), scratch=scratch) == workbook(two_columns(), account(*TWO), scratch=scratch)


def test_the_only_date_inside_is_the_lists_own() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(two_columns(), account(*TWO)))) as whole:
        core = whole.read("docProps/core.xml").decode()
        assert {entry.date_time[0] for entry in whole.infolist()} == {1980}
    assert re.findall(r"\d{4}-\d\d-\d\d\w*", core) == ["2026-10-31T00"] * 2


def test_a_scratch_folder_makes_no_difference(tmp_path: Path) -> None:
    frame, told = two_columns(["=1+1", "好"]), account(*TWO)
    assert workbook(frame, told) == workbook(frame, told, scratch=tmp_path)
    assert list(tmp_path.iterdir()) == []


# What a sheet cannot hold.


def test_more_rows_than_a_sheet_holds_are_refused_before_anything_is_written() -> None:
    file = io.BytesIO()
    frame = pl.select(customer_id=pl.repeat("C1", MOST_ROWS + 1))
    with pytest.raises(Refused, match="1,048,576 rows do not fit into an Excel sheet, which holds 1,048,575") as refused:
        write_xlsx(frame, file, Form(account()))
    assert refused.value.exit_code == 5
    assert refused.value.hint is not None and ".csv" in refused.value.hint and "--limit 1048575" in refused.value.hint
    assert file.getvalue() == b""


@pytest.mark.parametrize("text", ["secret" * 10_000, "🙂" * 16_384], ids=["long", "counted as two each"])
def test_a_text_longer_than_a_cell_is_refused_not_cut(text: str) -> None:
    with pytest.raises(Refused, match="column 'note' holds 1 texts longer than the 32,767 characters") as refused:
        workbook(two_columns([text, None]), account(*TWO))
    assert "secret" not in str(refused.value) and "🙂" not in str(refused.value)


def test_a_text_as_long_as_a_cell_is_written() -> None:
    for text in ("x" * LONGEST_TEXT, "张" * LONGEST_TEXT, "🙂" * (LONGEST_TEXT // 2)):
        assert sheet(two_columns([text, None]), account(*TWO)).cells["C2"].value == text


def test_a_list_joined_to_a_text_too_long_is_refused() -> None:
    with pytest.raises(Refused, match="column 'x' holds 2 texts"):
        column([["a" * 20_000, "b" * 20_000], ["c" * 40_000], ["d"]], LIST)
