"""A workspace and keys, or a day, in; lists' files without these customers, or without the lists that are past their date, out."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from c360.deliver import manifest as manifests
from c360.deliver.writers import prepare
from c360.records.ledger import ListRecord
from c360.records.listfiles import CHANGED, DELETED, FREE, GONE, REWRITTEN, Left, ListFile, hash_of

if TYPE_CHECKING:
    from c360.workspace import Workspace

STDOUT = "-"
UNREAD = "cannot be looked into"
BEFORE = "sha256_before"  # in a manifest: by file, the hash before it was last rewritten


Standing = dict[tuple[Path | None, str], str]  # by place and hash


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
    """One file that a list left as, by the audit log: its *account* (the manifest), and whom it held where the ledger knows."""

    list_id: str
    path: Path
    account: dict[str, Any]
    sha256: str
    delete_after: date | None
    record: ListRecord | None = None

    def files(self) -> Iterator[ListFile]:
        """Yield its files, more than one where it was split, the file of those left out last."""
        results = self.account.get("results", {})
        kind, encoding = str(results.get("format") or self.path.suffix.lstrip(".")), str(results.get("encoding") or "utf-8")
        told = {self.path.parent / str(one["file"]): {str(one["sha256"])} for one in results.get("files", ())}
        told = told or {self.path: {self.sha256, str(results.get("sha256") or self.sha256)}}
        excluded = results.get("excluded")
        if isinstance(excluded, dict):
            told[self.path.parent / str(excluded["file"])] = {str(excluded["sha256"])}
        for path, hashes in told.items():
            before = results.get(BEFORE, {}).get(path.name, "")
            is_list = not isinstance(excluded, dict) or path != self.path.parent / str(excluded["file"])
            yield ListFile(path, frozenset({*hashes, before} - {""}), kind if is_list else path.suffix.lstrip("."), encoding)


def delist(workspace: Workspace, keys: Sequence[str], hashes: Sequence[str]) -> tuple[Fate, ...]:
    """Take persons out of the files of all lists that left: their rows, or the file where c360 cannot write it anew.

    Files changed since, which are not c360's any more, stay as they are and are told. *hashes* are the keyed hashes of *keys*,
    which lists for analysis hold instead.
    """
    asked = frozenset((*keys, *hashes))
    listed = _listed(workspace)
    standing = _standing(listed)
    found: list[Fate] = []
    for one in listed:
        held = _held(workspace, one, asked)
        for file in one.files():
            fate = _without(workspace, one, file, asked, held, standing)
            if fate.became != FREE and (held or fate.became != GONE):
                found.append(fate)
    return tuple(found)


def expired_files(workspace: Workspace, today: date) -> tuple[Fate, ...]:
    """Delete the files and manifests of lists whose delete-after date is before *today*; each list is told and logged once."""
    audit = workspace.records.audit
    done = {(line.facts.get("list_id"), line.facts.get("file")) for line in audit.lines(event="expire")}
    listed = _listed(workspace)
    standing = _standing(listed)
    found: list[Fate] = []
    for one in listed:
        if one.delete_after is None or one.delete_after >= today or (one.list_id, str(one.path)) in done:
            continue
        fates = [_deleted(one, file, standing) for file in one.files()]
        if not any(fate.is_left for fate in fates):
            _without_manifest(one)
            told = {fate.file: fate.became for fate in fates}
            audit.append("expire", list_id=one.list_id, file=str(one.path), delete_after=one.delete_after, became=told)
        found += fates
    return tuple(found)


def _listed(workspace: Workspace) -> list[_Listed]:
    """Return every file that a list was written to, as the audit log says; a list made twice may lie in two places."""
    records = workspace.records
    ledger = {record.list_id: record for record in records.ledger.lists()}
    found: dict[tuple[str, str], _Listed] = {}
    for line in records.audit.lines(event="export"):
        identity, file = str(line.facts.get("list_id")), str(line.facts.get("file") or "")
        if file in ("", STDOUT):
            continue
        until, path, record = line.facts.get("delete_after"), Path(file), ledger.get(identity)
        account = _account(path, identity)
        if not account and record is not None and record.file == file:
            account = dict(record.manifest)
        day = None if until is None else date.fromisoformat(str(until))
        found.pop((identity, file), None)  # the last written stands last
        found[identity, file] = _Listed(identity, path, account, str(line.facts.get("sha256") or ""), day, record)
    return list(found.values())


def _standing(listed: Sequence[_Listed]) -> Standing:
    """Return whose each file is by place and hash, the last list's where several wrote the same; and every hash without a place."""
    found: Standing = {}
    for one in listed:
        for file in one.files():
            found |= {(place, sha): one.list_id for sha in file.hashes for place in (file.path, None)}
    return found


