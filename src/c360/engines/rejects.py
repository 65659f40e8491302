"""A bound source in, the report of its bad rows out: file, line, column and kind of fault; never a value."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from c360.bindings.csv_files import lines_of
from c360.bindings.resolve import BoundSource
from c360.engines.duckdb import DuckDBEngine
from c360.engines.private import write_private
from c360.sql.checks import bad_rows_query
from c360.sql.render import to_text
from c360.sql.sources import SourceSql

MOST = 10_000  # rows of a report; who has more looks at the file, not at the report
HEAD = ("file", "line", "column", "kind")


class RejectReports:
    """Writes a report a source into *folder*; without one, none. *shown* is what people call the folder."""

    shown = ".c360/rejects"

    def __init__(self, engine: DuckDBEngine, zone: str, folder: Path | None) -> None:
        self._engine, self._zone, self._folder = engine, zone, folder

    def written(self, source: BoundSource) -> str:
        """Write the report of *source* anew and return what people call it; empty where it cannot be written."""
        if self._folder is None:
            return ""
        name = f"{source.spec.name}.csv"
        rows = list(self._rows(source))

        def write(file: TextIO) -> None:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEAD)
            writer.writerows(rows)

        return f"{self.shown}/{name}" if write_private(self._folder / name, write) else ""

    def is_there(self, source: BoundSource) -> bool:
        """Whether *source* has a report."""
        return self._folder is None or (self._folder / f"{source.spec.name}.csv").is_file()

    def _rows(self, source: BoundSource) -> Iterator[tuple[str, int | None, str, str]]:
        left = MOST
        for part in parts(source):
            query, kinds = bad_rows_query(part, SourceSql(part, self._zone), left)
            found = self._engine.rows(to_text(query), source.place)
            left -= len(found)
            lines = _lines(part, [ordinal for ordinal, *_ in found])
            for ordinal, *flags in found:
                for (column, kind), is_fault in zip(kinds, flags, strict=True):
                    if is_fault:
                        yield part.place, lines.get(ordinal), part.columns[column].physical, kind
            if left <= 0:
                return


def parts(source: BoundSource) -> Iterator[BoundSource]:
    """Yield *source* file by file, so that a row's number is its number in its own file."""
    if len(source.files) < 2:
        yield source
        return
    for file, header in zip(source.files, source.headers, strict=True):
        yield replace(source, files=(file,), headers=(header,))


def _lines(part: BoundSource, ordinals: list[int]) -> dict[int, int]:
    """Return the line of each row of a CSV file; elsewhere rows are all that can be counted."""
    if part.binding.kind != "csv" or not part.files:
        return {ordinal: ordinal for ordinal in ordinals}
    return lines_of(part.reads(part.files[0]), part.binding.delimiter, set(ordinals))
