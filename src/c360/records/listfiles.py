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
class ListFile:
    """A file that c360 wrote: its format, the hash that it had, and, where it was being rewritten, the hash that was coming."""

    path: Path
    sha256: str
    kind: str = "csv"
    encoding: str = "utf-8"
    coming: str = ""

    def read(self) -> bytes | None:
        """Return what it holds; None where it is not there, or a link or a folder stands in its place."""
        if self.path.is_symlink() or not self.path.is_file():
            return None
        return keeping.read_whole(self.path, "a list")

    def is_ours(self, data: bytes) -> bool:
        """Whether *data* is what c360 wrote."""
        return hash_of(data) in {self.sha256, self.coming} - {""}

    def without(self, data: bytes, keys: Collection[str]) -> tuple[bytes, int] | None:
        """Return *data* without the rows of *keys*, and how many these are; None for a format that cannot be rewritten.

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


def _csv(text: str, keys: Collection[str], encoding: str) -> tuple[bytes, int]:
    """Keep the text of every other row as it stands, quotes and line ends too."""
    waiting: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            waiting.append(line)
            yield line

    kept, rows = [], 0
    for number, row in enumerate(csv.reader(lines(), strict=True)):
        if number and row and row[0] in keys:
            rows += 1
        else:
            kept.append("".join(waiting))
        waiting.clear()
    return "".join(kept).encode(encoding), rows


def _jsonl(data: bytes, keys: Collection[str]) -> tuple[bytes, int]:
    kept, rows = [], 0
    for line in data.split(b"\n"):
        first = next(iter(json.loads(line).values()), None) if line.strip() else None
        if first is not None and str(first) in keys:
            rows += 1
        else:
            kept.append(line)
    return b"\n".join(kept), rows


def _parquet(data: bytes, keys: Collection[str]) -> tuple[bytes, int] | None:
    import polars as pl

    try:
        frame = pl.read_parquet(data)
    except pl.exceptions.PolarsError:
        return None
    kept = frame.filter(~frame[frame.columns[0]].cast(pl.String).is_in(list(keys)).fill_null(False))
    buffer = io.BytesIO()
    kept.write_parquet(buffer, compression="zstd")
    return buffer.getvalue(), frame.height - kept.height
