"""Persons of a list with their arm and what became of them in, comparisons of the arms out; knows no store and no source.

Everybody treated counts as treated, contacted or not: that is what chance decided. Only the comparison of all treated with
the holdout, and the same within levels known before the contact, tells an effect; the others say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from c360.deliver.statistics import SMALL, Arms, Difference, Moments, Ratio, difference, mean_difference, stratified, wilson
from c360.markup import html_table

if TYPE_CHECKING:
    import polars

    Sides = tuple[polars.DataFrame, polars.DataFrame]

TREATED = "treated"
RATE, MEAN = "rate", "mean"
ALL, WITHIN, STRATUM, CHANNEL, REACHED = "all", "within strata", "stratum", "channel", "reached"
VALUE = "value"
NOT_BY_CHANCE = "not the channel's effect: chance did not decide who has it"
NOT_CAUSAL = "not causal: who can be reached differs from who cannot"
NO_HOLDOUT = "no holdout: no effect can be told"
UNSEEN = "what was imported tells nothing of the held out: no effect can be told"
ONE_ARM = "one arm is empty: no effect can be told"
HEAD = ("part", "level", "treated", "held_out", "rate", "rate_held", "effect", "low", "high", "p", "lift", "told")


@dataclass(frozen=True)
class Comparison:
    """One comparison of treated and held out: sizes, rates or means, and the difference where it can be told.

    *part* says of what: ``all``, ``within strata``, one ``stratum``, ``channel``, whether ``reached``, or the name of a tag with
    the *level*. *is_effect* is false where chance did not decide who is on which side; *told* says what to make of it.
    """

    part: str
    level: str
    treated: int
    control: int
    of_treated: float | None
    of_control: float | None
    effect: Difference | None
    is_effect: bool = True
    told: str = ""

    @property
    def lift(self) -> float | None:
        """The effect as a share of the control's rate or mean; None where that is 0 or unknown."""
        return None if self.effect is None or not self.of_control else self.effect.value / self.of_control

    def as_row(self) -> tuple[object, ...]:
        """Return the row under `HEAD`."""
        found = self.effect
        numbers = (None,) * 4 if found is None else (found.value, found.low, found.high, found.p)
        return (self.part, self.level, self.treated, self.control, self.of_treated, self.of_control, *numbers, self.lift, self.told)

    def as_json(self) -> dict[str, object]:
        """Return it as plain data."""
        return {**dict(zip(HEAD, self.as_row(), strict=True)), "is_effect": self.is_effect}


@dataclass(frozen=True)
class Money:
    """What a list cost and brought: *contacts* and *offers* are costs, *gain* the effect's worth with its interval.

    *break_even* is the effect at which the gain pays the cost. None is what cannot be told.
    """

    contacts: float
    offers: float
    unit_value: float | None = None
    gain: tuple[float, float, float] | None = None
    break_even: float | None = None

    @property
    def cost(self) -> float:
        """All costs together."""
        return self.contacts + self.offers

    @property
    def net(self) -> float | None:
        """What is left of the gain."""
        return None if self.gain is None else self.gain[0] - self.cost

    @property
    def roi(self) -> float | None:
        """What is left for each unit of cost; None without one."""
        return self.net / self.cost if self.net is not None and self.cost else None

    def as_json(self) -> dict[str, object]:
        """Return it as plain data."""
        gain = self.gain or (None, None, None)
        return {
            "contacts": round(self.contacts, 2), "offers": round(self.offers, 2), "cost": round(self.cost, 2),
            "unit_value": self.unit_value, "gain": gain[0], "gain_low": gain[1], "gain_high": gain[2], "net": self.net,
            "roi": self.roi, "break_even": self.break_even,
        }  # fmt: skip


@dataclass(frozen=True)
class Evaluation:
    """What became of the persons of a list, treated against held out.

    *kind* is ``rate`` (a yes/no) or ``mean`` (an amount). *until* is the last day that the outcome looks at, None where it was
    imported. *unknown* counts those of each arm whose outcome is not known; they are on no side of a comparison. *inputs* are
    the digests of all that it rests on.
    """

    list_id: str
    name: str
    outcome: str
    words: str
    kind: str
    as_of: date
    on: date
    until: date | None
    comparisons: tuple[Comparison, ...]
    unknown: tuple[int, int] = (0, 0)
    ratio: Ratio | None = None
    money: Money | None = None
    told: tuple[str, ...] = ()
    inputs: dict[str, Any] = field(default_factory=dict)
    evaluation_id: str = ""

    @property
    def main(self) -> Comparison:
        """The comparison of all treated with all held out."""
        return self.comparisons[0]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        ratio = self.ratio
        return {
            "evaluation_id": self.evaluation_id, "list_id": self.list_id, "name": self.name, "outcome": self.outcome,
            "words": self.words, "kind": self.kind, "as_of": self.as_of.isoformat(), "on": self.on.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
            "comparisons": [one.as_json() for one in self.comparisons],
            "unknown": {"treated": self.unknown[0], "held_out": self.unknown[1]},
            "sample_ratio": None if ratio is None else {
                "share": ratio.share, "meant": ratio.meant, "p": ratio.p, "broken": ratio.is_broken,
            },
            "money": None if self.money is None else self.money.as_json(), "told": list(self.told), "inputs": self.inputs,
        }  # fmt: skip

    def summary(self) -> dict[str, Any]:
        """Return the few numbers that a library of past lists shows."""
        one, found = self.main, self.main.effect
        return {
            "outcome": self.outcome, "kind": self.kind, "contacted": one.treated, "held_out": one.control,
            "rate_treated": one.of_treated, "rate_control": one.of_control,
            "uplift": None if found is None else found.value, "low": None if found is None else found.low,
            "high": None if found is None else found.high, "p": None if found is None else found.p,
        }  # fmt: skip

    def _repr_html_(self) -> str:
        rows = [tuple("" if v is None else f"{v:.4f}" if isinstance(v, float) else v for v in c.as_row()) for c in self.comparisons]
        return html_table(f"{self.name}: {self.words}, list {self.list_id}", HEAD, rows, self.told)


