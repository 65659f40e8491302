"""How far a query is goes in, one line on a terminal's stderr out, gone when it is done; knows no query."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE = 1.0
"""Seconds a query may take before anything is shown: most are over by then."""


class Line:
    """Shows one running query: its share done, rows a second where the rows are known, and the time left."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._shown: tuple[Progress, TaskID] | None = None

    def at(self, told: str, rows: int, share: float) -> None:
        """Show how far the query is, once it has taken longer than most."""
        now = monotonic()
        self._since = now if self._since is None else self._since
        if now - self._since < PATIENCE:
            return
        if self._shown is None:
            self._shown = _started(f"reading {told}" if told else "computing")
        bar, task = self._shown
        bar.update(task, completed=max(share, 0.0) * 100, speed=said_speed(rows, share, now - self._since))

    def end(self) -> None:
        """Take the line away."""
        if self._shown is not None:
            self._shown[0].stop()
        self._since, self._shown = None, None


class Steps:
    """Shows a run of many steps as one line: which it is at, rows a second of its query, and the time left for all of them."""

    def __init__(self, what: str) -> None:
        self._what, self._name, self._done, self._total = what, "", 0, 0
        self._since, self._at = monotonic(), monotonic()
        self._shown: tuple[Progress, TaskID] | None = None

    def step(self, name: str, done: int, total: int) -> None:
        """Take note of the step that begins."""
        self._name, self._done, self._total, self._at = name, done, total, monotonic()
        self.at("", 0, 0.0)

    def at(self, told: str, rows: int, share: float) -> None:
        """Show how far the step is."""
        now = monotonic()
        if now - self._since < PATIENCE:
            return
        if self._shown is None:
            self._shown = _started(self._what)
        bar, task = self._shown
        shown = f"step {self._done + 1} of {self._total}: {self._name}" if self._total else told
        part = (self._done + max(share, 0.0)) / self._total if self._total else max(share, 0.0)
        speed = said_speed(rows, max(share, 0.0), now - self._at)
        bar.update(task, completed=part * 100, description=f"{self._what}: {shown}", speed=speed)

    def end(self) -> None:
        """Take note that one query is over; the line stays."""

    def close(self) -> None:
        """Take the line away."""
        if self._shown is not None:
            self._shown[0].stop()


@contextmanager
def making(what: str, *, quiet: bool) -> Iterator[Callable[[str, int, float], None] | None]:
    """Show the steps of *what* is made, each with its name and all rows a second so far; None where nothing is shown."""
    if not is_wanted(quiet=quiet):
        yield None
        return
    bar, task = _started(f"making {what}")
    since, made = monotonic(), 0

    def told(step: str, rows: int, share: float) -> None:
        nonlocal made
        made += rows
        speed = said_speed(made, 1.0, monotonic() - since)
        bar.update(task, completed=share * 100, description=f"making {what}: {step}", speed=speed)

    with bar:
        yield told


def said_speed(rows: int, share: float, seconds: float) -> str:
    """Return rows a second in words; empty where the rows or the share are not known."""
    if not rows or share <= 0 or seconds <= 0:
        return ""
    return f"{rows * share / seconds:,.0f} rows/s"


def is_wanted(*, quiet: bool) -> bool:
    """Whether progress is shown: to a person at a terminal who did not ask for quiet."""
    return not quiet and sys.stderr.isatty()


def _started(told: str) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(), console=Console(stderr=True), transient=True,
    )  # fmt: skip
    bar.start()
    return bar, bar.add_task(told, total=100, speed="")
