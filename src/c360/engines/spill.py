"""A folder for spilled rows in, one of this process's own in it out; removes what killed processes left there."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from c360.errors import ResourceError


class SpillFolder:
    """One process's folder (0700) under *root*; a lock on it, which ends with the process, says that it is in use.

    DuckDB names its spill files alike in every process and removes those it finds, so two processes never share one.
    """

    def __init__(self, root: Path) -> None:
        try:
            root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            root.mkdir(mode=0o700, exist_ok=True)
            os.chmod(root, 0o700)
            with _locked(root):
                _clean(root)
                self.path = Path(tempfile.mkdtemp(prefix="run-", dir=root))
                self._descriptor = _lock(self.path)
        except OSError as error:
            raise ResourceError(
                f"rows cannot be spilled: {os.strerror(error.errno or 0)}",
                hint="c360 needs to write there (mode 0700, owned by who runs it)",
                where=str(root),
            ) from None

    def remove(self) -> None:
        """Remove the folder and let go of it."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _clean(root: Path) -> None:
    """Remove the folders that no process holds any more."""
    for left in root.glob("run-*"):
        descriptor = _lock(left)
        if descriptor is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(descriptor)


def _lock(folder: Path) -> int | None:
    """Lock *folder* and return the descriptor that holds the lock; None where another process does."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
