"""A snapshot and an engine in, the order-free digest of each entity's tag values out: equal for equal values, however built."""

from __future__ import annotations

from typing import Any, Protocol

from c360.quoting import files, quoted
from c360.snapshots.digest import digest_sql, digest_text
from c360.snapshots.manifest import EntityTable
from c360.snapshots.reading import Snapshot


class Engine(Protocol):
    """What answers SQL."""

    def rows(self, sql: str, where: str | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""

    def describe(self, sql: str, where: str | None = None) -> tuple[tuple[str, str], ...]:
        """Return the names and types of a query's columns."""


def content_of(engine: Engine, snapshot: Snapshot) -> dict[str, str]:
    """Return by entity the digest of its keys and tag values.

    It does not depend on the order of rows, nor on files, families, threads or parts; and it changes with any value.
    """
    found = {}
    for table in snapshot.manifest.entities:
        query = tags_sql(snapshot, table)
        columns = dict(engine.describe(query))
        found[table.entity] = digest_text(columns, [engine.rows(digest_sql(f"({query}) AS stored", columns), table.entity)[0]])
    return found


def tags_sql(snapshot: Snapshot, table: EntityTable) -> str:
    """Return the query of an entity's key and tags, in the order in which the manifest names them."""
    key, names = quoted(table.key), {tag.name for tag in table.tags}
    columns, joins = [f"keys.{key}"], [f"FROM {files(snapshot.paths([table.keys]))} AS keys"]
    homes: dict[str, str] = {}
    for number, family in enumerate(table.families):
        held = names & set(family.columns)
        if held:
            homes |= dict.fromkeys(held, f"f{number}")
            joins.append(f"LEFT JOIN {files(snapshot.paths(family.files))} AS f{number} ON f{number}.{key} = keys.{key}")
    columns += [f"{homes[tag.name]}.{quoted(tag.name)}" for tag in table.tags]
    return f"SELECT {', '.join(columns)} {' '.join(joins)}"
