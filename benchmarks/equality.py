"""A data folder in, the digest of every way's table out; raises where two ways differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import running
from benchmarks.data import AS_OF


def digests(
    data: Path, scratch: Path, tags: str, told: Callable[[str], None] = lambda text: None, ways: Sequence[str] | None = None
) -> dict[str, str]:
    """Build the table in all *ways*, else in every one that is there, and as c360 does; return what each holds.

    Raises ValueError where two differ.
    """
    found = {}
    for name in running.answer("present").split() if ways is None else ways:
        if name == "scan":
            continue
        target = scratch / f"{name}.parquet"
        running.run(running.way(name, data, target))
        found[name] = running.answer("digest", target)
        told(f"  {name}: {found[name]}")
    folder = scratch / "workspace"
    running.fresh(folder)
    running.run(running.c360(folder, data, "build", "--as-of", AS_OF.isoformat(), "--tags", tags))
    found["c360"] = running.answer("digest_of_snapshot", folder)
    told(f"  c360: {found['c360']}")
    if len(set(found.values())) != 1:
        raise ValueError(f"the ways do not agree: {found}")
    return found


def snapshot_files(folder: Path) -> list[Path]:
    """Return the files of the customers in the snapshot that stands: their keys, then each family of tags."""
    return [file for _, files in families(folder) for file in files]


def families(folder: Path) -> list[tuple[tuple[str, ...], list[Path]]]:
    """Return the columns and files of each family of customers' tags in the snapshot that stands, the keys first."""
    from c360.workspace import Workspace

    snapshot = Workspace(folder).snapshots.current()
    assert snapshot is not None, "a build has just ended"
    with snapshot:
        table = snapshot.manifest.entity("customer")
        assert table is not None, "customers have tags"
        tags = [family for family in table.families if family.name != "masks"]
        found = [((table.key,), [Path(path) for path in snapshot.paths((table.keys,))])]
        return found + [(family.columns, [Path(path) for path in snapshot.paths(family.files)]) for family in tags]
