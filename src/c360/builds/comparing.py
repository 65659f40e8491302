"""The tag tables about to be published and the snapshot that stands for the same day in; refuses values that are other ones.

A day that was built is closed: lists and reports stand on it. Other values of the same definitions mean that a source was
changed after the fact, and nobody should learn that from a list that no longer adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from c360.errors import Differs
from c360.quoting import files, quoted
from c360.snapshots.draft import Draft
from c360.snapshots.manifest import EntityTable, Family, FileEntry
from c360.snapshots.reading import Snapshot

if TYPE_CHECKING:
    from c360.engines.duckdb import DuckDBEngine

MOST = 5  # tags named in a message


@dataclass(frozen=True)
class Difference:
    """How the rows of one entity differ from those that stand: rows and tags with other values, rows new and gone."""

    entity: str
    rows: int
    tags: tuple[str, ...]
    new: int
    gone: int

    def __bool__(self) -> bool:
        return bool(self.rows or self.new or self.gone)

    def __str__(self) -> str:
        names = ", ".join(self.tags[:MOST]) + (f" and {len(self.tags) - MOST} more" if len(self.tags) > MOST else "")
        other = [f"{self.rows:,} rows differ in {len(self.tags):,} tags ({names})"] if self.rows else []
        other += [f"{count:,} rows are {word}" for count, word in ((self.new, "new"), (self.gone, "gone")) if count]
        return f"{self.entity}: {', '.join(other)}"


def refuse_other_values(engine: DuckDBEngine, draft: Draft, standing: Snapshot | None, tables: Sequence[EntityTable]) -> None:
    """Raise Differs where a tag of the same definition has other values than in the snapshot that stands for the day (B16)."""
    if standing is None:
        return
    told = []
    for table in tables:
        old = standing.manifest.entity(table.entity)
        found = None if old is None or old.key != table.key else _difference(engine, draft, standing, (old, table))
        if found:
            told.append(str(found))
    if told:
        raise Differs(
            f"a snapshot of {draft.as_of} stands, and this one would say otherwise: {'; '.join(told)}",
            hint="a source has changed for a day that was built; if it was meant to, publish with --replace: --rollback goes back",
            where=f"snapshot {standing.generation}",
        )


def _difference(engine: DuckDBEngine, draft: Draft, standing: Snapshot, tables: tuple[EntityTable, EntityTable]) -> Difference:
    old, new = tables
    names = _compared(old, new)
    differs = {name: f"{_column('o', old, name)} IS DISTINCT FROM {_column('n', new, name)}" for name in names}
    counts = [f"COALESCE(SUM(CASE WHEN {test} THEN 1 ELSE 0 END), 0)" for test in differs.values()]
    any_of = " OR ".join(differs.values()) or "FALSE"
    key = quoted(new.key)
    spines = [_file(draft, standing, table.keys) for table in (new, old)]
    joins = [f"FROM {spines[0]} AS n", f"JOIN {spines[1]} AS o ON o.{key} = n.{key}"]
    for side, table in (("o", old), ("n", new)):
        for place, family in enumerate(table.families):
            if set(family.columns) & set(names):
                joins.append(f"LEFT JOIN {_rows(draft, standing, family)} AS {side}{place} ON {side}{place}.{key} = n.{key}")
    sql = "\n".join([f"SELECT COUNT(*), {', '.join([f'COALESCE(SUM(CASE WHEN {any_of} THEN 1 ELSE 0 END), 0)', *counts])}", *joins])
    common, rows, *by_tag = engine.rows(sql)[0]
    tags = tuple(name for name, count in zip(names, by_tag, strict=True) if count)
    return Difference(new.entity, int(rows), tags, new.rows - int(common), old.rows - int(common))


def _compared(old: EntityTable, new: EntityTable) -> list[str]:
    """Return the tags that mean the same in both, and whose values may be other ones."""
    before = {tag.name: tag for tag in old.tags}
    found = []
    for tag in new.tags:
        was = before.get(tag.name)
        if was is not None and was.hash == tag.hash and was.type == tag.type and new.family_of(tag.name) != old.family_of(tag.name):
            found.append(tag.name)
    return found


def _column(side: str, table: EntityTable, name: str) -> str:
    place = next(number for number, family in enumerate(table.families) if name in family.columns)
    return f"{side}{place}.{quoted(name)}"


def _rows(draft: Draft, standing: Snapshot, family: Family) -> str:
    return files([_path(draft, standing, entry) for entry in family.files])


def _file(draft: Draft, standing: Snapshot, entry: FileEntry) -> str:
    return files([_path(draft, standing, entry)])


def _path(draft: Draft, standing: Snapshot, entry: FileEntry) -> str:
    generation, _, name = entry.path.partition("/")
    return str(draft.folder / name) if generation == draft.generation else standing.whole([entry])[0]
