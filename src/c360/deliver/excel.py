"""A list and its account in, an Excel workbook out: the rows on the first sheet, what they are on the second.

No cell is ever run: every text is written as text, so a formula, a link or a long number in one stays what it was. The same
list gives the same bytes: the only date inside is the list's own.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from math import ceil
from typing import TYPE_CHECKING, Any, BinaryIO

from c360.deliver.about import Cell, Table, facts_of, tables_of
from c360.deliver.account import ColumnAccount, Form, ListAccount
from c360.deliver.fast_excel import DAYS, TEXTS, SheetColumn, entry, styles_of, with_rows
from c360.deliver.fast_excel import NUMBERS as NUMBER_CELLS
from c360.deliver.wording import say
from c360.errors import InternalError, Refused

if TYPE_CHECKING:
    import polars
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575  # of a sheet, below its header
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
EXACT_DIGITS = 15  # Excel keeps no more of a number
FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a 29 February that never was
ABOUT = "说明 About"  # in every language; a sheet's name cannot hold the slash one would write

TEXT_FORMAT = "@"
SHARES = ("share", "probability")
NUMBERS = {"integer": "#,##0", "money": "#,##0.00", "volume": "#,##0.000", "rate": "#,##0.00", "number": "#,##0.00##"}
DECIMALS = {"integer": 0, "money": 2, "volume": 3}
PERCENT, DAY = "0.00%", "yyyy-mm-dd"
FIGURES = {*NUMBERS.values(), PERCENT}
KINDS = {TEXT_FORMAT: TEXTS, DAY: DAYS}
LIST_PART = "xl/worksheets/sheet1.xml"

NARROWEST, WIDEST, WIDEST_HEADER = 8, 60, 24
LINE = 16  # points of one line of text
LETTER = 0.82  # of a digit's width, which columns are counted in
ABOUT_WIDTHS = (30, 76, 34, 16, 16, 18)
MOST_LINES = 24  # a row cannot be higher than 409 points

HEADER = {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True, "valign": "vcenter"}


@dataclass(frozen=True)
class Cells:
    """How one column is written: its number format and how wide its widest value is; *as_text* where Excel would round."""

    number_format: str
    width: int
    as_text: bool = False


def write_xlsx(frame: polars.DataFrame, file: BinaryIO, form: Form) -> int:
    """Write a workbook with the account's titles (or names) as headers; a cell changes only where titles name its level.

    Raises Refused for more rows or columns, or longer texts, than a sheet holds.
    """
    account = form.account
    if account is None:
        raise InternalError("a workbook needs the account of its list")
    _refuse(frame, account.columns)
    frame = account.in_words(frame) if form.titles else frame
    cells = [_cells(frame[column.name], column) for column in account.columns]
    base = _without_rows(account, cells, [c.title if form.titles else c.name for c in account.columns], frame.height)
    styles = styles_of(entry(base, LIST_PART))
    columns = [
        SheetColumn(told.name, KINDS.get(cell.number_format, NUMBER_CELLS), style, (FIRST_DAY - date(1970, 1, 1)).days)
        for told, cell, style in zip(account.columns, cells, styles, strict=True)
    ]
    with_rows(base, LIST_PART, _plain(frame, account, cells), columns, file)
    return 0


def _refuse(frame: polars.DataFrame, columns: tuple[ColumnAccount, ...]) -> None:
    """Refuse what a sheet cannot hold whole."""
    hint = "write .csv or .parquet, which hold it whole"
    if frame.height > MOST_ROWS:
        raise Refused(
            f"{frame.height:,} rows do not fit into an Excel sheet, which holds {MOST_ROWS:,}",
            hint=f"write .csv or .parquet, which hold them all, or several workbooks with --split; --limit {MOST_ROWS} cuts it",
        )
    if frame.width > MOST_COLUMNS:
        raise Refused(f"{frame.width:,} columns do not fit into an Excel sheet, which holds {MOST_COLUMNS:,}", hint=hint)
    for column in columns:
        count = _too_long(frame[column.name])
        if count:
            told = f"column '{column.name}' holds {count:,} texts longer than the {LONGEST_TEXT:,} characters of an Excel cell"
            raise Refused(told, hint=hint)


def _too_long(column: polars.Series) -> int:
    """Return how many texts are longer than a cell, which counts a character beyond the common ones as two."""
    import polars as pl

    if column.dtype not in (pl.String, pl.List):
        return 0
    texts = _as_texts(column)
    texts = texts.filter(texts.str.len_bytes() > LONGEST_TEXT)  # a character has as many bytes or more
    return int((texts.str.len_chars() + texts.str.count_matches(r"[\x{10000}-\x{10FFFF}]") > LONGEST_TEXT).sum())


def _without_rows(account: ListAccount, cells: list[Cells], heads: list[str], rows: int) -> bytes:
    """Return the workbook with everything but the list's rows."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with Workbook(file, options) as book:
        book.set_properties(
            {
                "title": account.subject.title,
                "subject": account.subject.segment,
                "author": "c360",
                "comments": f"run {account.run_id}",
                "created": datetime.combine(account.as_of, time()),
            }
        )
        _list_sheet(book, account, cells, heads, rows)
        _about_sheet(book, account)
    return file.getvalue()