def _is_anothers(one: _Listed, file: ListFile, data: bytes, standing: Standing) -> bool:
    """Whether another list stands there now."""
    sha = hash_of(data)
    last = standing.get((file.path, sha))
    return (None, sha) in standing if last is None else last != one.list_id


def _account(path: Path, list_id: str) -> dict[str, Any]:
    """Return the manifest beside a file, where it is that of the list and nobody changed it; else nothing."""
    beside = manifests.manifest_path(path)
    try:
        found = {} if beside.is_symlink() else json.loads(beside.read_bytes())
        whole = manifests.manifest(found["inputs"], found["results"], "")["digest"]
        return found if (found["run_id"], found["digest"]) == (list_id, whole) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _held(workspace: Workspace, one: _Listed, asked: Collection[str]) -> bool:
    if one.record is None:
        return False
    rows = workspace.records.ledger.rows(one.list_id)
    return bool((rows["key"].is_in(list(asked)) | rows["person"].is_in(list(asked))).any())


def _without(workspace: Workspace, one: _Listed, file: ListFile, asked: Collection[str], held: bool, standing: Standing) -> Fate:
    """Take the asked out of one file, and say what became of it."""
    data = file.read()
    if data is None:
        return Fate(one.list_id, str(file.path), GONE)
    is_ours = file.is_ours(data)
    if _is_anothers(one, file, data, standing):
        return Fate(one.list_id, str(file.path), GONE)
    found = file.without(data, asked)
    if found is None and is_ours and held:
        return _deleted(one, file, standing)
    if found is None:
        return Fate(one.list_id, str(file.path), UNREAD)
    if not found.gone:
        return Fate(one.list_id, str(file.path), FREE if is_ours or not _names(data, asked) else CHANGED)
    if not is_ours:
        return Fate(one.list_id, str(file.path), CHANGED, found.gone)
    _rewrite(workspace, one, file, hash_of(data), found)
    return Fate(one.list_id, str(file.path), REWRITTEN, found.gone)


def _names(data: bytes, asked: Collection[str]) -> bool:
    """Whether a file that somebody changed has one of the keys anywhere in it."""
    return any(key.encode() in data for key in asked)


def _rewrite(workspace: Workspace, one: _Listed, file: ListFile, was: str, left: Left) -> None:
    """Issue the list's account again, then put what is left in the file's place; killed in between, the same again finishes."""
    account = _account(one.path, one.list_id) or one.account
    if account.get("inputs"):
        account = _reissued(account, file, was, left)
        if _account(one.path, one.list_id):
            _replace(manifests.manifest_path(one.path), lambda target: manifests.write(account, target))
        if one.record is not None and one.record.file == str(one.path):
            sha256 = str(account["results"].get("sha256") or one.record.sha256)
            workspace.records.ledger.note(replace(one.record, sha256=sha256, manifest=account))
    _replace(file.path, lambda target: target.write(left.data))


def _replace(path: Path, fill: Callable[[BinaryIO], int]) -> None:
    prepared = prepare(path, fill)
    try:
        prepared.publish(force=True)
    finally:
        prepared.discard()


def _reissued(account: dict[str, Any], file: ListFile, was: str, left: Left) -> dict[str, Any]:
    """Return the manifest with the hash and size that the file is to have, and how many rows were erased from it in all."""
    results = copy.deepcopy(account["results"])
    excluded = [results["excluded"]] if isinstance(results.get("excluded"), dict) else []
    parts = [one for one in (*results.get("files", ()), *excluded) if Path(str(one["file"])).name == file.path.name] or [results]
    for one in parts:
        gone = int(one.get("rows") or 0) + int(one.get("erased") or 0) - left.kept
        one.update({"sha256": hash_of(left.data), "bytes": len(left.data), "rows": left.kept, "erased": gone})
    if results.get("files"):
        several = results["files"]
        results |= {"sha256": several[0]["sha256"], **{name: sum(one[name] for one in several) for name in ("rows", "bytes")}}
        results["erased"] = sum(int(one.get("erased") or 0) for one in several)
    results.setdefault(BEFORE, {})[file.path.name] = was
    return manifests.manifest(account["inputs"], results, account.get("made_at", ""))


def _deleted(one: _Listed, file: ListFile, standing: Standing) -> Fate:
    """Delete a file that is c360's still."""
    data = file.read()
    if data is None or _is_anothers(one, file, data, standing):
        return Fate(one.list_id, str(file.path), GONE)
    if not file.is_ours(data):
        return Fate(one.list_id, str(file.path), CHANGED)
    file.path.unlink()
    return Fate(one.list_id, str(file.path), DELETED)


def _without_manifest(one: _Listed) -> None:
    beside = manifests.manifest_path(one.path)
    if _account(one.path, one.list_id) and not beside.is_symlink():
        beside.unlink(missing_ok=True)
