"""The folder of a workspace's records in, its parts out; nothing is made on disk before something is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from c360.errors import Refused
from c360.records import keeping
from c360.records.audit import AuditLog
from c360.records.decisions import Decisions
from c360.records.erased import Erased
from c360.records.ledger import Ledger
from c360.records.outcomes import Outcomes
from c360.records.proposals import Proposals
from c360.records.secret import Secret

TURN = ".turn"


class Records:
    """What c360 remembers of lists under *folder*, all of it private (0700, 0600).

    *clock* says the time (ISO, UTC), *who* the user's name, *random* returns so many random bytes. With *inside*, a folder
    within it that a link leads out of is refused.
    """

    def __init__(
        self, folder: Path, *, clock: Callable[[], str], who: Callable[[], str], random: Callable[[int], bytes],
        inside: Path | None = None,
    ) -> None:  # fmt: skip
        self._folder, self._inside = Path(os.path.normpath(folder)), inside
        self.clock, self.who, self._random = clock, who, random

    @property
    def folder(self) -> Path:
        """Where the records lie; raises Refused where a link leads out of the workspace."""
        inside = self._inside
        is_own = inside is not None and self._folder.is_relative_to(inside)
        if inside is not None and is_own and not self._folder.resolve().is_relative_to(inside.resolve()):
            raise Refused(
                f"{self._folder} leads out of the workspace through a symbolic link",
                hint="put a plain folder there, or name the real one: records_folder in c360.toml",
            )
        return self._folder

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no other list is being made; each must know whom the one before it contacts."""
        keeping.make_folder(self.folder, self.folder)
        with keeping.locked(self.folder, TURN):
            yield

    @cached_property
    def audit(self) -> AuditLog:
        """The log of every pull, refusal, approval and erasure."""
        return AuditLog(self.folder / "audit", self.clock, self.who, self.folder)

    @cached_property
    def ledger(self) -> Ledger:
        """The lists that left, and whom they held."""
        return Ledger(self.folder / "lists", self.folder)

    @cached_property
    def outcomes(self) -> Outcomes:
        """What came back on those lists, and what was made of it."""
        return Outcomes(self.folder / "outcomes", self.folder)

    @cached_property
    def decisions(self) -> Decisions:
        """What was arbitrated, month by month."""
        return Decisions(self.folder / "arbitrations", self.folder)

    @cached_property
    def secret(self) -> Secret:
        """The workspace's key, under which customers' keys are hashed and approvals signed."""
        return Secret(self.folder, self._random)

    @cached_property
    def proposals(self) -> Proposals:
        """Lists proposed, and who said yes to them."""
        return Proposals(self.folder / "proposals", self.secret, self.folder)

    @cached_property
    def erased(self) -> Erased:
        """Who was erased, by keyed hash."""
        return Erased(self.folder, self.secret)
