"""A path in, the workspace it is in and where its data lies out; reads no settings."""

from __future__ import annotations

import os
from pathlib import Path

FILE = "c360.toml"
SNAPSHOTS = ".c360/snapshots"
RECORDS = ".c360/records"


def workspace_above(path: Path) -> Path | None:
    """Return the folder of the workspace at *path*, or the nearest above it; None where there is none."""
    start = path.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / FILE).is_file()), None)


def data_folder_of(folder: Path, written: str, given: Path | None) -> Path:
    """Return where relative source paths start: as *given*, else as C360_DATA says, else as *written* in the settings."""
    named = os.environ.get("C360_DATA")
    return given or (Path(named) if named else folder / written)
