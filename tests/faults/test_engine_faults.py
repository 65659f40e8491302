"""The engine's own faults: what it cannot do, what it would do if we let it, and what it must not leave behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import duckdb
import pytest

from c360.engines.duckdb import DuckDBEngine, connect
from c360.engines.faults import engine_fault, translate
from c360.engines.spill import SpillFolder
from c360.errors import (
    BadValues,
    Busy,
    C360Error,
    DamagedFile,
    DoesNotFit,
    InternalError,
    MissingSource,
    OutOfMemory,
    ResourceError,
    SourceError,
)
from tiny import CommandLine, Workspace

SETTINGS = {
    "async_threads": "0",
    "TimeZone": "UTC",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
COPIES = 30
COPYING = f"""
import sys
from pathlib import Path
from c360.engines.duckdb import connect

folder = Path(sys.argv[1])
connection = connect(folder, threads=2)
bad = "SELECT CASE WHEN i = 200000 THEN error('no') ELSE i END AS x FROM range(400000) AS t(i)"
failed = 0
for n in range({COPIES}):
    kind = ("parquet", "csv")[n % 2]
    try:
        connection.execute(f"COPY ({{bad}}) TO '{{folder}}/out.{{kind}}' (FORMAT {{kind}})")
    except Exception:
        failed += 1
