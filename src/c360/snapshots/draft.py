"""The private folder of one build: files go in under their last names, a published generation comes out, or nothing."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from c360.errors import Differs, InternalError, ResourceError
from c360.snapshots import manifest as manifests
from c360.snapshots.faults import full, told, translated
from c360.snapshots.fileops import FileOps
from c360.snapshots.manifest import FileEntry, Manifest

MARK = ".finished"


class Draft:
    """A generation that nobody sees yet. Write to `path`, tell with `entry`, then `publish`; leaving it otherwise takes it away.

    Files told with `finish` stay when the build is stopped, killed or out of time and memory, and are found in *finished* by
    the next draft of the same run; so only what was made of unchanged sources may be told. *details* are whatever the build
    wants back.
    """

    def __init__(
        self, folder: Path, generation: str, run_id: str, as_of: date, ops: FileOps, publish: Callable[[Draft], None]
    ) -> None:
        self.folder, self.generation, self.run_id, self.as_of = folder, generation, run_id, as_of
        self.notes: tuple[str, ...] = ()
        self.finished: dict[str, tuple[FileEntry, dict[str, Any]]] = {}
        self._ops, self._publish = ops, publish

    def path(self, name: str) -> Path:
        """Return where the file *name* is to be written; a plain name."""
        self._placed(name)
        return self.folder / name

    def entry(self, name: str, rows: int) -> FileEntry:
        """Return the manifest's entry of a file that has been written: private, synced and hashed."""
        path = self.path(name)
        with told("writing a snapshot", self.folder):
            self._ops.sync_file(path)
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                size = os.fstat(file.fileno()).st_size
        return FileEntry(path=self._placed(name), sha256=sha256, bytes=size, rows=rows)

    def finish(self, name: str, rows: int, **details: Any) -> FileEntry:
        """Return the entry of a file as `entry` does, and let a later draft of the same run go on from it."""
        entry = self.entry(name, rows)
        body = {"sha256": entry.sha256, "bytes": entry.bytes, "rows": rows, "details": details}
        with told("writing a snapshot", self.folder):
            self._ops.write(self.folder / (name + MARK), json.dumps(body).encode())
        self.finished[name] = (entry, details)
        return entry

    def adopt(self) -> None:
        """Take over what a killed draft of the same run finished; everything else in the folder is removed."""
        for path in sorted(self.folder.iterdir()):
            if path.name.endswith(MARK):
                continue
            found = self._finished(path)
            if found is None:
                self._remove(path)
            else:
                self.finished[path.name] = found
        for path in self.folder.glob("*" + MARK):
            if path.name.removesuffix(MARK) not in self.finished:
                self._remove(path)
        if self.finished:
            self.notes = (f"going on from {len(self.finished)} finished files of a build that was ended",)

    def check_room(self, expected: int) -> None:
        """Raise ResourceError now where *expected* bytes will not fit."""
        state = os.statvfs(self.folder)
        if state.f_bavail * state.f_frsize < expected:
            raise full(self.folder, expected)

    def publish(self, manifest: Manifest) -> None:
        """Make the generation current: manifest last, folder synced, renamed to its name, then the pointer replaced."""
        listed = {entry.path for entry in manifest.files}
        with told("publishing a snapshot", self.folder):
            # What a build that was ended had finished, and this one has no use for.
            for name in [name for name in self.finished if self._placed(name) not in listed]:
                self._ops.unlink(self.folder / name)
        self._check(manifest)
        with told("publishing a snapshot", self.folder):
            for path in self.folder.glob("*" + MARK):
                self._ops.unlink(path)
            self._ops.write(self.folder / manifests.NAME, manifests.to_bytes(manifest))
            self._ops.sync_folder(self.folder)
            self._publish(self)

    def discard(self) -> None:
        """Take the folder away with all that is in it."""
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                self._remove(path)
            self.folder.rmdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(fault, OSError):
            fault = translated(fault, "building", self.folder)
        is_full = isinstance(fault, ResourceError) and fault.message.startswith("the disk is full")
        written = sum(path.lstat().st_size for path in self.folder.iterdir()) if self.folder.is_dir() else 0
        goes_on = not isinstance(fault, Exception) or isinstance(fault, (ResourceError, Differs))
        if is_full or fault is None or not self.finished or not goes_on:
            self.discard()
        if is_full and isinstance(fault, ResourceError) and "needs" not in fault.message:
            raise full(self.folder.parent, written) from None
        if kind is not None and issubclass(kind, OSError) and fault is not None:
            raise fault from None

    def _check(self, manifest: Manifest) -> None:
        """Refuse to publish a manifest that is not of this draft, or that lists what is not there: a bug of the build."""
        own = {entry.path.partition("/")[2] for entry in manifest.files if entry.path.startswith(self.generation + "/")}
        there = {path.name for path in self.folder.iterdir() if not path.name.endswith(MARK)} - {manifests.NAME}
        older = [e.path for e in manifest.files if not e.path.startswith(self.generation + "/")]
        lost = [path for path in older if not (self.folder.parent / path).is_file()]
        wrong = sorted((own ^ there) | set(lost))
        if wrong or (manifest.run_id, manifest.as_of) != (self.run_id, self.as_of):
            raise InternalError("the manifest does not fit the files of its build", where=", ".join(wrong) or self.generation)

    def _finished(self, path: Path) -> tuple[FileEntry, dict[str, Any]] | None:
        mark = path.with_name(path.name + MARK)
        try:
            body = json.loads(mark.read_bytes())
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if sha256 != body["sha256"]:
                return None
            place = self._placed(path.name)
            return FileEntry(path=place, sha256=sha256, bytes=body["bytes"], rows=body["rows"]), body["details"]
        except (OSError, ValueError, KeyError):
            return None

    def _placed(self, name: str) -> str:
        place = f"{self.generation}/{name}"
        if not manifests.PLACE.fullmatch(place) or name == manifests.NAME or name.endswith(MARK):
            raise InternalError(f"'{name}' is no name for a file of a snapshot")
        return place

    def _remove(self, path: Path) -> None:
        with told("cleaning a build's folder", self.folder):
            self._ops.unlink(path)
