"""Places of yes/no values in stored words in, SQL that counts them out; only whole numbers and file names stand in it.

It is text, not a tree, so that a count from a snapshot need not load what makes trees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from c360.quoting import files

if TYPE_CHECKING:
    from c360.snapshots.manifest import Manifest
    from c360.snapshots.reading import Snapshot

NAME = "masks"
# Of a signed word of 64 bits, the widest whole number that every engine has; sql/masks.py fills the words.
BITS = 63


@dataclass(frozen=True)
class StoredSegment:
    """Where the bits of a segment lie: its members, those of whom it is unknown, and its universe (None: all rows)."""

    member: int
    unknown: int
    universe: int | None


def stored_segments(manifest: Manifest, entity: str) -> dict[str, StoredSegment]:
    """Return the segments of *entity* whose members are stored, with their universes, as masks."""
    entries = {one.name: one for one in manifest.segments if one.entity == entity}
    found = {}
    for name, one in entries.items():
        universe = entries.get(one.universe)
        if one.bit is None or one.unknown_bit is None or (one.universe and (universe is None or universe.bit is None)):
            continue
        found[name] = StoredSegment(one.bit, one.unknown_bit, universe.bit if universe is not None else None)
    return found


def mask_files(snapshot: Snapshot, entity: str) -> list[str] | None:
    """Return the full paths of the masks of *entity*; None where there are none, or they hold other rows than there are."""
    table = snapshot.manifest.entity(entity)
    family = None if table is None else next((one for one in table.families if one.name == NAME), None)
    if table is None or family is None or sum(file.rows for file in family.files) != table.rows:
        return None
    return snapshot.paths(family.files)


def counts_sql(paths: Sequence[str], segments: Sequence[StoredSegment]) -> str:
    """Return the query of ``all_rows`` and, for the segment in place i, ``u{i}`` (unless of all rows), ``m{i}`` and ``n{i}``.

    These are its universe, its members and the rows of its universe for which it is unknown.
    """
    columns = ["COUNT(*) AS all_rows"]
    for number, segment in enumerate(segments):
        for name, place in (("u", segment.universe), ("m", segment.member), ("n", segment.unknown)):
            if place is not None:
                word, bit = divmod(place, BITS)
                columns.append(f"SUM(CASE WHEN (mask_{word} & {1 << bit}) <> 0 THEN 1 ELSE 0 END) AS {name}{number}")
    return f"SELECT {', '.join(columns)} FROM {files(paths)}"
