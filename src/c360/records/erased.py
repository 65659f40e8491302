"""Keyed hashes of erased customers in and out, so that they stay out of later lists; the keys themselves are nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from c360.errors import Refused
from c360.records import keeping

if TYPE_CHECKING:
    import polars

    from c360.records.secret import Secret

NAME = "erased.jsonl"


class Erased:
    """The erased customers of a workspace, by keyed hash; one line a person, with the day and the key it was hashed under."""

    def __init__(self, folder: Path, secret: Secret) -> None:
        self.folder, self._secret = folder, secret

    @property
    def path(self) -> Path:
        """Where the hashes are kept."""
        return self.folder / NAME

    def hashes(self) -> frozenset[str]:
        """Return the keyed hashes of all who were erased; raises Refused where they were made under another key."""
        found = self._read()
        others = {one["key_id"] for one in found} - ({self._secret.key_id} if found else set())
        if others:
            told = "customers were erased under another key than the workspace has now, so they cannot be recognised"
            raise Refused(told, hint="restore the key from a copy, or erase them again", where=str(self.path))
        return frozenset(one["hash"] for one in found)

    def among(self, persons: polars.Series) -> polars.Series:
        """Return for each person's key (as text) whether that person was erased; null for null."""
        import polars as pl

        hashes = self.hashes()
        if not hashes:
            return pl.select(pl.when(persons.is_null()).then(None).otherwise(False).alias(persons.name)).to_series()
        return self._secret.hashes(persons).is_in(list(hashes)).alias(persons.name)

    def add(self, hashes: Iterable[str], at: str) -> int:
        """Keep *hashes*, told at the time *at*; returns how many are new."""
        keeping.make_folder(self.folder, self.folder)
        key_id = self._secret.key_id  # before the lock: the key may have to be made
        with keeping.locked(self.folder):
            known = self.hashes()
            new = [one for one in dict.fromkeys(hashes) if one not in known]
            if new:
                lines = [*self._read(), *({"hash": one, "at": at, "key_id": key_id} for one in new)]
                text = "".join(json.dumps(line) + "\n" for line in lines)
                keeping.write_whole(self.path, text.encode(), "writing who was erased")
        return len(new)

    def _read(self) -> list[dict[str, str]]:
        data = keeping.read_whole(self.path, "who was erased")
        try:
            found = [json.loads(line) for line in (data or b"").decode().splitlines()]
            return [{name: str(one[name]) for name in ("hash", "at", "key_id")} for one in found]
        except (ValueError, KeyError, TypeError):
            hint = "restore it from a copy: without it erased customers could come back into lists"
            raise keeping.damaged("the file of erased customers", self.path, hint) from None
