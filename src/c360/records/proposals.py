"""A list's promise in, a proposal on disk that others sign out; knows neither segments nor policies.

A proposal freezes what a dry run promised. Its `promise_hash` covers what must not change: all but the funnel and the size.
Proposal and approvals are signed with the workspace's key: signed intent, not access control. Whoever may read the key
file can sign for others; only the rights of files and warehouses keep people apart.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.errors import InternalError, NothingMatched, Refused, SnapshotError
from c360.expr.canonical import digest
from c360.records import keeping
from c360.records.audit import plain

if TYPE_CHECKING:
    from c360.records.secret import Secret

FORMAT = 1
MAY_CHANGE = ("funnel", "size")
ID_DIGITS = 12


@dataclass(frozen=True)
class Approval:
    """One person's yes to a proposal, for lists of at most *max_rows* rows; *signature* is over all of it."""

    id: str
    who: str
    at: str
    max_rows: int
    signature: str = ""


@dataclass(frozen=True)
class Proposal:
    """A list proposed: its *promise*, by whom, until which day it may be made (that day included), and who said yes."""

    id: str
    promise_hash: str
    promise: Mapping[str, Any]
    proposer: str
    made_at: str
    expires: date
    approvals: tuple[Approval, ...] = ()
    signature: str = ""

    @property
    def name(self) -> str:
        """The campaign's or segment's name."""
        return str(self.promise.get("name") or self.promise.get("campaign") or self.promise.get("segment") or "")

    @property
    def size(self) -> int:
        """How many rows the dry run had."""
        return int(self.promise.get("size") or 0)

    def as_json(self) -> dict[str, Any]:
        """Return the proposal as plain data."""
        own = {"id": self.id, "promise_hash": self.promise_hash, "promise": plain(self.promise), "proposer": self.proposer}
        own |= {"made_at": self.made_at, "expires": self.expires.isoformat()}
        return {**own, "approvals": [vars(one) for one in self.approvals], "signature": self.signature}


def promise_hash(promise: Mapping[str, Any]) -> str:
    """Return the hash of what must not change between proposal and export: all but the funnel and the size."""
    return digest({name: plain(value) for name, value in promise.items() if name not in MAY_CHANGE})


