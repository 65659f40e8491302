"""Frames to files: each writer fills a private file that then appears whole under its name, or not at all."""

from __future__ import annotations

import codecs
import errno
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from c360.deliver.account import Form
from c360.deliver.database import write_duckdb
from c360.deliver.excel import write_xlsx
from c360.errors import C360Error, Refused, ResourceError, TargetExists, UsageError

if TYPE_CHECKING:
    import polars

FORMULA_START = r"^[=+\-@\t\r\n＝＋－＠]"
PHONE = r"^\+?[0-9]{5,15}$"
FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
IS_THERE = "write elsewhere, or overwrite it with --force"
ENCODINGS = ("utf-8", "gb18030", "gbk", "gb2312", "big5")
ROWS_AT_ONCE = 100_000
PLAIN = Form()


def write_csv(frame: polars.DataFrame, file: BinaryIO, form: Form = PLAIN) -> int:
    """Write CSV; return how many cells were changed so that no program runs them.

    Texts that look like formulas get a ' in front, phones go out as digits; numbers, dates and other texts are as they
    are; the texts of a list are joined with |. UTF-8 opens with a BOM where the form says so.
    """
    import polars as pl

    if form.titles and form.account is not None:
        frame = form.account.titled(frame)
    frame = frame.with_columns(pl.col(name).list.join("|") for name, kind in frame.schema.items() if kind == pl.List)
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    phones = [pl.col(name).str.contains(PHONE) for name in texts]
    risky = [pl.col(name).str.contains(FORMULA_START) & ~phone for name, phone in zip(texts, phones, strict=True)]
    count = int(frame.select(pl.sum_horizontal(risk.sum() for risk in risky)).item() or 0) if texts else 0
    safe = frame.with_columns(
        pl.when(risk)
        .then("'" + pl.col(name))
        .when(phone)
        .then(pl.col(name).str.strip_prefix("+"))
        .otherwise(pl.col(name))
        .alias(name)
        for name, phone, risk in zip(texts, phones, risky, strict=True)
    )
    if form.encoding == "utf-8":
        safe.write_csv(file, include_bom=form.bom)
    else:
        _write_encoded(safe, file, form.encoding)
    return count


def encoding_of(name: str | None) -> str:
    """Return the encoding called *name*, UTF-8 for none; raises UsageError for one that is not written."""
    try:
        found = codecs.lookup(name or "utf-8").name.removesuffix("-sig")
    except LookupError:
        found = ""
    if found not in ENCODINGS:
        raise UsageError(f"lists are not written in '{name}'", hint=f"encodings: {', '.join(ENCODINGS)}")
    return found


def _write_encoded(frame: polars.DataFrame, file: BinaryIO, encoding: str) -> None:
    for first in range(0, max(frame.height, 1), ROWS_AT_ONCE):
        text = frame.slice(first, ROWS_AT_ONCE).write_csv(include_header=first == 0)
        try:
            file.write(text.encode(encoding))
        except UnicodeEncodeError:
            raise _unfit(frame, encoding) from None


def _unfit(frame: polars.DataFrame, encoding: str) -> UsageError:
    """Return the error that counts the texts *encoding* cannot hold, column by column."""
    import polars as pl

    def fits(text: str | None) -> bool:
        return text is None or text.encode(encoding, "ignore").decode(encoding) == text

    heads = [f"the header '{name}'" for name in frame.columns if not fits(name)]
    counts = {n: sum(not fits(t) for t in frame[n]) for n, kind in frame.schema.items() if kind == pl.String}
    told = heads + [f"{count} cells of '{name}'" for name, count in counts.items() if count]
    return UsageError(f"{encoding} lacks characters of {', '.join(told)}", hint="write --encoding gb18030, or utf-8")


def write_parquet(frame: polars.DataFrame, file: BinaryIO, _: Form = PLAIN) -> int:
    """Write Parquet with zstd."""
    frame.write_parquet(file, compression="zstd")
    return 0