def _list_sheet(book: Workbook, account: ListAccount, cells: list[Cells], heads: list[str], rows: int) -> None:
    sheet = book.add_worksheet(say("sheet", account.lang))
    sides = [{"align": "right" if c.number_format in FIGURES else "left", "indent": 1} for c in cells]
    formats = [
        book.add_format({"num_format": c.number_format, "valign": "vcenter", **s}) for c, s in zip(cells, sides, strict=True)
    ]
    headers = [book.add_format({**HEADER, **side}) for side in sides]
    lines = 1
    for number, (head, cell, format_) in enumerate(zip(heads, cells, formats, strict=True)):
        width = min(max(cell.width + 3, min(_width(head) + 5, WIDEST_HEADER), NARROWEST), WIDEST)
        lines = max(lines, _lines(head, width - 4))
        sheet.set_column(number, number, width, format_)
    sheet.set_row(0, LINE * lines + 4)
    for number, (head, header) in enumerate(zip(heads, headers, strict=True)):
        sheet.write_string(0, number, head, header)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, rows, len(heads) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS + 1}"})
    sheet.repeat_rows(0)
    _for_paper(sheet, account)


def _cells(column: polars.Series, told: ColumnAccount) -> Cells:
    """Return how a column is written: by its type, as text where Excel would lose digits of a value."""
    kind = told.type.kind
    if kind in NUMBERS and column.dtype.is_numeric():
        return _numbers(column, kind, told.unit)
    if kind in {"date", "month"} and column.dtype.is_temporal():
        return Cells(DAY, len("2026-10-31"))
    if kind == "boolean":
        return Cells(TEXT_FORMAT, 3)
    texts = _as_texts(column)
    widest = ((texts.str.len_chars() + texts.str.len_bytes()) / 2).max()  # three bytes a Chinese character, two columns wide
    return Cells(TEXT_FORMAT, ceil(widest) if isinstance(widest, float) else 0)


def _numbers(column: polars.Series, kind: str, unit: str) -> Cells:
    least, most = _ends(column)
    if kind in DECIMALS and max(abs(least), abs(most)) >= 10 ** (EXACT_DIGITS - DECIMALS[kind]):
        return Cells(TEXT_FORMAT, max(len(str(least)), len(str(most))), as_text=True)
    if kind in {"rate", "number"} and unit in SHARES:
        return Cells(PERCENT, len("-100.00%"))
    number_format = NUMBERS[kind]
    decimals = number_format.partition(".")[2]
    return Cells(number_format, max(len(f"{end:,.{len(decimals)}f}") for end in (least, most)))


def _ends(column: polars.Series) -> tuple[Any, Any]:
    """Return the least and the greatest value; zeros where there is none."""
    finite = column.drop_nulls()
    if finite.dtype.is_float():
        finite = finite.filter(finite.is_finite())
    return (finite.min(), finite.max()) if len(finite) else (0, 0)


