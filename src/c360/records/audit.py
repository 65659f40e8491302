"""Events in, an append-only chain of JSON lines out, a file a month; holds no customer's value, key or row.

Each line holds the hash of the line before it, over the months' borders too, so a line changed, removed or put in between
is seen. ``head.json`` holds the last hash and the number of lines, so a tail cut off is seen too. The head is written
before the line, with the hash of what is coming, and again after it: whoever is killed in between leaves a state that the
next writer completes, and that cannot be taken for a cut. The chain shows tampering; it does not prevent it: who may
write these files may also write all of them anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from c360.errors import InternalError
from c360.records import keeping
from c360.snapshots.fileops import FILE_MODE

EVENTS = (
    "export", "refused", "erase", "approve", "propose", "arbitrate", "verify", "outcomes", "preview", "expire", "asked", "mended",
    "withdrawn",
)  # fmt: skip
OWN = ("n", "at", "who", "event", "before", "hash")
HEAD = "head.json"
MONTH = re.compile(r"\d{4}-\d\d\.jsonl")
START = "0" * 64
# The second net: no caller passes rows, but a reason or a path is a person's own text.
PERSONAL = re.compile(r"(?<![0-9A-Za-z])(?:\+?(?:86)?1[3-9]\d{9}|\d{15}|\d{17}[0-9Xx])(?![0-9A-Za-z])|[\w.+-]+@[\w-]+\.[\w.-]+")
HIDDEN = "[hidden]"


@dataclass(frozen=True)
class Line:
    """One line of the log as it was read: *place* is ``file:line``, *facts* all that it says."""

    place: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class AuditCheck:
    """What holding the log against its hashes found: *findings* are texts that begin with ``file:line``; none is well."""

    lines: int
    files: int
    findings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the log is what was written."""
        return not self.findings


