"""A key's text in, a keyed hash out that nobody can make or try out without the workspace's own key file."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from c360.errors import Refused
from c360.records import keeping

if TYPE_CHECKING:
    import polars

KEY, KEY_ID = "key", "key.id"
KEY_BYTES, HASH_BYTES = 32, 16


class Secret:
    """The workspace's key, made when it is first needed. *random* returns so many random bytes."""

    def __init__(self, folder: Path, random: Callable[[int], bytes]) -> None:
        self.folder = folder
        self._random = random

    def hash(self, key: str) -> str:
        """Return the keyed hash of a customer's key: 32 hex digits, the same in this workspace for ever."""
        return _hashed(self._base, key)

    def hashes(self, series: polars.Series) -> polars.Series:
        """Return the keyed hash of each key (as text); null stays null."""
        import polars as pl

        base = self._base
        texts = series.cast(pl.String).to_list()
        found = [None if text is None else _hashed(base, text) for text in texts]
        return pl.Series(series.name, found, dtype=pl.String)

    def sign(self, text: str) -> str:
        """Return the HMAC (SHA-256, hex) of a text under the workspace's key."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def is_signed(self, text: str, signature: str) -> bool:
        """Whether *signature* is that of *text*, compared in constant time."""
        return hmac.compare_digest(self.sign(text), signature)

    @property
    def key_id(self) -> str:
        """What tells this key from another, and does not tell the key."""
        return _id_of(self._key)

    @property
    def is_made(self) -> bool:
        """Whether there is a key yet; nothing was hashed or signed before."""
        return (self.folder / KEY).exists() or (self.folder / KEY_ID).exists()

    @cached_property
    def _base(self) -> hashlib.blake2b:
        return hashlib.blake2b(key=self._key, digest_size=HASH_BYTES)

    @cached_property
    def _key(self) -> bytes:
        found = self._read()
        if found is not None:
            return found
        keeping.make_folder(self.folder, self.folder)
        with keeping.locked(self.folder):
            found = self._read()
            if found is None:
                found = self._random(KEY_BYTES)
                # The key first: an id without its key means that the key was lost.
                keeping.write_whole(self.folder / KEY, found.hex().encode() + b"\n", "writing the workspace's key")
                keeping.write_whole(self.folder / KEY_ID, _id_of(found).encode() + b"\n", "writing the workspace's key")
        return found

    def _read(self) -> bytes | None:
        data, told = (keeping.read_whole(self.folder / name, "the workspace's key") for name in (KEY, KEY_ID))
        if data is None and told is None:
            return None
        try:
            key = bytes.fromhex((data or b"").decode().strip())
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES or (told is not None and told.decode("ascii", "replace").strip() != _id_of(key)):
            raise _lost(self.folder / KEY, "not there" if data is None else "not the one that was made here")
        return key


def _hashed(base: hashlib.blake2b, text: str) -> str:
    one = base.copy()
    one.update(text.encode("utf-8", "surrogatepass"))
    return one.hexdigest()


def _id_of(key: bytes) -> str:
    return hashlib.blake2b(b"id", key=key, digest_size=8).hexdigest() if key else ""


def _lost(path: Path, why: str) -> Refused:
    return Refused(
        f"the workspace's key is {why}: ids in earlier lists, erased customers and approvals cannot be recognised without it",
        hint=f"restore it from a copy; to begin anew and give that up, remove {KEY_ID} and {KEY}, and erase again whom you must",
        where=str(path),
    )