def compared(
    persons: polars.DataFrame, kind: str, by: Sequence[str], *, control_is_seen: bool, with_channels: bool = True
) -> tuple[Comparison, ...]:
    """Return the comparisons of *persons*: arm, stratum, channel, ``value`` (yes/no or number), reached, and the columns *by*.

    Rows without a value are left out. Where *control_is_seen* is false, nothing is said of the holdout.
    """
    import polars as pl

    known = persons.filter(pl.col(VALUE).is_not_null())
    treated, control = known.filter(pl.col("arm") == TREATED), known.filter(pl.col("arm") != TREATED)
    why = _why_not(persons, control_is_seen=control_is_seen)
    side = control if control_is_seen else control.clear()
    found = [_one(ALL, "", treated, side, kind, why)]
    strata = sorted(known["stratum"].drop_nulls().unique())
    if len(strata) > 1:
        parts = [_one(STRATUM, name, *_level((treated, side), "stratum", name), kind, why) for name in strata]
        found += [_within(found[0], (treated, side), strata), *parts] if kind == RATE and not why else parts
    for name in by:
        levels = sorted(known[name].cast(pl.String).fill_null("").unique())
        found += [_one(name, level or "unknown", *_level((treated, side), name, level), kind, why) for level in levels]
    channels = sorted(treated["channel"].drop_nulls().unique()) if with_channels else []
    if len(channels) > 1:
        for name in channels:
            found.append(_one(CHANNEL, name, treated.filter(pl.col("channel") == name), side, kind, why, NOT_BY_CHANCE))
    if "reached" in known.columns and treated["reached"].any() and not treated["reached"].all():
        for level, name in ((True, "yes"), (False, "no")):
            part = treated.filter(pl.col("reached") == level)
            found.append(_one(REACHED, name, part, side.clear(), kind, why or NOT_CAUSAL, NOT_CAUSAL))
    return tuple(found)


def _why_not(persons: polars.DataFrame, *, control_is_seen: bool) -> str:
    """Return why no effect can be told of these persons; empty where it can."""
    if not (persons["arm"] != TREATED).any():
        return NO_HOLDOUT
    return "" if control_is_seen else UNSEEN


def _level(sides: Sides, column: str, level: str) -> Sides:
    import polars as pl

    here = pl.col(column).cast(pl.String).fill_null("") == level
    return sides[0].filter(here), sides[1].filter(here)


def _one(
    part: str, level: str, treated: polars.DataFrame, control: polars.DataFrame, kind: str, why: str, told: str = ""
) -> Comparison:
    """Compare two sides; *why* says why no difference is told, *told* that it is no effect."""
    if kind == RATE:
        arms = arms_of(treated, control)
        shown, effect = (arms.rate_treated, arms.rate_control), None if why else difference(arms)
        rough = ""
    else:
        own, other = (Moments.of(side[VALUE].cast(float).to_list()) for side in (treated, control))
        shown, effect = (own.mean, other.mean), None if why else mean_difference(own, other)
        is_small = effect is not None and min(own.rows, other.rows) < SMALL
        rough = f"fewer than {SMALL} in an arm: the interval is rough" if is_small else ""
    if effect is None and not why:
        why = ONE_ARM if not treated.height or not control.height else "one arm has a single row: no interval can be told"
    if effect is None and kind == RATE and part == ALL and treated.height:
        why = f"{why}; the rate of the treated is {_spread(arms_of(treated, control))}"
    said = "; ".join(dict.fromkeys(text for text in (told, why, rough) if text))
    return Comparison(part, level, treated.height, control.height, *shown, effect, not told and effect is not None, said)


def _spread(arms: Arms) -> str:
    found = wilson(arms.yes_treated, arms.treated)
    return "" if found is None else f"{arms.yes_treated:,} of {arms.treated:,}, {found[0]:.1%} to {found[1]:.1%}"


def _within(whole: Comparison, sides: Sides, strata: Sequence[str]) -> Comparison:
    """Return the difference within strata, taken together."""
    found = [arms_of(*_level(sides, "stratum", name)) for name in strata]
    empty = sum(1 for arms in found if arms.empty)
    told = f"{empty} of {len(found)} strata have an empty arm and weigh nothing" if empty else ""
    effect = stratified(found)
    return Comparison(WITHIN, "", whole.treated, whole.control, None, None, effect, effect is not None, told or "Mantel–Haenszel")


def arms_of(treated: polars.DataFrame, control: polars.DataFrame) -> Arms:
    """Return how many of each side said yes."""
    return Arms(int(treated[VALUE].sum() or 0), treated.height, int(control[VALUE].sum() or 0), control.height)
