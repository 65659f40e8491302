"""A path in the workspace's private folder and what writes it in, a file of mode 0600 out: whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO


def write_private(path: Path, write: Callable[[TextIO], object]) -> bool:
    """Write *path* for its owner's eyes only; return False, leaving what stood there, where it cannot be written."""
    temporary = path.with_name(f".{path.name}-{os.getpid()}.tmp")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            write(file)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        return False
    return True
