"""A list's file or manifest in; whether it is what was handed over and can be made again, and what differs and why, out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.deliver import manifest as manifests
from c360.deliver.listing import TITLES, ListRequest
from c360.deliver.rereading import RowChanges, Unreadable, cells_of, changes
from c360.deliver.verification import DEFINITIONS, FILE, MANIFEST, PARAMETERS, ROWS, Difference, Remade, Verification, as_date
from c360.errors import C360Error, DefinitionError, Refused, SnapshotError, SourceError, UsageError
from c360.language.campaigns import Apart, Offer
from c360.lists import differing
from c360.lists.accounting import keys_told
from c360.lists.keylists import file_hash
from c360.lists.targeting import Known

if TYPE_CHECKING:
    import polars

    from c360.lists.listing import Prepared
    from c360.records.ledger import ListRecord
    from c360.snapshots.reading import Snapshot
    from c360.workspace import Workspace

# What keeps a list from being made again, and is an answer; anything else is a fault of the run.
ANSWERS = (DefinitionError, UsageError, SourceError, Refused, SnapshotError)


@dataclass
class _Told:
    """What is known of a list: its manifest's *account*, where its files are, and what was found of them so far."""

    base: Path
    account: Mapping[str, Any]
    record: ListRecord | None
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def inputs(self) -> Mapping[str, Any]:
        inputs: Mapping[str, Any] = self.account["inputs"]
        return inputs

    @property
    def results(self) -> Mapping[str, Any]:
        results: Mapping[str, Any] = self.account["results"]
        return results

    @property
    def files(self) -> list[Mapping[str, Any]]:
        """What the manifest says of each file: its name, rows, bytes and hash."""
        only = {name: self.results.get(name) for name in ("file", "rows", "bytes", "sha256")}
        return self.results.get("files") or ([only] if only["file"] else [])

    @property
    def request_id(self) -> str:
        return self.record.request_id if self.record is not None else manifests.request_id(self.inputs)

    def place_of(self, file: Mapping[str, Any]) -> Path:
        """Return where a file stands: beside the manifest, a list of one file under its name, which may be another by now."""
        renamed = len(self.files) == 1 and not self.results.get("split_by")
        return self.base if renamed else self.base.with_name(str(file["file"]))

    def add(self, found: Iterable[Difference | str]) -> None:
        for one in found:
            if isinstance(one, str):
                self.notes.append(one)
            elif (one.kind, one.name) not in {(old.kind, old.name) for old in self.differences}:
                self.differences.append(one)


def verify(workspace: Workspace, path: Path, keys: Iterable[str] | None = None) -> Verification:
    """Hold a list's files and manifest against each other and against what they stand on, and make the list again.

    *path* is the list's file, one of its files, or its manifest. *keys* are those given when it was made; the manifest holds only
    a digest of them. Contacts are counted as they were known then: lists that left since are not in the way.

    Raises UsageError where there is no manifest or keys are wanted, SnapshotError (exit 8) for one that is damaged, NewerFormat
    for one of a later c360, and DefinitionError where the definitions of now cannot be loaded.
    """
    told = _told(workspace, path)
    given = _keys(told, keys)
    _ = workspace.catalog  # definitions that do not load are a fault of their own
    frame = _checked_files(told)
    remade, why_not = _again(workspace, told, given, frame)
    if remade is not None and not remade.has_same_rows and not told.differences:
        told.add(_titles(told, remade))
    if remade is not None and not remade.has_same_rows and not told.differences:
        words = "made again from the same definitions, parameters and data it has other rows"
        told.add([Difference(ROWS, "rows", f"{words}; it was made by c360 {told.inputs.get('c360')}")])
    inputs, record = told.inputs, told.record
    found = Verification(
        told.account["run_id"], told.request_id, inputs.get("campaign") or inputs["segment"], str(told.base),
        inputs["as_of"], inputs.get("on", ""), told.account["made_at"], int(told.results.get("rows") or 0),
        tuple(told.differences), remade, why_not, (*told.notes, *_versions(inputs)),
    )  # fmt: skip
    workspace.records.audit.append(
        "verify", list_id=found.list_id, request_id=found.request_id, name=found.name, file=found.file, ok=found.ok,
        found={kind: len(found.of(kind)) for kind in found.kinds}, known=record is not None,
        remade=None if remade is None else remade.as_json(),
    )  # fmt: skip
    return found


