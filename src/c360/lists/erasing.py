"""A workspace and customers' keys in; all that c360 itself keeps of them gone, a keyed hash left, what is out of reach told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from c360.builds.tracking import owners
from c360.deliver.listing import refuse_one_text
from c360.errors import GrainError, NothingMatched, SourceError
from c360.expr.schema import ATTRIBUTES, ENTITY
from c360.lists.delisting import Fate, delist, expired_files
from c360.plan.steps import ReadSource
from c360.quoting import files, quoted, text
from c360.records import keeping
from c360.snapshots.withdrawing import NotTold, Withdrawn, withdraw
from c360.sql.render import to_text

if TYPE_CHECKING:
    import polars

    from c360.snapshots.reading import Snapshot
    from c360.workspace import Workspace

FORMAT = 1
GIVEN = "erased_keys"
WORK, DECODED = "work", "decoded"  # in the workspace's private folder: what killed processes may have left


@dataclass(frozen=True)
class Erasure:
    """What was erased: *given* persons, of whom *new* had not been erased before.

    *lists* says what became of each list's file; *ledger* and *records* how many rows went from the ledger and from outcomes
    and arbitrations. *not_reached* names, file by file, what c360 does not own and may hold them still.
    """

    given: int
    new: int
    snapshots: Withdrawn
    lists: tuple[Fate, ...]
    ledger: int
    records: int
    not_reached: tuple[str, ...] = field(default=())

    @property
    def is_complete(self) -> bool:
        """Whether nothing of c360's own holds them any more; else running it again, once readers are done, finishes."""
        return not self.snapshots.in_use and not any(fate.is_left for fate in self.lists)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data; no key is in it."""
        done = self.snapshots
        return {
            "format": FORMAT, "given": self.given, "new": self.new, "complete": self.is_complete,
            "snapshots": {
                "rewritten": [{"generation": old, "now": new, "rows": rows} for old, new, rows in done.rewritten],
                "removed": [{"generation": name, "why": why} for name, why in done.removed],
                "in_use": list(done.in_use), "rows": done.rows,
            },
            "lists": [fate.as_json() for fate in self.lists], "ledger_rows": self.ledger, "record_rows": self.records,
            "not_reached": list(self.not_reached),
        }  # fmt: skip


def erase(workspace: Workspace, keys: Iterable[str]) -> Erasure:
    """Take persons out of c360's own snapshots, lists, ledger, outcomes, arbitrations and left-over files, for good.

    *keys* are those of the policy's entity, else of the default entity, as its source writes them. First their keyed hashes are
    kept, so that no later list holds them; whoever is killed runs it again. Raises NothingMatched without a key, Busy while a
    build runs, ResourceError where the audit log cannot be written: then nothing was done.
    """
    refuse_one_text("keys", keys)
    asked = tuple(dict.fromkeys(key.strip() for key in keys if key.strip()))
    if not asked:
        raise NothingMatched("no key was given", hint="give one key a line, in a file or on stdin")
    records = workspace.records
    hashes = [records.secret.hash(key) for key in asked]
    workspace.let_go()
    with _alone(workspace):
        records.audit.append("erase", state="begun", persons=len(asked), hashes=hashes)
        new = records.erased.add(hashes, records.clock())
        lists = delist(workspace, asked, hashes)
        ledger = sum(records.ledger.rewrite(record.list_id, _without((*asked, *hashes))) for record in records.ledger.lists())
        others = sum(records.outcomes.rewrite(_without((*asked, *hashes))).values())
        others += sum(records.decisions.rewrite(_without((*asked, *hashes))).values())
        snapshots = _withdrawn(workspace, asked)
        _without_leftovers(workspace)
        found = Erasure(len(asked), new, snapshots, lists, ledger, others, _not_reached(workspace))
        records.audit.append(
            "erase", state="done" if found.is_complete else "part", persons=len(asked), hashes=hashes, **_counts(found)
        )
    return found


def expire(workspace: Workspace) -> tuple[Fate, ...]:
    """Delete the lists whose delete-after date has passed; their audit lines stay, and whom they held, for caps and evaluations."""
    today = date.fromisoformat(workspace.records.clock()[:10])
    return expired_files(workspace, today)


def person_entity(workspace: Workspace) -> str:
    """Return whose keys are a person's: the policy's entity, else the default one."""
    policy = workspace.settings.policy
    return policy.entity if policy is not None else workspace.catalog.schema.default_entity


def _alone(workspace: Workspace) -> AbstractContextManager[object]:
    """Hold the snapshots' lock, where there are any: no build runs that could write them again."""
    store = workspace.snapshots
    return store.lock(doing="erase") if store.folder.is_dir() else nullcontext()


def _without(keys: Sequence[str]) -> Callable[[polars.DataFrame], polars.DataFrame]:
    def kept(rows: polars.DataFrame) -> polars.DataFrame:
        import polars as pl

        held = [name for name in ("key", "person") if name in rows.columns]
        return rows.filter(~pl.any_horizontal(pl.col(name).is_in(list(keys)).fill_null(False) for name in held))

    return kept


def _withdrawn(workspace: Workspace, keys: Sequence[str]) -> Withdrawn:
    store = workspace.snapshots
    if not store.folder.is_dir():
        return Withdrawn()
    workspace.engine.keep(GIVEN, keys)
    reason = f"erased: {len(keys)} of {person_entity(workspace)}, {workspace.records.clock()}"
    try:
        return withdraw(store, workspace.engine, _Owners(workspace), reason)
    finally:
        workspace.engine.execute(f"DROP TABLE IF EXISTS {GIVEN}")