def write_jsonl(frame: polars.DataFrame, file: BinaryIO, _: Form = PLAIN) -> int:
    """Write one JSON object a line; dates as text, amounts as numbers."""
    for row in plain_rows(frame):
        file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return 0


def plain_rows(frame: polars.DataFrame) -> Iterator[dict[str, Any]]:
    """Return the rows as JSON knows values: dates as text, amounts as numbers."""
    from datetime import date
    from decimal import Decimal

    def plain(value: object) -> object:
        return value.isoformat() if isinstance(value, date) else float(value) if isinstance(value, Decimal) else value

    return ({name: plain(value) for name, value in row.items()} for row in frame.iter_rows(named=True))


WRITERS: dict[str, Callable[[polars.DataFrame, BinaryIO, Form], int]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
    "jsonl": write_jsonl,
    "duckdb": write_duckdb,
}


def format_of(path: Path, wanted: str | None) -> str:
    """Return the format by name, else by the file's ending."""
    ending = path.suffix.lower()
    kind = wanted or {".pq": "parquet", ".ndjson": "jsonl"}.get(ending, ending.lstrip("."))
    if kind not in WRITERS:
        told = f"no writer for '{kind}'" if kind else f"'{path.name}' has no ending that says its format"
        raise UsageError(told, hint=f"formats: {', '.join(WRITERS)}; name the file list.csv, or give --format")
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
        raise TargetExists(f"{path} is there already", hint=IS_THERE)


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
            sync_folder(self.path.parent)
        except OSError as error:
            raise _told(error.errno or 0, self.path) from None

    def discard(self) -> None:
        """Remove the private file if it has no name yet."""
        self.temporary.unlink(missing_ok=True)


def prepare(path: Path, fill: Callable[[BinaryIO], int]) -> Prepared:
    """Fill a private file (0600) beside *path* and sync it; on any fault nothing is left.

    *fill* returns how many cells it had to change. What a killed process left for the same name is removed.
    """
    temporary: Path | None = None
    try:
        _remove_abandoned(path)
        descriptor, name = tempfile.mkstemp(prefix=_prefix(path) + f"{os.getpid()}-", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(descriptor, "w+b") as file:
            changed = fill(file)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = os.fstat(file.fileno()).st_size
        return Prepared(temporary, path, size, digest, changed)
    except BaseException as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        number = _number(error)
        if number is None:
            raise
        raise _told(number, path) from None


def private_name(path: Path, what: str) -> Path:
    """Return a name beside *path* that the next list of its name clears away, if this process ends before it does."""
    return path.with_name(f"{_prefix(path)}{os.getpid()}-{what}")


def _prefix(path: Path) -> str:
    return f".tmp-{hashlib.blake2b(path.name.encode(), digest_size=6).hexdigest()}-"


def _remove_abandoned(path: Path) -> None:
    """Remove private files for *path* whose process is no more."""
    prefix = _prefix(path)
    for left in path.parent.iterdir():
        found = re.match(r"(\d+)-", left.name.removeprefix(prefix)) if left.name.startswith(prefix) else None
        if found and not _is_alive(int(found[1])):
            with suppress(OSError):
                left.unlink()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _name_once(temporary: Path, path: Path) -> None:
    """Give the file its name, failing where one stands; a link does both at once, where the disk knows links."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise TargetExists(f"{path} is there already", hint=IS_THERE) from None
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        refuse_target(path, force=False)
        os.rename(temporary, path)


def sync_folder(folder: Path) -> None:
    """Have the names in *folder* on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _number(error: BaseException) -> int | None:
    """Return the system's number of an input or output fault; Polars gives it only as text."""
    if isinstance(error, OSError) and error.errno:
        return error.errno
    found = re.search(r"\(os error (\d+)\)", str(error)) if isinstance(error, Exception) else None
    return None if found is None else int(found[1])


def _told(number: int, path: Path) -> C360Error:
    if number in FULL:
        told = f"the disk is full; {path.name} was not written"
        return ResourceError(told, hint="free some space and run again", where=str(path.parent))
    return UsageError(f"{path} cannot be written: {os.strerror(number)}", hint="look at the folder's rights")