def _told(workspace: Workspace, path: Path) -> _Told:
    """Find the manifest of *path*, and hold it against its digest and against what c360 remembers of the list."""
    place = _manifest_of(path)
    if place is None:
        return _from_ledger(workspace, path)
    account = manifests.read(place)
    base = place.with_name(place.name.removesuffix(manifests.ENDING))
    record = next((one for one in workspace.records.ledger.lists() if one.list_id == account["run_id"]), None)
    told = _Told(base, account, record)
    if not manifests.is_whole(account):
        told.add([Difference(MANIFEST, place.name, f"{place.name} was edited: its digest does not fit what it says")])
    kept = {} if record is None else record.manifest
    if not kept:
        told.add(_against_audit(workspace, told, place))
        return told
    # The same list in another file has other results.
    is_same_file = record is not None and record.file == str(base.resolve())
    parts = ("inputs", "results") if is_same_file else ("inputs",)
    edited = [leaf for part in parts for leaf in manifests.leaves_that_differ(kept.get(part), account[part], part)]
    if edited:
        words = f"{place.name} is not what the ledger holds: {', '.join(edited)}"
        told.account = {**account, **{part: kept[part] for part in parts}, "made_at": kept.get("made_at", "")}
        told.differences = [Difference(MANIFEST, place.name, words, None, edited)]
    return told


def _manifest_of(path: Path) -> Path | None:
    """Return the manifest of *path*: itself, the one beside it, or the one of a list that it is a part of."""
    if path.name.endswith(manifests.ENDING):
        if not path.is_file():
            raise UsageError(f"{path} is not there", hint="name a list's file or its manifest")
        return path
    beside = manifests.manifest_path(path)
    if beside.is_file():
        return beside
    for other in sorted(path.parent.glob(f"*{manifests.ENDING}")):
        try:
            results = manifests.read(other)["results"]
        except SnapshotError:
            continue
        if path.name in {one.get("file") for one in (results, *results.get("files", ()))}:
            return other
    return None


def _from_ledger(workspace: Workspace, path: Path) -> _Told:
    """Return what the ledger holds of a file whose manifest is gone; raises UsageError where it knows no such file."""
    if not path.is_file():
        raise UsageError(f"{path} is not there, and no manifest of it", hint="name a list's file or its manifest")
    sha256 = file_hash(path)
    for record in reversed(workspace.records.ledger.lists()):
        files = record.manifest.get("results", {}).get("files", ())
        if sha256 in {record.sha256, *(one["sha256"] for one in files)} or record.file == str(path.resolve()):
            words = f"{path.name} has no manifest beside it; the ledger's was taken"
            missing = Difference(MANIFEST, path.name, words)
            base = path if len(files) < 2 else path.with_name(Path(record.file).name)  # noqa: PLR2004 - one file, or several
            return _Told(base, record.manifest, record, [missing])
    told = f"{path.name} has no manifest beside it, and the ledger knows no such list"
    raise UsageError(told, hint="put its manifest beside it; without one nothing says what the list should be")


def _against_audit(workspace: Workspace, told: _Told, place: Path) -> Iterator[Difference]:
    """Yield that the audit log knows the list by another hash; a list from which somebody was erased has one of its own."""
    lines = workspace.records.audit.lines(event="export", list_id=told.account["run_id"])
    known = {line.facts.get("sha256") for line in lines} - {None}
    if known and told.results.get("sha256") not in known and not told.results.get("erased"):
        yield Difference(MANIFEST, place.name, f"{place.name} was edited: the audit log knows the list by another hash")


def _keys(told: _Told, keys: Iterable[str] | None) -> tuple[str, ...] | None:
    """Return the keys that were given; raises UsageError where they are wanted, or were not."""
    wanted = told.inputs.get("keys")
    if wanted is None:
        if keys is not None:
            raise UsageError("this list was not made from given keys", hint="leave --keys out")
        return None
    if keys is None:
        count = f"{wanted['given']:,}"
        raise UsageError(
            f"the list was made from {count} given keys, and its manifest holds only a digest of them",
            hint="give the same keys: --keys FILE", where=told.base.name,
        )  # fmt: skip
    return tuple(keys)


