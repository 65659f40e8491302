"""A store and whose rows to take out in; every generation again without them, the pointer on these, and the old ones gone.

A published file is never changed: a generation that holds such rows is written again under a new name, files that hold none
are shared as before, one pointer leads to all of them at once, and only then the old files go. What was kept for later builds
to go on from is given up where it holds such rows, and no value counts as unchanged because of its sources alone: the next
build computes what rests on other rows too. Where nobody can say whose rows a generation holds, it is removed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from c360.quoting import files, quoted, text
from c360.snapshots import pruning
from c360.snapshots.draft import Draft
from c360.snapshots.faults import told
from c360.snapshots.manifest import EntityTable, FileEntry, Manifest, SegmentEntry, StateEntry, TagEntry
from c360.snapshots.pointer import Pointer, number_of
from c360.snapshots.reading import Snapshot
from c360.snapshots.store import CURRENT, DAMAGED, KEPT, PRIVATE, Generation, Store

ALL = 1_000_000_000  # generations to keep: pruning here takes none that is current or kept
GIVEN_UP = "erased"
Entry = TypeVar("Entry", TagEntry, SegmentEntry)


class Engine(Protocol):
    """What answers SQL and writes its rows to Parquet."""

    def rows(self, sql: str, where: str | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""

    def copy(self, sql: str, path: Path, where: str | None = None) -> int:
        """Write the rows of a query to a new Parquet file, and return how many there are."""


class NotTold(Exception):
    """Nobody can say which rows of a generation are to go; the text says why."""


Owned = Callable[[Snapshot], Mapping[str, str]]
"""Of a generation: by source (entities and attributes) the query of the keys, a column ``k``, of the rows to take out."""


@dataclass(frozen=True)
class Withdrawn:
    """What became of the generations.

    *rewritten* holds (old name, new name, rows gone), *removed* (name, why), *in_use* those that a reader still has open: their
    files stay until the same is run again. *rows* counts rows by entity, over all generations.
    """

    rewritten: tuple[tuple[str, str, int], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    in_use: tuple[str, ...] = ()
    rows: dict[str, int] = field(default_factory=dict)


def withdraw(store: Store, engine: Engine, owned: Owned, reason: str) -> Withdrawn:
    """Take the rows that *owned* names out of every generation; *reason* stands in the new manifests.

    Under the store's lock. Killed at any moment, readers find the old state or the new one, and running it again finishes.
    """
    store.refuse_unlocked()
    _without_leftovers(store)
    work = _Work(store, engine, owned, reason)
    for generation in store.generations():
        work.look_at(generation)
    before = store.pointer()
    after = _repointed(before, work.names, {name for name, _ in work.removed}, store.highest_number())
    if after != before:
        store.point(after)
    pruned = pruning.prune(store, ALL)
    gone = {name for name, _ in work.removed} | set(work.names)
    aside = [(name, "was not current any more") for name in pruned.removed if name not in gone]
    return Withdrawn(
        tuple((old, new, work.rows_gone[old]) for old, new in work.names.items()), (*work.removed, *aside), pruned.in_use, work.rows
    )


@dataclass(frozen=True)
class _Rule:
    """Which rows of a file are to go, as SQL, and the columns that tell them apart."""

    where: str
    key: str


class _Work:
    """The generations looked at, one after the other; files that several share are written once."""

    def __init__(self, store: Store, engine: Engine, owned: Owned, reason: str) -> None:
        self._store, self._engine, self._owned, self._reason = store, engine, owned, reason
        self._made: dict[tuple[str, int], FileEntry] = {}
        self.names: dict[str, str] = {}
        self.removed: list[tuple[str, str]] = []
        self.rows_gone: dict[str, int] = {}
        self.rows: dict[str, int] = {}

    def look_at(self, generation: Generation) -> None:
        """Write a generation again where it holds rows to take out; one that is neither current nor kept is pruned anyway."""
        if generation.state == DAMAGED:
            self.removed.append((generation.name, "it is damaged, so nobody can say what it holds"))
        if generation.state not in (CURRENT, KEPT):
            return
        with self._store.open(generation.name) as snapshot:
            try:
                drops = self._owned(snapshot)
            except NotTold as reason:
                self.removed.append((generation.name, str(reason)))
                return
            if self._holds(snapshot, drops):
                self._again(snapshot, drops)

    def _holds(self, snapshot: Snapshot, drops: Mapping[str, str]) -> bool:
        manifest = snapshot.manifest
        tables = [(file, _of_key(table.key, drops[table.entity])) for table in manifest.entities if table.entity in drops
                  for file in table.files]  # fmt: skip
        states = [(file, _of_key(state.entity, drops[state.entity])) for state in manifest.states if state.entity in drops
                  for file in state.files]  # fmt: skip
        rows = [(file, _of_signature(state, drops)) for state in manifest.rows for file in state.files]
        return any(self._hit(snapshot, file, rule)[0] for file, rule in (*tables, *states, *rows))

    def _again(self, snapshot: Snapshot, drops: Mapping[str, str]) -> None:
        store, old = self._store, snapshot.manifest
        name = f"{old.as_of}-{store.highest_number() + 1}"
        draft = Draft(store.root / f"{PRIVATE}{old.as_of}-{GIVEN_UP}", name, old.run_id, old.as_of, store.ops, self._named)
        with told("erasing from a snapshot", store.root):
            store.ops.make_folder(draft.folder)
        with draft:
            tables = tuple(self._table(snapshot, draft, table, drops) for table in old.entities)
            rows = tuple(self._state(snapshot, draft, state, _of_signature(state, drops)) for state in old.rows)
            states = tuple(state for state in old.states if state.entity not in drops)
            draft.publish(_reissued(old, tables, rows, states, self._reason))
        gone = {table.entity: before.rows - table.rows for before, table in zip(old.entities, tables, strict=True)}
        self.rows = {entity: self.rows.get(entity, 0) + gone.get(entity, 0) for entity in {**self.rows, **gone}}
        self.names[snapshot.generation], self.rows_gone[snapshot.generation] = name, sum(gone.values())

    def _table(self, snapshot: Snapshot, draft: Draft, table: EntityTable, drops: Mapping[str, str]) -> EntityTable:
        if table.entity not in drops:
            return table
        rule = _of_key(table.key, drops[table.entity])
        keys = self._file(snapshot, draft, table.keys, rule)
        families = tuple(
            one.model_copy(update={"files": tuple(self._file(snapshot, draft, file, rule) for file in one.files)})
            for one in table.families
        )
        return table.model_copy(update={"keys": keys, "rows": keys.rows, "families": families})

    def _state(self, snapshot: Snapshot, draft: Draft, state: StateEntry, rule: _Rule) -> StateEntry:
        return state.model_copy(update={"files": tuple(self._file(snapshot, draft, file, rule) for file in state.files)})

    def _file(self, snapshot: Snapshot, draft: Draft, file: FileEntry, rule: _Rule) -> FileEntry:
        """Return the entry of a file without the rows of *rule*: itself where it has none, else one written now or before."""
        rows, which = self._hit(snapshot, file, rule)
        if not rows:
            return file
        if (file.path, which) not in self._made:
            name = file.path.partition("/")[2]
            if draft.path(name).exists():  # files of two generations that are called alike
                name = file.path.replace("/", "-")
            kept = f"SELECT * FROM {files(snapshot.whole([file]))} AS stored WHERE ({rule.where}) IS NOT TRUE"
            self._made[file.path, which] = draft.entry(name, self._engine.copy(kept, draft.path(name), name))
        return self._made[file.path, which]

    def _hit(self, snapshot: Snapshot, file: FileEntry, rule: _Rule) -> tuple[int, int]:
        """Return how many rows of a file are to go, and a number that tells which."""
        told = f"SELECT COUNT(*), bit_xor(hash({rule.key})) FROM {files(snapshot.paths([file]))} AS stored WHERE {rule.where}"
        count, which = self._engine.rows(told)[0]
        return int(count), int(which or 0)

    def _named(self, draft: Draft) -> None:
        """Give a new generation its name; it is an orphan until the pointer leads to it."""
        self._store.ops.rename(draft.folder, self._store.root / draft.generation)
        self._store.ops.sync_folder(self._store.root)


def _of_key(column: str, keys: str) -> _Rule:
    return _Rule(f"stored.{quoted(column)} IN (SELECT k FROM ({keys}) AS gone)", f"stored.{quoted(column)}")


def _of_signature(state: StateEntry, drops: Mapping[str, str]) -> _Rule:
    """Return the rule of the signatures to take out: of rows that go, or that belong to what goes."""
    rules = [_of_key("k", drops[state.entity]).where] if state.entity in drops else []
    rules += [f"stored.source = {text(source)} AND {_of_key('row_key', keys).where}" for source, keys in drops.items()]
    return _Rule(" OR ".join(f"({rule})" for rule in rules) or "FALSE", "stored.k, stored.source, stored.row_key")


def _reissued(
    old: Manifest, tables: tuple[EntityTable, ...], rows: tuple[StateEntry, ...], states: tuple[StateEntry, ...], reason: str
) -> Manifest:
    told = {"entities": tuple(t.model_copy(update={"tags": tuple(_not_as_before(tag) for tag in t.tags)}) for t in tables)}
    return old.model_copy(
        update={
            **told, "rows": rows, "states": states, "segments": tuple(_not_as_before(one) for one in old.segments),
            "reissued": (*old.reissued, reason),
        }
    )  # fmt: skip


def _not_as_before(entry: Entry) -> Entry:
    """Return the entry of values that no later build takes over for their sources alone: they may rest on rows that are gone."""
    return entry.model_copy(update={"value_key": " ".join([GIVEN_UP, *entry.value_key.split()[1:]])})


def _repointed(now: Pointer, names: Mapping[str, str], removed: set[str], number: int) -> Pointer:
    """Return the pointer to what was written again, without what is removed; what stands before moves up."""
    current, before = {}, {}
    for day, name in now.current.items():
        line = [names.get(one, one) for one in (*now.before.get(day, ()), name) if one not in removed]
        if line:
            current[day], before[day] = line[-1], tuple(line[:-1])
    highest = max([now.number, number, *map(number_of, names.values())])
    return now.model_copy(update={"number": highest, "current": current, "before": before, "aside": ()})


def _without_leftovers(store: Store) -> None:
    """Remove what killed builds left: it may hold whoever is to go, and no build runs now."""
    for name in store.leftovers():
        folder = store.root / name
        with told("removing what a killed build left", folder):
            for path in folder.iterdir():
                store.ops.unlink(path)
            store.ops.remove_folder(folder)
