"""How long queries may take and whether one still moves: seconds in, the error that ends a query out; knows no SQL."""

from __future__ import annotations

import time
from pathlib import Path

from c360.errors import NoProgress, ResourceError

PATIENCE = 600.0
"""Seconds without any progress after which a query counts as hung: DuckDB 2.0 can wait for itself for ever."""
BUSY = 0.02  # of the time on a processor is progress
READ = 1 << 16  # bytes read or written are progress


class Limits:
    """What a command may take: *seconds* from now on for all its queries, none for as long as they move."""

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = seconds
        self._until = None if seconds is None else time.monotonic() + seconds

    def watch(self, step: str) -> Moving:
        """Return what looks after one query; raises ResourceError where there is no time for it."""
        return Moving(step or "a query", self._until, self._seconds)


class Moving:
    """One query under its limits; `check` is called while it runs."""

    def __init__(self, step: str, until: float | None, seconds: float | None) -> None:
        self._step, self._until, self._limit = step, until, seconds
        self._since, self._used, self._moved = time.monotonic(), _processor(), _transferred()
        self.check()

    def check(self) -> None:
        """Raise ResourceError when the time is up, NoProgress when nothing has moved for `PATIENCE`."""
        now = time.monotonic()
        if self._until is not None and now > self._until:
            raise ResourceError(
                f"the time is up: {self._limit:g} s had passed at {self._step}",
                hint="give more with --timeout, or ask for less; nothing was published or written",
            )  # fmt: skip
        passed = now - self._since
        if passed < PATIENCE:
            return
        used, moved = _processor(), _transferred()
        if used - self._used < BUSY * passed and moved - self._moved < READ:
            raise NoProgress(
                f"no progress for {passed:,.0f} s at {self._step}: the engine hangs",
                hint="run again; nothing was published or written",
            )  # fmt: skip
        self._since, self._used, self._moved = now, used, moved


def _processor() -> float:
    return time.process_time()


def _transferred() -> int:
    """Return the bytes that this process has read and written; 0 where the system does not say."""
    try:
        lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(("rchar", "wchar")))
