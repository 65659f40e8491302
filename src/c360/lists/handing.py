"""A list made in; its files, manifest, ledger entry and audit line out: all of them, or nothing has left."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.bindings.policy import ANALYSIS
from c360.deliver import manifest as manifests
from c360.deliver import stages
from c360.deliver.listing import NAMES, TITLES, ListResult
from c360.deliver.publishing import publish
from c360.deliver.splitting import Part, by_column, by_rows, form_of, part_path, refuse_parts
from c360.deliver.writers import WRITERS, Prepared, prepare
from c360.records.ledger import ListRecord

if TYPE_CHECKING:
    import polars

    from c360.deliver.account import Form
    from c360.lists.listing import Prepared as Ready
    from c360.lists.staging import Staged

STDOUT = "-"


def seen(ready: Ready, result: ListResult) -> None:
    """Write down that somebody looked at a list without taking it."""
    request = ready.asked.request
    ready.asked.workspace.records.audit.append(
        "preview", name=request.name, request_id=ready.request_id, purpose=request.purpose, rows=result.frame.height,
        columns=list(result.frame.columns),
    )  # fmt: skip


def handed_over(ready: Ready, result: ListResult, found: Staged, made_at: str) -> ListResult:
    """Write the list's files and their manifest; the audit log and the ledger know of it before it has its name."""
    request = ready.asked.request
    inputs = {**ready.inputs, **({"read_anew": found.anew} if found.anew else {})}
    if request.path is None:
        _told(ready, result, {}, made_at)
        return result
    prepared: list[Prepared] = []
    try:
        files, listed = files_of(ready, result, request.path)
        prepared += listed
        beside_it: dict[str, Any] = {}
        if request.excluded is not None and found.excluded is not None:
            prepared.append(_excluded(request.excluded, found.excluded))
            beside_it = {"excluded": _excluded_told(request.path, prepared[-1], found.excluded.height)}
        changed = sum(one.changed for one in listed)
        account = manifests.manifest(inputs, {**_results(ready, result, files, listed), **beside_it}, made_at)
        beside = manifests.manifest_path(request.path)
        prepared.insert(0, prepare(beside, lambda file: manifests.write(account, file)))
        before = _left_before(ready, result)
        _told(ready, result, account, made_at)
        try:
            publish(prepared, force=request.force)
        except BaseException:
            _forget(ready, result, before)
            raise
    finally:
        for one in prepared:
            one.discard()
    return replace(result, path=request.path, manifest=beside, neutralised=changed, files=tuple(one.path for one in listed))


def files_of(ready: Ready, result: ListResult, path: Path) -> tuple[list[dict[str, Any]], list[Prepared]]:
    """Prepare every file of the list; more than one where it is split."""
    request = ready.asked.request
    kind = request.kind
    form: Form = replace(result.form, scratch=ready.asked.workspace.engine.scratch)
    parts = parts_of(ready, result)
    refuse_parts(path, parts, force=request.force)
    told, made = [], []
    try:
        for part in parts:
            made.append(_prepared(part, part_path(path, part, len(parts)), kind, form_of(form, part, len(parts))))
            told.append({"file": made[-1].path.name, **part.as_json(), "bytes": made[-1].bytes, "sha256": made[-1].sha256})
    except BaseException:
        for one in made:
            one.discard()
        raise
    return told, made


def parts_of(ready: Ready, result: ListResult) -> list[Part]:
    """Return the list's parts: one a value of a column, or one a full sheet, else the whole."""
    request = ready.asked.request
    if request.split_by:
        own = {stages.CHANNEL: "public", ready.asked.key_name: "internal"}
        return by_column(result.frame, request.split_by, {**own, **ready.asked.classes}.get(request.split_by, ""))
    if request.split:
        return by_rows(result.frame)
    return by_rows(result.frame, max(result.frame.height, 1))


def _prepared(part: Part, path: Path, kind: str, form: Form) -> Prepared:
    return prepare(path, lambda file: WRITERS[kind](part.frame, file, form))


def _excluded(path: Path, frame: polars.DataFrame) -> Prepared:
    """Prepare the file of everybody who is not on the list, each with the first reason."""
    from c360.deliver.account import Form
    from c360.deliver.writers import format_of

    return prepare(path, lambda file: WRITERS[format_of(path, None)](frame, file, Form()))


