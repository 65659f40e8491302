"""`audit` and `erase`: what was pulled, by whom and why; customers and old lists taken out; parse, ask the workspace, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from c360.cli import show
from c360.cli.options import Json, common, day, given_keys
from c360.errors import UsageError

if TYPE_CHECKING:
    from c360.cli.options import Common
    from c360.lists.auditing import Held
    from c360.lists.delisting import Fate
    from c360.lists.erasing import Erasure
    from c360.records.audit import AuditCheck, Line
    from c360.workspace import Workspace

FORMAT = 1
HEAD = ("at", "who", "event", "name", "purpose", "list_id", "rows", "file")
HELD = ("number", "on", "name", "purpose", "arm", "channel", "list_id", "file", "delete_after")
FILES = ("list_id", "file", "became", "rows")
VERIFY = "verify"


def audit(
    context: typer.Context,
    what: Annotated[str | None, typer.Argument(help="verify, the same as --verify.")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Find lines that were changed, removed or put in; exit 1.")] = False,
    list_id: Annotated[str | None, typer.Option("--list", help="Only what is said of this list or request.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="Only lists of this segment or campaign.")] = None,
    event: Annotated[str | None, typer.Option("--event", help="Only these: export, refused, erase, approve, preview …")] = None,
    since: Annotated[str | None, typer.Option("--since", help="From this day on (YYYY-MM-DD).")] = None,
    who: Annotated[str | None, typer.Option("--who", help="Only what this user did.")] = None,
    unmasked: Annotated[bool, typer.Option("--unmasked", help="Only lists that held personal values as they are.")] = False,
    expires: Annotated[
        int | None, typer.Option("--expires-within", min=0, max=36525, help="Lists to be deleted within so many days, or overdue.")
    ] = None,
    holds: Annotated[
        Path | None, typer.Option("--holds", help="Which lists ever held the customers whose keys are in this file; - is stdin.")
    ] = None,
    json: Json = False,
) -> None:
    """Read the audit log: who pulled which list, when, why and whereto; verify it; find the lists that held a customer."""
    options = common(context)
    wanted: dict[str, Any] = {"list_id": list_id, "name": name, "event": event, "since": day(since, "--since"), "who": who}
    wanted |= {"unmasked": True} if unmasked else {}
    verify = _is_verify(what) or verify
    if sum((verify, expires is not None, holds is not None, any(wanted.values()))) > 1:
        raise UsageError("--verify, --expires-within and --holds are questions of their own", hint="ask one at a time")
    workspace = options.open()
    if verify:
        return _verified(options, workspace.verify_audit(), as_json=json)
    if holds is not None:
        return _held(options, workspace.lists_holding(given_keys(holds) or ()), as_json=json)
    found = workspace.audit_lines(**wanted) if expires is None else workspace.expiring_lists(expires)
    return _lines(options, found, in_full=list_id is not None, as_json=json)


def erase(
    context: typer.Context,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="The customers' keys, one a line, in this file; - reads them from stdin.")
    ] = None,
    expired: Annotated[bool, typer.Option("--expired", help="Delete the lists that are past their delete-after date.")] = False,
    json: Json = False,
) -> None:
    """Take customers out of c360's own snapshots, lists and records, for good; or delete the lists that are past their date."""
    if (keys is None) == (not expired):
        raise UsageError("expected the customers' --keys, or --expired, one of the two", hint="c360 erase --keys - < keys.txt")
    options = common(context)
    workspace = options.open()
    if expired:
        return _expired(options, workspace, as_json=json)
    return _erased(options, workspace.erase(given_keys(keys) or ()), as_json=json)


def _is_verify(what: str | None) -> bool:
    if what not in (None, VERIFY):
        raise UsageError(f"'{what}' is nothing to do with the audit log", hint="c360 audit verify, or options: c360 audit --help")
    return what == VERIFY


def _lines(options: Common, found: list[Line], *, in_full: bool, as_json: bool) -> None:
    from c360.lists.auditing import row, told

    if as_json:
        return show.data(show.dumps({"format": FORMAT, "lines": [{"line": one.place, **one.facts} for one in found]}))
    if in_full and found:
        show.data("\n\n".join("\n".join(f"{show.padded(name, 16)}{text}" for name, text in told(one)) for one in found))
    else:
        show.table(HEAD, [tuple(row(one).values()) for one in found], numbers=("rows",))
    return show.talk(options, f"lines: {len(found)}" if found else "the audit log says nothing of that")


def _verified(options: Common, found: AuditCheck, *, as_json: bool) -> None:
    if as_json:
        told: dict[str, Any] = {"ok": found.ok, "lines": found.lines, "files": found.files, "findings": list(found.findings)}
        show.data(show.dumps({"format": FORMAT, **told}))
    for finding in found.findings:
        print(finding, file=sys.stderr)
    if not found.ok:
        raise typer.Exit(1)
    if not as_json:
        show.talk(options, f"the audit log is what was written: {found.lines:,} lines in {found.files} files")


def _held(options: Common, found: Held, *, as_json: bool) -> None:
    if as_json:
        return show.data(show.dumps({"format": FORMAT, **found.as_json()}))
    show.table(HELD, [tuple(one.as_json()[name] for name in HELD) for one in found.holdings], numbers=("number",))
    show.talk(options, f"keys given: {found.given}, rows of lists: {len(found.holdings)}")
    return show.talk(options, *(f"key {number} was erased; its rows are gone from the ledger" for number in found.erased))


def _expired(options: Common, workspace: Workspace, *, as_json: bool) -> None:
    found = workspace.expire_lists()
    if as_json:
        return show.data(show.dumps({"format": FORMAT, "files": [one.as_json() for one in found]}))
    _files(found)
    left = sum(one.is_left for one in found)
    told = f"files of lists past their date: {len(found)}" if found else "no list is past its delete-after date"
    return show.talk(options, told, *([f"{left} were changed since and are left: look at them yourself"] if left else []))


def _erased(options: Common, found: Erasure, *, as_json: bool) -> None:
    if as_json:
        return show.data(show.dumps(found.as_json()))
    if found.lists:
        _files(found.lists)
    done = found.snapshots
    show.talk(options, f"erased: {found.given} given, {found.new} of them for the first time; later lists leave them out")
    rows = ", ".join(f"{count} of {entity}" for entity, count in done.rows.items() if count) or "none"
    show.talk(options, f"snapshots: {len(done.rewritten)} written again, {len(done.removed)} removed; rows: {rows}")
    show.talk(options, *(f"{name} was removed: {why}; c360 build makes it again" for name, why in done.removed))
    show.talk(options, *(f"{name} is being read: run this again when that is done" for name in done.in_use))
    show.talk(options, f"rows taken out of the ledger: {found.ledger}, of outcomes and arbitrations: {found.records}")
    show.talk(options, "not reached:", *(f"  {place}" for place in found.not_reached))
    left = [fate.file for fate in found.lists if fate.is_left]
    return show.talk(options, *(f"not finished: {place} may hold them still" for place in left))


def _files(found: tuple[Fate, ...]) -> None:
    show.table(FILES, [tuple(one.as_json()[name] for name in FILES) for one in found], numbers=("rows",))
