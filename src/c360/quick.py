"""Names of segments and a folder in, their sizes from stored masks out, or none; loads no definition and reads no source.

It answers only where nothing can have changed since the snapshot was built: neither a file of definitions or settings, nor c360,
nor a file of a source. Everything else, all that is wrong too, is for the workspace. It reads documents without the records that
check them, which take as long to load as the engine: the stamp says that c360.toml is the one that was checked at the build, the
digest that the manifest is what was published.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from c360.audience.size import Sizes, size_from
from c360.bindings.files import files_of, states
from c360.bindings.places import FILE, SNAPSHOTS, data_folder_of, workspace_above
from c360.bindings.stamp import definitions_stamp
from c360.errors import C360Error
from c360.snapshots.masks import NAME, StoredSegment, counts_sql
from c360.snapshots.origin import Origin
from c360.snapshots.reckoning import digest_of

FORMAT = 1
Document = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where to look, and what the engine may take."""

    folder: Path
    data_folder: Path | None = None
    threads: int | None = None
    memory: str | None = None
    timeout: float | None = None


@dataclass(frozen=True)
class _Bound:
    """Where the files of a source are."""

    path: str | None
    database: str | None = None


def stored_sizes(place: Place, names: Sequence[str], as_of: date | None) -> Sizes | None:
    """Return the sizes of *names* as the current snapshot's masks hold them; None where a workspace has to be opened to tell.

    Without *as_of* the day is what it was by default when the snapshot was built, of the same sources.
    """
    folder = workspace_above(place.folder)
    try:
        return None if folder is None else _sizes(place, folder, names, as_of)
    except (C360Error, OSError, ValueError, LookupError, TypeError, StopIteration):
        return None  # whatever it is, the workspace finds it too, and says so


def _sizes(place: Place, folder: Path, names: Sequence[str], as_of: date | None) -> Sizes | None:
    root = folder / SNAPSHOTS
    if not (root / "current.json").is_file():
        return None
    settings = tomllib.loads((folder / FILE).read_text(encoding="utf-8-sig"))
    if "extends" in settings or "snapshots_folder" in settings or Path(os.path.realpath(root)) != root:
        return None
    current = json.loads((root / "current.json").read_bytes())["current"]
    day = max(current) if as_of is None else as_of.isoformat()
    generation = str(current[day])
    document = json.loads((root / "generations" / generation / "manifest.json").read_bytes())
    if document["format"] != FORMAT or document["digest"] != digest_of(document) or document["marks"]:
        return None
    by_default = as_of is None
    asked = {name: _segment(document, name, day if by_default else None) for name in names}
    data = data_folder_of(folder, settings.get("data_folder", "."), place.data_folder)
    if document["definitions"] != definitions_stamp((folder,)) or not _is_unchanged(document, settings, data):
        return None
    origin = Origin(date.fromisoformat(day), generation, document["run_id"], tuple(one["name"] for one in document["sources"]))
    counted = _counted(document, root / "generations", settings.get("engine", {}), place, asked)
    sizes = {name: size_from(name, entity, origin.as_of, i, counts, (), origin) for name, (entity, i, counts) in counted.items()}
    return Sizes(tuple(sizes[name] for name in names), {})


def _segment(document: Document, name: str, default_day: str | None) -> tuple[str, StoredSegment]:
    """Return the entity of a segment and its bits; raises KeyError where they are not stored, or of another default day."""
    entries = {one["name"]: one for one in document["segments"]}
    one = entries[name]
    if default_day is not None and one["default_day"] != default_day:
        raise KeyError(name)
    bits = (one["bit"], one["unknown_bit"], entries[one["universe"]]["bit"] if one["universe"] else None)
    if bits[0] is None or bits[1] is None or (one["universe"] and bits[2] is None):
        raise KeyError(name)
    return one["entity"], StoredSegment(*bits)


def _is_unchanged(document: Document, settings: Document, data: Path) -> bool:
    """Whether the sources behind the snapshot are the files that they were."""
    for entry in document["sources"]:
        binding = settings["sources"][entry["name"]]
        if "path" not in binding:
            return False  # nothing tells whether a table is the same
        now = states(files_of(entry["name"], _Bound(binding["path"]), data))
        then = {(file["path"], file["bytes"], file["changed_ns"]) for file in entry["files"]}
        if then != {(str(state.path), state.size, state.changed_ns) for state in now}:
            return False
    return True


def _counted(
    document: Document, root: Path, engine_settings: Document, place: Place, asked: dict[str, tuple[str, StoredSegment]]
) -> dict[str, tuple[str, int, Document]]:
    """Return each segment's entity, its place among the counts of that entity, and these."""
    from c360.engines.duckdb import DuckDBEngine
    from c360.engines.limits import Limits

    files = {entity: _mask_files(document, root, entity) for entity in {entity for entity, _ in asked.values()}}
    engine = DuckDBEngine(None, place.threads or engine_settings.get("threads"), place.memory or engine_settings.get("memory"))
    engine.limits = Limits(place.timeout)
    found: dict[str, tuple[str, int, Document]] = {}
    try:
        for entity, paths in files.items():
            mine = [name for name, (about, _) in asked.items() if about == entity]
            counts = engine.record(counts_sql(paths, [asked[name][1] for name in mine]))
            found.update({name: (entity, place, counts) for place, name in enumerate(mine)})
    finally:
        engine.close()
    return found


def _mask_files(document: Document, root: Path, entity: str) -> list[str]:
    """Return the full paths of the masks of *entity*; raises KeyError where they are not what the manifest lists."""
    table = next(table for table in document["entities"] if table["entity"] == entity)
    family = next(family for family in table["families"] if family["name"] == NAME)
    if sum(file["rows"] for file in family["files"]) != table["rows"]:
        raise KeyError(NAME)
    for file in family["files"]:
        if os.lstat(root / file["path"]).st_size != file["bytes"] or (root / file["path"]).is_symlink():
            raise KeyError(file["path"])
    return [str(root / file["path"]) for file in family["files"]]
