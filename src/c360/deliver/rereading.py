"""A list's file in, its cells as texts out; and how two lists differ, in counts. It knows no workspace, and tells no key."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    import polars

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
ABOUT = ("about", "about_funnel", "about_columns")


class Unreadable(Exception):
    """The file is not of its format, or cut."""


@dataclass(frozen=True)
class RowChanges:
    """What one list has that another has not: rows by key, cells by column, columns by name, and whether the order is another."""

    added: int = 0
    removed: int = 0
    cells: dict[str, int] = field(default_factory=dict)
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    is_reordered: bool = False

    @property
    def is_none(self) -> bool:
        """Whether both hold the same rows in the same order."""
        return self == RowChanges()

    def __str__(self) -> str:
        """Say it in words.

        >>> str(RowChanges(added=1, cells={"risk": 2}))
        '1 added, 0 removed, 2 others in risk'
        """
        told = [f"{self.added:,} added, {self.removed:,} removed"] if self.added or self.removed else []
        told += [f"{count:,} others in {name}" for name, count in self.cells.items()]
        told += [f"without the column {name}" for name in self.columns_removed]
        told += [f"with the column {name}" for name in self.columns_added]
        told += ["in another order"] if self.is_reordered else []
        return ", ".join(told) or "the same rows"

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "added": self.added, "removed": self.removed, "changed_cells": dict(self.cells),
            "columns_added": list(self.columns_added), "columns_removed": list(self.columns_removed),
            "reordered": self.is_reordered,
        }  # fmt: skip


def cells_of(path: Path, kind: str, encoding: str = "utf-8") -> polars.DataFrame:
    """Return the rows of a list's file, every cell a text; raises Unreadable where it is no file of its format."""
    import polars as pl

    try:
        match kind:
            case "csv":
                text = path.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else encoding)
                return pl.read_csv(text.encode(), infer_schema=False, truncate_ragged_lines=True)
            case "parquet":
                return _as_texts(pl.read_parquet(path))
            case "jsonl":
                return _as_texts(pl.read_ndjson(path, infer_schema_length=None))
            case "xlsx":
                return _sheet(path)
            case "duckdb":
                return _as_texts(_table(path))
    except (OSError, ValueError, LookupError, zipfile.BadZipFile, ElementTree.ParseError, pl.exceptions.PolarsError):
        raise Unreadable(f"{path.name} cannot be read as {kind}") from None
    raise Unreadable(f"{path.name}: no reader for '{kind}'")


def changes(before: polars.DataFrame, after: polars.DataFrame) -> RowChanges:
    """Return what *after* has that *before* has not; the key is the first column, and a key that stands twice counts twice."""
    import polars as pl

    if not before.columns or not after.columns:
        return RowChanges(after.height, before.height, {}, tuple(after.columns), tuple(before.columns))
    key = before.columns[0]
    after = after.rename({after.columns[0]: key}) if key not in after.columns else after
    counted = [frame.group_by(key).len(name) for frame, name in ((before, "then"), (after, "now"))]
    both = counted[0].join(counted[1], on=key, how="full", coalesce=True, nulls_equal=True).fill_null(0)
    more = (pl.col("now").cast(pl.Int64) - pl.col("then").cast(pl.Int64)).clip(lower_bound=0).sum()
    fewer = (pl.col("then").cast(pl.Int64) - pl.col("now").cast(pl.Int64)).clip(lower_bound=0).sum()
    added, removed = both.select(more.alias("more"), fewer.alias("fewer")).row(0)
    shared = [name for name in before.columns if name in after.columns and name != key]
    joined = before.unique(key, keep="first").join(after.unique(key, keep="first"), on=key, nulls_equal=True, suffix=" now")
    cells = {name: int(joined.select(pl.col(name).ne_missing(pl.col(f"{name} now")).sum()).item()) for name in shared}
    return RowChanges(
        int(added), int(removed), {name: count for name, count in cells.items() if count},
        tuple(name for name in after.columns if name not in before.columns),
        tuple(name for name in before.columns if name not in after.columns),
        _is_reordered(before[key], after[key]),
    )  # fmt: skip


def _is_reordered(before: polars.Series, after: polars.Series) -> bool:
    """Whether the keys that both have stand in another order."""
    then, now = before.filter(before.is_in(after.implode())), after.filter(after.is_in(before.implode()))
    return then.len() == now.len() and bool(then.ne_missing(now).any())


def _as_texts(frame: polars.DataFrame) -> polars.DataFrame:
    import polars as pl

    lists = [pl.col(name).cast(pl.List(pl.String)).list.join("|") for name, kind in frame.schema.items() if kind == pl.List]
    return frame.with_columns(lists).with_columns(pl.all().cast(pl.String))


def _sheet(path: Path) -> polars.DataFrame:
    """Return the first sheet of a workbook; a number is written as Python writes it, whatever program saved it."""
    import polars as pl

    with zipfile.ZipFile(path) as book:
        shared = list(_shared(book.read(SHARED))) if SHARED in book.namelist() else []
        rows = list(_rows(book.read(SHEET), shared))
    heads = [rows[0].get(place, "") for place in range(max(rows[0], default=-1) + 1)] if rows else []
    if len(set(heads)) < len(heads):
        raise ValueError
    return pl.DataFrame(
        {head: pl.Series([row.get(place) for row in rows[1:]], dtype=pl.String) for place, head in enumerate(heads)}
    )


def _shared(xml: bytes) -> Iterator[str]:
    for item in ElementTree.fromstring(xml).iter(f"{MAIN}si"):
        yield "".join(part.text or "" for part in item.iter(f"{MAIN}t"))


def _rows(xml: bytes, shared: list[str]) -> Iterator[dict[int, str]]:
    """Yield each row's cells by place."""
    for _, found in ElementTree.iterparse(io.BytesIO(xml)):
        if found.tag == f"{MAIN}row":
            cells = [(_place(cell.get("r", "")), _cell(cell, shared)) for cell in found.iter(f"{MAIN}c")]
            row = {place: text for place, text in cells if text is not None}
            if row:
                yield row
            found.clear()


def _cell(cell: ElementTree.Element, shared: list[str]) -> str | None:
    kind, value = cell.get("t"), cell.find(f"{MAIN}v")
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
    if value is None or value.text is None:
        return None
    if kind == "s":
        return shared[int(value.text)]
    return value.text if kind is not None else repr(float(value.text))


def _place(reference: str) -> int:
    """Return the place, from 0, of the column of a cell's reference."""
    number = 0
    for letter in re.sub(r"[^A-Z]", "", reference):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _table(path: Path) -> polars.DataFrame:
    """Return the list's own table of a database."""
    import duckdb
    import polars as pl

    from c360.engines.duckdb import connect
    from c360.engines.stream import ArrowStream
    from c360.quoting import quoted, text

    connection = connect(threads=1)
    try:
        connection.execute(f"ATTACH {text(str(path))} AS list (READ_ONLY)")
        names = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'list'").fetchall()
        own = [name for (name,) in names if name not in ABOUT]
        if len(own) != 1:
            raise ValueError
        return pl.DataFrame(ArrowStream(connection.sql(f"SELECT * FROM list.{quoted(own[0])}").__arrow_c_stream__(None)))
    except duckdb.Error:
        raise ValueError from None
    finally:
        connection.close()
