"""Frames to files: each writer fills a private file that then appears whole under its name, or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from c360.errors import Refused, ResourceError, TargetExists, UsageError

if TYPE_CHECKING:
    import polars

FORMULA_START = r"^[=+\-@\t\r＝＋－＠]"
PHONE = r"^\+?[0-9]{5,15}$"


def write_csv(frame: polars.DataFrame, file: BinaryIO, *, bom: bool = True) -> int:
    """Write CSV: UTF-8 with a BOM for files, formula-like texts quoted with ', phones as digits; return the cells changed."""
    import polars as pl

    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    risky = [pl.col(n).str.contains(FORMULA_START) & ~pl.col(n).str.contains(PHONE) for n in texts]
    count = int(frame.select(pl.sum_horizontal([r.sum() for r in risky])).item() or 0) if texts else 0
    safe = frame.with_columns(
        pl.when(risk)
        .then("'" + pl.col(n))
        .when(pl.col(n).str.contains(PHONE))
        .then(pl.col(n).str.strip_prefix("+"))
        .otherwise(pl.col(n))
        .alias(n)
        for n, risk in zip(texts, risky, strict=True)
    )
    safe.write_csv(file, include_bom=bom)
    return count


def write_parquet(frame: polars.DataFrame, file: BinaryIO) -> int:
    """Write Parquet with zstd."""
    frame.write_parquet(file, compression="zstd")
    return 0


def write_jsonl(frame: polars.DataFrame, file: BinaryIO) -> int:
    """Write one JSON object a line; dates as text, amounts as numbers."""
    import json
    from datetime import date
    from decimal import Decimal

    def plain(value: object) -> object:
        return value.isoformat() if isinstance(value, date) else float(value) if isinstance(value, Decimal) else value

    for row in frame.iter_rows(named=True):
        line = json.dumps({name: plain(value) for name, value in row.items()}, ensure_ascii=False)
        file.write(line.encode() + b"\n")
    return 0


WRITERS: dict[str, Callable[..., int]] = {"csv": write_csv, "parquet": write_parquet, "jsonl": write_jsonl}


def format_of(path: Path, wanted: str | None) -> str:
    """Return the format by name, else by the file's ending."""
    kind = wanted or {".pq": "parquet", ".ndjson": "jsonl"}.get(path.suffix, path.suffix.lstrip("."))
    if kind not in WRITERS:
        raise UsageError(
            f"no writer for '{kind or path.name}'",
            hint=f"formats: {', '.join(WRITERS)}; name the file list.csv or give --format",
        )
    return kind


def refuse_target(path: Path, *, force: bool) -> None:
    """Refuse a target that is a link, a folder, in a folder that is not there, or (without *force*) there already."""
    if path.is_symlink():
        raise Refused(f"{path} is a symbolic link", hint="name a plain file")
    if path.is_dir():
        raise UsageError(f"{path} is a folder", hint="name a file in it")
    if not path.parent.is_dir():
        raise UsageError(f"the folder {path.parent} is not there", hint="make it first, or write elsewhere")
    if path.exists() and not force:
        raise TargetExists(f"{path} is there already", hint="write elsewhere, or overwrite it with --force")


@dataclass(frozen=True)
class Prepared:
    """A private file, whole and synced, that has not got its name yet."""

    temporary: Path
    path: Path
    bytes: int
    sha256: str
    changed: int

    def publish(self, *, force: bool) -> None:
        """Give the file its name, replacing one that stands there only with *force*."""
        try:
            if force:
                os.replace(self.temporary, self.path)
            else:
                _name_once(self.temporary, self.path)
            _sync_folder(self.path.parent)
        except OSError as error:
            raise _told(error, self.path) from None

    def discard(self) -> None:
        """Remove the private file if it has no name yet."""
        self.temporary.unlink(missing_ok=True)


def prepare(path: Path, fill: Callable[[BinaryIO], int]) -> Prepared:
    """Fill a private file (0600) beside *path* and sync it; on any fault nothing is left.

    *fill* returns how many cells it had to change.
    """
    temporary = path.parent / f".tmp-{os.getpid()}-{path.name}"
    try:
        descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            changed = fill(file)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _told(error, path) from None
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return Prepared(temporary, path, size, digest, changed)


def _name_once(temporary: Path, path: Path) -> None:
    """Give the file its name, failing where one stands; a link does both at once."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise TargetExists(f"{path} is there already", hint="write elsewhere, or overwrite it with --force") from None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _told(error: OSError, path: Path) -> ResourceError | UsageError:
    if error.errno in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}:
        return ResourceError(f"the disk is full; {path.name} was not written", hint="free some space and run again")
    return UsageError(f"{path} cannot be written: {os.strerror(error.errno or 0)}", hint="look at the folder's rights")
