"""A published generation in, its manifest and the full paths of its files out; a reader holds it, so that nobody removes it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from c360.errors import Refused, SnapshotError
from c360.snapshots import manifest as manifests
from c360.snapshots.faults import told
from c360.snapshots.manifest import FileEntry, Manifest


class Gone(Exception):
    """The generation was taken away between the pointer and the manifest; whoever asks looks at the pointer again."""


class Snapshot:
    """One generation, opened: exactly the files its manifest lists. Close it when done, or use it with ``with``."""

    def __init__(self, root: Path, generation: str, manifest: Manifest, descriptor: int) -> None:
        self.root = root
        self.generation = generation
        self.manifest = manifest
        self._whole: set[str] = set()
        self._closed = weakref.finalize(self, os.close, descriptor)

    def path(self, entry: FileEntry) -> Path:
        """Return the full path of a listed file; raises SnapshotError where it is not there or of another size."""
        path = self.root / entry.path
        try:
            found = path.lstat()
        except FileNotFoundError:
            raise manifests.damaged(f"{entry.path} is missing", self.generation) from None
        if path.is_symlink():
            raise linked(path)
        if found.st_size != entry.bytes:
            raise manifests.damaged(f"{entry.path} has {found.st_size:,} bytes, expected {entry.bytes:,}", self.generation)
        return path

    def paths(self, entries: Iterable[FileEntry]) -> list[str]:
        """Return the full paths of listed files as text, in order."""
        return [str(self.path(entry)) for entry in entries]

    def whole(self, entries: Iterable[FileEntry]) -> list[str]:
        """Return the full paths of listed files, each held to its hash: what is copied on must be what was built."""
        found = []
        for entry in entries:
            path = self.path(entry)
            if entry.path not in self._whole:
                with path.open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != entry.sha256:
                        raise manifests.damaged(f"{entry.path} is not what was published: its hash differs", self.generation)
                self._whole.add(entry.path)
            found.append(str(path))
        return found

    def close(self) -> None:
        """Let go of the generation."""
        self._closed()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def opened(root: Path, generation: str) -> Snapshot:
    """Open *generation* under *root* and hold it; raises SnapshotError (N01, N04), or Gone where it is being removed."""
    path = root / generation / manifests.NAME
    descriptor = _held(path, generation)
    try:
        with told("reading a snapshot", path):
            data = _read(descriptor)
        return Snapshot(root, generation, manifests.from_bytes(data, generation), descriptor)
    except BaseException:
        os.close(descriptor)
        raise


def _held(path: Path, generation: str) -> int:
    if path.parent.is_symlink() or path.is_symlink():
        raise linked(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        raise manifests.damaged(f"{manifests.NAME} is missing", generation) from None
    except OSError as error:
        raise SnapshotError(
            f"{manifests.NAME} cannot be read: {os.strerror(error.errno or 0)}", hint=f"look at its rights: {path}",
            where=f"snapshot {generation}",
        ) from None  # fmt: skip
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:  # who removes it holds it alone
        os.close(descriptor)
        raise Gone from None
    except OSError:
        return descriptor  # a disk without locks: nothing protects a reader there but the pointer
    if os.fstat(descriptor).st_nlink == 0:
        os.close(descriptor)
        raise Gone
    return descriptor


def _read(descriptor: int) -> bytes:
    parts = []
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def linked(path: Path) -> Refused:
    """Return the refusal of a link where the store keeps its own files (B18)."""
    return Refused(f"{path} is a symbolic link", hint="snapshots are plain files in plain folders; put the real one there")
