"""A workspace and keys, or a day, in; lists' files without these customers, or without the lists that are past their date, out."""

from __future__ import annotations

import copy
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.deliver import manifest as manifests
from c360.deliver.writers import prepare
from c360.records.ledger import ListRecord
from c360.records.listfiles import CHANGED, DELETED, FREE, GONE, REWRITTEN, ListFile, hash_of

if TYPE_CHECKING:
    from c360.workspace import Workspace

STDOUT = "-"
UNREAD = "cannot be looked into"


@dataclass(frozen=True)
class Fate:
    """What became of one file of a list: rewritten without *rows* rows, deleted, not there, or changed since and left as it is."""

    list_id: str
    file: str
    became: str
    rows: int = 0

    @property
    def is_left(self) -> bool:
        """Whether the file stands there and may hold what should be gone."""
        return self.became in (CHANGED, UNREAD)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return vars(self)


@dataclass(frozen=True)
class _Listed:
    """A list that left: its *account* (the manifest), its file, and the ledger's record where there is one."""

    list_id: str
    path: Path
    account: dict[str, Any]
    sha256: str
    delete_after: date | None
    record: ListRecord | None = None

    def files(self) -> Iterator[ListFile]:
        """Yield its files as they were written, the file of those left out last."""
        results = self.account.get("results", {})
        kind, encoding = str(results.get("format") or self.path.suffix.lstrip(".")), str(results.get("encoding") or "utf-8")
        several = results.get("files") or [{"file": self.path.name, "sha256": self.sha256}]
        for told in (*several, *([results["excluded"]] if isinstance(results.get("excluded"), dict) else [])):
            path = self.path.parent / str(told["file"])
            own = kind if path.suffix == self.path.suffix or told in several else path.suffix.lstrip(".")
            yield ListFile(path, str(told["sha256"]), own, encoding, str(results.get("coming", {}).get(path.name, "")))


def delist(workspace: Workspace, keys: Sequence[str], hashes: Sequence[str]) -> tuple[Fate, ...]:
    """Take persons out of the files of all lists that left: their rows, or the file where c360 cannot write it anew.

    Files changed since, which are not c360's any more, stay as they are and are told. *hashes* are the keyed hashes of *keys*,
    which lists for analysis hold instead.
    """
    asked = frozenset((*keys, *hashes))
    listed = list(_listed(workspace))
    known = {file.sha256 for one in listed for file in one.files()}
    found: list[Fate] = []
    for one in listed:
        held = _held(workspace, one, asked)
        for file in one.files():
            fate = _without(workspace, one, file, asked, held, known)
            if fate.became != FREE and (held or fate.became != GONE):
                found.append(fate)
    return tuple(found)


def expired_files(workspace: Workspace, today: date) -> tuple[Fate, ...]:
    """Delete the files and manifests of lists whose delete-after date is before *today*; each list is told and logged once."""
    audit = workspace.records.audit
    done = {str(line.facts.get("list_id")) for line in audit.lines(event="expire")}
    listed = list(_listed(workspace))
    known = {file.sha256 for one in listed for file in one.files()}
    found: list[Fate] = []
    for one in listed:
        if one.delete_after is None or one.delete_after >= today or one.list_id in done:
            continue
        fates = [_deleted(one, file, known) for file in one.files()]
        if not any(fate.is_left for fate in fates):
            _without_manifest(one)
            told = {fate.file: fate.became for fate in fates}
            audit.append("expire", list_id=one.list_id, delete_after=one.delete_after, files=told)
        found += fates
    return tuple(found)


def _listed(workspace: Workspace) -> Iterator[_Listed]:
    """Yield every list that left as a file: those of the ledger, then those that only the audit log knows."""
    records = workspace.records
    ledger = [record for record in records.ledger.lists() if record.file not in ("", STDOUT)]
    for record in ledger:
        yield _Listed(record.list_id, Path(record.file), dict(record.manifest), record.sha256, record.delete_after, record)
    seen = {record.list_id for record in ledger}
    for line in records.audit.lines(event="export"):
        told = line.facts
        identity, file = str(told.get("list_id")), str(told.get("file") or "")
        if identity in seen or file in ("", STDOUT):
            continue
        seen.add(identity)
        until = told.get("delete_after")
        account = _account(Path(file), identity)
        sha256 = str(account.get("results", {}).get("sha256") or told.get("sha256") or "")
        yield _Listed(identity, Path(file), account, sha256, None if until is None else date.fromisoformat(str(until)))