def _checked_files(told: _Told) -> polars.DataFrame | None:
    """Hold every file against its hash; return the rows of all, every cell a text, None where not all can be read."""
    import polars as pl

    kind, encoding = str(told.results.get("format")), told.results.get("encoding") or "utf-8"
    frames: list[polars.DataFrame] = []
    for one in told.files:
        path = told.place_of(one)
        if not path.is_file():
            told.add([Difference(FILE, path.name, f"{path.name} is not there", one.get("sha256"))])
            continue
        try:
            frames.append(cells_of(path, kind, encoding))
            rows = f"{frames[-1].height:,} rows"
        except Unreadable as fault:
            rows = str(fault)
        if file_hash(path) != one.get("sha256"):
            then = f"{one.get('rows', 0):,} rows and {one.get('bytes', 0):,} bytes" if len(told.files) > 1 else _size(told)
            words = f"{path.name} was written with {then}; now {path.stat().st_size:,} bytes, {rows}"
            told.add([Difference(FILE, path.name, words, one.get("sha256"), file_hash(path))])
    _check_excluded(told)
    if len(frames) < len(told.files) or not frames:
        return None
    try:
        return pl.concat(frames)
    except pl.exceptions.PolarsError:  # one of them has other columns
        return None


def _check_excluded(told: _Told) -> None:
    """Hold the file of those left out against its hash, where one was written."""
    one = told.results.get("excluded")
    if not isinstance(one, dict):
        return
    path = told.base.parent / str(one["file"])
    if not path.is_file():
        told.add([Difference(FILE, path.name, f"{path.name}, of those left out, is not there", one.get("sha256"))])
    elif file_hash(path) != one.get("sha256"):
        words = f"{path.name}, of those left out, was written with {one.get('rows', 0):,} rows and {one.get('bytes', 0):,} bytes"
        told.add([Difference(FILE, path.name, f"{words}; now {path.stat().st_size:,} bytes", one.get("sha256"), file_hash(path))])


def _titles(told: _Told, remade: Remade) -> Iterator[Difference]:
    """Yield that columns are called otherwise: a title is no part of a definition's hash, and heads a column."""
    found = remade.changes
    if told.results.get("headers") != TITLES or found is None or len(found.columns_added) != len(found.columns_removed):
        return
    if replace(found, columns_added=(), columns_removed=()).is_none:
        then, now = sorted(found.columns_removed), sorted(found.columns_added)
        words = f"columns were called {', '.join(then)}, and are called {', '.join(now)} now"
        yield Difference(DEFINITIONS, "titles", words, then, now)


def _size(told: _Told) -> str:
    return f"{told.results.get('rows', 0):,} rows and {told.results.get('bytes', 0):,} bytes"


def _again(
    workspace: Workspace, told: _Told, keys: tuple[str, ...] | None, frame: polars.DataFrame | None
) -> tuple[Remade | None, str]:
    """Say what the list stands on that is another now, make the list again, and compare; the text says why it cannot be made."""
    inputs = told.inputs
    held = _snapshot(workspace, told)
    try:
        asked = workspace if held is None else workspace.at_generation(held)
        rule = inputs.get("where")
        if rule is not None:
            asked = asked.with_rule(rule["text"], rule["entity"])
        told.add(differing.parameters(asked, inputs))
        told.add(differing.definitions(asked, inputs))
        asked.bindings.refresh()
        told.add(differing.data(asked, told.account, from_snapshot=held is not None))
        if told.results.get("erased"):
            told.notes.append(f"{told.results['erased']:,} rows were erased from its files since, at customers' own request")
        return _remade(asked, told, replace(_request(told, keys), snapshot=held is not None), frame), ""
    except ANSWERS as error:
        return None, differing.why(error)
    finally:
        if held is not None:
            held.close()


def _snapshot(workspace: Workspace, told: _Told) -> Snapshot | None:
    """Open the snapshot that the list came from, whether it is current still or not; None where it is not there whole."""
    origin = told.inputs.get("snapshot")
    if origin is None:
        return None
    generation = str(origin["generation"])
    try:
        workspace.snapshots.verify(generation)
        found = workspace.snapshots.open(generation)
    except SnapshotError:
        return None
    if generation not in workspace.snapshots.pointer().current.values():
        told.notes.append(f"the snapshot {generation} is not the current one any more; the list was made again from it")
    return found


