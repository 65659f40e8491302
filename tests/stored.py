"""Snapshots of invented rows, and ways to break them: a file operation that fails or kills, a process apart that builds."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path

from c360.errors import C360Error
from c360.snapshots.fileops import FileOps
from c360.snapshots.manifest import EntityTable, Family, Manifest, TagEntry
from c360.snapshots.store import Store

D = date(2026, 10, 31)
SINCE = "2026-11-01T08:00:00+00:00"


def store_in(folder: Path, ops: FileOps | None = None) -> Store:
    """Return the store of the workspace *folder*."""
    return Store(folder / ".c360" / "snapshots", inside=folder, ops=ops, clock=lambda: SINCE)


def build(store: Store, value: str, as_of: date = D, *, reuse_keys: bool = False) -> str:
    """Publish a generation whose family holds *value*, and return its name; its keys may be those of the one before."""
    with store.lock(), store.begin(as_of, f"run-{value}") as draft:
        before = store.current(as_of) if reuse_keys else None
        if before is not None:
            with before:
                keys = before.manifest.entities[0].keys
        else:
            draft.path("customer-keys.parquet").write_text(f"K1 K2 of {value}", encoding="utf-8")
            keys = draft.entry("customer-keys.parquet", 2)
        draft.path("customer-value.parquet").write_text(value, encoding="utf-8")
        family = Family(name="value", columns=("spend",), files=(draft.finish("customer-value.parquet", 2, part=0),))
        tag = TagEntry(name="spend", hash="h", value_key=value, type="money")
        table = EntityTable(entity="Customer", key="customer_id", rows=2, keys=keys, families=(family,), tags=(tag,))
        draft.publish(Manifest(run_id=f"run-{value}", as_of=as_of, entities=(table,), made_at=SINCE))
        return draft.generation


def read(store: Store, as_of: date | None = None) -> str | None:
    """Return the value that the current snapshot holds, None where there is none."""
    snapshot = store.current(as_of)
    if snapshot is None:
        return None
    with snapshot:
        (family,) = snapshot.manifest.entities[0].families
        return snapshot.path(family.files[0]).read_text(encoding="utf-8")


def states(store: Store) -> dict[str, str]:
    """Return the state of each generation."""
    return {found.name: found.state for found in store.generations()}


class Counted(FileOps):
    """File operations that do something at the n-th: *before* or *after* it. Calls are counted from 1; *calls* names them."""

    def __init__(self, number: int = 0, before: Callable[[], None] | None = None, after: Callable[[], None] | None = None) -> None:
        self.number, self.before, self.after = number, before, after
        self.calls: list[str] = []

    def __getattribute__(self, name: str) -> object:
        found = object.__getattribute__(self, name)
        return self._counted(name, found) if name in OPERATIONS else found

    def _counted(self, name: str, operation: Callable[..., None]) -> Callable[..., None]:
        def call(*paths: object) -> None:
            self.calls.append(name)
            is_hit = len(self.calls) == self.number
            if is_hit and self.before is not None:
                self.before()
            operation(*paths)
            if is_hit and self.after is not None:
                self.after()

        return call


OPERATIONS = {name for name in vars(FileOps) if not name.startswith("_")}


def die() -> None:
    """End this process as ``kill -9`` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def apart(act: Callable[[], object]) -> tuple[int, str]:
    """Run *act* in a process of its own that shares nothing; return its exit code (negative: a signal) and what it says."""
    reading, writing = os.pipe()
    child = fork()
    if child == 0:
        code = 70
        try:
            said, code = str(act()), 0
        except C360Error as error:
            said, code = str(error), error.exit_code
        except BaseException as error:
            said = repr(error)
        os.write(writing, said.encode())
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        said = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


def fork() -> int:
    """Split this process; the child collects no garbage, for an engine left over by another test would wait for its threads."""
    child = os.fork()
    if child == 0:
        gc.disable()
    return child


def publishing(store: Store) -> int:
    """Publish and prune in a process of its own until it is killed; return its id."""
    child = fork()
    if child == 0:
        try:
            for number in count(1):
                build(store, f"{number:05}", reuse_keys=number % 2 == 0)
                store.prune(1)
        finally:
            os._exit(1)
    return child


def without_privileges() -> None:
    """Let the rights of files hold for this process, though it is root's."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    none = (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(header, none) != 0:
        raise OSError(ctypes.get_errno(), "capset")