def _account(path: Path, list_id: str) -> dict[str, Any]:
    """Return the manifest beside a file, where it is that of the list; else nothing."""
    try:
        found = json.loads(manifests.manifest_path(path).read_bytes())
        return found if found["run_id"] == list_id and isinstance(found["results"], dict) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _held(workspace: Workspace, one: _Listed, asked: Collection[str]) -> bool:
    if one.record is None:
        return False
    rows = workspace.records.ledger.rows(one.list_id)
    return bool((rows["key"].is_in(list(asked)) | rows["person"].is_in(list(asked))).any())


def _without(workspace: Workspace, one: _Listed, file: ListFile, asked: Collection[str], held: bool, known: set[str]) -> Fate:
    """Take the asked out of one file, and say what became of it."""
    data = file.read()
    if data is None:
        return Fate(one.list_id, str(file.path), GONE)
    is_ours = file.is_ours(data)
    if not is_ours and hash_of(data) in known:
        return Fate(one.list_id, str(file.path), GONE)  # another list stands there now
    found = file.without(data, asked)
    if found is None and is_ours and held:
        return _deleted(one, file, known)
    if found is None:
        return Fate(one.list_id, str(file.path), UNREAD)
    after, rows = found
    if not rows:
        return Fate(one.list_id, str(file.path), FREE if is_ours or not _names(data, asked) else CHANGED)
    if not is_ours:
        return Fate(one.list_id, str(file.path), CHANGED, rows)
    _rewrite(workspace, one, file, after, rows)
    return Fate(one.list_id, str(file.path), REWRITTEN, rows)


def _names(data: bytes, asked: Collection[str]) -> bool:
    """Whether a file that somebody changed has one of the keys anywhere in it."""
    return any(key.encode() in data for key in asked)


def _rewrite(workspace: Workspace, one: _Listed, file: ListFile, data: bytes, rows: int) -> None:
    """Put *data* in the file's place and issue its account again; killed in between, the hash that was coming tells."""
    now = _current(workspace, one)
    coming = copy.deepcopy(now.account)
    coming.setdefault("results", {}).setdefault("coming", {})[file.path.name] = hash_of(data)
    _noted(workspace, replace(now, account=coming))
    prepared = prepare(file.path, lambda target: (target.write(data), 0)[1])
    try:
        prepared.publish(force=True)
    finally:
        prepared.discard()
    account = _reissued(now, file, data, rows)
    beside = manifests.manifest_path(one.path)
    if account and beside.is_file() and not beside.is_symlink():
        told = prepare(beside, lambda target: manifests.write(account, target))
        try:
            told.publish(force=True)
        finally:
            told.discard()
    _noted(workspace, replace(now, account=account))


def _current(workspace: Workspace, one: _Listed) -> _Listed:
    """Return the list as the records say now: another of its files may have been rewritten before."""
    if one.record is None:
        return replace(one, account=_account(one.path, one.list_id))
    record = workspace.records.ledger.get(one.list_id)
    return replace(one, record=record, account=dict(record.manifest))


def _reissued(one: _Listed, file: ListFile, data: bytes, rows: int) -> dict[str, Any]:
    """Return the manifest with the hash and size that the file has now, and how many rows were erased from it."""
    if not one.account.get("inputs"):
        return one.account
    results = copy.deepcopy(one.account["results"])
    results["coming"] = {name: sha for name, sha in results.get("coming", {}).items() if name != file.path.name}
    for told in (results, *results.get("files", ()), *([results["excluded"]] if isinstance(results.get("excluded"), dict) else [])):
        if told.get("sha256") == file.sha256:
            told.update({"sha256": hash_of(data), "bytes": len(data)})
            if isinstance(told.get("rows"), int):
                told["rows"] -= rows
    if not results["coming"]:
        del results["coming"]
    results["erased"] = results.get("erased", 0) + rows
    return manifests.manifest(one.account["inputs"], results, one.account.get("made_at", ""))


def _noted(workspace: Workspace, one: _Listed) -> None:
    if one.record is not None:
        sha256 = str(one.account.get("results", {}).get("sha256") or one.record.sha256)
        workspace.records.ledger.note(replace(one.record, sha256=sha256, manifest=one.account))


def _deleted(one: _Listed, file: ListFile, known: Collection[str]) -> Fate:
    """Delete a file that is c360's still."""
    data = file.read()
    if data is None or (not file.is_ours(data) and hash_of(data) in known):
        return Fate(one.list_id, str(file.path), GONE)
    if not file.is_ours(data):
        return Fate(one.list_id, str(file.path), CHANGED)
    file.path.unlink()
    return Fate(one.list_id, str(file.path), DELETED)


def _without_manifest(one: _Listed) -> None:
    beside = manifests.manifest_path(one.path)
    if _account(one.path, one.list_id) and not beside.is_symlink():
        beside.unlink(missing_ok=True)
