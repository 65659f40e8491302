"""The few things done to files while publishing, each one call that can fail; names and modes in, files on disk out."""

from __future__ import annotations

import os
from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o600, 0o700


class FileOps:
    """What the store does to the disk. One method a step, so that a test can fail or kill between any two."""

    def make_folder(self, path: Path) -> None:
        """Make a private folder, those above it too; one that stands there becomes private."""
        path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        if path.stat().st_mode & 0o777 != FOLDER_MODE:
            os.chmod(path, FOLDER_MODE)

    def write(self, path: Path, data: bytes) -> None:
        """Write a private file whole and sync it; never through a link."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        with os.fdopen(os.open(path, flags, FILE_MODE), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def sync_file(self, path: Path) -> None:
        """Make a file that the engine wrote private, and have it on the disk."""
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            os.fchmod(descriptor, FILE_MODE)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def sync_folder(self, path: Path) -> None:
        """Have the names in a folder on the disk."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        """Give a folder the name under which it is published."""
        os.rename(old, new)

    def replace(self, old: Path, new: Path) -> None:
        """Put a file in the place of another, at once."""
        os.replace(old, new)

    def unlink(self, path: Path) -> None:
        """Remove a file, or a link; one that is gone already is well."""
        path.unlink(missing_ok=True)

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""
        path.rmdir()
