"""A CSV or Parquet file that came back from others in, its columns by the names wanted out; shows no value of it.

Nothing is guessed but the delimiter: columns are found by name, the encoding is as declared, every value must be what it
should be. What is wrong is told by column, count and first line.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from c360.bindings.csv_files import csv_header
from c360.bindings.encodings import UTF8, pieces
from c360.bindings.settings import encoding_of
from c360.bindings.sniff import written_as
from c360.errors import BadValues, DamagedFile, KeyFault, MissingColumn, SourceError, UsageError, did_you_mean

if TYPE_CHECKING:
    import polars

KEY = "key"


@dataclass(frozen=True)
class Returned:
    """A file read: its columns by the names wanted (texts, or as Parquet has them), and the line of each row."""

    path: Path
    sha256: str
    frame: polars.DataFrame
    lines: Sequence[int]

    def keys(self) -> polars.Series:
        """Return the keys as text; raises KeyFault where a row has none."""
        import polars as pl

        keys = self.frame[KEY]
        if keys.dtype.is_float():
            raise KeyFault(f"{self.path.name}: the keys are fractions", hint="write them as text", where=self.path.name)
        found = keys.cast(pl.String).str.strip_chars()
        self._refuse(found.is_null() | (found == ""), "the key", "rows without one", KeyFault)
        return found

    def days(self, name: str) -> polars.Series:
        """Return a column of days, from dates or from texts like 2026-10-31; null where it is empty."""
        import polars as pl

        column = self.frame[name]
        if column.dtype == pl.Datetime or column.dtype == pl.Date:
            return column.cast(pl.Date)
        texts = _plain(column)
        found = texts.str.to_date("%Y-%m-%d", strict=False)
        self._refuse(texts.is_not_null() & found.is_null(), name, "no day like 2026-10-31")
        return found

    def amounts(self, name: str) -> polars.Series:
        """Return a column of money, with two decimals; null where it is empty."""
        import polars as pl

        texts = _plain(self.frame[name])
        found = texts.cast(pl.Decimal(18, 2), strict=False)
        fits = texts.str.contains(r"^[+-]?\d{1,15}(\.\d+)?$")
        self._refuse(texts.is_not_null() & (found.is_null() | ~fits), name, "no amount like 1234.50")
        return found

    def meanings(self, name: str, meant: Callable[[polars.Series], polars.Series], hint: str) -> polars.Series:
        """Return what the texts of a column mean, by *meant*; null where it is empty; raises BadValues for unknown words."""
        import polars as pl

        texts = _plain(self.frame[name].cast(pl.String))
        found = meant(texts)
        self._refuse(texts.is_not_null() & found.is_null(), name, "a word that is not known", hint=hint)
        return found

    def texts(self, name: str) -> polars.Series:
        """Return a column of texts; null where it is empty."""
        return _plain(self.frame[name])

    def _refuse(
        self, wrong: polars.Series, name: str, told: str, error: type[SourceError] = BadValues, hint: str = "mend the file"
    ) -> None:
        bad = int(wrong.sum() or 0)
        if bad:
            first = self.lines[wrong.arg_true()[0]]
            raise error(
                f"{self.path.name} line {first}, column {name}: {told}; {bad:,} such rows of {self.frame.height:,}",
                hint=hint,
                where=self.path.name,
            )


def read_back(
    path: Path, wanted: Mapping[str, Sequence[str]], given: Mapping[str, str], needed: Sequence[str], encoding: str | None = None
) -> Returned:
    """Read the columns *wanted* of a file: each by the name *given* says, else by the first of its usual names there is.

    Capitals make no difference. Raises MissingColumn where one of *needed*, or one given, is not there.
    """
    unknown = [name for name in given if name not in wanted]
    if unknown:
        hint = did_you_mean(unknown[0], wanted) or f"columns: {', '.join(wanted)}"
        raise UsageError(f"'{unknown[0]}' is no column that can be given", hint=hint, where="--column")
    if not path.is_file():
        raise UsageError(f"the file {path} is not there", hint="name a CSV or Parquet file")
    codec = UTF8 if encoding is None else encoding_of(encoding)
    if codec is None:
        raise UsageError(f"'{encoding}' is no encoding c360 reads", hint="write --encoding gb18030")
    try:
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        written = written_as(path)
        if written.kind == "parquet":
            frame, lines = _parquet(path, lambda names: _found(path, names, wanted, given, needed))
        else:
            frame, lines = _csv(path, written.delimiter, codec, lambda names: _found(path, names, wanted, given, needed))
    except (BadValues, DamagedFile) as error:
        if "encoding" in (error.hint or ""):  # said of a bound source; this file has no binding
            error.message = error.message.replace(", as its binding declares", "")
            error.hint = "say how it is written: --encoding gb18030, gbk, big5 or utf-16"
        raise
    except OSError as error:
        told = f"{path.name} cannot be read: {os.strerror(error.errno or 0)}"
        raise SourceError(told, hint="look at the rights of the file and its folder", where=path.name) from None
    return Returned(path, digest, frame, lines)


def _found(
    path: Path, names: Sequence[str], wanted: Mapping[str, Sequence[str]], given: Mapping[str, str], needed: Sequence[str]
) -> dict[str, str]:
    """Return the file's name of each column that it has."""
    there = {name.lower(): name for name in names}
    found: dict[str, str] = {}
    for column, usual in wanted.items():
        asked = [given[column]] if column in given else usual
        match = next((there[name.lower()] for name in asked if name.lower() in there), None)
        if match is not None:
            found[column] = match
        elif column in given or column in needed:
            # The names found are not shown: in a file without a header they are a customer's values.
            told = f"expected a column {' or '.join(dict.fromkeys(asked))}; none of its {len(names)} columns is called so"
            raise MissingColumn(f"{path.name}: {told}", hint=f"--column {column}=NAME says which it is", where=path.name)
    return found


