"""A data folder in, the digest of every way's table out; raises where two ways differ."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks import digest, running
from benchmarks.data import AS_OF
from benchmarks.ways import present


def digests(data: Path, scratch: Path, told: Callable[[str], None] = lambda text: None) -> dict[str, str]:
    """Build the table in every way that is there, c360's included, and return what each holds; raises ValueError."""
    found = {}
    for name in present():
        if name == "scan":
            continue
        target = scratch / f"{name}.parquet"
        running.run(running.way(name, data, target))
        found[name] = digest.of_files([target])
        told(f"  {name}: {found[name]}")
    folder = scratch / "workspace"
    running.fresh(folder)
    running.run(running.c360(folder, data, "build", "--as-of", AS_OF.isoformat()))
    found["c360"] = digest.of_files(snapshot_files(folder))
    told(f"  c360: {found['c360']}")
    if len(set(found.values())) != 1:
        raise ValueError(f"the ways do not agree: {found}")
    return found


def snapshot_files(folder: Path) -> list[Path]:
    """Return the files of the customers in the snapshot that stands: their keys, then each family."""
    from c360.snapshots.reading import Snapshot
    from c360.workspace import Workspace

    snapshot: Snapshot | None = Workspace(folder).snapshots.current()
    assert snapshot is not None, "a build has just ended"
    with snapshot:
        table = snapshot.manifest.entity("customer")
        assert table is not None, "customers have tags"
        families = [family for family in table.families if family.name != "masks"]
        return [Path(p) for p in snapshot.paths((table.keys, *(file for family in families for file in family.files)))]
