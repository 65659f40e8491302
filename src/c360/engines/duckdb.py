"""DuckDB: SQL text in, rows or frames out; the one place that opens connections and translates the engine's faults."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import duckdb

from c360.engines.faults import engine_fault, translate
from c360.engines.limits import Limits
from c360.engines.spill import SpillFolder
from c360.engines.stream import ArrowStream
from c360.errors import NoProgress, UsageError
from c360.quoting import text

if TYPE_CHECKING:
    import polars

T = TypeVar("T")
UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
# Nothing is printed by the engine itself; without these it says nothing of how far it is.
WRITTEN = "(FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2)"
WATCHED = "SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0"


class Watch(Protocol):
    """What is told how far a query is, about ten times a second."""

    def at(self, told: str, rows: int, share: float) -> None:
        """Take note that *told* is done to *share* (0 to 1) of its *rows* (0: not known)."""

    def end(self) -> None:
        """Take note that the query is over."""


def connect(spill: Path | None = None, threads: int | None = None, memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """Open an in-memory database with the settings every c360 connection has.

    DuckDB 2.0 can hang for ever when a COPY's query fails with async threads, so there are none. Spilled rows go to
    *spill*, a private folder; without it nothing is spilled. Stamps are UTC; no extension is loaded, no Python variable
    is read.
    """
    config: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
        "temp_directory": "" if spill is None else str(spill),
    }
    if threads is not None:
        config["threads"] = threads
    if memory is not None:
        config["memory_limit"] = memory
    try:
        connection = duckdb.connect(":memory:", config=config)
        if memory is not None:
            _leave_room(connection)
        connection.execute("SET async_threads = 0")
        connection.execute("SET TimeZone = 'UTC'")
    except duckdb.Error as error:
        if memory is None and threads is None:
            raise translate(error, "engine settings") from None
        told = ", ".join(f"{n} = {v}" for n, v in (("threads", threads), ("memory", memory)) if v is not None)
        hint = "write memory like 4GB and threads like 2, in [engine] of c360.toml or as options"
        raise UsageError(f"the engine does not take {told}", hint=hint) from None
    return connection


def _leave_room(connection: duckdb.DuckDBPyConnection) -> None:
    """Take a tenth (a gigabyte at most) off the limit: the process beside the engine needs room within what was given."""
    given = _bytes(connection.execute("SELECT current_setting('memory_limit')").fetchall()[0][0])
    connection.execute(f"SET memory_limit = '{int(given - min(given * 0.1, 2**30))}B'")


def _bytes(told: str) -> int:
    """Return the bytes of a setting like ``14.9 GiB``."""
    number, unit = told.split()
    return int(float(number) * UNITS[unit])


class DuckDBEngine:
    """Runs SQL in a worker thread, so that a signal stops the query at once and leaves the connection usable.

    *spill* is the folder in which this process makes one of its own: *scratch*, which ends with the engine.
    """

    def __init__(self, spill: Path | None = None, threads: int | None = None, memory: str | None = None) -> None:
        folder = None if spill is None else SpillFolder(spill)
        self.scratch = None if folder is None else folder.path
        self._connection = connect(None if folder is None else folder.path, threads, memory)
        # At the interpreter's exit too: DuckDB lists what it holds on stderr where nobody closed it.
        self._cleaned = weakref.finalize(self, _ended, self._connection, folder)
        self.watch: Watch | None = None
        self.expected_rows = 0
        self.limits = Limits()
        self._hangs = False

    def rows(self, sql: str, where: str | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self._run(lambda cursor: cursor.execute(sql).fetchall(), where)

    def record(self, sql: str, where: str | None = None) -> dict[str, Any]:
        """Return the one row of a query by column name."""

        def ask(cursor: duckdb.DuckDBPyConnection) -> dict[str, Any]:
            answer = cursor.execute(sql)
            names = [column[0] for column in answer.description or []]
            return dict(zip(names, answer.fetchone() or (), strict=True))

        return self._run(ask, where)

    def records(self, sql: str, where: str | None = None) -> list[dict[str, Any]]:
        """Return the rows of a query by column name."""

        def ask(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
            answer = cursor.execute(sql)
            names = [column[0] for column in answer.description or []]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

        return self._run(ask, where)

    def frame(self, sql: str, where: str | None = None) -> polars.DataFrame:
        """Return the result as a Polars frame."""
        import polars

        def ask(cursor: duckdb.DuckDBPyConnection) -> polars.DataFrame:
            return polars.DataFrame(ArrowStream(cursor.sql(sql).__arrow_c_stream__(None)))

        return self._run(ask, where)

    def execute(self, sql: str, where: str | None = None) -> None:
        """Run a statement that returns nothing."""

        def ask(cursor: duckdb.DuckDBPyConnection) -> None:
            cursor.execute(sql)

        self._run(ask, where)

    def together(
        self, statements: Sequence[str], where: str | None = None, check: Callable[[], None] | None = None, rows: int = 0
    ) -> None:
        """Run statements in one transaction: all of it is there, or none; none where *check* raises in the end.

        *rows* is how many they read, for whoever watches.
        """

        def ask(cursor: duckdb.DuckDBPyConnection) -> None:
            cursor.begin()
            try:
                for sql in statements:
                    cursor.execute(sql)
                if check is not None:
                    check()
                cursor.commit()
            except BaseException:
                cursor.rollback()
                raise

        self._run(ask, where, rows)

    @property
    def memory_limit(self) -> int:
        """The bytes that the engine may use."""
        return _bytes(str(self.rows("SELECT current_setting('memory_limit')")[0][0]))

    def copy(self, sql: str, path: Path, where: str | None = None) -> int:
        """Write the rows of a query to a new Parquet file, and return how many there are."""
        return int(self.rows(f"COPY (\n{sql}) TO {text(str(path))} {WRITTEN}", where)[0][0])

    def attach(self, file: Path, name: str) -> None:
        """Open the database in *file*, or make it, as the catalog *name*."""
        self.execute(f"ATTACH {text(str(file))} AS {name}", file.name)

    def detach(self, name: str) -> None:
        """Let go of the database that is the catalog *name*."""
        self.execute(f"DETACH DATABASE IF EXISTS {name}")

    def keep(self, name: str, values: Sequence[str]) -> None:
        """Make the table *name* of one column, ``value``, that holds each of *values* once."""

        def ask(cursor: duckdb.DuckDBPyConnection) -> None:
            cursor.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT DISTINCT unnest(?::VARCHAR[]) AS value", [list(values)])

        self._run(ask, None)

    def describe(self, sql: str, where: str | None = None) -> tuple[tuple[str, str], ...]:
        """Return the names and types of a query's columns without running it."""
        return tuple((row[0], row[1]) for row in self.rows(f"DESCRIBE {sql}", where))

    def close(self) -> None:
        """Close the database and remove what it spilled; a database that hangs is left to the process's end."""
        if not self._hangs:
            self._cleaned()

    def _run(self, ask: Callable[[duckdb.DuckDBPyConnection], T], where: str | None, rows: int = 0) -> T:
        if self._hangs:
            raise NoProgress("the engine hangs since an earlier query", hint="run again", where=where)
        moving = self.limits.watch(where or "")
        cursor = self._connection.cursor()
        done = threading.Event()
        answers: list[T] = []
        faults: list[BaseException] = []

        def work() -> None:
            try:
                if self.watch is not None:
                    cursor.execute(WATCHED)
                answers.append(ask(cursor))
            except BaseException as error:  # handed to the caller's thread below
                faults.append(error)
            finally:
                done.set()

        threading.Thread(target=work, daemon=True).start()
        try:
            while not done.wait(0.1):
                moving.check()
                if self.watch is not None:
                    self.watch.at(where or "", rows or (0 if where else self.expected_rows), cursor.query_progress() / 100)
        except BaseException:  # a signal, whose handler raises here, or a limit
            cursor.interrupt()
            if not done.wait(5):
                self._hangs = True
                self._cleaned.detach()
            raise
        finally:
            if self.watch is not None:
                self.watch.end()
        if faults:
            known = engine_fault(faults[0])
            raise faults[0] if known is None else translate(known, where) from None
        cursor.close()
        return answers[0]


def _ended(connection: duckdb.DuckDBPyConnection, folder: SpillFolder | None) -> None:
    connection.close()
    if folder is not None:
        folder.remove()