def _remade(asked: Workspace, told: _Told, request: ListRequest, frame: polars.DataFrame | None) -> Remade:
    from c360.lists.listing import made_again

    inputs = told.inputs
    anew = inputs.get("read_anew", {})
    known = Known(told.request_id, as_date(anew.get("day")), frozenset(anew.get("lists", ())))
    ready, result, _ = made_again(asked, request, known)
    if ready.asked.keys is not None and keys_told(ready.asked.keys) != inputs["keys"]:
        then, now = inputs["keys"]["given"], len(ready.asked.keys)
        words = f"the keys given are not those that it was made from: {then:,} then, {now:,} now"
        told.add([Difference(PARAMETERS, "keys", words, then, now)])
    return _compared(ready, result, told, frame)


def _compared(ready: Prepared, result: Any, told: _Told, frame: polars.DataFrame | None) -> Remade:
    """Write the list made again into the engine's private folder, and hold it against what was handed over."""
    from c360.lists.handing import files_of

    scratch = ready.asked.workspace.engine.scratch
    assert scratch is not None
    listed, made = files_of(ready, result, scratch / told.base.name)
    try:
        is_same = [one["sha256"] for one in listed] == [one["sha256"] for one in told.files]
        is_whole = not any(one.kind == FILE for one in told.differences)
        if frame is None or (is_same and is_whole):
            return Remade(result.frame.height, RowChanges() if is_same and is_whole else None, is_same)
        kind, encoding = str(told.results.get("format")), told.results.get("encoding") or "utf-8"
        return Remade(result.frame.height, _changed(frame, [one.temporary for one in made], kind, encoding), is_same)
    finally:
        for one in made:
            one.discard()


def _changed(frame: polars.DataFrame, paths: Sequence[Path], kind: str, encoding: str) -> RowChanges | None:
    import polars as pl

    try:
        return changes(frame, pl.concat([cells_of(path, kind, encoding) for path in paths]))
    except (Unreadable, pl.exceptions.PolarsError):
        return None


def _request(told: _Told, keys: tuple[str, ...] | None) -> ListRequest:
    """Return the request that the manifest is of; raises UsageError where an earlier c360 did not write enough down."""
    inputs, results = told.inputs, told.results
    if inputs["segment"] == "where" and "where" not in inputs:
        raise UsageError("the c360 that made it did not write the rule's text down", hint="make the list again")
    holdout, offer = inputs.get("holdout") or {}, inputs.get("offer")
    kind = results.get("format")
    return ListRequest(
        inputs["segment"], told.base, tuple(inputs["columns"]), tuple(inputs.get("order", ())), inputs.get("limit"),
        inputs["as_of"], format=kind, allow_current=True, allow_stale=True, allow_empty=True, keys=keys,
        lang=results.get("lang", "en"), headers=results.get("headers") if kind in ("csv", "xlsx") else None,
        encoding=results.get("encoding"), purpose=inputs.get("purpose", ""),
        channels=tuple(inputs.get("channels", ())), on=as_date(inputs.get("on")), holdout=holdout.get("share", 0.0),
        salt=holdout.get("salt", ""), strata=inputs.get("strata", ""), one_per=inputs.get("one_per", ""),
        score=inputs.get("score", ""), value=inputs.get("value"), offer=None if offer is None else Offer(**offer),
        apart=tuple(Apart(name, days) for name, days in inputs.get("apart", ())), unmask=tuple(inputs.get("unmasked", ())),
        recipient=inputs.get("recipient", ""), split_by=results.get("split_by", ""), split=bool(results.get("split")),
        campaign=inputs.get("campaign", ""), month=inputs.get("month", ""),
    )  # fmt: skip


def _versions(inputs: Mapping[str, Any]) -> Iterator[str]:
    from importlib.metadata import version

    for name in ("c360", "duckdb"):
        if inputs.get(name, version(name)) != version(name):
            yield f"made with {name} {inputs[name]}, verified with {name} {version(name)}"


__all__ = ["C360Error", "verify"]
