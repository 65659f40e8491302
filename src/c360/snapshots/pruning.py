"""A store and how many generations to keep in; what no pointer, no kept manifest and no open reader needs is removed."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from c360.snapshots import manifest as manifests
from c360.snapshots.faults import told
from c360.snapshots.pointer import Pointer

if TYPE_CHECKING:
    from c360.snapshots.store import Generation, Store


@dataclass(frozen=True)
class Pruned:
    """What a pruning did: generations that are gone, those that stay, those a reader has open, and the bytes won."""

    removed: tuple[str, ...]
    kept: tuple[str, ...]
    in_use: tuple[str, ...]
    freed: int


def prune(store: Store, keep: int, before: date | None = None) -> Pruned:
    """Keep, of each as-of date, the current generation and those before it, *keep* in all; none of as-of dates *before* a day.

    Removed are orphans, what a rollback set aside, and leftovers of killed builds too. A file that a kept generation
    lists stays, wherever it lies. A generation that somebody reads stays until the next pruning.
    """
    store.refuse_unlocked()
    now, found = store.pointer(), store.generations()
    wanted = _wanted(now, keep, before)
    held, in_use = _claimed(store, [g.name for g in found if g.name not in wanted])
    try:
        kept = [g for g in found if g.name in wanted or g.name in in_use]
        needed = _needed(store, kept)
        store.point(now.keeping({g.name for g in kept}, store.highest_number()))
        freed = sum(_emptied(store, g, needed) for g in found if g not in kept)
    finally:
        for descriptor in held:
            os.close(descriptor)
    removed = [g.name for g in found if g not in kept and g.manifest is not None or not (store.root / g.name).exists()]
    return Pruned(tuple(removed), tuple(g.name for g in kept), tuple(in_use), freed + _without_leftovers(store))


def _wanted(now: Pointer, keep: int, before: date | None) -> set[str]:
    days = [day for day in now.current if before is None or day >= before]
    older = {name for day in days for name in now.before.get(day, ())[::-1][: max(keep, 1) - 1]}
    return {now.current[day] for day in days} | older


def _claimed(store: Store, names: list[str]) -> tuple[list[int], list[str]]:
    """Hold each generation alone, so that no reader opens it any more; return what is held, and the names readers hold."""
    held: list[int] = []
    in_use = []
    for name in names:
        try:
            descriptor = os.open(store.root / name / manifests.NAME, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            continue  # without a manifest nobody can read it
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held.append(descriptor)
        except BlockingIOError:
            os.close(descriptor)
            in_use.append(name)
    return held, in_use


def _needed(store: Store, kept: list[Generation]) -> set[str]:
    """Return every file that a kept generation lists; a damaged one that is current or kept stops the pruning."""
    needed = set()
    for generation in kept:
        with store.open(generation.name) as snapshot:
            needed |= {entry.path for entry in snapshot.manifest.files}
    return needed


def _emptied(store: Store, generation: Generation, needed: set[str]) -> int:
    """Remove what nobody needs of a generation, its manifest first, so that it is never seen half; return the bytes."""
    folder, freed = store.root / generation.name, 0
    with told("removing a snapshot", folder):
        paths = sorted(folder.iterdir(), key=lambda path: path.name != manifests.NAME)
        for path in paths:
            if f"{generation.name}/{path.name}" not in needed:
                freed += path.lstat().st_size
                store.ops.unlink(path)
        store.ops.sync_folder(folder)
        with suppress(OSError):  # files that others need stay in it
            store.ops.remove_folder(folder)
    return freed


def _without_leftovers(store: Store) -> int:
    freed = 0
    for name in store.leftovers():
        freed += _removed(store, store.root / name)
    return freed


def _removed(store: Store, folder: Path) -> int:
    freed = sum(path.lstat().st_size for path in folder.iterdir())
    with told("removing what a killed build left", folder):
        for path in folder.iterdir():
            store.ops.unlink(path)
        store.ops.remove_folder(folder)
    return freed
