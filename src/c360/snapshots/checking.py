"""A generation in; every file of it held against its hash, extra files noted; the first that differs is an error."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from c360.snapshots import manifest as manifests
from c360.snapshots.manifest import FileEntry
from c360.snapshots.reading import Snapshot

if TYPE_CHECKING:
    from c360.snapshots.store import Store


@dataclass(frozen=True)
class Verification:
    """A generation that is what was published: how many *files* and *bytes*, and *notes* such as of extra files."""

    generation: str
    files: int
    bytes: int
    notes: tuple[str, ...] = ()


def verify(store: Store, generation: str) -> Verification:
    """Read every file of *generation* and compare; raises SnapshotError that names the file (N01, N02, N04)."""
    with store.open(generation) as snapshot:
        entries = snapshot.manifest.files
        wrong = [entry for entry in entries if _hash(snapshot, entry) != entry.sha256]
        if wrong:
            others = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
            raise manifests.damaged(f"{wrong[0].path}{others} is not what was published: its hash differs", generation)
        return Verification(generation, len(entries), sum(entry.bytes for entry in entries), _extra(store, snapshot))


def _hash(snapshot: Snapshot, entry: FileEntry) -> str:
    with snapshot.path(entry).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _extra(store: Store, snapshot: Snapshot) -> tuple[str, ...]:
    """Note files in the generation's folder that it does not list; parts that newer generations may need are no matter."""
    listed = {entry.path.partition("/")[2] for entry in snapshot.manifest.files if entry.path.startswith(snapshot.generation + "/")}
    there = {path.name for path in (store.root / snapshot.generation).iterdir()} - {manifests.NAME}
    extra = sorted(there - listed)
    return (f"ignored, no part of it: {', '.join(extra)}",) if extra else ()
