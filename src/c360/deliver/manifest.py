"""A list's account of itself: everything needed to defend it and to make it again, as JSON beside the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, BinaryIO

from c360.expr.canonical import digest

FORMAT = 2


def run_id(inputs: dict[str, Any]) -> str:
    """Return the id of a run: the hash of its inputs, so the same list has the same id."""
    return digest(inputs)[:16]


def manifest_path(path: Path) -> Path:
    """Return where the manifest of *path* stands."""
    return path.with_name(path.name + ".manifest.json")


def manifest(inputs: dict[str, Any], results: dict[str, Any], made_at: str) -> dict[str, Any]:
    """Return the manifest; *made_at* is the only clock value and stands outside the digest."""
    body = {"format": FORMAT, "run_id": run_id(inputs), "inputs": inputs, "results": results}
    return {**body, "digest": digest(body), "made_at": made_at}


def write(data: dict[str, Any], file: BinaryIO) -> int:
    """Write the manifest as indented JSON."""
    file.write(json.dumps(data, indent=2, ensure_ascii=False, sort_keys=False).encode() + b"\n")
    return 0
