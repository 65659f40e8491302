"""A file of keys that no list may hold in, a table of its keys and what tells its version out; shows no key.

The file is a UTF-8 CSV or a Parquet file with a column called as the key is, read as strictly as a source. A column ``date``,
where there is one, says how old the list is.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from c360.bindings.csv_files import Header, breakage, csv_header
from c360.bindings.settings import SourceBinding
from c360.errors import BadValues, MissingColumn, Refused, SourceError
from c360.quoting import quoted, text

if TYPE_CHECKING:
    from c360.engines.duckdb import DuckDBEngine

DATE = "date"
BLANKS = " \t\r\n\u00a0\u3000\ufeff"  # around a key: whoever put it on the list meant the key
FRACTIONS = ("FLOAT", "DOUBLE", "DECIMAL")


@dataclass(frozen=True)
class KeyList:
    """A file of keys that was read: how many rows, its hash, the day it is of; *known* keys are of somebody there is."""

    name: str
    rows: int
    sha256: str
    changed: date
    known: int = 0

    def as_json(self) -> dict[str, object]:
        """Return it as plain data, for a manifest."""
        return {"rows": self.rows, "known": self.known, "sha256": self.sha256, "changed": self.changed.isoformat()}


def modified(path: Path) -> float:
    """Return when *path* was written last, in seconds."""
    return path.stat().st_mtime


def read_keys(
    engine: DuckDBEngine, path: Path, key: str, table: str, zone: str, mtime: Callable[[Path], float] = modified
) -> KeyList:
    """Make the table *table* of one column, ``person``, from the column *key* of *path*; return what the file is.

    Raises Refused where the file is missing (E09), MissingColumn and BadValues where it is no list of such keys.
    """
    if not path.is_file():
        told = f"the list {path.name} is not there, so whom it names cannot be left out; nothing was written"
        raise Refused(told, hint="put it back, or mend never_lists in c360.toml", where="c360.toml [policy] never_lists")
    relation, types = _relation(engine, path)
    if key not in types:
        found = ", ".join(types)
        raise MissingColumn(f"{path.name} has no column '{key}', expected one; found {found}", where="a list of keys")
    if types[key].startswith(FRACTIONS):
        raise BadValues(f"{path.name}, column {key}: fractions, expected keys", hint="write keys as text", where="a list of keys")
    try:
        return _kept(engine, path, relation, types, key, table, datetime.fromtimestamp(mtime(path), ZoneInfo(zone)).date())
    except SourceError as error:
        raise (breakage(path, ",") if _is_csv(path) else None) or error from None


def _relation(engine: DuckDBEngine, path: Path) -> tuple[str, dict[str, str]]:
    """Return what stands after FROM, and the columns with their types."""
    from c360.engines.headers import headers_of
    from c360.sql.relations import csv, parquet
    from c360.sql.render import to_text

    binding = SourceBinding(path=path.name, format="csv" if _is_csv(path) else "parquet")
    full = [str(path.resolve())]
    if _is_csv(path):
        header: Header = csv_header(path, ",")
        return to_text(csv(full, header, binding)), dict(header)
    return to_text(parquet(full, binding)), dict(headers_of(engine, binding, [path], path.parent, "")[0])


def _kept(engine: DuckDBEngine, path: Path, relation: str, types: dict[str, str], key: str, table: str, changed: date) -> KeyList:
    sha256 = file_hash(path)
    engine.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT DISTINCT UNNEST([person, TRIM(person, {text(BLANKS)})]) AS person "
        f"FROM (SELECT CAST({quoted(key)} AS VARCHAR) AS person FROM {relation})",
        path.name,
    )
    told = "0, 0, NULL"
    if DATE in types:
        as_day = f"TRY_CAST({quoted(DATE)} AS DATE)"
        told = f"COUNT({quoted(DATE)}), COUNT({as_day}), MAX({as_day})"
    rows, keyed, dated, read, newest = engine.rows(f"SELECT COUNT(*), COUNT({quoted(key)}), {told} FROM {relation}", path.name)[0]
    if keyed < rows:
        told = f"{path.name}, column {key}: {rows - keyed:,} of {rows:,} rows without a key, expected one in each"
        raise BadValues(told, hint="fill the keys in, or take the rows out", where="a list of keys")
    if read < dated:
        told = f"{path.name}, column {DATE}: {dated - read:,} of {rows:,} rows hold no date"
        raise BadValues(told, hint="write dates like 2026-10-31", where="a list of keys")
    return KeyList(path.name, rows, sha256, newest or changed)


def _is_csv(path: Path) -> bool:
    return path.suffix not in {".parquet", ".pq"}


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file; raises SourceError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        told = f"{path.name} cannot be read: {os.strerror(error.errno or 0)}"
        raise SourceError(told, hint="look at the rights of the file and its folder", where=path.name) from None
