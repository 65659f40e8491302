"""A list's account of itself: everything needed to defend it and to make it again, as JSON beside the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from c360.errors import NewerFormat, SnapshotError
from c360.expr.canonical import digest

# 2: definitions with all they build on, the text of a rule, the parts of the policy, what was read anew in tables of its own.
FORMAT = 2
ENDING = ".manifest.json"
# Of a list's inputs, those that say who is asked for.
WHOM = (
    "segment", "definition_hash", "universe", "as_of", "order", "limit", "keys", "purpose", "campaign", "month", "on", "channels",
    "one_per", "holdout", "apart", "offer", "time_zone",
)  # fmt: skip
AGAIN = "restore it from a copy, or make the list again with c360 export"


def run_id(inputs: dict[str, Any]) -> str:
    """Return the id of a run: the hash of its inputs, so the same list has the same id."""
    return digest(inputs)[:16]


def request_id(inputs: Mapping[str, Any]) -> str:
    """Return the id of whom was asked for, whatever columns are shown, other lists there are and sources say today.

    Lists of one request hold the same contacts: made again, in another format or with other columns, they count once.
    """
    return run_id({name: inputs[name] for name in WHOM if name in inputs})


def manifest_path(path: Path) -> Path:
    """Return where the manifest of *path* stands."""
    return path.with_name(path.name + ENDING)


def manifest(inputs: dict[str, Any], results: dict[str, Any], made_at: str) -> dict[str, Any]:
    """Return the manifest; *made_at* is the only clock value and stands outside the digest."""
    body = {"format": FORMAT, "run_id": run_id(inputs), "inputs": inputs, "results": results}
    return {**body, "digest": digest(body), "made_at": made_at}


def write(data: dict[str, Any], file: BinaryIO) -> int:
    """Write the manifest as indented JSON."""
    file.write(json.dumps(data, indent=2, ensure_ascii=False, sort_keys=False).encode() + b"\n")
    return 0


def read(path: Path) -> dict[str, Any]:
    """Return the manifest at *path*; raises SnapshotError for one that is damaged, NewerFormat for one of a later c360."""
    try:
        data = json.loads(path.read_bytes())
        number = int(data["format"])
        if number > FORMAT:
            told = f"the manifest {path.name} is of format {number}, this c360 reads up to {FORMAT}"
            raise NewerFormat(told, hint="use the c360 that wrote it, or a newer one", where=str(path))
        parts = (data["inputs"], data["results"], data["inputs"]["columns"])
        if not all(isinstance(part, dict) for part in parts):
            raise TypeError
        texts = (data["run_id"], data["digest"], data["made_at"], data["inputs"]["segment"], data["inputs"]["as_of"])
        if not all(isinstance(text, str) for text in texts):
            raise TypeError
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise SnapshotError(f"the manifest {path.name} is damaged", hint=AGAIN, where=str(path)) from None
    found: dict[str, Any] = data
    return found


def is_whole(data: Mapping[str, Any]) -> bool:
    """Whether a manifest says what it said when it was written, as far as its own digest and ids tell."""
    body = {name: value for name, value in data.items() if name not in ("digest", "made_at")}
    return bool(digest(body) == data["digest"] and run_id(data["inputs"]) == data["run_id"])


def leaves_that_differ(then: Any, now: Any, place: str = "") -> Iterator[str]:
    """Yield where two pieces of plain data differ, as names joined by dots; a list is one place."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for name in sorted({*then, *now}):
            yield from leaves_that_differ(then.get(name), now.get(name), f"{place}.{name}" if place else str(name))
    elif then != now:
        yield place
