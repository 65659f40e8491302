"""A store's folder in, the one writer's lock on it out; readers need none. The lock ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from c360.errors import Busy
from c360.snapshots.faults import told
from c360.snapshots.fileops import FILE_MODE

NAME = "lock"


@contextmanager
def locked(folder: Path, *, since: str, doing: str, waits: bool) -> Iterator[tuple[str, ...]]:
    """Hold the writer's lock and hand out notes: who held it and was killed (B13).

    Raises Busy, which names the holder, where another process holds it and *waits* is false (B12).
    """
    with told("locking the snapshots", folder):
        descriptor = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
    try:
        _take(descriptor, folder, waits)
        left = _holder(descriptor)
        with told("locking the snapshots", folder):
            _write(descriptor, {"pid": os.getpid(), "host": os.uname().nodename, "since": since, "doing": doing})
        try:
            yield () if not left else (f"{_named(left)} was ended before it was done; nothing of it is visible",)
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def holder(folder: Path) -> str | None:
    """Return who holds the lock now, or None."""
    try:
        descriptor = os.open(folder / NAME, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _named(_holder(descriptor))
    finally:
        os.close(descriptor)
    return None


def _take(descriptor: int, folder: Path, waits: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
    except BlockingIOError:
        holder = _holder(descriptor)
        name = _named(holder) if holder else "another process"
        raise Busy(
            f"{name} is writing snapshots here", hint="try again when it is done; c360 build --wait waits for it", where=str(folder)
        ) from None


def _write(descriptor: int, holder: dict[str, object]) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _holder(descriptor: int) -> dict[str, object]:
    try:
        found = json.loads(os.pread(descriptor, 4096, 0))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _named(holder: dict[str, object]) -> str:
    return f"c360 {holder.get('doing')} (pid {holder.get('pid')} on {holder.get('host')}, since {holder.get('since')})"
