"""Statements in, their tables out, in memory or in a file that outlives a killed process; knows no definition and no source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from c360.engines.duckdb import DuckDBEngine
from c360.errors import DamagedFile
from c360.quoting import text
from c360.sql.steps import Statement

FILE = "work.duckdb"
DONE = "c360_done"

# Told before each statement: its name, how many came before it and how many there are.
Told = Callable[[str, int, int], None]
# Told after each table: its name, and that of the folder it stands in.
Then = Callable[[str, str], None]


class WorkTables:
    """The tables of one run. With *file* they lie in a database of their own, and what an earlier process made is not made again.

    A table and the note that it is made appear together, so a process may be killed at any moment. *confirm* raises where what
    was read is no longer what it was: no table made of that is ever gone on from. *rows_of* says how many rows sources have, for
    whoever watches.
    """

    def __init__(
        self,
        engine: DuckDBEngine,
        name: str,
        file: Path | None = None,
        confirm: Callable[[], None] | None = None,
        rows_of: Callable[[Sequence[str]], int] | None = None,
    ) -> None:
        self._engine, self.name, self._file, self._confirm = engine, name, file, confirm
        self._rows_of = rows_of or (lambda names: 0)
        self._done: set[tuple[str, int]] = set()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Open the tables, and drop them in the end; after a fault those in a file stay, for the next process to go on from."""
        if self._file is None:
            self._engine.execute(f"CREATE SCHEMA {self.name}")
        else:
            for folder in (self._file.parent.parent, self._file.parent):  # with parents=True those above would be open to others
                folder.mkdir(mode=0o700, exist_ok=True)
            self._attach(self._file)
        try:
            self._engine.execute(f"CREATE TABLE IF NOT EXISTS {self.name}.{DONE} (step VARCHAR, part INTEGER)")
            self._done = {(step, part) for step, part in self._engine.rows(f"SELECT step, part FROM {self.name}.{DONE}")}
            yield
        except BaseException:
            self._leave()
            raise
        self._leave()
        self.remove()

    def make(self, statements: Sequence[Statement], told: Told | None = None, then: Then | None = None) -> None:
        """Run *statements* in order, passing over what is done; *then* hears of each table as soon as it is whole."""
        total, place = sum(statement.parts for statement in statements), 0
        parts_of = {statement.name: statement.parts for statement in statements}
        for statement in statements:
            for part in range(statement.parts):
                if told is not None:
                    told(statement.name, place, total)
                place += 1
                is_last = part == statement.parts - 1
                is_new = self._make(statement, part, [*statement.unite(), *statement.tidy(parts_of)] if is_last else [])
                if then is not None and is_last and is_new:
                    then(statement.name, self.name)

    def remove(self) -> None:
        """Take the file away with all that was made."""
        if self._file is not None:
            for left in self._file.parent.glob(f"{self._file.name}*"):
                left.unlink(missing_ok=True)

    def _make(self, statement: Statement, part: int, then: Sequence[str]) -> bool:
        if (statement.name, part) in self._done:
            return False
        note = f"INSERT INTO {self.name}.{DONE} VALUES ({text(statement.name)}, {part})"
        rows = self._rows_of(statement.sources) // statement.parts
        self._engine.together([statement.make(part), *then, note], statement.name, self._confirm, rows)
        self._done.add((statement.name, part))
        return True

    def _attach(self, file: Path) -> None:
        """Open the file; one that a killed process, or a full disk, left half made is made anew."""
        try:
            self._engine.attach(file, self.name)
        except DamagedFile:
            self.remove()
            self._engine.attach(file, self.name)

    def _leave(self) -> None:
        if self._file is None:
            self._engine.execute(f"DROP SCHEMA IF EXISTS {self.name} CASCADE")
        else:
            self._engine.detach(self.name)