def _parquet(path: Path, choose: Callable[[Sequence[str]], dict[str, str]]) -> tuple[polars.DataFrame, Sequence[int]]:
    import polars as pl

    try:
        chosen = choose(list(pl.read_parquet_schema(path)))
        frame = pl.read_parquet(path, columns=list(dict.fromkeys(chosen.values())), hive_partitioning=False)
    except pl.exceptions.PolarsError:
        raise DamagedFile(f"{path.name} is damaged, or no Parquet file", hint="fetch it again", where=path.name) from None
    return frame.select(pl.col(name).alias(column) for column, name in chosen.items()), range(1, frame.height + 1)


def _csv(
    path: Path, delimiter: str, codec: str, choose: Callable[[Sequence[str]], dict[str, str]]
) -> tuple[polars.DataFrame, Sequence[int]]:
    import polars as pl

    names = [name for name, _ in csv_header(path, delimiter, codec)]
    places = {column: names.index(name) for column, name in choose(names).items()}
    reader = csv.reader(io.StringIO("".join(pieces(path, codec)), newline=""), delimiter=delimiter, strict=True)
    columns: dict[str, list[str]] = {column: [] for column in places}
    lines: list[int] = []
    line = 1
    try:
        next(reader)
        while True:
            line = reader.line_num + 1
            row = next(reader, None)
            if row is None:
                break
            if not row:
                continue
            if len(row) != len(names):
                told = f"{path.name} line {line}: {len(row)} fields, expected {len(names)}"
                raise BadValues(told, hint="mend the line; often a text with a delimiter in it lacks its quotes", where=path.name)
            lines.append(line)
            for column, place in places.items():
                columns[column].append(row[place])
    except csv.Error:
        told = f"{path.name} line {line}: a quote that is never closed, or text behind one"
        raise BadValues(told, hint="mend the line", where=path.name) from None
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String())), lines


def _plain(column: polars.Series) -> polars.Series:
    """Return a column as texts without blanks around them; null where nothing is left."""
    import polars as pl

    texts = column.cast(pl.String).str.strip_chars()
    return texts.set(texts == "", None)
