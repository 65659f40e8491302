"""What a list would be if it left, as plain data and in words: its sizes, its money, what stands in its way; knows no row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

SHOWN = 8  # groups and lists that are named; all stand in the data


@dataclass(frozen=True)
class Load:
    """How many rows go to one channel, and what contacting them costs."""

    channel: str
    rows: int
    cost: float


@dataclass(frozen=True)
class Shared:
    """How many of the list's persons another list contacts near the day: its campaign's or segment's *name*, and when."""

    name: str
    list_id: str
    purpose: str
    on: date
    persons: int


@dataclass(frozen=True)
class Rehearsal:
    """What a list would be if it left.

    *groups* holds (value, rows) by the column *by*: what the list would be split by, else the manager. Money is in the currency of
    costs and values: *offers* is what offers are expected to cost, *offers_at_most* what they cost if everybody says yes, *value*
    what is expected back; None where no score says how likely a yes is. *paid_at* is the share of yes at which the contacts are
    paid. *yeses* counts the persons who must agree before it may leave. *refusals* says, for each guard that would refuse it, why,
    and what would let it pass; *missing* what was not asked for. *shared* are the lists of the days around that contact some of the
    same persons.
    """

    channels: tuple[Load, ...] = ()
    by: str = ""
    groups: tuple[tuple[str | None, int], ...] = ()
    contacts: float = 0.0
    offers: float | None = None
    offers_at_most: float = 0.0
    value: float | None = None
    paid_at: float | None = None
    yeses: int = 0
    refusals: tuple[tuple[str, str], ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    shared: tuple[Shared, ...] = ()

    @property
    def margin(self) -> float | None:
        """The value expected less what contacts and offers cost; None where no value is expected."""
        return None if self.value is None else self.value - self.contacts - (self.offers or 0.0)

    def lines(self) -> list[str]:
        """Return it in words."""
        ways = [f"{one.channel} {one.rows:,}" + (f" ({one.cost:,.2f})" if one.cost else "") for one in self.channels]
        told = [f"would contact by {', '.join(ways)}"] if ways else []
        told += self._groups()
        told += self._money()
        told += [f"also contacted by {one.name} on {one.on}: {one.persons:,} (list {one.list_id})" for one in self.shared[:SHOWN]]
        more = self.shared[SHOWN:]
        told += [f"also contacted by {len(more):,} more lists"] if more else []
        if self.yeses:
            told.append(f"would need the yes of {self.yeses} {'person' if self.yeses == 1 else 'persons'}")
        told += [f"would be refused: {why}; {fix}" if fix else f"would be refused: {why}" for why, fix in self.refusals]
        return [*told, *(f"would need {what}; {fix}" for what, fix in self.missing)]

    def _groups(self) -> list[str]:
        if not self.groups:
            return []
        shown = ", ".join(f"{value if value is not None else 'none'} {rows:,}" for value, rows in self.groups[:SHOWN])
        more = f" and {len(self.groups) - SHOWN:,} more" if len(self.groups) > SHOWN else ""
        return [f"by {self.by}: {shown}{more}"]

    def _money(self) -> list[str]:
        if not self.offers_at_most and self.value is None:
            return []
        offers = f", offers {self.offers:,.2f}" if self.offers is not None else ""
        most = f" (at most {self.offers_at_most:,.2f})" if offers else f", offers at most {self.offers_at_most:,.2f}"
        told = f"expected: contacts {self.contacts:,.2f}{offers}{most if self.offers_at_most else ''}"
        if self.value is not None:
            told += f", value {self.value:,.2f}, margin {self.margin:,.2f}"
        return [told]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "channels": [vars(one) for one in self.channels], "by": self.by or None,
            "groups": [{"value": value, "rows": rows} for value, rows in self.groups],
            "contact_cost": round(self.contacts, 2), "offer_cost": _rounded(self.offers),
            "offer_cost_at_most": round(self.offers_at_most, 2), "value": _rounded(self.value), "margin": _rounded(self.margin),
            "paid_at": None if self.paid_at is None else round(self.paid_at, 6), "yeses": self.yeses,
            "refusals": [{"why": why, "hint": fix or None} for why, fix in self.refusals],
            "missing": [{"what": what, "hint": fix} for what, fix in self.missing],
            "shared": [{**vars(one), "on": one.on.isoformat()} for one in self.shared],
        }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
