"""`snapshots`: what was built and is kept; verify it, go back, remove what is old; parse, ask the store, print."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from c360.cli import show
from c360.cli.options import Json, common, day
from c360.errors import SnapshotError, UsageError

if TYPE_CHECKING:
    from c360.cli.options import Common
    from c360.snapshots.manifest import Manifest
    from c360.snapshots.pruning import Pruned
    from c360.snapshots.store import Generation, Store
    from c360.workspace import Workspace

FORMAT = 1
HEAD = ("as_of", "generation", "state", "entities", "tags", "rows", "bytes", "run_id")
VERIFIED = ("generation", "state", "files", "bytes", "found")
DIGESTS = ("generation", "entity", "digest")
NOTHING = "nothing built yet: c360 build"
PARTS = ("entity", "family", "columns", "files", "rows", "bytes", "older")


def snapshots(
    context: typer.Context,
    generation: Annotated[str | None, typer.Argument(help="One generation: what lies in it.")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Hold every file against its hash.")] = False,
    content: Annotated[
        bool, typer.Option("--content", help="Digest the tag values: equal values, equal digest, however they were built.")
    ] = False,
    rollback: Annotated[
        str | None, typer.Option("--rollback", help="Make current what was before, of this as-of date (YYYY-MM-DD).")
    ] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove what is old, set aside or left by killed builds.")] = False,
    keep: Annotated[int, typer.Option("--keep", min=1, help="With --prune: generations to keep of each as-of date.")] = 2,
    before: Annotated[
        str | None, typer.Option("--before", help="With --prune: remove as-of dates before this one altogether (YYYY-MM-DD).")
    ] = None,
    json: Json = False,
) -> None:
    """List what `c360 build` made: as-of dates, generations and sizes; verify, roll back, prune."""
    changes = prune or rollback is not None
    if sum((verify, content, rollback is not None, prune)) > 1 or (generation is not None and changes):
        told = "expected one of --verify, --content, --rollback and --prune; a generation alone or with the first two"
        raise UsageError(told, hint="one at a time")
    if before is not None and not prune:
        raise UsageError("--before goes with --prune", hint="c360 snapshots --prune --before 2026-01-01")
    options = common(context)
    workspace = options.open()
    store = workspace.snapshots
    if verify:
        return _verified(options, store, generation, as_json=json)
    if rollback is not None:
        return _rolled_back(options, store, rollback, as_json=json)
    if content:
        return _digested(options, workspace, generation, as_json=json)
    if prune:
        return _pruned(options, store.prune(keep, day(before, "--before")), as_json=json)
    if generation is not None:
        return _one(options, store, generation, as_json=json)
    return _listed(options, store, as_json=json)


def _listed(options: Common, store: Store, *, as_json: bool) -> None:
    found = store.generations()
    if as_json:
        return show.data(show.dumps({"format": FORMAT, "snapshots": [_record(g) for g in found], "writer": store.writer()}))
    rows = [tuple(_row(generation).values()) for generation in found]
    show.table(HEAD, rows, numbers=HEAD[4:7])
    writer = store.writer()
    show.talk(options, *([f"{writer} is writing now"] if writer else []))
    show.talk(options, f"generations: {len(found)}, {sum(g.bytes for g in found):,} bytes" if found else NOTHING)
    return None


def _row(found: Generation) -> dict[str, Any]:
    """Return a generation as one row: names of entities, and sums over them."""
    tables = () if found.manifest is None else found.manifest.entities
    return {
        "as_of": found.as_of.isoformat(),
        "generation": found.name,
        "state": f"{found.state}: {found.fault}" if found.fault else found.state,
        "entities": ", ".join(table.entity for table in tables),
        "tags": sum(len(table.tags) for table in tables),
        "rows": sum(table.rows for table in tables),
        "bytes": found.bytes,
        "run_id": "" if found.manifest is None else found.manifest.run_id,
    }


def _record(found: Generation) -> dict[str, Any]:
    tables = () if found.manifest is None else found.manifest.entities
    entities = [{"entity": table.entity, "rows": table.rows, "tags": len(table.tags)} for table in tables]
    return {**_row(found), "state": found.state, "fault": found.fault or None, "entities": entities}


def _one(options: Common, store: Store, generation: str, *, as_json: bool) -> None:
    with store.open(generation) as snapshot:
        manifest = snapshot.manifest
    if as_json:
        return show.data(show.dumps({"format": FORMAT, "generation": generation, "manifest": manifest.model_dump(mode="json")}))
    show.table(PARTS, _parts(manifest, generation), numbers=PARTS[2:])
    versions = ", ".join(f"{name} {version}" for name, version in manifest.versions.items())
    made = f"made {manifest.made_at or 'at no known time'} by {versions or 'c360'}"
    show.talk(options, f"as of {manifest.as_of}, run {manifest.run_id}, {made}")
    show.marks(options, manifest.marks)
    return None


def _parts(manifest: Manifest, generation: str) -> list[tuple[object, ...]]:
    """Return the keys and families of each entity; *older* counts the files that lie in older generations."""
    rows: list[tuple[object, ...]] = []
    for table in manifest.entities:
        for name, columns, files in [("", 0, (table.keys,)), *((f.name, len(f.columns), f.files) for f in table.families)]:
            older = sum(not file.path.startswith(generation + "/") for file in files)
            sums = (sum(file.rows for file in files), sum(file.bytes for file in files))
            rows.append((table.entity, name or "(keys)", columns, len(files), *sums, older))
    return rows


def _verified(options: Common, store: Store, generation: str | None, *, as_json: bool) -> None:
    """Verify one generation, or all that are current or kept; tell of every one, and exit with 8 where one is damaged."""
    names = [generation] if generation else [g.name for g in store.generations() if g.state not in {"parts", "orphan", "set aside"}]
    rows: list[tuple[object, ...]] = []
    faults = []
    for name in names:
        try:
            found = store.verify(name)
            rows.append((name, "well", found.files, found.bytes, "; ".join(found.notes)))
        except SnapshotError as error:
            faults.append(error)
            rows.append((name, "damaged", None, None, error.message))
    if as_json:
        show.data(
            show.dumps({"format": FORMAT, "ok": not faults, "verified": [dict(zip(VERIFIED, row, strict=True)) for row in rows]})
        )
    else:
        show.table(VERIFIED, rows, numbers=VERIFIED[2:4])
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        raise typer.Exit(faults[0].exit_code)
    show.talk(options, f"every file is what was published; generations: {len(names)}" if names else NOTHING)


def _digested(options: Common, workspace: Workspace, generation: str | None, *, as_json: bool) -> None:
    """Print the digest of the tag values of one generation, or of each that is current."""
    from c360.snapshots.content import content_of

    store = workspace.snapshots
    rows = []
    for name in [generation] if generation else [g.name for g in store.generations() if g.state == "current"]:
        with store.open(name) as snapshot:
            rows += [(name, entity, digest) for entity, digest in content_of(workspace.engine, snapshot).items()]
    if as_json:
        return show.data(show.dumps({"format": FORMAT, "content": [dict(zip(DIGESTS, row, strict=True)) for row in rows]}))
    show.table(DIGESTS, rows)
    show.talk(options, *([] if rows else [NOTHING]))
    return None


def _rolled_back(options: Common, store: Store, text: str, *, as_json: bool) -> None:
    as_of = day(text, "--rollback")
    assert as_of is not None
    before = store.pointer().current.get(as_of)
    now = store.rollback(as_of)
    if as_json:
        return show.data(show.dumps({"format": FORMAT, "as_of": as_of, "generation": now, "set_aside": before}))
    return show.talk(options, f"{now} is current for {as_of}; {before} is set aside, until c360 snapshots --prune removes it")


def _pruned(options: Common, done: Pruned, *, as_json: bool) -> None:
    if as_json:
        told = {"removed": done.removed, "kept": done.kept, "in_use": done.in_use, "freed": done.freed}
        return show.data(show.dumps({"format": FORMAT, **told}))
    show.talk(options, f"removed {len(done.removed)}, kept {len(done.kept)}, {done.freed:,} bytes freed")
    show.talk(options, *(f"{name} stays: somebody reads it; prune again later" for name in done.in_use))
    return None