print(failed)
"""


@pytest.mark.parametrize("spill", [True, False])
def test_every_connection_has_our_settings(tmp_path: Path, spill: bool) -> None:
    connection = connect(tmp_path if spill else None, threads=2, memory="1GB")
    found = dict(connection.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    assert {name: found[name] for name in SETTINGS} == SETTINGS
    assert found["threads"] == "2"
    assert found["temp_directory"] == (str(tmp_path) if spill else "")
    assert connection.cursor().execute("SELECT current_setting('async_threads')").fetchone() == (0,)


def test_a_python_variable_is_no_table() -> None:
    import polars as pl

    frame = pl.DataFrame({"a": [1]})
    with pytest.raises(duckdb.CatalogException):
        connect().execute("SELECT * FROM frame")
    assert frame.height == 1


@pytest.mark.thorough
def test_failing_copies_do_not_hang(c360: CommandLine, tmp_path: Path) -> None:
    answer = c360.python(COPYING, str(tmp_path))
    assert (answer.code, answer.out.strip()) == (0, str(COPIES)), answer.err


# Spilling.


@pytest.fixture
def spill(tmp_path: Path) -> Path:
    """A folder to spill in."""
    return tmp_path / "spill"


def test_the_spill_folder_is_private_and_goes_with_the_engine(tmp_path: Path) -> None:
    root = tmp_path / ".c360" / "spill"
    engine = DuckDBEngine(root)
    own = list(root.iterdir())
    assert len(own) == 1
    assert [path.stat().st_mode & 0o777 for path in (root, root.parent, *own)] == [0o700] * 3
    engine.close()
    assert list(root.iterdir()) == []


def test_two_engines_do_not_share_a_spill_folder(spill: Path) -> None:
    first, second = DuckDBEngine(spill), DuckDBEngine(spill)
    assert len(list(spill.iterdir())) == 2
    second.close()
    assert len(list(spill.iterdir())) == 1
    assert first.rows("SELECT 1") == [(1,)]
    first.close()


def test_what_a_killed_process_spilled_is_removed(c360: CommandLine, spill: Path) -> None:
    killed = c360.python(
        "import os, signal, sys\nfrom pathlib import Path\nfrom c360.engines.spill import SpillFolder\n"
        "folder = SpillFolder(Path(sys.argv[1]))\n(folder.path / 'rows.tmp').write_text('13900001111')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n",
        str(spill),
    )
    assert killed.code == -signal.SIGKILL
    assert len(list(spill.iterdir())) == 1
    mine = SpillFolder(spill)
    assert list(spill.iterdir()) == [mine.path]
    mine.remove()


def test_queries_larger_than_memory_spill_and_clean_up(spill: Path) -> None:
    engine = DuckDBEngine(spill, threads=2, memory="60MB")
    rows = engine.rows("SELECT COUNT(*) FROM (SELECT DISTINCT md5(i::VARCHAR) AS h FROM range(600000) AS t(i))")
    assert rows == [(600_000,)]
    engine.close()
    assert list(spill.iterdir()) == []


def test_memory_that_runs_out_says_what_helps() -> None:
    engine = DuckDBEngine(None, threads=1, memory="20MB")
    with pytest.raises(ResourceError, match="memory ran out") as caught:
        engine.rows("SELECT list(md5(i::VARCHAR)) FROM range(2000000) AS t(i)")
    assert caught.value.exit_code == 7
    assert "--memory" in str(caught.value) and "--threads" in str(caught.value)
    assert engine.rows("SELECT 1") == [(1,)]
    engine.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_workspace_nobody_may_write(c360: CommandLine, workspace: Workspace) -> None:
    workspace.folder.chmod(0o500)
    try:
        answer = c360("size", "active")
    finally:
        workspace.folder.chmod(0o700)
    assert answer.code == 7
    assert "mode 0700" in answer.err


@pytest.mark.parametrize("memory", ["much", "4XB"])
def test_limits_the_engine_does_not_take(c360: CommandLine, memory: str) -> None:
    answer = c360("--memory", memory, "size", "active")
    assert answer.code == 2
    assert f"the engine does not take memory = {memory}" in answer.err
    assert "4GB" in answer.err


# What the engine says, and what we say.

SAID: dict[str, tuple[duckdb.Error, type[C360Error], int, str]] = {
    "disk full": (
        duckdb.IOException('Async write failed for file "/x/out.csv": "errno":"28" 张金丝雀'), ResourceError, 7, "the disk is full",
    ),
    "spill full": (
        duckdb.OutOfMemoryException("failed to offload data block … No space left on device"), ResourceError, 7, "disk",
    ),
    "memory": (duckdb.OutOfMemoryException("could not allocate 13900001111"), OutOfMemory, 7, "memory ran out"),
    "lock": (
        duckdb.IOException("Could not set lock on file: Conflicting lock is held in python3.11 (PID 15527)"), Busy, 6, "pid 15527",
    ),
    "magic": (duckdb.InvalidInputException("No magic bytes found at end of file '/x/张金丝雀'"), DamagedFile, 4, "damaged"),
    "bits": (duckdb.InvalidInputException("Snappy decompression failed"), DamagedFile, 4, "damaged"),
    "csv": (
        duckdb.InvalidInputException("CSV Error on Line: 3\nOriginal Line: 2,张金丝雀,13900001111"), DamagedFile, 4, "CSV",
    ),
    "cast": (duckdb.ConversionException("Could not convert string '13900001111' to INT32"), DoesNotFit, 4, "does not fit"),
    "range": (duckdb.OutOfRangeException("Overflow in multiplication of 13900001111"), DoesNotFit, 4, "does not fit"),
    "file": (duckdb.IOException('No files found that match the pattern "/x/a.parquet"'), MissingSource, 4, "not there"),
    "other io": (duckdb.IOException("Cannot open 张金丝雀"), SourceError, 4, "reading or writing a file failed"),
    "binder": (duckdb.BinderException('Referenced column "x" not found'), InternalError, 70, "the engine refused the query"),
    "other": (duckdb.InternalException("13900001111"), InternalError, 70, "the engine failed (InternalException)"),
}  # fmt: skip


@pytest.mark.parametrize(("said", "kind", "code", "told"), SAID.values(), ids=SAID)
def test_what_the_engine_says_is_told_without_its_words(
    c360: CommandLine, said: duckdb.Error, kind: type[C360Error], code: int, told: str
) -> None:
    error = translate(said, "bill.parquet")
    assert type(error) is kind
    assert error.exit_code == code
    assert told in error.message
    assert error.hint
    c360.said.append(str(error))  # the canary's fixture reads it


def test_a_fault_that_comes_through_a_frame_is_the_engines(duckdb_engine: DuckDBEngine, c360: CommandLine) -> None:
    with pytest.raises(BadValues) as caught:
        duckdb_engine.frame(
            "SELECT CAST(CASE WHEN i = 500000 THEN 'CANARY-KEY' ELSE '1' END AS INT) AS x FROM range(1000000) AS t(i)"
        )
    c360.said.append(str(caught.value))
    assert engine_fault(ValueError("no engine said this")) is None


@pytest.mark.thorough
@pytest.mark.oracle
def test_a_script_that_closes_nothing_ends_in_silence(c360: CommandLine, workspace: Workspace) -> None:
    pytest.importorskip("numpy", reason="with numpy beside them, Polars remembers DuckDB's classes until the end")
    answer = c360.python("import sys, c360\nprint(c360.open(sys.argv[1]).table('arpu_3m').height)", str(workspace.folder))
    assert (answer.code, answer.out.strip(), answer.err) == (0, "6", "")
    assert list(workspace.folder.glob(".c360/spill/*")) == []
