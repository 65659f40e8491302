"""Where an answer comes from, as plain data that outlives the snapshot; reads nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Origin:
    """The snapshot an answer comes from, and the *sources* that the answer rests on.

    Some *changed* since it was built; of *unknown* ones, tables and queries, nothing tells whether they did.
    """

    as_of: date
    generation: str
    run_id: str
    sources: tuple[str, ...]
    changed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def of(self, sources: Collection[str]) -> Origin:
        """Return the same for an answer that rests on *sources* only."""
        kept, changed, unknown = (tuple(n for n in names if n in sources) for names in (self.sources, self.changed, self.unknown))
        return replace(self, sources=kept, changed=changed, unknown=unknown)

    def __str__(self) -> str:
        """Say it in words."""
        told = f"from the snapshot of {self.as_of}, generation {self.generation}"
        told += f"; changed since: {', '.join(self.changed)}" if self.changed else ""
        return told + (f"; maybe changed since: {', '.join(self.unknown)}" if self.unknown else "")

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "generation": self.generation, "as_of": self.as_of.isoformat(), "run_id": self.run_id,
            "changed_since": list(self.changed), "maybe_changed_since": list(self.unknown),
        }  # fmt: skip
