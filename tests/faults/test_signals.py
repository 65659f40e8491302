"""Stopping: Ctrl-C, TERM and HUP end a long query within two seconds, in one line, with nothing half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tiny import MAIN, CommandLine, Workspace, environment

SLOW = """
SELECT 'C' || a.i AS customer_id, SUM(SIN(a.i * b.i) * 0) + 0.5 AS risk, 'low' AS grade
FROM range(9) AS a(i), range(3000000000) AS b(i) GROUP BY a.i
"""
ENDS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


@pytest.mark.thorough
@pytest.mark.parametrize("number", ENDS)
def test_a_signal_ends_a_long_query(c360: CommandLine, workspace: Workspace, tmp_path: Path, number: signal.Signals) -> None:
    workspace.settings('path = "score.parquet"', f"sql = '''{SLOW}'''")
    target = tmp_path / "lists" / "list.csv"
    target.parent.mkdir()
    command = ["-w", str(workspace.folder), "export", "worth_keeping", "-o", str(target)]
    started = subprocess.Popen(
        [sys.executable, "-P", "-c", MAIN, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(None)
    )
    try:
        wait_until_busy(started, workspace.folder / ".c360" / "spill")
        sent = time.monotonic()
        started.send_signal(number)
        out, err = started.communicate(timeout=30)
    finally:
        started.kill()
    c360.said.append(err.decode())
    assert started.returncode == ENDS[number], err.decode()
    assert time.monotonic() - sent < 2
    assert err.decode().splitlines() == ["stopped; nothing published, no file left half written"]
    assert out == b""
    assert list(target.parent.iterdir()) == []
    assert list((workspace.folder / ".c360" / "spill").iterdir()) == []


def wait_until_busy(process: subprocess.Popen[bytes], spill: Path) -> None:
    """Wait until the engine is open and has computed for half a second."""
    until = time.monotonic() + 30
    while not (spill.is_dir() and any(spill.iterdir())):
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.02)
    begun = spent(process)
    while spent(process) < begun + 0.5:
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.02)


def spent(process: subprocess.Popen[bytes]) -> float:
    """Return the processor time of *process*; the clock where the system does not tell."""
    try:
        fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return time.monotonic()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_the_workspace_answers_after_an_interrupt(workspace: Workspace) -> None:
    """In a notebook the same engine goes on after Ctrl-C."""
    import c360 as library

    workspace.settings('path = "score.parquet"', f"sql = '''{SLOW}'''")
    opened = library.open(workspace.folder)
    assert opened.size("active").members == 4
    timer = threading.Timer(0.5, lambda: signal.raise_signal(signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        opened.size("worth_keeping")
    assert opened.size("active").members == 4
