"""A bound source in, what tells one state of it from another out: how columns are read, which file holds which days; no values."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from c360.bindings.files import FileState
from c360.bindings.resolve import BoundColumn, BoundSource
from c360.errors import ChangedFile
from c360.expr.canonical import digest

KNOWN_ON = "known_on"  # what stands among the days of a file for the column that a binding calls so
WHOLE = 4 << 20  # a file up to this size is told by all of its bytes, a larger one by its size, its time and its end
TAIL = 1 << 20
MAGIC = b"PAR1"


@dataclass(frozen=True)
class Span:
    """The first and last day that a date column of one file holds; *has_unknown* where rows may lack one."""

    first: date
    last: date
    has_unknown: bool = True


@dataclass(frozen=True)
class FilePart:
    """One file of a source: *identity* is another one as soon as its rows may be others.

    *days* has the span of each date column that is known without reading rows; of a column that is not there, anything may stand
    in the file.
    """

    identity: str
    days: Mapping[str, Span] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceState:
    """One source as it is now; *columns* tells how each contract column is read, *rows* what concerns every row.

    Where *is_known* is false nothing tells whether the rows are the same as before: a table, or a query. *is_late* says that its
    rows became known on a day of their own.
    """

    name: str
    columns: Mapping[str, str]
    rows: str
    files: tuple[FilePart, ...]
    is_known: bool = True
    is_late: bool = False

    @cached_property
    def fingerprint(self) -> str:
        """One number for the whole source."""
        return digest([dict(self.columns), self.rows, sorted(part.identity for part in self.files), self.is_known])


def state_of(source: BoundSource, zone: str, days: Mapping[Path, Mapping[str, Span]]) -> SourceState:
    """Return the state of *source*; *zone* is the workspace's, *days* what is known of its files' date columns.

    How the path is spelled and where the data folder lies do not matter; what the files are called below it does.
    """
    columns, rows = _readings(source, zone)
    files = tuple(FilePart(_identity(state, source), days.get(state.path, {})) for state in source.states)
    binding = source.binding
    return SourceState(source.spec.name, columns, rows, files, binding.path is not None, bool(binding.known_on))


def reading_of(source: BoundSource, zone: str) -> str:
    """Return one number for how *source* is read, whatever is in its files; it looks into none."""
    return digest([*_readings(source, zone), source.binding.path is not None])


def _readings(source: BoundSource, zone: str) -> tuple[dict[str, str], str]:
    """Return how each contract column is read, and what concerns every row."""
    columns = {name: digest(_reading(source, column, zone)) for name, column in source.columns.items()}
    binding = source.binding
    rows: list[Any] = [binding.kind, binding.known_on, binding.max_bad_rows]
    if binding.kind == "csv":
        rows += [binding.delimiter, binding.codec]
    if binding.max_bad_rows:  # a row is left out for what is wrong in any of its columns
        rows.append(columns)
    return columns, digest(rows)


def _reading(source: BoundSource, column: BoundColumn, zone: str) -> list[Any]:
    spec, binding, written = column.spec, source.binding, column.binding
    told: list[Any] = [column.physical, column.physical_type, str(spec.type), spec.role, spec.by, column.factor]
    told += [written.expression, written.format or binding.date_format, written.first_year or binding.first_year]
    told += [written.zone or binding.zone, written.recode, [*binding.nulls, *written.nulls], written.nan]
    if spec.type.kind in {"date", "month"} and column.physical_type != "DATE":
        told.append(zone)  # it says which day a stamp is of
    return told


def _identity(state: FileState, source: BoundSource) -> str:
    name = os.path.relpath(state.path, source.folder)
    try:
        if state.size <= WHOLE:
            return digest([name, state.size, hashlib.sha256(state.path.read_bytes()).hexdigest()])
        return digest([name, state.size, state.changed_ns, _end(state)])
    except OSError:
        raise ChangedFile(f"{state.path.name} went away while it was read", hint="run again when it is back") from None


def _end(state: FileState) -> str:
    """Return the hash of a Parquet file's footer, which says where each column's bytes lie and what they span; else of its end."""
    with state.path.open("rb") as file:
        file.seek(-8, os.SEEK_END)
        length, magic = file.read(4), file.read(4)
        size = int.from_bytes(length, "little") + 8 if magic == MAGIC else TAIL
        file.seek(-min(size, state.size), os.SEEK_END)
        return hashlib.sha256(file.read()).hexdigest()
