"""A CSV file in; its header, the line of one of its rows, and what makes it unreadable out; shows no value of it.

Lines are lines of the file, as an editor counts them: a row whose text holds line breaks takes several.
"""

from __future__ import annotations

import codecs
import csv
import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from c360.bindings.encodings import UTF8, first_line_not, not_in
from c360.errors import BadValues, C360Error, DamagedFile, SourceError

Header = tuple[tuple[str, str], ...]

LONGEST_ROW = 2_000_000  # characters; the engine reads no longer ones
OTHER_KINDS = {
    b"PAR1": ("a Parquet file", 'set format = "parquet" in its binding'),
    b"PK\x03\x04": ("an Excel or zip file", "save it as CSV (UTF-8)"),
    b"\x1f\x8b": ("compressed", "unpack it first"),
    codecs.BOM_UTF16_LE: ("UTF-16", 'set encoding = "utf-16" in its binding'),
    codecs.BOM_UTF16_BE: ("UTF-16", 'set encoding = "utf-16" in its binding'),
}


def csv_header(file: Path, delimiter: str, codec: str = UTF8) -> Header:
    """Return the names in the header of a CSV file, each once; every value is text until it is cast.

    A column without a name is called by its place: ``column 3``.
    """
    try:
        _refuse_other_kinds(file, codec)
        with file.open(encoding=codec, newline="") as lines:
            first = next(csv.reader(lines, delimiter=delimiter, skipinitialspace=True), [])
            names = [name.strip("\ufeff").strip() for name in first]
    except UnicodeError:
        raise not_in(file, codec, first_line_not(file, codec) or 1) from None
    except csv.Error:
        raise DamagedFile(f"{file.name} is no CSV file: its first line cannot be read", where=file.name) from None
    except OSError as error:
        told = f"{file.name} cannot be read: {os.strerror(error.errno or 0)}"
        raise SourceError(told, hint="look at the rights of the file and its folder", where=file.name) from None
    if not names:
        raise DamagedFile(f"{file.name} is empty ({file.stat().st_size} bytes); expected a header line", where=file.name)
    names = [name or f"column {place}" for place, name in enumerate(names, 1)]
    lower = [name.lower() for name in names]
    twice = sorted({name for name in names if lower.count(name.lower()) > 1})
    if twice:
        raise BadValues(
            f"{file.name} line 1: columns of one name: {', '.join(twice)}",
            hint="rename one in the file; capitals make no difference",
            where=file.name,
        )
    return tuple((name, "VARCHAR") for name in names)


def line_of(file: Path, delimiter: str, ordinal: int) -> int | None:
    """Return the line where data row *ordinal* (1 is the first) starts; None if it cannot be told."""
    return lines_of(file, delimiter, {ordinal}).get(ordinal)


def lines_of(file: Path, delimiter: str, ordinals: Collection[int]) -> dict[int, int]:
    """Return the line where each of the data rows *ordinals* starts; without those that cannot be told."""
    found: dict[int, int] = {}
    last = max(ordinals, default=0)
    with suppress(csv.Error, UnicodeDecodeError), _opened(file, delimiter) as rows:
        for number, _ in enumerate(rows):
            if number in ordinals:
                found[number] = rows.line
            if number >= last:
                break
    return found


def breakage(file: Path, delimiter: str) -> C360Error | None:
    """Return the first thing that makes *file* no CSV: its encoding, a row's width, a quote; None for nothing."""
    line = first_line_not(file, UTF8)
    if line is not None:
        return not_in(file, UTF8, line)
    with _opened(file, delimiter) as rows:
        width = 0
        try:
            for row in rows:
                width = width or len(row)
                if len(row) != width:
                    hint = "mend the line; often a text with a delimiter or a quote in it lacks its own quotes"
                    return _broken(file, rows.line, f"{len(row)} fields, expected {width}", hint)
                if sum(map(len, row)) > LONGEST_ROW:
                    hint = "mend the line; often a quote is never closed"
                    return _broken(file, rows.line, f"a row of more than {LONGEST_ROW:,} characters", hint)
        except csv.Error:
            return _broken(file, rows.line, "a quote that is never closed, or text behind one", "mend the line")
    return _mixed_ends(file)


class _Rows:
    """The rows of an open CSV file, the header first; blank lines are left out, as the engine leaves them out."""

    def __init__(self, lines: TextIO, delimiter: str) -> None:
        self._reader = csv.reader(lines, delimiter=delimiter, strict=True)
        self.line = 1
        """The line on which the row read last starts, or the row that cannot be read."""

    def __iter__(self) -> Iterator[list[str]]:
        width = 0
        while True:
            self.line = self._reader.line_num + 1
            row = next(self._reader, None)
            if row is None:
                return
            width = width or len(row)
            if row or width == 1:
                yield row or [""]


@contextmanager
def _opened(file: Path, delimiter: str) -> Iterator[_Rows]:
    longest = csv.field_size_limit(sys.maxsize)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            yield _Rows(lines, delimiter)
    finally:
        csv.field_size_limit(longest)


def _mixed_ends(file: Path) -> C360Error | None:
    """Return what to say of a file whose lines end now in CR LF and now in LF."""
    first: bool | None = None
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                continue
            windows = line.endswith(b"\r\n")
            first = windows if first is None else first
            if windows != first:
                hint = f"give every line the same end: dos2unix {file.name}"
                return _broken(file, number, "another line end than the lines before", hint)
    return None


def _refuse_other_kinds(file: Path, codec: str) -> None:
    with file.open("rb") as opened:
        head = opened.read(4)
    for sign, (told, hint) in OTHER_KINDS.items():
        if head.startswith(sign) and not (told == "UTF-16" and codec.startswith("utf-16")):
            raise DamagedFile(f"{file.name} is {told}, expected CSV in {codec.removesuffix('-sig').upper()}", hint=hint)


def _broken(file: Path, line: int, told: str, hint: str) -> C360Error:
    return BadValues(f"{file.name} line {line}: {told}", hint=hint, where=file.name)
