"""Builds that run out of disk, memory or time, are stopped by a signal, or hang: exit code, message, and what stands afterwards."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest
from builds import corrected, left, limited, options, values

from c360.snapshots.store import Store
from tiny import MAIN, CommandLine, Workspace, environment

# Millions of groups: more than a small memory holds, and minutes of work for one thread.
WIDE = """SELECT 'C' || i AS customer_id, COUNT(*) / 10.0 AS risk, 'low' AS grade
FROM range({rows}) AS t(i) JOIN range(1) AS s(j) ON TRUE GROUP BY ALL"""
LISTED = """SELECT 'C' || (i % 2) AS customer_id, len(list(i)) / 1e9 AS risk, 'low' AS grade
FROM range(30000000) AS t(i) GROUP BY ALL"""
SLOW = """
SELECT 'C' || a.i AS customer_id, SUM(SIN(a.i * b.i) * 0) + 0.5 AS risk, 'low' AS grade
FROM range(9) AS a(i), range(3000000000) AS b(i) GROUP BY a.i
"""
HANGING = """
import threading
from c360.engines import limits
from c360.engines.duckdb import DuckDBEngine

limits.PATIENCE = 1.0

def prepared(*command):
    DuckDBEngine.copy = lambda self, sql, path, where=None: self._run(lambda cursor: threading.Event().wait(), where)
    return run(list(command))
"""


@pytest.mark.thorough
def test_b04_disk_full_build_by_the_command(workspace: Workspace, built: Store) -> None:
    old = values(built)
    corrected(workspace)
    answer = limited(workspace, "build", "--replace", "--partitions", "2", file_size=2000)
    assert answer.returncode == 7, answer.stderr.decode()
    assert "the disk is full" in answer.stderr.decode() and "bytes are free" in answer.stderr.decode()
    assert values(built) == old
    assert limited(workspace, "build", "--replace", "--partitions", "2").returncode == 0
    assert built.leftovers() == []
    assert values(built) != old


@pytest.mark.thorough
def test_b05_disk_full_spill(workspace: Workspace, built: Store) -> None:
    old = values(built)
    workspace.settings('path = "score.parquet"', f"sql = '''{WIDE.format(rows=3_000_000)}'''")
    answer = limited(workspace, "--memory", "60MB", "--threads", "1", "build", "--replace", file_size=1 << 20)
    said = answer.stderr.decode()
    assert answer.returncode == 7, said
    assert "disk" in said
    assert values(built) == old and left(workspace) == []


@pytest.mark.thorough
def test_b06_out_of_memory(workspace: Workspace, built: Store) -> None:
    old = values(built)
    workspace.settings('path = "score.parquet"', f"sql = '''{LISTED}'''")
    answer = limited(workspace, "--memory", "25MB", "build", "--replace")
    said = answer.stderr.decode()
    assert answer.returncode == 7, said
    assert "memory ran out in " in said
    assert all(remedy in said for remedy in ("--memory", "--threads", "free disk"))
    assert values(built) == old


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["b07_ctrl_c", "b08_sigterm", "b09_sighup"],
)  # fmt: skip
def test_b07_ctrl_c_b08_sigterm_b09_sighup(workspace: Workspace, built: Store, number: signal.Signals, code: int) -> None:
    old = values(built)
    workspace.settings('path = "score.parquet"', f"sql = '''{SLOW}'''")
    command = [sys.executable, "-P", "-c", MAIN, *options(workspace, ("build", "--replace"))]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(None))
    try:
        wait_until_building(started, built)
        sent = time.monotonic()
        started.send_signal(number)
        out, err = started.communicate(timeout=30)
    finally:
        started.kill()
    assert started.returncode == code, err.decode()
    assert time.monotonic() - sent < 2
    assert err.decode().splitlines() == ["stopped; nothing published, no file left half written"]
    assert out == b""
    assert values(built) == old and built.writer() is None


def wait_until_building(process: subprocess.Popen[bytes], store: Store) -> None:
    """Wait until the build has its lock and a query runs."""
    until = time.monotonic() + 30
    while store.writer() is None:
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.5)


@pytest.mark.thorough
def test_b10_timeout(workspace: Workspace, built: Store) -> None:
    old = values(built)
    workspace.settings('path = "score.parquet"', f"sql = '''{SLOW}'''")
    begun = time.monotonic()
    answer = limited(workspace, "--timeout", "3", "build", "--replace")
    assert answer.returncode == 7, answer.stderr.decode()
    assert "the time is up: 3 s had passed at " in answer.stderr.decode()
    assert time.monotonic() - begun < 10
    assert values(built) == old


def test_b10_timeout_stands_before_the_command(c360: CommandLine) -> None:
    answer = c360("build", "--timeout", "1")
    assert answer.code == 2
    assert "--timeout stands before the command" in answer.err


@pytest.mark.thorough
def test_b11_hang_watchdog(c360: CommandLine, workspace: Workspace, built: Store) -> None:
    old = values(built)
    corrected(workspace)
    answer, *_ = c360.forked(HANGING, [("-w", str(workspace.folder), "build", "--replace")])
    assert answer.code == 7
    assert "no progress for 1 s at customer-keys.parquet: the engine hangs" in answer.err
    assert values(built) == old
    assert c360("build", "--replace").code == 0