def _excluded_told(path: Path, prepared: Prepared, rows: int) -> dict[str, Any]:
    """Return what the manifest of the list *path* says of the file of those left out; its name is as seen from the list."""
    name = os.path.relpath(prepared.path.resolve(), path.resolve().parent)
    return {"file": name, "rows": rows, "bytes": prepared.bytes, "sha256": prepared.sha256}


def _results(ready: Ready, result: ListResult, files: list[dict[str, Any]], listed: list[Prepared]) -> dict[str, Any]:
    request, form = ready.asked.request, result.form
    approvals = list(result.approvals)
    several: dict[str, Any] = {"files": files} if len(files) > 1 else {}
    several |= {"split_by": request.split_by} if request.split_by else {"split": True} if request.split else {}
    return {
        "file": files[0]["file"] if files else None, "format": request.kind, "rows": result.frame.height,
        "bytes": sum(one.bytes for one in listed), "sha256": files[0]["sha256"] if files else None,
        "cells_neutralised": sum(one.changed for one in listed), "masked": list(result.masked),
        "lang": request.lang, "headers": TITLES if form.titles else NAMES,
        "encoding": form.encoding if request.kind == "csv" else None, **result.keys_as_json(), **result.aim.as_json(),
        **({"approvals": approvals} if approvals else {}), **several, "waterfall": result.waterfall.as_json(),
    }  # fmt: skip


def _is_kept(ready: Ready, result: ListResult) -> bool:
    """Whether the ledger keeps the list: not one that contacts nobody, and no empty one that was only looked at."""
    request = ready.asked.request
    is_empty = result.members is None or result.members.is_empty()
    return request.purpose != ANALYSIS and not (request.path is None and is_empty)


def _left_before(ready: Ready, result: ListResult) -> ListRecord | None:
    """Return the ledger's entry of the very same list, where it has left before."""
    lists = ready.asked.workspace.records.ledger.lists()
    return next((record for record in lists if record.list_id == result.run_id), None)


def _forget(ready: Ready, result: ListResult, before: ListRecord | None) -> None:
    """Take the ledger's entry back, where there is one, to what it was *before*: what has left earlier has left."""
    ledger = ready.asked.workspace.records.ledger
    if not _is_kept(ready, result) or result.members is None:
        return
    if before is None:
        ledger.remove(result.run_id)
    else:
        ledger.record(before, result.members)


def _told(ready: Ready, result: ListResult, account: dict[str, Any], made_at: str) -> None:
    """Write the audit line, then the ledger's entry; where either fails nothing leaves."""
    request, records = ready.asked.request, ready.asked.workspace.records
    place = STDOUT if request.path is None else str(request.path.resolve())
    told = account.get("results", {})
    records.audit.append(
        "export", list_id=result.run_id, request_id=ready.request_id, name=request.name, purpose=request.purpose,
        segment=request.segment, campaign=request.campaign, as_of=result.as_of, on=ready.on, rows=result.frame.height,
        held_out=result.aim.held_out, columns=list(result.frame.columns), masked=list(result.masked),
        unmasked=list(request.unmask), reason=request.reason, recipient=request.recipient, file=place, sha256=told.get("sha256"),
        definition_hash=ready.inputs["definition_hash"], delete_after=result.aim.delete_after,
        approvals=list(result.approvals),
        removed={stage.name: stage.removed for stage in result.waterfall.stages if stage.removed},
    )  # fmt: skip
    if not _is_kept(ready, result) or result.members is None:
        return
    policy = ready.asked.policy
    costs = {} if policy is None else {name: policy.channels[name].cost for name in ready.asked.channels}
    value = request.value if isinstance(request.value, (int, float)) else None
    records.ledger.record(
        ListRecord(
            result.run_id, ready.request_id, request.name, bool(request.campaign), ready.asked.entity, ready.asked.key_name,
            request.purpose, ready.asked.channels, result.as_of, ready.on, result.aim.treated, result.aim.held_out, made_at,
            records.who(), place, told.get("sha256") or "", result.aim.delete_after,
            result.approvals, request.recipient, value, costs, account,
        ),
        result.members,
    )  # fmt: skip
