"""What is asked of a list and what came of it, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from c360.deliver.waterfall import Waterfall

if TYPE_CHECKING:
    import polars


@dataclass(frozen=True)
class ListRequest:
    """A target list to make.

    *columns* are tags, segments or contract columns of the entity; None shows what the rule refers to. *order* names
    columns, falling with a leading ``-``; the key ends every order. *limit* keeps the first rows in that order.
    """

    segment: str
    path: Path | None = None
    columns: tuple[str, ...] | None = None
    order: tuple[str, ...] = ()
    limit: int | None = None
    as_of: date | None = None
    format: str | None = None
    force: bool = False
    dry_run: bool = False
    allow_current: bool = False
    allow_stale: bool = False


@dataclass(frozen=True)
class ListResult:
    """A list made: its waterfall, its rows (masked), and where the file and its manifest are."""

    segment: str
    as_of: date
    waterfall: Waterfall
    frame: polars.DataFrame
    run_id: str
    masked: tuple[str, ...]
    marks: tuple[str, ...]
    path: Path | None = None
    manifest: Path | None = None
    neutralised: int = 0

    def as_json(self) -> dict[str, object]:
        """Return the account of the list as plain data, without its rows."""
        return {
            "segment": self.segment, "as_of": self.as_of.isoformat(), "rows": self.frame.height, "run_id": self.run_id,
            "waterfall": self.waterfall.as_json(), "columns": self.frame.columns, "masked": list(self.masked),
            "marks": list(self.marks), "path": None if self.path is None else str(self.path),
            "manifest": None if self.manifest is None else str(self.manifest), "neutralised": self.neutralised,
        }  # fmt: skip
