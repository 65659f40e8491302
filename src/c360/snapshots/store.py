"""The folder of all snapshots: who may write, what is current, what there is; published files are never changed."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from c360.errors import InternalError, Refused, SnapshotError
from c360.snapshots import checking, locking, pointer, pruning, reading
from c360.snapshots import manifest as manifests
from c360.snapshots.draft import Draft
from c360.snapshots.faults import told
from c360.snapshots.fileops import FileOps
from c360.snapshots.manifest import Manifest
from c360.snapshots.pointer import Pointer, number_of
from c360.snapshots.reading import Gone, Snapshot

GENERATION = re.compile(r"\d{4}-\d\d-\d\d-\d+")
PRIVATE = ".tmp-"
CURRENT, KEPT, ASIDE, ORPHAN, PARTS, DAMAGED = "current", "kept", "set aside", "orphan", "parts", "damaged"
PATIENCE = 5  # looks at the pointer before a reader gives up: each means that a generation was removed under it


@dataclass(frozen=True)
class Generation:
    """One folder of the store. *state*: current; kept, to roll back to; set aside by a rollback; orphan, published by a
    build that was killed before the pointer; parts, files that others need; damaged, with the *fault*."""

    name: str
    as_of: date
    state: str
    bytes: int
    manifest: Manifest | None = None
    fault: str = ""


class Store:
    """The snapshots under *folder*; with *inside*, a folder that a link leads out of is refused.

    *clock* says the time that others are told when they find the store locked; nothing else depends on it.
    """

    def __init__(
        self, folder: Path, *, inside: Path | None = None, ops: FileOps | None = None, clock: Callable[[], str] = str
    ) -> None:
        self.folder = Path(os.path.normpath(folder))  # "../elsewhere" is a place of the user's choice, not a way out
        self.root = self.folder / "generations"
        self._inside, self._ops, self._clock = inside, ops or FileOps(), clock
        self._is_locked = False

    # Reading.

    def pointer(self) -> Pointer:
        """Return what is current; an empty pointer where nothing was built yet."""
        self._refuse_links()
        try:
            return pointer.from_bytes((self.folder / pointer.NAME).read_bytes())
        except FileNotFoundError:
            return Pointer()
        except OSError as error:
            reason = f"{pointer.NAME} cannot be read: {os.strerror(error.errno or 0)}"
            raise SnapshotError(reason, hint="look at its rights", where=str(self.folder)) from None

    def current(self, as_of: date | None = None) -> Snapshot | None:
        """Open the current snapshot of *as_of* (else of the newest as-of date); None where there is none."""
        for _ in range(PATIENCE):
            now = self.pointer()
            day = now.newest if as_of is None else as_of
            if day is None or day not in now.current:
                return None
            name = now.current[day]
            try:
                return reading.opened(self.root, name)
            except Gone:
                continue
            except SnapshotError:
                if self.pointer().current.get(day) == name:
                    raise
        raise SnapshotError("snapshots are being removed faster than they can be read", hint="run again")

    def open(self, generation: str) -> Snapshot:
        """Open *generation*, whether it is current or not; raises SnapshotError where it is not there or damaged."""
        self._refuse_links()
        if not GENERATION.fullmatch(generation) or not (self.root / generation).is_dir():
            raise SnapshotError(f"there is no snapshot {generation}", hint="c360 snapshots lists what there is")
        try:
            return reading.opened(self.root, generation)
        except Gone:
            raise SnapshotError(f"snapshot {generation} is being removed", hint="c360 snapshots lists what stays") from None

    def generations(self) -> list[Generation]:
        """Return every generation on disk, by as-of date and number."""
        now = self.pointer()
        return [self._described(name, now) for name in self._names()]

    def leftovers(self) -> list[str]:
        """Return the private folders of builds that run or were killed."""
        return sorted(p.name for p in self._entries() if p.name.startswith(PRIVATE))

    def reusable(self, as_of: date, run_id: str) -> str | None:
        """Return the orphan generation that is exactly what a build of *run_id* would make, or None (B02)."""
        now = self.pointer()
        orphans = [n for n in self._names() if n.startswith(f"{as_of}-") and _state(n, as_of, now) == ORPHAN]
        for found in (self._described(name, now) for name in orphans):
            if found.manifest is not None and (found.manifest.as_of, found.manifest.run_id) == (as_of, run_id):
                return found.name
        return None

    def verify(self, generation: str) -> checking.Verification:
        """Hold every file of *generation* against its hash; raises SnapshotError that names the file."""
        return checking.verify(self, generation)

    def writer(self) -> str | None:
        """Return who writes snapshots now, or None."""
        return locking.holder(self.folder)

    # Writing; all of it under the lock.

    @contextmanager
    def lock(self, *, doing: str = "build", waits: bool = False) -> Iterator[tuple[str, ...]]:
        """Be the only writer; hands out notes, such as of a holder that was killed. *doing* is what others are told.

        Raises Busy where another process writes and *waits* is false.
        """
        self._refuse_links()
        with told("making the snapshots' folder", self.folder):
            self._ops.make_folder(self.folder)
            self._ops.make_folder(self.root)
        with locking.locked(self.folder, since=self._clock(), doing=doing, waits=waits) as notes:
            self._is_locked = True
            try:
                yield notes
            finally:
                self._is_locked = False

    def begin(self, as_of: date, run_id: str) -> Draft:
        """Start a generation of *as_of*: go on from a killed build of the same run, remove the leftovers of others."""
        self.refuse_unlocked()
        mine = f"{PRIVATE}{as_of}-{run_id}"
        removed = [name for name in self.leftovers() if name != mine]
        for name in removed:
            shutil.rmtree(self.root / name, ignore_errors=True)
        draft = Draft(self.root / mine, self._next_name(as_of), run_id, as_of, self._ops, self._publish)
        with told("starting a snapshot", self.root):
            self._ops.make_folder(draft.folder)
        draft.adopt()
        if removed:
            draft.notes += (f"removed what a build that was ended left: {', '.join(removed)}",)
        return draft

    def adopt(self, generation: str) -> None:
        """Make a whole generation current that is not: an orphan, or one set aside by a rollback."""
        self.refuse_unlocked()
        with self.open(generation) as snapshot:
            self.point(self.pointer().published(snapshot.manifest.as_of, generation))

    def rollback(self, as_of: date) -> str:
        """Make current what was current before, and return its name; raises UsageError where there is nothing before."""
        with self._alone("snapshots --rollback"):
            after = self.pointer().rolled_back(as_of)
            self.open(after.current[as_of]).close()
            self.point(after)
            return after.current[as_of]

    def prune(self, keep: int = 2, before: date | None = None) -> pruning.Pruned:
        """Keep *keep* generations of each as-of date, and whatever they and open readers need; remove the rest.

        As-of dates *before* a day are removed altogether.
        """
        with self._alone("snapshots --prune"):
            return pruning.prune(self, keep, before)

    def point(self, after: Pointer) -> None:
        """Put *after* in the place of the pointer file, at once."""
        self.refuse_unlocked()
        temporary = self.folder / f".{pointer.NAME}"
        with told("replacing the pointer", self.folder):
            self._ops.write(temporary, after.to_bytes())
            self._ops.replace(temporary, self.folder / pointer.NAME)
            self._ops.sync_folder(self.folder)

    def refuse_unlocked(self) -> None:
        """Refuse to write without the lock: a bug of the caller."""
        if not self._is_locked:
            raise InternalError("snapshots are written under their lock only")

    @property
    def ops(self) -> FileOps:
        """What the store does to the disk."""
        return self._ops

    def highest_number(self) -> int:
        """Return the highest number that a generation has or had."""
        return max((self.pointer().number, *(number_of(name) for name in self._names())))

    def _alone(self, doing: str) -> AbstractContextManager[object]:
        return nullcontext() if self._is_locked else self.lock(doing=doing)

    def _publish(self, draft: Draft) -> None:
        self.refuse_unlocked()
        self._ops.rename(draft.folder, self.root / draft.generation)
        self._ops.sync_folder(self.root)
        self.point(self.pointer().published(draft.as_of, draft.generation))

    def _next_name(self, as_of: date) -> str:
        return f"{as_of}-{self.highest_number() + 1}"

    def _names(self) -> list[str]:
        found = [p.name for p in self._entries() if GENERATION.fullmatch(p.name) and p.is_dir() and not p.is_symlink()]
        return sorted(found, key=lambda name: (name.rpartition("-")[0], number_of(name)))

    def _entries(self) -> list[Path]:
        return list(self.root.iterdir()) if self.root.is_dir() else []

    def _described(self, name: str, now: Pointer) -> Generation:
        day, size = date.fromisoformat(name.rpartition("-")[0]), _size(self.root / name)
        state = _state(name, day, now)
        try:
            with reading.opened(self.root, name) as snapshot:
                return Generation(name, day, state, size, snapshot.manifest)
        except Gone:
            return Generation(name, day, PARTS, size)
        except (SnapshotError, Refused) as error:
            # Without a manifest, and no longer pointed at: pruned, at this very moment or before.
            if not (self.root / name / manifests.NAME).exists() and _state(name, day, self.pointer()) == ORPHAN:
                return Generation(name, day, PARTS, size)
            return Generation(name, day, DAMAGED, size, fault=error.message)

    def _refuse_links(self) -> None:
        """Refuse a folder within the workspace that a link leads out of it, and links in the store's own places (B18)."""
        inside = self._inside
        is_own = inside is not None and self.folder.is_relative_to(inside)
        if inside is not None and is_own and not self.folder.resolve().is_relative_to(inside.resolve()):
            raise Refused(
                f"{self.folder} leads out of the workspace through a symbolic link",
                hint="put a plain folder there, or name the real one: snapshots_folder in c360.toml",
            )
        for path in (self.root, self.folder / pointer.NAME):
            if path.is_symlink():
                raise reading.linked(path)


def _size(folder: Path) -> int:
    """Return the bytes of a folder's files; what is removed meanwhile counts nothing."""
    size = 0
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            with suppress(FileNotFoundError):
                size += path.lstat().st_size
    return size


def _state(name: str, day: date, now: Pointer) -> str:
    if now.current.get(day) == name:
        return CURRENT
    if name in now.before.get(day, ()):
        return KEPT
    return ASIDE if name in now.aside else ORPHAN
