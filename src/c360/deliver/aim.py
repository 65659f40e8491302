"""Whom a list is for and what it does, as plain data; knows no row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Aim:
    """Whom a list is for and what it does: purpose, day and channels, who is held out, what contacting costs.

    *treated* and *held_out* count rows; *channels* says how many go to each, *channel_titles* what the list's language calls it;
    *strata* holds (stratum, treated, held out). *cost* is that of all contacts, and of the offers to
    expect where scores are probabilities; *value* is what is then to be expected back. *paid_at* is the share of yes at which the
    contacts are paid, where the worth of a yes is known. *canaries* are rows of the company's own, which are nobody's.
    """

    purpose: str = ""
    campaign: str = ""
    on: date | None = None
    treated: int = 0
    held_out: int = 0
    channels: tuple[tuple[str, int], ...] = ()
    channel_titles: tuple[tuple[str, str], ...] = ()
    strata: tuple[tuple[str, int, int], ...] = ()
    cost: float = 0.0
    value: float | None = None
    paid_at: float | None = None
    recipient: str = ""
    canaries: int = 0
    delete_after: date | None = None
    told: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return it as plain data; empty for a list without a purpose."""
        if not self.purpose:
            return {}
        return {
            "purpose": self.purpose, "campaign": self.campaign or None, "on": None if self.on is None else self.on.isoformat(),
            "treated": self.treated, "held_out": self.held_out, "channels": dict(self.channels),
            "strata": [{"stratum": name, "treated": treated, "held_out": held} for name, treated, held in self.strata],
            "cost": round(self.cost, 2), "value": None if self.value is None else round(self.value, 2),
            "paid_at": None if self.paid_at is None else round(self.paid_at, 6),
            "recipient": self.recipient or None, **({"canaries": self.canaries} if self.canaries else {}),
            "delete_after": None if self.delete_after is None else self.delete_after.isoformat(), "told": list(self.told),
        }  # fmt: skip
