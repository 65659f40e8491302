"""Counts of signals beside an outcome in; how much each signal tells of it out. Knows no SQL and no customer.

A signal has three values: shown, not shown, unknown, each a value of its own where its information is measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from math import log2, sqrt

from c360.markup import html_table

LEAST_SHOWN = 10


@dataclass(frozen=True)
class Tally:
    """One cluster's counts: rows and those with the outcome; for each signal, and pair of signals, who shows it.

    *signals* gives for a signal its rows by value (true, false, unknown), first those with the outcome, then those without;
    *together* gives for a pair the rows that show both.
    """

    cluster: str | None
    rows: int
    positive: int
    signals: Mapping[str, tuple[tuple[int, int, int], tuple[int, int, int]]]
    together: Mapping[tuple[str, str], int]

    def shown(self, signal: str) -> int:
        """The rows that show *signal*."""
        return sum(side[0] for side in self.signals[signal])


@dataclass(frozen=True)
class Factor:
    """What one signal tells of the outcome in one cluster, on one date and, where there is one, on a later date.

    *gain* is the information gain in bits: the entropy of the outcome less its entropy once the signal is known
    (Shannon 1948; Quinlan 1986 ranks attributes by it). *lift* is the rate among those who show the signal over the rate of
    all. *rank* 1 is the largest gain of the cluster. *high_risk*: among the first ranks on both dates, its lift above 1, and
    shown by at least `LEAST_SHOWN` rows: a sign of three customers is no evidence.
    """

    cluster: str | None
    signal: str
    rows: int
    positive: int
    shown: int
    shown_positive: int
    unknown: int
    gain: float
    rank: int
    later_gain: float | None = None
    later_rank: int | None = None
    high_risk: bool = False

    @property
    def rate(self) -> float | None:
        """The share of rows with the outcome; None for no rows."""
        return self.positive / self.rows if self.rows else None

    @property
    def rate_shown(self) -> float | None:
        """The share with the outcome among rows that show the signal; None where none does."""
        return self.shown_positive / self.shown if self.shown else None

    @property
    def lift(self) -> float | None:
        """The rate among those who show it over the rate of all; None where one of them cannot be told."""
        return self.rate_shown / self.rate if self.rate and self.rate_shown is not None else None

    def as_json(self) -> dict[str, object]:
        """Return the factor as plain data."""
        return {**asdict(self), "rate": self.rate, "rate_shown": self.rate_shown, "lift": self.lift}


@dataclass(frozen=True)
class Correlation:
    """How two signals go together in one cluster: the phi coefficient, -1 to 1; None where one of them never varies.

    An unknown signal counts as not shown here.
    """

    cluster: str | None
    signal: str
    other: str
    phi: float | None


@dataclass(frozen=True)
class Factors:
    """The factors of one outcome, by cluster and rank, and how the signals correlate, on *as_of*; re-validated on *later*."""

    target: str
    by: str | None
    as_of: date
    later: date | None
    factors: tuple[Factor, ...]
    correlations: tuple[Correlation, ...]
    left_out: Mapping[str, str]
    marks: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return all as plain data."""
        return {
            "target": self.target, "by": self.by, "as_of": self.as_of.isoformat(),
            "later": None if self.later is None else self.later.isoformat(), "left_out": dict(self.left_out),
            "factors": [f.as_json() for f in self.factors], "correlations": [asdict(c) for c in self.correlations],
            "marks": list(self.marks),
        }  # fmt: skip

    def _repr_html_(self) -> str:
        head = ("cluster", "signal", "rows", "shown", "lift", "gain, bits", "later gain", "high risk")
        rows = [
            (f.cluster, f.signal, f.rows, f.shown, _two(f.lift), _six(f.gain), _six(f.later_gain), "yes" if f.high_risk else "")
            for f in self.factors
        ]
        return html_table(f"what tells {self.target}, as of {self.as_of}", head, rows, self.marks)


def entropy(counts: Sequence[int]) -> float:
    """Return the entropy of a distribution in bits; 0 for no rows.

    >>> entropy([1, 1]), entropy([4, 0]), entropy([])
    (1.0, 0.0, 0.0)
    """
    total = sum(counts)
    return -sum(n / total * log2(n / total) for n in counts if n) + 0.0 if total else 0.0


def information_gain(positive: Sequence[int], negative: Sequence[int]) -> float:
    """Return how many bits the outcome's entropy falls once the value is known; never below 0.

    *positive* and *negative* count the rows of each value, with and without the outcome.
    """
    total = sum(positive) + sum(negative)
    if not total:
        return 0.0
    rest = sum((a + b) / total * entropy([a, b]) for a, b in zip(positive, negative, strict=True))
    return max(entropy([sum(positive), sum(negative)]) - rest, 0.0)


def phi(rows: int, one: int, other: int, both: int) -> float | None:
    """Return the correlation of two yes/no values from their counts; None where one never varies."""
    spread = one * (rows - one) * other * (rows - other)
    return (rows * both - one * other) / sqrt(spread) if spread else None


def ranked(tallies: Sequence[Tally], later: Sequence[Tally], top: int) -> tuple[Factor, ...]:
    """Return every cluster's factors, the largest gain first; high risk are those of the first *top* ranks on both dates."""
    behind = {tally.cluster: {f.signal: f for f in _of_cluster(tally)} for tally in later}
    found: list[Factor] = []
    for tally in tallies:
        for factor in _of_cluster(tally):
            again = behind.get(tally.cluster, {}).get(factor.signal)
            found.append(_validated(factor, again, top, is_validated=bool(later)))
    return tuple(found)


def correlated(tallies: Sequence[Tally]) -> tuple[Correlation, ...]:
    """Return how each pair of signals correlates in each cluster."""
    return tuple(
        Correlation(tally.cluster, a, b, phi(tally.rows, tally.shown(a), tally.shown(b), both))
        for tally in tallies
        for (a, b), both in tally.together.items()
    )


def _of_cluster(tally: Tally) -> list[Factor]:
    gains = {name: information_gain(*sides) for name, sides in tally.signals.items()}
    order = sorted(gains, key=lambda name: (-round(gains[name], 12), name))
    return [
        Factor(
            tally.cluster, name, tally.rows, tally.positive, tally.shown(name), tally.signals[name][0][0],
            sum(side[2] for side in tally.signals[name]), gains[name], rank,
        )
        for rank, name in enumerate(order, 1)
    ]  # fmt: skip


def _validated(factor: Factor, again: Factor | None, top: int, *, is_validated: bool) -> Factor:
    holds = factor.rank <= top and (factor.lift or 0) > 1 and factor.shown >= LEAST_SHOWN
    if is_validated:
        holds = holds and again is not None and again.rank <= top and (again.lift or 0) > 1
    changed = asdict(factor) | {"high_risk": holds}
    if again is not None:
        changed |= {"later_gain": again.gain, "later_rank": again.rank}
    return Factor(**changed)


def _two(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _six(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"
