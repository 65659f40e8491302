"""What verifying a list found, as plain data and in words: each difference with its reason; knows counts and names, no key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from c360.deliver.rereading import RowChanges

FILE, MANIFEST, DATA, DEFINITIONS, PARAMETERS, ROWS = "file", "manifest", "data", "definitions", "parameters", "rows"
KINDS = (FILE, MANIFEST, DATA, DEFINITIONS, PARAMETERS, ROWS)
FORMAT = 1
SHOWN = 12  # digits of a hash that people compare


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was: its *kind*, what it is called, what was found, and both states where they are told."""

    kind: str
    name: str
    words: str
    then: Any = None
    now: Any = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return vars(self)


@dataclass(frozen=True)
class Remade:
    """A list made again: how many *rows*, what they differ in from the file (None where no file can be read), and its bytes.

    *is_same* says that every file came out with the bytes that were handed over.
    """

    rows: int
    changes: RowChanges | None
    is_same: bool

    @property
    def has_same_rows(self) -> bool:
        """Whether it is known that the rows are the same."""
        return self.is_same or (self.changes is not None and self.changes.is_none)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        changes = None if self.changes is None else self.changes.as_json()
        return {"rows": self.rows, "same_bytes": self.is_same, "same_rows": self.has_same_rows, "changes": changes}


@dataclass(frozen=True)
class Verification:
    """What verifying a list found: *differences*, what making it again gave, and *notes* on what differs but decides nothing.

    *remade* is None where the list could not be made again; *why_not* says why.
    """

    list_id: str
    request_id: str
    name: str
    file: str
    as_of: str
    on: str
    made_at: str
    rows: int
    differences: tuple[Difference, ...]
    remade: Remade | None
    why_not: str = ""
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all is as it was, and the list could be made again."""
        return not self.differences and self.remade is not None

    def of(self, kind: str) -> tuple[Difference, ...]:
        """Return the differences of one kind."""
        return tuple(one for one in self.differences if one.kind == kind)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of what differs, in the order of `KINDS`."""
        return tuple(kind for kind in KINDS if self.of(kind))

    @property
    def verdict(self) -> str:
        """What came of it, in a sentence."""
        handed = "the file is not what was handed over" if self.of(FILE) else "the file is what was handed over"
        if self.remade is None:
            return f"{handed}; the list could not be made again: {self.why_not}"
        again, others = self.remade, _joined(kind for kind in self.kinds if kind in STANDS_ON)
        differs = "" if again.changes is None or again.changes.is_none else f": against the file {again.changes}"
        if again.has_same_rows:
            same = "made again it is what was handed over, byte for byte" if again.is_same else "made again it has the same rows"
            return f"{handed}; {same}{f', although {others} changed' if others else ''}{differs}"
        because = f", now that {others} changed," if others else ""
        return f"{handed}; made again{because} it has {again.rows:,} rows, {self.rows:,} were handed over{differs}"

    def lines(self) -> list[str]:
        """Return every difference in words, kind by kind, then the notes and the verdict."""
        told = [f"changed {kind}: {one.words}" for kind in KINDS for one in self.of(kind)]
        return [*told, *(f"note: {note}" for note in self.notes), self.verdict]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data; no key is in it."""
        return {
            "format": FORMAT, "ok": self.ok, "list_id": self.list_id, "request_id": self.request_id, "name": self.name,
            "file": self.file, "as_of": self.as_of, "on": self.on or None, "made_at": self.made_at, "rows": self.rows,
            "differences": [one.as_json() for one in self.differences], "kinds": list(self.kinds),
            "remade": None if self.remade is None else self.remade.as_json(), "why_not": self.why_not or None,
            "notes": list(self.notes), "verdict": self.verdict,
        }  # fmt: skip


STANDS_ON = (DATA, DEFINITIONS, PARAMETERS)


def hashes(then: str | None, now: str | None) -> str:
    """Return two hashes in words."""
    return f"{_short(then)} then, {_short(now)} now"


def _short(text: str | None) -> str:
    return "none" if not text else text[:SHOWN]


def _joined(parts: Iterable[str]) -> str:
    found = list(parts)
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def as_date(text: str | None) -> date | None:
    """Return the day that a manifest says; None where it says none."""
    return None if not text else date.fromisoformat(text)
