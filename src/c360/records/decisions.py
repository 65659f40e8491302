"""What was arbitrated for a month in, kept whole or not at all, and out again; knows no campaign's definition.

A month is one Parquet file, with what was asked in its metadata, so that the two are replaced at once. The JSON beside it
says the same for people to read; c360 does not read it.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.errors import InternalError, SnapshotError
from c360.records import keeping

if TYPE_CHECKING:
    import polars

FORMAT = 1
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
ENTRY = "c360"
DOING, WHAT = "writing what was arbitrated", "what was arbitrated"
AGAIN = "decide again: c360 arbitrate --month"


@dataclass(frozen=True)
class Decision:
    """What was decided for a month: *facts* as plain data, and *rows*, one a campaign and key."""

    month: str
    facts: Mapping[str, Any]
    rows: polars.DataFrame


class Decisions:
    """The decisions kept in *folder*, one a month; nothing is made there before one is kept."""

    def __init__(self, folder: Path, root: Path | None = None) -> None:
        self.folder, self._root = folder, root or folder

    def keep(self, decision: Decision) -> None:
        """Keep a decision in the place of the one of its month; whoever is killed leaves one or the other."""
        path = self._path(decision.month)
        facts = json.dumps({"format": FORMAT, **decision.facts}, ensure_ascii=False, indent=1)
        keeping.make_folder(self.folder, self._root)
        with keeping.locked(self.folder):
            keeping.remove_temporaries(self.folder)
            keeping.write_whole(path, _bytes(decision.rows, facts), DOING)
            keeping.write_whole(path.with_suffix(".json"), facts.encode() + b"\n", DOING)

    def get(self, month: str) -> Decision | None:
        """Return what was decided for *month* (as ``2026-11``), None where nothing was; raises SnapshotError for a damaged file."""
        import polars as pl

        path = self._path(month)
        data = keeping.read_whole(path, WHAT)
        if data is None:
            return None
        try:
            facts = json.loads(pl.read_parquet_metadata(io.BytesIO(data))[ENTRY])
            number, rows = facts.pop("format"), pl.read_parquet(io.BytesIO(data))
        except (pl.exceptions.PolarsError, ValueError, KeyError, TypeError, AttributeError):
            raise keeping.damaged(f"{WHAT} for {month}", path, f"{AGAIN} {month}") from None
        if number > FORMAT:
            told = f"{WHAT} for {month} is of format {number}, this c360 reads up to {FORMAT}"
            raise SnapshotError(told, hint="use the c360 that wrote it, or a newer one", where=str(path))
        return Decision(month, facts, rows)

    def months(self) -> list[str]:
        """Return the months that something was decided for, in order."""
        names = (path.stem for path in self.folder.glob("*.parquet")) if self.folder.is_dir() else ()
        return sorted(name for name in names if MONTH.fullmatch(name))

    def rewrite(self, kept: Callable[[polars.DataFrame], polars.DataFrame]) -> dict[str, int]:
        """Put what *kept* leaves of each month's rows in their place; returns how many went, by month. The facts stay."""
        gone: dict[str, int] = {}
        for month in self.months():
            with keeping.locked(self.folder):
                before = self.get(month)
                if before is None:
                    continue
                after = kept(before.rows)
                if after.height < before.rows.height:
                    facts = json.dumps({"format": FORMAT, **before.facts}, ensure_ascii=False, indent=1)
                    keeping.write_whole(self._path(month), _bytes(after, facts), DOING)
                    gone[month] = before.rows.height - after.height
        return gone

    def _path(self, month: str) -> Path:
        if not MONTH.fullmatch(month):
            raise InternalError(f"'{month}' is no month")
        return self.folder / f"{month}.parquet"


def _bytes(rows: polars.DataFrame, facts: str) -> bytes:
    buffer = io.BytesIO()
    rows.write_parquet(buffer, compression="zstd", statistics=False, metadata={ENTRY: facts})
    return buffer.getvalue()
