"""Counts and sums of two arms in, differences with their intervals, tests and sizes out; knows no list, no row and no engine.

*treated* is whom a list contacted, *control* its holdout. All numbers are of the large-sample normal kind; the intervals of
proportions hold for small numbers too. Sources: Wilson 1927 (J Am Stat Assoc 22:209), Newcombe 1998 (Stat Med 17:857 and
873, its method 10), Mantel and Haenszel 1959 (J Natl Cancer Inst 22:719), Zou and Donner 2008 (Stat Med 27:1693), Fleiss
1981 (Statistical Methods for Rates and Proportions, chapter 3), Welch 1938 (Biometrika 29:350).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import erfc, sqrt
from statistics import NormalDist

from c360.errors import UsageError

NORMAL = NormalDist()
CONFIDENCE, ALPHA, POWER = 0.95, 0.05, 0.8
BROKEN_RATIO = 0.001
"""A sample ratio less likely than this is no accident."""

SMALL = 30
"""With fewer rows in an arm the normal interval of a mean is rough."""


@dataclass(frozen=True)
class Arms:
    """How many of the treated and of the control said yes, and how many there are."""

    yes_treated: int
    treated: int
    yes_control: int
    control: int

    def __post_init__(self) -> None:
        for yes, everybody in ((self.yes_treated, self.treated), (self.yes_control, self.control)):
            if not 0 <= yes <= everybody:
                raise UsageError(f"expected 0 to {everybody} who said yes, found {yes}")

    @property
    def empty(self) -> str:
        """The arm that nobody is in, ``treated`` or ``control``; empty where each has somebody."""
        return "treated" if not self.treated else "control" if not self.control else ""

    @property
    def rate_treated(self) -> float | None:
        """The share of the treated who said yes; None for an empty arm."""
        return self.yes_treated / self.treated if self.treated else None

    @property
    def rate_control(self) -> float | None:
        """The share of the control who said yes; None for an empty arm."""
        return self.yes_control / self.control if self.control else None


@dataclass(frozen=True)
class Moments:
    """How many amounts there are, their sum and the sum of their squares."""

    rows: int
    total: float
    squares: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Moments:
        """Return the moments of *values*."""
        known = [float(value) for value in values]
        return cls(len(known), sum(known), sum(value * value for value in known))

    @property
    def mean(self) -> float | None:
        """The mean; None for no row."""
        return self.total / self.rows if self.rows else None

    @property
    def variance(self) -> float | None:
        """The sample variance; None for fewer than two rows."""
        if self.rows < 2:
            return None
        return max(0.0, (self.squares - self.total * self.total / self.rows) / (self.rows - 1))


@dataclass(frozen=True)
class Difference:
    """Treated minus control, its interval, and how likely one so large is where there is none (two-sided)."""

    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Ratio:
    """The share of the control as it is and as it was meant, and how likely one so far off is by chance."""

    share: float
    meant: float
    p: float

    @property
    def is_broken(self) -> bool:
        """Whether it is so unlikely that something took people out of one arm."""
        return self.p < BROKEN_RATIO


def wilson(yes: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float] | None:
    """Return Wilson's score interval of a proportion; None of nobody."""
    if of == 0:
        return None
    z = _z(confidence)
    share, square = yes / of, z * z / of
    middle = share + square / 2
    half = z * sqrt(share * (1 - share) / of + square / (4 * of))
    # At the ends the interval starts exactly there; rounding must not put it beyond.
    low = 0.0 if yes == 0 else (middle - half) / (1 + square)
    return low, 1.0 if yes == of else (middle + half) / (1 + square)


def difference(arms: Arms, confidence: float = CONFIDENCE) -> Difference | None:
    """Return the difference of two proportions with Newcombe's hybrid score interval (method 10); None with an empty arm."""
    own, other = wilson(arms.yes_treated, arms.treated, confidence), wilson(arms.yes_control, arms.control, confidence)
    one, two = arms.rate_treated, arms.rate_control
    if own is None or other is None or one is None or two is None:
        return None
    low = one - two - sqrt((one - own[0]) ** 2 + (other[1] - two) ** 2)
    high = one - two + sqrt((own[1] - one) ** 2 + (two - other[0]) ** 2)
    return Difference(one - two, low, high, z_test(arms) or 0.0)


def z_test(arms: Arms) -> float | None:
    """Return the two-sided p of equal proportions, by the pooled z test; 1 where all or none said yes, None with an empty arm."""
    one, two = arms.rate_treated, arms.rate_control
    if one is None or two is None:
        return None
    pooled = (arms.yes_treated + arms.yes_control) / (arms.treated + arms.control)
    spread = pooled * (1 - pooled) * (1 / arms.treated + 1 / arms.control)
    return 1.0 if spread == 0 else _two_sided((one - two) / sqrt(spread))