def differences(promise: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return the names of the parts in which two promises differ, those that may change left out."""
    first, second = plain(promise), plain(other)
    return sorted(n for n in {*first, *second} - set(MAY_CHANGE) if first.get(n) != second.get(n))


class Proposals:
    """The proposals kept in *folder*, one JSON file each, signed with *secret*."""

    def __init__(self, folder: Path, secret: Secret, root: Path | None = None) -> None:
        self.folder, self._secret, self._root = folder, secret, root or folder

    def add(self, promise: Mapping[str, Any], proposer: str, made_at: str, expires: date) -> Proposal:
        """Keep a promise as a proposal of *proposer*; one that the same person made and nobody changed is returned as it is."""
        frozen, hashed = plain(promise), promise_hash(promise)
        identity = digest([hashed, proposer, expires.isoformat(), frozen.get("size")])[:ID_DIGITS]
        keeping.make_folder(self.folder, self._root)
        bare = Proposal(identity, hashed, frozen, proposer, made_at, expires)
        signed = replace(bare, signature=self._secret.sign(_proposal_text(bare)))
        with keeping.locked(self.folder):
            found = self._read(self._path(identity))
            if found is None:
                self._write(signed)
        return found or signed

    def approve(self, proposal_id: str, who: str, at: str, max_rows: int) -> Proposal:
        """Add the yes of *who*; raises Refused for the proposer and for who said yes already. Expiry is the caller's to check."""
        identity = self.get(proposal_id).id
        with keeping.locked(self.folder):
            proposal = self.get(identity)
            if _same(who, proposal.proposer):
                told = f"{who} proposed {identity}; a second person approves it"
                raise Refused(told, hint="ask a colleague to run c360 approve under their own name")
            if any(_same(who, one.who) for one in proposal.approvals):
                raise Refused(f"{who} has approved {identity} already", hint="a second yes is another person's")
            bare = Approval(f"{identity}-{len(proposal.approvals) + 1}", who, at, max_rows)
            signed = replace(bare, signature=self._secret.sign(_approval_text(proposal, bare)))
            after = replace(proposal, approvals=(*proposal.approvals, signed))
            self._write(after)
        return after

    def get(self, proposal_id: str) -> Proposal:
        """Return the proposal of this id, or of the one that begins so.

        Raises NothingMatched, and Refused where the file is not what was signed.
        """
        paths = [path for path in self._paths() if path.stem.startswith(proposal_id) and proposal_id]
        exact = [path for path in paths if path.stem == proposal_id]
        if len(exact or paths) != 1:
            told = (
                f"{len(paths)} proposals have ids that begin with '{proposal_id}'"
                if paths
                else f"there is no proposal '{proposal_id}'"
            )
            raise NothingMatched(told, hint="c360 approve lists them")
        found = self._read((exact or paths)[0])
        if found is None:
            raise NothingMatched(f"there is no proposal '{proposal_id}'", hint="c360 approve lists them")
        return found

    def all(self) -> list[Proposal]:
        """Return every proposal, by the time it was made; raises Refused where one is not what was signed."""
        found = [proposal for path in self._paths() if (proposal := self._read(path)) is not None]
        return sorted(found, key=lambda one: (one.made_at, one.id))

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob("*.json")) if self.folder.is_dir() else []

    def _path(self, identity: str) -> Path:
        if not identity.isalnum():
            raise InternalError(f"'{identity}' is no id of a proposal")
        return self.folder / f"{identity}.json"

    def _write(self, proposal: Proposal) -> None:
        text = json.dumps({"format": FORMAT, **proposal.as_json()}, ensure_ascii=False, indent=1)
        keeping.write_whole(self._path(proposal.id), text.encode() + b"\n", "writing a proposal")

    def _read(self, path: Path) -> Proposal | None:
        data = keeping.read_whole(path, "a proposal")
        if data is None:
            return None
        try:
            body = json.loads(data)
            if body.pop("format") > FORMAT:
                raise SnapshotError("the proposal is of a later format", hint="use the c360 that wrote it", where=str(path))
            approvals = tuple(Approval(**one) for one in body.pop("approvals"))
            proposal = Proposal(**{**body, "expires": date.fromisoformat(body["expires"]), "approvals": approvals})
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _changed(path) from None
        if not self._is_whole(proposal, path):
            raise _changed(path)
        return proposal

    def _is_whole(self, proposal: Proposal, path: Path) -> bool:
        return (
            proposal.id == path.stem
            and proposal.promise_hash == promise_hash(proposal.promise)
            and self._secret.is_signed(_proposal_text(proposal), proposal.signature)
            and all(self._secret.is_signed(_approval_text(proposal, one), one.signature) for one in proposal.approvals)
        )


def _same(who: str, other: str) -> bool:
    """Whether two names are one person's: capitals, width and blanks make no second person."""
    first, second = ("".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in (who, other))
    return first == second


def _proposal_text(proposal: Proposal) -> str:
    body = {name: value for name, value in proposal.as_json().items() if name not in {"approvals", "signature"}}
    return "proposal:" + json.dumps(body, sort_keys=True, ensure_ascii=False)


def _approval_text(proposal: Proposal, approval: Approval) -> str:
    told = [proposal.id, proposal.promise_hash, proposal.expires.isoformat(), proposal.signature]
    return "approval:" + json.dumps([*told, approval.id, approval.who, approval.at, approval.max_rows], ensure_ascii=False)


def _changed(path: Path) -> Refused:
    told = f"the proposal {path.stem} is not what was signed: its file was changed, or signed with another key"
    return Refused(told, hint="remove the file and propose the list again", where=str(path))
