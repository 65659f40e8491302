"""What tests of whole builds share: a store after one build, the values in it, and a command in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import date

import duckdb
import pytest

from c360.snapshots.store import Store
from stored import store_in
from tiny import MAIN, CommandLine, Workspace, environment

READ = "SELECT * FROM read_parquet(?) ORDER BY ALL"


def values(store: Store, as_of: date | None = None) -> dict[tuple[str, str], list[tuple[object, ...]]]:
    """Return the rows of every family of the current snapshot, by entity and family, after holding every file to its hash."""
    snapshot = store.current(as_of)
    assert snapshot is not None
    store.verify(snapshot.generation)
    found = {}
    with snapshot, duckdb.connect() as connection:
        for table in snapshot.manifest.entities:
            found[table.entity, "keys"] = connection.execute(READ, [snapshot.paths([table.keys])]).fetchall()
            for family in table.families:
                found[table.entity, family.name] = connection.execute(READ, [snapshot.paths(family.files)]).fetchall()
    return found


def corrected(workspace: Workspace) -> None:
    """Let a source say something else than when it was built."""
    workspace.replace("data/ticket.csv", "00017,2026-10-01,network", "00017,2026-10-01,network\n00017,2026-10-02,bill")


@pytest.fixture
def built(c360: CommandLine, workspace: Workspace) -> Store:
    """The store of the workspace after one build."""
    answer = c360("build")
    assert answer.code == 0, answer.err
    return store_in(workspace.folder)


def left(workspace: Workspace) -> list[str]:
    """Return what a build left in the private folder besides snapshots: spilled rows and working tables."""
    private = workspace.folder / ".c360"
    return [str(path.relative_to(private)) for name in ("spill", "work") for path in (private / name).rglob("*") if path.is_file()]


def limited(workspace: Workspace, *command: str, file_size: int | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process that may not write larger files than *file_size*."""
    import resource

    def lower() -> None:
        if file_size is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    return subprocess.run(
        [sys.executable, "-P", "-c", MAIN, *options(workspace, command)], capture_output=True, timeout=120,
        env=environment(None), preexec_fn=lower, check=False,
    )  # fmt: skip


def options(workspace: Workspace, command: tuple[str, ...]) -> list[str]:
    """Return the arguments of a command over *workspace*."""
    return ["-w", str(workspace.folder), *command]
