"""A source changed while a build read it, and was put back: the next build went on from tables made of the other rows."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

import c360
from c360.errors import SourceError
from tiny import Workspace, make


def put(path: Path, data: bytes, stamp: int) -> None:
    """Put *data* in the place of the file, with a time of its own."""
    other = path.with_name("other")
    other.write_bytes(data)
    os.utime(other, ns=(stamp, stamp))
    os.replace(other, path)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Six customers."""
    return make(tmp_path / "work")


def tickets(workspace: Workspace) -> list[int]:
    """Return the stored tickets of each customer, in the order of keys."""
    with c360.open(workspace.folder).snapshots.current() as snapshot:
        table = snapshot.manifest.entity("customer")
        family = table.family_of("tickets_90d")
        sql = f"SELECT tickets_90d FROM read_parquet(?) ORDER BY {table.key}"
        return [row[0] for row in duckdb.execute(sql, [snapshot.paths(family.files)]).fetchall()]


@pytest.mark.parametrize("is_stopped", [False, True], ids=["refused", "stopped"])
def test_a_build_after_a_change_and_back(workspace: Workspace, is_stopped: bool) -> None:
    path = workspace.data / "ticket.csv"
    before, stamp = path.read_bytes(), path.stat().st_mtime_ns
    after = before.replace(b"00017,2026-10-01", b"C2,2026-10-01,bill\nC2,2026-10-01")

    def changes(step: str, done: int, total: int) -> None:
        if done == 0:
            put(path, after, stamp + 10**9)
        if is_stopped and done == total - 1:
            raise KeyboardInterrupt

    with pytest.raises((KeyboardInterrupt, SourceError)):
        c360.open(workspace.folder).build("tickets_90d", told=changes, parts=2)
    put(path, before, stamp)
    c360.open(workspace.folder).build("tickets_90d", parts=2)
    assert tickets(workspace) == [1, 0, 2, 1, 0, 0]
