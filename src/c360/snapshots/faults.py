"""A fault of the disk in, the C360Error that says which file, what is missing and what to do out."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from c360.errors import C360Error, ResourceError
from c360.snapshots.fileops import FOLDER_MODE

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def told(doing: str, place: Path) -> Iterator[None]:
    """Translate what the disk refuses while *doing* something at *place*."""
    try:
        yield
    except OSError as error:
        raise translated(error, doing, place) from None


def translated(error: OSError, doing: str, place: Path) -> C360Error:
    """Return the error for *error*: no room, no right, or whatever the system says (B03, B04, B17)."""
    file = Path(error.filename) if isinstance(error.filename, str) else place
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    if error.errno in FULL:
        return full(place)
    if error.errno in FORBIDDEN:
        hint = f"c360 needs to write there: chmod {FOLDER_MODE:o} {existing(place)}, owned by who runs it"
        return ResourceError(f"{doing} failed: {file} cannot be written: {reason}", hint=hint, where=str(place))
    hint = "nothing new is visible and the snapshot before is as it was; look at the disk and run again"
    return ResourceError(f"{doing} failed at {file.name}: {reason}", hint=hint, where=str(place))


def full(place: Path, written: int | None = None) -> ResourceError:
    """Return the error for a disk without room at *place*, where *written* bytes were wanted already."""
    free = shutil.disk_usage(existing(place)).free
    wanted = "" if written is None else f"needs more than {written:,} bytes, "
    return ResourceError(
        f"the disk is full: {wanted}{free:,} bytes are free",
        hint="free some space, or c360 snapshots --prune, and run again; the snapshot before is as it was",
        where=str(place),
    )


def existing(path: Path) -> Path:
    """Return *path*, or the nearest folder above it that is there."""
    return next((p for p in (path, *path.parents) if p.exists()), Path("/"))
