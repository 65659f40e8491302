"""DuckDB files in, the name each has in SQL out: attached once, for reading only."""

from __future__ import annotations

import re
from pathlib import Path

from c360.engines.duckdb import DuckDBEngine
from c360.errors import DamagedFile
from c360.quoting import quoted, text

SIGN, SIGN_AT = b"DUCK", 8  # a DuckDB file says so behind its checksum
TAKEN = {"memory", "system", "temp", "main", "information_schema", "pg_catalog"}


class Databases:
    """The databases of one engine."""

    def __init__(self, engine: DuckDBEngine) -> None:
        self._engine = engine
        self._names: dict[Path, str] = {}

    def attached(self, file: Path) -> str:
        """Return what *file* is called in SQL; raises DamagedFile, and Busy where another process writes it."""
        place = file.resolve()
        if place not in self._names:
            with file.open("rb") as opened:
                if opened.read(SIGN_AT + len(SIGN))[SIGN_AT:] != SIGN:
                    told = f"{file.name} ({file.stat().st_size:,} bytes) is damaged, or no DuckDB database"
                    raise DamagedFile(told, hint="write or fetch it again", where=file.name)
            name = self._free_name(file)
            self._engine.execute(self.statement(str(place), name), file.name)
            self._names[place] = name
        return self._names[place]

    def forget(self, file: Path) -> None:
        """Let go of *file*, which has changed; the next question opens it anew."""
        name = self._names.pop(file.resolve(), "")
        if name:
            self._engine.execute(f"DETACH {quoted(name)}", file.name)

    def statement(self, path: str, name: str) -> str:
        """Return the statement that attaches the file at *path* as *name*."""
        return f"ATTACH {text(path)} AS {quoted(name)} (READ_ONLY)"

    def _free_name(self, file: Path) -> str:
        stem = re.sub(r"\W", "_", file.stem) or "data"
        name, number = stem, 2
        while name.lower() in TAKEN | {taken.lower() for taken in self._names.values()}:
            name, number = f"{stem}_{number}", number + 1
        return name
