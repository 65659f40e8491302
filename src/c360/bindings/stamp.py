"""A workspace's folders in, one number for all that its definitions and settings are written in out; runs and parses nothing."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from c360.bindings.settings import FILE

FOLDERS = ("tags", "segments")


def definitions_stamp(folders: Sequence[Path]) -> str:
    """Return the hash of c360.toml and every definition file of *folders*, and of the versions that read them.

    Same stamp, same definitions: what was found out about them needs no loading. A comment changes it.
    """
    found = hashlib.sha256(f"{version('c360')} {sys.version_info[:2]}".encode())
    for folder in folders:
        files = [folder / FILE, *(path for name in FOLDERS for path in sorted((folder / name).glob("*.py")))]
        for path in files:
            text = path.read_bytes()
            found.update(f"\0{path.parent.name if path.parent != folder else ''}/{path.name} {len(text)}\0".encode() + text)
    return found.hexdigest()