class _Owners:
    """Whose rows a generation holds: of the persons themselves, and of what is theirs, such as their lines."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._schema = workspace, workspace.catalog.schema
        self._person = person_entity(workspace)
        self._now: dict[str, str | None] = {}

    def __call__(self, snapshot: Snapshot) -> dict[str, str]:
        found = {self._person: f"SELECT value AS k FROM {GIVEN}"}
        stored = {table.entity for table in snapshot.manifest.entities} | {state.entity for state in snapshot.manifest.rows}
        for spec in self._schema.sources.values():
            if spec.kind == ENTITY and spec.name != self._person and self._is_theirs(spec.name) and spec.name in stored:
                found[spec.name] = self._of(snapshot, spec.name)
        attributes = [spec for spec in self._schema.sources.values() if spec.kind == ATTRIBUTES and spec.entity in found]
        return {**found, **{spec.name: found[spec.entity] for spec in attributes}}

    def _is_theirs(self, entity: str) -> bool:
        try:
            return bool(self._schema.path(entity, self._person))
        except GrainError:
            return False

    def _of(self, snapshot: Snapshot, entity: str) -> str:
        """Return the keys of the rows of *entity* that are the persons'; raises NotTold where an owner is not known any more.

        What the generation itself keeps of who owned its rows goes before what the source says now.
        """
        kept = next((state for state in snapshot.manifest.rows if state.entity == self._person), None)
        ways = []
        if kept is not None:
            ways.append(f"SELECT row_key, k FROM {files(snapshot.paths(kept.files))} AS kept WHERE source = {text(entity)}")
        now = self._owners_now(entity)
        if now is not None:
            told = f" WHERE row_key NOT IN (SELECT row_key FROM ({ways[0]}) AS then_known)" if ways else ""
            ways.append(f"SELECT row_key, k FROM ({now}) AS now_known{told}")
        table = snapshot.manifest.entity(entity)
        known = " UNION ALL ".join(ways) or "SELECT NULL::VARCHAR AS row_key, NULL::VARCHAR AS k WHERE FALSE"
        if table is not None:
            keys = f"SELECT {quoted(table.key)} AS k FROM {files(snapshot.paths([table.keys]))} AS stored"
            lost = self._workspace.engine.rows(
                f"SELECT COUNT(*) FROM ({keys}) AS stored WHERE k NOT IN (SELECT row_key FROM ({known}) AS w)"
            )
            if lost[0][0]:
                raise NotTold(f"whose {lost[0][0]:,} rows of {entity} are is not known any more")
        return f"SELECT row_key AS k FROM ({known}) AS owned WHERE k IN (SELECT value FROM {GIVEN})"

    def _owners_now(self, entity: str) -> str | None:
        """Return the query of each row of *entity* and the person who owns it, as the sources say now; None where they do not."""
        if entity not in self._now:
            try:
                self._now[entity] = self._query(entity)
            except SourceError:
                self._now[entity] = None
        return self._now[entity]

    def _query(self, entity: str) -> str | None:
        bound = self._workspace.bindings.bound
        way = owners(self._schema, entity, self._person)
        if not {source for source, _ in way} <= bound:
            return None
        joins, owner = "", f"first_row.{quoted(way[0][1])}"
        for number, (name, column) in enumerate(way[1:]):
            above = self._read(name, (self._schema.source(name).key, column))
            joins += f" LEFT JOIN ({above}) AS above_{number} ON above_{number}.{quoted(self._schema.source(name).key)} = {owner}"
            owner = f"above_{number}.{quoted(column)}"
        key = quoted(self._schema.source(entity).key)
        rows = self._read(entity, (self._schema.source(entity).key, way[0][1]))
        return f"SELECT first_row.{key} AS row_key, {owner} AS k FROM ({rows}) AS first_row{joins}"

    def _read(self, source: str, columns: tuple[str, ...]) -> str:
        reader = self._workspace.bindings.reader(date.max)
        return to_text(reader(ReadSource(source, source, tuple(dict.fromkeys(columns)))))


def _without_leftovers(workspace: Workspace) -> None:
    """Remove what killed processes left in the private folder; the engine does so for what it spills."""
    from c360.engines.spill import SpillFolder

    records = workspace.records
    for place in (records.ledger.folder, records.decisions.folder, *records.outcomes.folder.glob("*")):
        if place.is_dir():
            with keeping.locked(place):
                keeping.remove_temporaries(place)
    private = workspace.folder / ".c360"
    for left in (private / WORK).glob("*"):
        shutil.rmtree(left, ignore_errors=True)
    if (private / DECODED).is_dir():
        SpillFolder(private / DECODED).remove()


def _not_reached(workspace: Workspace) -> tuple[str, ...]:
    """Return what c360 reads and does not own: it may hold the persons, and a build stores them again while it does."""
    told = []
    for name in sorted(workspace.bindings.bound):
        try:
            bound = workspace.bindings.get(name)
        except SourceError:
            told.append(f"source {name}: cannot be read now")
            continue
        told += [f"source {name}: {state.path}" for state in bound.states] or [f"source {name}: a table or query"]
    policy = workspace.settings.policy
    told += [f"list of keys: {place}" for place in (policy.never_lists if policy is not None else ())]
    return (*told, "copies of lists, backups, and files that were moved")


def _counts(found: Erasure) -> dict[str, Any]:
    done = found.snapshots
    return {
        "snapshots_rewritten": len(done.rewritten), "snapshots_removed": len(done.removed), "snapshots_in_use": len(done.in_use),
        "snapshot_rows": sum(done.rows.values()), "lists": sorted({fate.list_id for fate in found.lists}),
        "list_rows": sum(fate.rows for fate in found.lists), "ledger_rows": found.ledger, "record_rows": found.records,
    }  # fmt: skip