class AuditLog:
    """The log in *folder*. *clock* says the time (ISO, UTC), *who* the user's name; nothing is made before the first line."""

    def __init__(self, folder: Path, clock: Callable[[], str], who: Callable[[], str], root: Path | None = None) -> None:
        self.folder = folder
        self._clock, self._who, self._root = clock, who, root or folder

    def append(self, event: str, **facts: object) -> str:
        """Write one line and have it on the disk; returns its hash.

        *facts* are plain data: counts, names, ids, hashes, never a customer's value or key. Raises ResourceError (exit 7)
        where it cannot be written; then nothing may leave c360.
        """
        if event not in EVENTS or set(facts) & set(OWN):
            raise InternalError(f"'{event}' is no event of the audit log, or its facts have names of the log's own")
        keeping.make_folder(self.folder, self._root)
        with keeping.locked(self.folder):
            head = self._completed(self._head())
            if head is None:
                head = self._mended()
            return self._appended(head, event, {name: _hidden(plain(value)) for name, value in facts.items()})

    def lines(
        self, *, event: str | None = None, name: str | None = None, list_id: str | None = None, since: date | None = None,
        who: str | None = None,
    ) -> Iterator[Line]:  # fmt: skip
        """Yield the lines in order: of an *event*, a list's *name* or *list_id* (or its beginning), *since* a day, *who*.

        A line that is no JSON is passed over; `verify` names it.
        """
        for place, text in self._texts():
            facts = _parsed(text)
            if facts is None:
                continue
            ids = (str(facts.get("list_id", "")), str(facts.get("request_id", "")))
            if (
                (event is None or facts.get("event") == event)
                and (name is None or facts.get("name") == name)
                and (list_id is None or any(one.startswith(list_id) for one in ids))
                and (since is None or str(facts.get("at", "")) >= since.isoformat())
                and (who is None or facts.get("who") == who)
            ):
                yield Line(place, facts)

    def verify(self) -> AuditCheck:
        """Hold every line against its own hash and the one before it, and the last against the head."""
        findings, before, number, place = [], START, 0, ""
        texts = list(self._texts())
        head = self._head()
        if head is not None and "coming" in head:
            # Killed between the head and the line: the line is there whole, in part, or not at all, and each is well.
            if texts and _hash_in(texts[-1][1]) == head["coming"]:
                head = {**head, "last": head["coming"], "count": head["count"] + 1}
            elif texts and _parsed(texts[-1][1]) is None:
                texts.pop()
        for place, text in texts:
            facts = _parsed(text)
            if facts is None:
                findings.append(f"{place}: is no line of the log")
                continue
            if facts.get("hash") != hash_of(facts):
                findings.append(f"{place}: the line was changed")
            elif facts.get("before") != before:
                findings.append(f"{place}: the line before it was removed, changed or added")
            elif facts.get("n") != number + 1:
                findings.append(f"{place}: is line {facts.get('n')} of the log, expected {number + 1}")
            if facts.get("event") == "mended":
                findings.append(f"{place}: {HEAD} had been lost here; lines before it may have been cut off")
            before, number = str(facts.get("hash")), _number(facts, number + 1)
        findings += _against(head, before, number, place)
        return AuditCheck(len(texts), len(self._files()), tuple(findings))

    def _appended(self, head: dict[str, Any], event: str, facts: dict[str, Any]) -> str:
        at = self._clock()
        # A clock that went back writes on in the month that the log has reached.
        month = max(at[:7], str(head.get("month", "")))
        line = {"n": head["count"] + 1, "at": at, "who": self._who(), "event": event, **facts, "before": head["last"]}
        line["hash"] = hash_of(line)
        place = self.folder / f"{month}.jsonl"
        size = place.stat().st_size if place.exists() else 0
        coming = {**head, "coming": line["hash"], "file": place.name, "size": size}
        self._write_head(coming)
        with keeping.told("writing the audit log", place):
            descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, FILE_MODE)
            try:
                _written(descriptor, _text(line).encode() + b"\n")
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, size)
                raise
            finally:
                os.close(descriptor)
            keeping.OPS.sync_folder(self.folder)
        self._write_head({"count": line["n"], "last": line["hash"], "month": month})
        return str(line["hash"])

    def _completed(self, head: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return the head after what a killed writer was about: its line counts if it is whole, else what is of it goes."""
        if head is None or "coming" not in head:
            return head
        place = self.folder / str(head["file"])
        data = keeping.read_whole(place, "the audit log") or b""
        tail = data[int(head["size"]) :]
        if tail.endswith(b"\n") and _hash_in(tail.decode("utf-8", "replace")) == head["coming"]:
            return {"count": head["count"] + 1, "last": head["coming"], "month": place.stem}
        if tail:
            with keeping.told("writing the audit log", place):
                os.truncate(place, int(head["size"]))
        return {name: head[name] for name in ("count", "last", "month") if name in head}

    def _mended(self) -> dict[str, Any]:
        """Return a head for a log that has none: the start, or, where lines stand, what they say, and a line that says so."""
        texts = [facts for _, text in self._texts() if (facts := _parsed(text)) is not None]
        if not texts:
            return {"count": 0, "last": START}
        last = texts[-1]
        found = {"count": _number(last, len(texts)), "last": str(last.get("hash")), "month": self._files()[-1].stem}
        self._appended(found, "mended", {"told": f"{HEAD} was lost"})
        head = self._head()
        assert head is not None
        return head

    def _head(self) -> dict[str, Any] | None:
        data = keeping.read_whole(self.folder / HEAD, "the audit log")
        if data is None:
            return None
        try:
            found = json.loads(data)
            return found if isinstance(found["count"], int) and isinstance(found["last"], str) else None
        except (ValueError, KeyError, TypeError):
            return None

    def _write_head(self, head: dict[str, Any]) -> None:
        keeping.write_whole(self.folder / HEAD, json.dumps(head).encode() + b"\n", "writing the audit log")

    def _files(self) -> list[Path]:
        return sorted(p for p in self.folder.iterdir() if MONTH.fullmatch(p.name)) if self.folder.is_dir() else []

    def _texts(self) -> Iterator[tuple[str, str]]:
        for path in self._files():
            data = keeping.read_whole(path, "the audit log") or b""
            texts = data.decode("utf-8", "replace").removesuffix("\n").split("\n") if data else []
            for number, text in enumerate(texts, 1):
                yield f"audit/{path.name}:{number}", text


def hash_of(line: Mapping[str, Any]) -> str:
    """Return the hash of a line: over all that it says but the hash, with names in order."""
    return hashlib.sha256(_text({name: value for name, value in line.items() if name != "hash"}).encode()).hexdigest()


def plain(value: object) -> Any:
    """Return *value* as JSON knows it: dates and paths as text, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        return PERSONAL.sub(HIDDEN, value)
    if isinstance(value, list):
        return [_hidden(inner) for inner in value]
    return {_hidden(name): _hidden(inner) for name, inner in value.items()} if isinstance(value, dict) else value


def _against(head: dict[str, Any] | None, last: str, number: int, place: str) -> list[str]:
    if head is None:
        return [f"{place}: {HEAD} is lost or damaged, so a tail may have been cut off"] if place else []
    if number < head["count"]:
        return [f"{place or 'audit'}: {head['count'] - number} lines after it were cut off"]
    return [f"{place}: is not the last line that c360 wrote"] if last != head["last"] else []


def _number(facts: Mapping[str, Any], otherwise: int) -> int:
    number = facts.get("n")
    return number if isinstance(number, int) else otherwise


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _hash_in(text: str) -> str | None:
    facts = _parsed(text)
    return None if facts is None else str(facts.get("hash"))


def _text(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _written(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
