"""DuckDB: SQL text in, rows or frames out; the one place that opens connections and translates the engine's faults."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from c360.engines.faults import translate

if TYPE_CHECKING:
    import polars

T = TypeVar("T")


def connect(spill: Path | None = None, threads: int | None = None, memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """Open an in-memory database with the settings every c360 connection has.

    DuckDB 2.0 can hang for ever when a COPY's query fails with async threads, so there are none. Spilled rows go to *spill*,
    a folder of mode 0700; without it nothing is spilled. Stamps are UTC; no extension is loaded, no Python variable is read.
    """
    config: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
        "temp_directory": "",
    }
    if threads is not None:
        config["threads"] = threads
    if memory is not None:
        config["memory_limit"] = memory
    if spill is not None:
        spill.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chmod(spill, 0o700)
        config["temp_directory"] = str(spill)
    try:
        connection = duckdb.connect(":memory:", config=config)
        connection.execute("SET async_threads = 0")
        connection.execute("SET TimeZone = 'UTC'")
    except duckdb.Error as error:
        raise translate(error, "engine settings") from None
    return connection


class DuckDBEngine:
    """Runs SQL in a worker thread, so that Ctrl-C stops the query at once and leaves the connection usable."""

    def __init__(self, spill: Path | None = None, threads: int | None = None, memory: str | None = None) -> None:
        self._connection = connect(spill, threads, memory)

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

    def frame(self, sql: str, where: str | None = None) -> polars.DataFrame:
        """Return the result as a Polars frame."""
        import polars

        def ask(cursor: duckdb.DuckDBPyConnection) -> polars.DataFrame:
            frame = polars.DataFrame(cursor.sql(sql))
            return frame

        return self._run(ask, where)

    def execute(self, sql: str, where: str | None = None) -> None:
        """Run a statement that returns nothing."""
        self._run(lambda cursor: cursor.execute(sql) and None, where)

    def describe(self, sql: str, where: str | None = None) -> tuple[tuple[str, str], ...]:
        """Return the names and types of a query's columns without running it."""
        return tuple((row[0], row[1]) for row in self.rows(f"DESCRIBE {sql}", where))

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def _run(self, ask: Callable[[duckdb.DuckDBPyConnection], T], where: str | None) -> T:
        cursor = self._connection.cursor()
        done = threading.Event()
        answers: list[T] = []
        faults: list[BaseException] = []

        def work() -> None:
            try:
                answers.append(ask(cursor))
            except BaseException as error:  # handed to the caller's thread below
                faults.append(error)
            finally:
                done.set()

        threading.Thread(target=work, daemon=True).start()
        try:
            while not done.wait(0.1):
                pass
        except KeyboardInterrupt:
            cursor.interrupt()
            done.wait(5)
            raise
        if faults:
            if isinstance(faults[0], duckdb.Error):
                raise translate(faults[0], where) from None
            raise faults[0]
        cursor.close()
        return answers[0]
