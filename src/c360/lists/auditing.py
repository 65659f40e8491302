"""A workspace and a question about past pulls in; lines of the audit log and lists of the ledger out; shows no customer's key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from c360.deliver.listing import refuse_one_text
from c360.errors import NothingMatched
from c360.records.audit import Line

if TYPE_CHECKING:
    from c360.records.audit import AuditCheck
    from c360.workspace import Workspace

# What a line says of itself first.
FIRST = ("at", "who", "event", "name", "purpose", "list_id", "rows", "file")
OWN = ("n", "before", "hash")


@dataclass(frozen=True)
class Holding:
    """One list that held a customer: *number* says which of the keys given, counted from 1; *arm* treated or held out.

    *file* names every file that it was written to; ``-`` is stdout.
    """

    number: int
    list_id: str
    name: str
    purpose: str
    on: date
    arm: str
    channel: str
    file: str
    delete_after: date | None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        until = None if self.delete_after is None else self.delete_after.isoformat()
        return {**vars(self), "on": self.on.isoformat(), "delete_after": until}


@dataclass(frozen=True)
class Held:
    """Which lists ever held the customers asked for: *holdings*, of *given* keys; *erased* numbers those erased since."""

    given: int
    holdings: tuple[Holding, ...]
    erased: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data; no key is in it."""
        return {"given": self.given, "holdings": [one.as_json() for one in self.holdings], "erased": list(self.erased)}


def lines(workspace: Workspace, *, unmasked: bool = False, **wanted: Any) -> list[Line]:
    """Return the lines of the audit log, the last first; *wanted* as `AuditLog.lines` takes it.

    With *unmasked* only those of lists that held personal values as they are.
    """
    found = list(workspace.records.audit.lines(**wanted))[::-1]
    return [line for line in found if line.facts.get("unmasked")] if unmasked else found


def verified(workspace: Workspace) -> AuditCheck:
    """Hold the audit log against its own hashes."""
    return workspace.records.audit.verify()


def expiring(workspace: Workspace, days: int) -> list[Line]:
    """Return the exports whose delete-after date is past or within *days*, the first due first; not those deleted by c360."""
    log = workspace.records.audit
    until = date.fromisoformat(workspace.records.clock()[:10]) + timedelta(days=days)
    done = {(line.facts.get("list_id"), line.facts.get("file")) for line in log.lines(event="expire")}
    found = {
        (line.facts.get("list_id"), line.facts.get("file")): line for line in log.lines(event="export")
        if line.facts.get("delete_after") and str(line.facts["delete_after"]) <= until.isoformat()
    }  # fmt: skip
    return sorted(
        (line for identity, line in found.items() if identity not in done),
        key=lambda line: (str(line.facts["delete_after"]), int(line.facts["n"])),
    )


def holding(workspace: Workspace, keys: Iterable[str]) -> Held:
    """Return which lists of the ledger hold the customers with *keys*, as rows' keys, persons, or keyed hashes of these.

    The question stands in the audit log with the keyed hashes. Rows of erased customers are gone: of them only that they were
    erased is known, and the log's lines of the erasure name the lists that were rewritten.
    """
    import polars as pl

    refuse_one_text("keys", keys)
    asked = tuple(dict.fromkeys(key.strip() for key in keys if key.strip()))
    if not asked:
        raise NothingMatched("no key was given", hint="give one key a line, in a file or on stdin")
    records = workspace.records
    hashes = [records.secret.hash(key) for key in asked]
    records.audit.append("asked", persons=len(asked), hashes=hashes)
    numbers = {key: number for number, key in enumerate(asked, 1)} | {one: number for number, one in enumerate(hashes, 1)}
    found = []
    places: dict[str, list[str]] = {}
    for line in records.audit.lines(event="export"):
        places.setdefault(str(line.facts.get("list_id")), []).append(str(line.facts.get("file") or ""))
    for record in records.ledger.lists():
        files = "; ".join(dict.fromkeys(places.get(record.list_id) or [record.file]))
        rows = records.ledger.rows(record.list_id)
        mine = rows.filter(pl.col("key").is_in(list(numbers)) | pl.col("person").is_in(list(numbers)))
        for row in mine.iter_rows(named=True):
            number = numbers.get(row["person"]) or numbers[row["key"]]
            found.append(
                Holding(number, record.list_id, record.name, record.purpose, record.on, row["arm"], row["channel"] or "",
                        files, record.delete_after)
            )  # fmt: skip
    erased = records.erased.hashes()
    gone = tuple(number for number, one in enumerate(hashes, 1) if one in erased)
    return Held(len(asked), tuple(sorted(dict.fromkeys(found), key=lambda one: (one.number, one.on, one.list_id))), gone)


def row(line: Line) -> dict[str, Any]:
    """Return what matters most of a line: when to the minute, and the name of the file without its folder."""
    facts = line.facts
    at, file = str(facts.get("at", ""))[:16].replace("T", " "), str(facts.get("file") or "")
    return {**{name: facts.get(name) for name in FIRST}, "at": at, "file": file.rpartition("/")[2]}


def told(line: Line) -> list[tuple[str, str]]:
    """Return all that a line says, as names and texts, its place in the log first; what is empty is left out."""
    said = {name: value for name, value in line.facts.items() if name not in OWN and value not in (None, "", [], {})}
    first = [name for name in FIRST if name in said]
    return [("line", line.place), *((name, _said(said[name])) for name in dict.fromkeys([*first, *said]))]


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return ", ".join(f"{name} {inner}" for name, inner in value.items()) if isinstance(value, dict) else str(value)
