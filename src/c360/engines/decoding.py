"""CSV files in other encodings in, UTF-8 copies for the engine out: in a private folder of this process, gone with it."""

from __future__ import annotations

import errno
import os
import weakref
from collections.abc import Callable
from pathlib import Path

from c360.bindings.encodings import pieces
from c360.engines.spill import SpillFolder
from c360.errors import ResourceError

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


class DecodedFiles:
    """Copies (0600) under *root*, each made when it is first read; what a killed process left there goes at the start."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder: SpillFolder | None = None
        self._copies: dict[tuple[Path, str], Path] = {}

    def reader(self, codec: str) -> Callable[[Path], Path]:
        """Return what gives the copy of a file that is written in *codec*."""
        return lambda file: self.copy(file, codec)

    def copy(self, file: Path, codec: str) -> Path:
        """Return the UTF-8 copy of *file*, which has its name; raises BadValues with the line that is not in *codec*."""
        known = self._copies.get((file, codec))
        if known is None:
            known = self._made(file, codec)
            self._copies[file, codec] = known
        return known

    def forget(self, file: Path) -> None:
        """Remove the copies of *file*, which has changed."""
        for key in [key for key in self._copies if key[0] == file]:
            self._copies.pop(key).unlink(missing_ok=True)

    def close(self) -> None:
        """Remove every copy."""
        self._copies.clear()
        if self._folder is not None:
            self._folder.remove()
            self._folder = None

    def _made(self, file: Path, codec: str) -> Path:
        if self._folder is None:
            self._folder = SpillFolder(self._root)
            weakref.finalize(self, self._folder.remove)
        # Folders that are columns, as month=2026-08, are still read from the copy's path.
        columns = [part for part in file.absolute().parent.parts if "=" in part]
        place = self._folder.path.joinpath(str(len(list(self._folder.path.iterdir()))), *columns)
        place.mkdir(mode=0o700, parents=True)
        copy = place / file.name
        try:
            descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as written:
                for text in pieces(file, codec):
                    written.write(text)
        except OSError as error:
            if error.errno not in FULL:
                raise
            hint = "free some space, or save the file as UTF-8, which needs no copy"
            raise ResourceError(f"the disk is full; {file.name} is {codec} and is copied as UTF-8", hint=hint) from None
        return copy
