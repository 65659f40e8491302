"""A workbook without its rows and the rows as a frame in, the workbook with them out; knows no list and no style.

The rows of a sheet are put into XML column by column, a block of rows at once, which takes a tenth of the time of a call a cell.
Every text is an inline string, so no program takes it for a formula, a number or a link (decision 0025).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import polars

ROWS_AT_ONCE = 20_000
COMPRESSION = 4  # level 6 takes twice the time for an eighth less
LARGEST_ENTRY = 2**31  # above it a zip file needs longer numbers, which older programs do not read
MOST_AROUND, MOST_A_CHARACTER = 90, 7  # bytes around a value, and bytes that one byte of it can become

FIRST_SERIAL = 25_569  # of 1970-01-01, in a calendar whose day 0 is 1899-12-30
ESCAPED = r"_x[0-9a-fA-F]{4}_"  # how the format writes a character that XML has not; a text that looks like it is escaped itself
LACKING = [*(chr(i) for i in range(32) if chr(i) not in "\t\n"), "\ufffe", "\uffff"]
LACKS = r"[\x00-\x08\x0B-\x1F\x{FFFE}\x{FFFF}]"
SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
BLANK_ENDS = r"^\s|\s$"

TEXTS, NUMBERS, DAYS = "texts", "numbers", "days"
END_OF_ROWS = "</sheetData>"


@dataclass(frozen=True)
class SheetColumn:
    """One column of a sheet: the frame's column, what its cells are, and the style they have.

    A number that is not finite, and a day before *first_day* (days since 1970), is a text in its place.
    """

    name: str
    kind: str
    style: int
    first_day: int = -(2**31)


def styles_of(sheet: str) -> list[int]:
    """Return the style of each column, as the sheet's XML declares them."""
    found: list[int] = []
    for column in re.findall(r"<col [^>]*>", sheet):
        told = dict(re.findall(r'(\w+)="([^"]*)"', column))
        found += [int(told.get("style", "0"))] * (int(told["max"]) - int(told["min"]) + 1)
    return found


def entry(book: bytes, name: str) -> str:
    """Return one part of a workbook as text."""
    with zipfile.ZipFile(io.BytesIO(book)) as whole:
        return whole.read(name).decode()


def with_rows(book: bytes, sheet: str, frame: polars.DataFrame, columns: Sequence[SheetColumn], file: BinaryIO) -> None:
    """Write *book* into *file* with the rows of *frame* below the header of the part *sheet*; the same input, the same bytes."""
    is_large = frame.height * len(columns) * MOST_AROUND + frame.estimated_size() * MOST_A_CHARACTER > LARGEST_ENTRY
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as new,
    ):
        for name in old.namelist():
            with new.open(name, "w", force_zip64=is_large and name == sheet) as part:
                if name != sheet:
                    part.write(old.read(name))
                    continue
                before, end, after = old.read(name).decode().partition(END_OF_ROWS)
                part.write(_measured(before, frame.height, len(columns)).encode())
                for rows in _blocks(frame, columns):
                    part.write(rows)
                part.write((end + after).encode())


def _measured(head: str, rows: int, columns: int) -> str:
    """Return the start of a sheet's XML that says how far the rows reach."""
    return re.sub(r'<dimension ref="[^"]*"/>', f'<dimension ref="A1:{letters(columns - 1)}{rows + 1}"/>', head, count=1)


def letters(number: int) -> str:
    """Return what the column *number*, counted from 0, is called.

    >>> letters(0), letters(25), letters(26), letters(16_383)
    ('A', 'Z', 'AA', 'XFD')
    """
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _blocks(frame: polars.DataFrame, columns: Sequence[SheetColumn]) -> Iterator[bytes]:
    """Yield the rows as XML, so many at once."""
    import polars as pl

    for first in range(0, frame.height, ROWS_AT_ONCE):
        block = frame.slice(first, ROWS_AT_ONCE)
        row = pl.int_range(first + 2, first + 2 + block.height).cast(pl.String)
        cells = [_cell(block[column.name], column, row, letters(place)) for place, column in enumerate(columns)]
        # A cell of null is null, and is left out.
        whole = pl.concat_str([pl.lit('<row r="'), row, pl.lit('">'), *cells, pl.lit("</row>")], ignore_nulls=True)
        yield block.select(whole.str.join("").cast(pl.Binary)).item()


def _cell(values: polars.Series, column: SheetColumn, row: polars.Expr, place: str) -> polars.Expr:
    import polars as pl

    value = pl.col(column.name)
    start = pl.concat_str([pl.lit(f'<c r="{place}'), row, pl.lit(f'" s="{column.style}"')])
    if column.kind == DAYS:
        days = value.cast(pl.Int32)
        told = pl.concat_str([start, pl.lit("><v>"), (days + FIRST_SERIAL).cast(pl.String), pl.lit("</v></c>")])
        if (values.cast(pl.Int32) < column.first_day).any():
            return pl.when(days >= column.first_day).then(told).otherwise(_text(start, value.cast(pl.String), ""))
        return told
    if column.kind == NUMBERS:
        told = pl.concat_str([start, pl.lit("><v>"), value.cast(pl.String), pl.lit("</v></c>")])
        if values.dtype.is_float() and not values.is_finite().all():
            return pl.when(value.is_finite()).then(told).otherwise(_text(start, value.cast(pl.String).str.to_lowercase(), ""))
        return told
    return _text_cell(values, start, value)


def _text_cell(values: polars.Series, start: polars.Expr, value: polars.Expr) -> polars.Expr:
    """Return a cell of text; what XML has not, or would take for its own, is escaped where there is any."""
    import polars as pl

    if _has(values, ESCAPED):
        # Every _x of such a text: two that share a sign between them would else be read as one.
        value = pl.when(value.str.contains(ESCAPED)).then(value.str.replace_all("_x", "_x005F_x", literal=True)).otherwise(value)
    if _has(values, "[&<>]"):
        value = value.str.replace_many(list(SPECIAL), list(SPECIAL.values()))
    if _has(values, LACKS):
        value = value.str.replace_many(LACKING, [f"_x{ord(character):04X}_" for character in LACKING])
    if _has(values, BLANK_ENDS):
        kept = pl.col(values.name).str.contains(BLANK_ENDS)
        return pl.when(kept).then(_text(start, value, ' xml:space="preserve"')).otherwise(_text(start, value, ""))
    return _text(start, value, "")


def _has(values: polars.Series, pattern: str) -> bool:
    return bool(values.str.contains(pattern).any())


def _text(start: polars.Expr, value: polars.Expr, space: str) -> polars.Expr:
    import polars as pl

    return pl.concat_str([start, pl.lit(f' t="inlineStr"><is><t{space}>'), value, pl.lit("</t></is></c>")])
