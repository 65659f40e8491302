"""A workspace's folders in, one number for all that its definitions and settings are written in out; runs and parses nothing."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from c360.bindings.places import FILE

FOLDERS = ("tags", "segments")
# What decides how definitions and settings are read: another c360 may find another meaning in the same files.
READERS = ("expr", "operators", "language", "catalog", "bindings", "plan", "sql")


def definitions_stamp(folders: Sequence[Path]) -> str:
    """Return the hash of c360.toml and every definition file of *folders*, and of the code that reads them.

    Same stamp, same definitions and bindings: what was found out about them needs no loading. A comment changes it.
    """
    package = Path(__file__).parents[1]
    found = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for folder, names in [(package, READERS), *((folder, FOLDERS) for folder in folders)]:
        for path in _files(folder, names):
            text = path.read_bytes()
            found.update(f"\0{path.parent.name if path.parent != folder else ''}/{path.name} {len(text)}\0".encode() + text)
    return found.hexdigest()


def _files(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    if (folder / FILE).is_file():
        yield folder / FILE
    for name in names:
        yield from sorted((folder / name).glob("*.py"))