def _plain(frame: polars.DataFrame, account: ListAccount, cells: list[Cells]) -> polars.DataFrame:
    """Return the frame as a workbook knows values: numbers, dates, and texts for all else."""
    import polars as pl

    yes, no = say("yes", account.lang), say("no", account.lang)
    made = []
    for told, cell in zip(account.columns, cells, strict=True):
        column = frame[told.name]
        if column.dtype == pl.Boolean:
            made.append(column.replace_strict({True: yes, False: no}, return_dtype=pl.String))
        elif cell.number_format == TEXT_FORMAT:
            made.append(_as_texts(column))
        else:
            made.append(column)
    return pl.DataFrame(made)


def _as_texts(column: polars.Series) -> polars.Series:
    import polars as pl

    return column.list.join("|") if column.dtype == pl.List else column.cast(pl.String)


def _about_sheet(book: Workbook, account: ListAccount) -> None:
    sheet = book.add_worksheet(ABOUT)
    for number, width in enumerate(ABOUT_WIDTHS):
        sheet.set_column(number, number, width)
    page = _Page(sheet, book)
    page.line((account.subject.title,), (page.title,), height=28)
    for label, value in facts_of(account):
        page.fact(label, value)
    for table in tables_of(account):
        page.table(table)
    _for_paper(sheet, account)


class _Page:
    """Writes an account downward, one line below the other."""

    def __init__(self, sheet: Worksheet, book: Workbook) -> None:
        self._sheet, self._row = sheet, 0
        text = {"valign": "top", "text_wrap": True, "align": "left"}
        rule = {"bottom": 4, "bottom_color": "#A6A6A6"}
        figure = {"valign": "top", "align": "right", "indent": 1, "num_format": "#,##0"}
        self.title = book.add_format({"bold": True, "font_size": 16, "valign": "vcenter"})
        self._heading = book.add_format({"bold": True, "font_size": 13, "valign": "vcenter"})
        self._label = book.add_format({**text, "font_color": "#44546A", "bold": True})
        self._text = book.add_format({**text, "num_format": "#,##0"})
        self._body, self._figure = book.add_format({**text, **rule}), book.add_format({**figure, **rule})
        self._head, self._figure_head = book.add_format(HEADER), book.add_format({**HEADER, "align": "right", "indent": 1})

    def line(self, cells: Sequence[Cell], formats: Sequence[Any], *, height: int | None = None) -> None:
        """Write one line, as high as its longest text; the last format goes on."""
        lines = max(_lines(str(cell), ABOUT_WIDTHS[i]) for i, cell in enumerate(cells))
        self._sheet.set_row(self._row, height or LINE * min(lines, MOST_LINES) + 2)
        for number, cell in enumerate(cells):
            used = formats[min(number, len(formats) - 1)]
            if isinstance(cell, int):
                self._sheet.write_number(self._row, number, cell, used)
            else:
                self._sheet.write_string(self._row, number, cell or "", used)
        self._row += 1

    def fact(self, label: str, value: Cell) -> None:
        """Write a fact beside its label."""
        self.line((label, value), (self._label, self._text))

    def table(self, table: Table) -> None:
        """Write a table under its title, an empty line above; columns of figures stand to the right."""
        self._row += 1
        self.line((table.title,), (self._heading,), height=22)
        figures = [all(not isinstance(row[i], str) for row in table.rows) for i in range(len(table.head))]
        self.line(table.head, [self._figure_head if is_figure else self._head for is_figure in figures])
        for row in table.rows:
            self.line(row, [self._figure if is_figure else self._body for is_figure in figures])


def _for_paper(sheet: Worksheet, account: ListAccount) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
    sheet.set_footer(f"&L{account.subject.segment}, {account.as_of.isoformat()}&R{say('page', account.lang)}")


def _width(text: str) -> int:
    """Return how many columns *text* takes; a Chinese character takes two."""
    return ceil((len(text) + len(text.encode())) / 2)


def _lines(text: str, width: int) -> int:
    """Return how many lines *text* takes in a cell; words that do not break leave room at the ends of lines."""
    return sum(max(1, ceil((_taken(part) * 1.06) / width if _taken(part) > width else 1)) for part in text.split("\n"))


def _taken(text: str) -> float:
    """Return how much of a line *text* takes, in digits: a letter less than one, a Chinese character two."""
    narrow = sum(character.isascii() for character in text)
    return LETTER * narrow + 2 * (len(text) - narrow)