def stratified(strata: Iterable[Arms], confidence: float = CONFIDENCE) -> Difference | None:
    """Return the difference within strata, taken together: each counts by the Mantel–Haenszel weight n₁n₂/(n₁+n₂).

    The interval joins the strata's Newcombe intervals by the method of variance estimates recovery (Zou and Donner), so one
    stratum alone gives `difference`. *p* is of the Cochran–Mantel–Haenszel test without correction. A stratum with an empty
    arm says nothing and weighs nothing; None where all are so.
    """
    told = [arms for arms in strata if not arms.empty]
    if not told:
        return None
    weights = [arms.treated * arms.control / (arms.treated + arms.control) for arms in told]
    whole = sum(weights)
    value = below = above = 0.0
    for weight, arms in zip(weights, told, strict=True):
        found = difference(arms, confidence)
        assert found is not None
        share = weight / whole
        value += share * found.value
        below += (share * (found.value - found.low)) ** 2
        above += (share * (found.high - found.value)) ** 2
    return Difference(value, value - sqrt(below), value + sqrt(above), _mantel_haenszel(told))


def _mantel_haenszel(strata: Iterable[Arms]) -> float:
    """Return the two-sided p of no difference in any stratum."""
    excess = spread = 0.0
    for arms in strata:
        everybody, yes = arms.treated + arms.control, arms.yes_treated + arms.yes_control
        excess += arms.yes_treated - arms.treated * yes / everybody
        if everybody > 1:
            spread += arms.treated * arms.control * yes * (everybody - yes) / (everybody**2 * (everybody - 1))
    return 1.0 if spread == 0 else _two_sided(excess / sqrt(spread))


def mean_difference(treated: Moments, control: Moments, confidence: float = CONFIDENCE) -> Difference | None:
    """Return the difference of two means with Welch's standard error and the normal quantile, for arms of some size.

    None where an arm has fewer than two rows: nothing tells how far its amounts lie apart.
    """
    one, two, own, other = treated.mean, control.mean, treated.variance, control.variance
    if one is None or two is None or own is None or other is None:
        return None
    error = sqrt(own / treated.rows + other / control.rows)
    gap, half = one - two, _z(confidence) * error
    p = _two_sided(gap / error) if error else (1.0 if gap == 0 else 0.0)
    return Difference(gap, gap - half, gap + half, p)


def detectable(
    treated: int, control: int, base_rate: float, *, falls: bool = False, alpha: float = ALPHA, power: float = POWER
) -> float | None:
    """Return the smallest difference from *base_rate* that a test at *alpha* finds with *power*, in arms of these sizes.

    It is a rise, or with *falls* the size of a fall. None where even the largest that can be would be missed, or an arm is
    empty. The test is `z_test`; the formula is Fleiss's, the variance pooled where there is no difference.
    """
    if not 0 <= base_rate <= 1:
        raise UsageError(f"a rate is from 0 to 1, found {base_rate}")
    if treated < 1 or control < 1:
        return None

    def is_seen(size: float) -> bool:
        other = base_rate - size if falls else base_rate + size
        pooled = (treated * other + control * base_rate) / (treated + control)
        none = sqrt(pooled * (1 - pooled) * (1 / treated + 1 / control))
        some = sqrt(max(0.0, other * (1 - other)) / treated + base_rate * (1 - base_rate) / control)
        return size >= _z(1 - alpha) * none + NORMAL.inv_cdf(power) * some

    low, high = 0.0, base_rate if falls else 1 - base_rate
    if high == 0 or not is_seen(high):
        return None
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if is_seen(middle) else (middle, high)
    return high


def sample_ratio(treated: int, control: int, share: float) -> Ratio | None:
    """Compare the arms' sizes with the *share* meant to be held out: chi-square with one degree of freedom.

    None where nobody is in either arm, or nobody was meant to be held out.
    """
    everybody = treated + control
    if not everybody or not 0 < share < 1:
        return None
    meant = everybody * share
    square = (control - meant) ** 2 / meant + (control - meant) ** 2 / (everybody - meant)
    return Ratio(control / everybody, share, erfc(sqrt(square / 2)))


def lift(arms: Arms) -> float | None:
    """Return how much more often the treated said yes, as a share of the control's rate; None where that is 0 or unknown."""
    one, two = arms.rate_treated, arms.rate_control
    return None if one is None or not two else one / two - 1


def break_even(cost: float, treated: int, value: float) -> float | None:
    """Return the difference in rates at which what the treated brought pays *cost*, each yes being worth *value*.

    None where nobody was treated or a yes is worth nothing. Above 1 no difference pays.
    """
    return cost / (treated * value) if treated > 0 and value > 0 else None


def _z(confidence: float) -> float:
    return NORMAL.inv_cdf((1 + confidence) / 2)


def _two_sided(z: float) -> float:
    return erfc(abs(z) / sqrt(2))
