"""Rows that an entity's rows are, and own, in; a signature of each as definitions see it, and whose are others now, out.

A new customer, a line that moved, a city that was corrected: tables are delivered whole, and a file says only that something in
it is another. What is kept of each row is one number over the columns that are read and over what each window makes of its dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING

from c360.expr.canonical import digest
from c360.expr.schema import ATTRIBUTES, Schema
from c360.plan.dependence import Dependence, Read
from c360.plan.steps import ReadSource
from c360.plan.value_keys import ValueKey
from c360.quoting import files, quoted, text
from c360.snapshots.manifest import FileEntry, StateEntry
from c360.sql.render import to_text

if TYPE_CHECKING:
    from c360.snapshots.draft import Draft
    from c360.snapshots.reading import Snapshot
    from c360.workspace import Workspace

PREFIX = "rows-"
MOST = 0.3  # of an entity's rows: where more are others, all are computed anew


@dataclass(frozen=True)
class Changed:
    """Whose rows are others than in the snapshot before: *count* of them, in the tables *only* by entity, of one column ``k``."""

    count: int
    only: Mapping[str, str]


class Tracking:
    """What one build keeps of the rows of *entity*, and what it finds beside the snapshot before."""

    def __init__(self, workspace: Workspace, entity: str, keys: Iterable[ValueKey], day: date) -> None:
        self._workspace, self._entity, self._schema = workspace, entity, workspace.catalog.schema
        there = Dependence(self._schema, workspace.catalog.definitions, workspace.bindings.bound).there(entity, day)
        found = {read for key in keys for read in key.tracked} | {read for read in there if read.source == entity}
        self._reads = sorted(found, key=_order)
        self._is_tracked = entity in workspace.bindings.bound and entity not in workspace.bindings.late

    def keep(self, draft: Draft) -> StateEntry | None:
        """Write the signatures of the rows; None where nothing tells them apart."""
        if not self._is_tracked:
            return None
        name = f"{PREFIX}{self._entity}.parquet"
        if name not in draft.finished:
            draft.finish(name, self._workspace.engine.copy(self._signatures(), draft.path(name), name))
        details = {"shape": digest([_order(read) for read in self._reads]), "engine": version("duckdb")}
        return StateEntry(key=f"{PREFIX}{self._entity}", entity=self._entity, files=(draft.finished[name][0],), details=details)

    def changed(self, draft: Draft, kept: StateEntry | None, before: Snapshot, rows: int) -> Changed | None:
        """Return whose rows are others than *before*; None where that is not known, or are so many that all may be computed."""
        old = next((state for state in before.manifest.rows if state.entity == self._entity), None)
        if kept is None or old is None or old.details != kept.details:
            return None
        engine, name = self._workspace.engine, f"changed_{self._entity}"
        now, then = files([str(draft.folder / _name(kept.files[0]))]), files(before.whole(old.files))
        both = f"SELECT *, 1 AS n FROM {now} UNION ALL SELECT *, -1 AS n FROM {then}"
        others = f"SELECT k FROM ({both}) AS both_days GROUP BY k, source, row_key, signature HAVING SUM(n) <> 0"
        engine.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT DISTINCT k FROM ({others}) AS others WHERE k IS NOT NULL")
        count = int(engine.rows(f"SELECT COUNT(*) FROM {name}")[0][0])
        if count > MOST * rows:
            return None
        only = {self._entity: name}
        for source in dict.fromkeys(read.source for read in self._reads):
            if source != self._entity and self._schema.source(source).kind != ATTRIBUTES:
                only[source] = f"{name}_{source}"
                mine = f"source = {text(source)} AND k IN (SELECT k FROM {name})"
                engine.execute(f"CREATE OR REPLACE TABLE {only[source]} AS SELECT DISTINCT row_key AS k FROM {now} WHERE {mine}")
        return Changed(count, only)

    def _signatures(self) -> str:
        """Return the query of every tracked row: whose it is, its key and one number over what is read of it."""
        by_source: dict[str, list[Read]] = {}
        for read in self._reads:
            by_source.setdefault(read.source, []).append(read)
        return "\nUNION ALL ".join(self._of_source(source, reads) for source, reads in by_source.items())

    def _of_source(self, source: str, reads: list[Read]) -> str:
        spec = self._schema.source(source)
        way = owners(self._schema, source, self._entity)
        columns = dict.fromkeys(
            [spec.key, *(column for _, column in way[:1]), *sorted({c for read in reads for c in read.columns})]
        )
        told = [quoted(column) for column in columns]
        for read in reads:
            if read.dated:
                within = [f"{quoted(read.dated)} <= DATE '{read.last}'"] if read.last is not None else []
                within += [f"{quoted(read.dated)} >= DATE '{read.first}'"] if read.first is not None else []
                told.append(f"COALESCE({' AND '.join(within) or 'TRUE'}, {str(read.undated).upper()})")
            waited = sorted({spec.column(name).by for name in read.columns if spec.column(name).role == "later"})
            told += [f"COALESCE({quoted(name)} <= DATE '{read.day}', FALSE)" for name in waited]
        joins, owner = "", f"rows_of.{quoted(way[0][1] if way else spec.key)}"
        for number, (name, column) in enumerate(way[1:]):
            above = self._read(name, (self._schema.source(name).key, column))
            joins += f" LEFT JOIN ({above}) AS above_{number} ON above_{number}.{quoted(self._schema.source(name).key)} = {owner}"
            owner = f"above_{number}.{quoted(column)}"
        kept = ", ".join(dict.fromkeys(quoted(column) for column in (spec.key, *(column for _, column in way[:1]))))
        rows = f"SELECT {kept}, hash({', '.join(told)}) AS signature FROM ({self._read(source, tuple(columns))}) AS one_row"
        head = f"SELECT {owner} AS k, {text(source)} AS source, rows_of.{quoted(spec.key)} AS row_key, rows_of.signature"
        return f"{head} FROM ({rows}) AS rows_of{joins}"

    def _read(self, source: str, columns: tuple[str, ...]) -> str:
        reader = self._workspace.bindings.reader(date.max)
        return to_text(reader(ReadSource(source, source, tuple(dict.fromkeys(columns)))))


def owners(schema: Schema, source: str, entity: str) -> list[tuple[str, str]]:
    """Return the key columns that lead from a row of *source* to the row of *entity* that owns it; none for that row itself."""
    spec = schema.source(source)
    if source == entity:
        return []
    if spec.kind == ATTRIBUTES:
        return [(source, spec.key), *(schema.path(spec.entity, entity) if spec.entity != entity else [])]
    return list(schema.path(source, entity))


def _order(read: Read) -> list[object]:
    """Return what names a read whatever the day, so that signatures of two days say the same things in the same order."""
    return [read.source, sorted(read.columns), read.dated, read.undated, read.first is None, read.last is None, read.says]


def _name(entry: FileEntry) -> str:
    return entry.path.partition("/")[2]
