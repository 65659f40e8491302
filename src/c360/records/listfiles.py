"""A list's file and the keys to take out in; the file without their rows, byte for byte otherwise, out; knows no ledger."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from c360.errors import C360Error
from c360.records import keeping

REWRITTEN, DELETED, FREE, GONE, CHANGED = "rewritten", "deleted", "holds none of them", "not there", "changed since"


@dataclass(frozen=True)
class Left:
    """What is left of a file: its *data*, how many rows are *kept*, how many are *gone*."""

    data: bytes
    kept: int
    gone: int


@dataclass(frozen=True)
class ListFile:
    """A file that c360 wrote: its format, and the hashes by which it is known: as it is, and before it was last rewritten."""

    path: Path
    hashes: frozenset[str]
    kind: str = "csv"
    encoding: str = "utf-8"

    def read(self) -> bytes | None:
        """Return what it holds; None where it is not there, or a link or a folder stands in its place."""
        if self.path.is_symlink() or not self.path.is_file():
            return None
        return keeping.read_whole(self.path, "a list")

    def is_ours(self, data: bytes) -> bool:
        """Whether *data* is what c360 wrote."""
        return hash_of(data) in self.hashes

    def without(self, data: bytes, keys: Collection[str]) -> Left | None:
        """Return *data* without the rows of *keys*; None for a format that cannot be rewritten.

        The key is the first column. Raises nothing for a file that is not of its format: None too.
        """
        asked = {written for key in keys for written in (key, f"'{key}", key.removeprefix("+"))}  # as CSV writes them
        try:
            match self.kind:
                case "csv":
                    return _csv(data.decode(self.encoding), asked, self.encoding)
                case "jsonl":
                    return _jsonl(data, asked)
                case "parquet":
                    return _parquet(data, asked)
        except (ValueError, csv.Error, C360Error):
            return None
        return None


def hash_of(data: bytes) -> str:
    """Return the hash by which a file is known."""
    return hashlib.sha256(data).hexdigest()


def _csv(text: str, keys: Collection[str], encoding: str) -> Left:
    """Keep the text of every other row as it stands, quotes and line ends too."""
    waiting: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            waiting.append(line)
            yield line

    kept, gone = [], 0
    for number, row in enumerate(csv.reader(lines(), strict=True)):
        if number and row and row[0] in keys:
            gone += 1
        else:
            kept.append("".join(waiting))
        waiting.clear()
    return Left("".join(kept).encode(encoding), max(len(kept) - 1, 0), gone)


def _jsonl(data: bytes, keys: Collection[str]) -> Left:
    kept, gone = [], 0
    for line in data.splitlines(keepends=True):
        first = next(iter(json.loads(line).values()), None)
        if first is not None and str(first) in keys:
            gone += 1
        else:
            kept.append(line)
    return Left(b"".join(kept), len(kept), gone)


def _parquet(data: bytes, keys: Collection[str]) -> Left | None:
    import polars as pl

    try:
        frame = pl.read_parquet(data)
    except pl.exceptions.PolarsError:
        return None
    kept = frame.filter(~frame[frame.columns[0]].cast(pl.String).is_in(list(keys)).fill_null(False))
    buffer = io.BytesIO()
    kept.write_parquet(buffer, compression="zstd")
    return Left(buffer.getvalue(), kept.height, frame.height - kept.height)
