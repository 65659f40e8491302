"""A path and bytes or a frame in, a private file that stands whole or not at all out; knows nothing of what is in it."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from c360.errors import C360Error, Refused, ResourceError, SnapshotError
from c360.snapshots.fileops import FILE_MODE, FOLDER_MODE, FileOps

if TYPE_CHECKING:
    import polars

OPS = FileOps()
TEMPORARY = ".tmp-"
LOCK = ".lock"
PLAIN = "c360's records are plain files in plain folders; put the real one there"
FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


@contextmanager
def told(doing: str, place: Path) -> Iterator[None]:
    """Translate what the disk refuses while *doing* something at *place*."""
    try:
        yield
    except OSError as error:
        raise translated(error, doing, place) from None


def translated(error: OSError, doing: str, place: Path) -> C360Error:
    """Return the error for a fault of the disk: which file, why, and what to do."""
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    if error.errno == errno.ELOOP:
        return Refused(f"{place} is a symbolic link", hint=PLAIN)
    if error.errno in FULL:
        return ResourceError(f"{doing} failed: the disk is full", hint="free some space and run again", where=str(place))
    hint = f"c360 must be able to write there: folders {FOLDER_MODE:o}, files {FILE_MODE:o}, owned by who runs it"
    return ResourceError(f"{doing} failed: {reason}", hint=hint, where=str(place))


def make_folder(path: Path, root: Path) -> None:
    """Make the private folder *path* and those between it and *root*, which is made private too."""
    for folder in [*[p for p in reversed(path.parents) if p.is_relative_to(root)], path]:
        if folder.is_symlink():
            raise Refused(f"{folder} is a symbolic link", hint=PLAIN)
        with told("making the folder of c360's records", folder):
            OPS.make_folder(folder)


def write_whole(path: Path, data: bytes, doing: str = "writing c360's records") -> None:
    """Put *data* under *path*, private and synced; a reader sees what was there before, or all of it."""
    temporary = path.with_name(f"{TEMPORARY}{path.name}-{os.getpid()}")
    with told(doing, path):
        try:
            OPS.write(temporary, data)
            OPS.replace(temporary, path)
            OPS.sync_folder(path.parent)
        finally:
            OPS.unlink(temporary)


def write_frame(path: Path, frame: polars.DataFrame, doing: str = "writing c360's records") -> None:
    """Put *frame* under *path* as Parquet, as `write_whole` does."""
    import io

    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    write_whole(path, buffer.getvalue(), doing)


def read_whole(path: Path, what: str) -> bytes | None:
    """Return what a file of the records holds, None where it is not there; raises for one that cannot be read."""
    with told(f"reading {what}", path):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            return file.read()


def remove(path: Path) -> bool:
    """Remove a file of the records for good; returns whether it was there."""
    with told("removing a file of c360's records", path):
        there = os.path.lexists(path)
        OPS.unlink(path)
        if there:
            OPS.sync_folder(path.parent)
    return there


def remove_temporaries(folder: Path) -> int:
    """Remove what killed writers left in *folder*; returns how many files. Only under the lock of who writes there."""
    left = [path for path in folder.glob(TEMPORARY + "*") if path.is_file()] if folder.is_dir() else []
    for path in left:
        remove(path)
    return len(left)


@contextmanager
def locked(folder: Path, name: str = LOCK) -> Iterator[None]:
    """Be the only one who changes *folder*, or does what *name* stands for; others wait. The lock ends with its process."""
    place = folder / name
    with told("locking c360's records", place):
        descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
    try:
        with told("locking c360's records", place):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def damaged(what: str, place: Path, hint: str) -> SnapshotError:
    """Return the error for a record that is not what c360 writes."""
    return SnapshotError(f"{what} is damaged", hint=hint, where=str(place))
