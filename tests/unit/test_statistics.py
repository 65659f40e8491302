"""Differences, intervals and tests: published examples, values reckoned by hand, the edges, and statsmodels as a second opinion."""

from __future__ import annotations

import random
from math import sqrt

import pytest

from c360.deliver.statistics import (
    Arms,
    Moments,
    break_even,
    detectable,
    difference,
    lift,
    mean_difference,
    sample_ratio,
    stratified,
    wilson,
    z_test,
)
from c360.errors import UsageError

# Newcombe 1998, Statistics in Medicine 17:857, table I, and 17:873, table II, method 10.
WILSON = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718)}
NEWCOMBE = {
    (56, 70, 48, 80): (0.0524, 0.3339), (9, 10, 3, 10): (0.1705, 0.8090), (6, 7, 2, 7): (0.0582, 0.8062),
    (5, 56, 0, 29): (-0.0381, 0.1926), (0, 10, 0, 20): (-0.1611, 0.2775), (0, 10, 0, 10): (-0.2775, 0.2775),
    (10, 10, 0, 20): (0.6791, 1.0), (10, 10, 0, 10): (0.6075, 1.0),
}  # fmt: skip
SOME = [Arms(56, 70, 48, 80), Arms(120, 9000, 8, 1000), Arms(3, 40, 0, 12), Arms(410, 1559, 90, 400), Arms(1, 2, 1, 2)]


@pytest.mark.parametrize(("yes", "of"), WILSON)
def test_wilson_gives_the_published_intervals(yes: int, of: int) -> None:
    assert wilson(yes, of) == pytest.approx(WILSON[yes, of], abs=5e-5)


@pytest.mark.parametrize("counts", NEWCOMBE, ids=str)
def test_newcombe_gives_the_published_intervals(counts: tuple[int, int, int, int]) -> None:
    found = difference(Arms(*counts))
    assert found is not None
    assert found.value == pytest.approx(counts[0] / counts[1] - counts[2] / counts[3])
    assert (found.low, found.high) == pytest.approx(NEWCOMBE[counts], abs=5e-5)


def test_the_z_test_reckoned_by_hand() -> None:
    pooled = (30 + 10) / (100 + 100)
    z = (0.3 - 0.1) / sqrt(pooled * (1 - pooled) * (1 / 100 + 1 / 100))
    assert z == pytest.approx(3.5355, abs=1e-4)
    assert z_test(Arms(30, 100, 10, 100)) == pytest.approx(0.000407, abs=1e-6)


@pytest.mark.parametrize("arms", [Arms(0, 5, 0, 9), Arms(5, 5, 9, 9)])
def test_where_all_or_none_said_yes_nothing_differs(arms: Arms) -> None:
    found = difference(arms)
    assert found is not None and found.value == 0 and found.p == 1 and found.low < 0 < found.high


@pytest.mark.parametrize(("arms", "empty"), [(Arms(0, 0, 3, 9), "treated"), (Arms(3, 9, 0, 0), "control")])
def test_an_empty_arm_gives_no_number_and_is_named(arms: Arms, empty: str) -> None:
    assert arms.empty == empty
    assert (difference(arms), z_test(arms), lift(arms), stratified([arms])) == (None, None, None, None)


def test_more_yes_than_people_cannot_be() -> None:
    with pytest.raises(UsageError, match="expected 0 to 3 who said yes, found 4"):
        Arms(4, 3, 0, 1)


@pytest.mark.parametrize("arms", SOME, ids=str)
def test_one_stratum_is_the_plain_difference(arms: Arms) -> None:
    plain, within = difference(arms), stratified([arms])
    assert plain is not None and within is not None
    assert (within.value, within.low, within.high) == pytest.approx((plain.value, plain.low, plain.high))


def test_strata_undo_a_mix_that_differs_between_the_arms() -> None:
    # Within each stratum the treated do 10 points better; lumped together they do worse, for more of them are of the low one.
    low, high = Arms(180, 900, 10, 100), Arms(80, 100, 630, 900)
    lumped, within = difference(Arms(260, 1000, 640, 1000)), stratified([low, high])
    assert lumped is not None and lumped.value == pytest.approx(260 / 1000 - 640 / 1000)
    assert within is not None and within.value == pytest.approx(0.1) and within.low > 0


def test_strata_weigh_by_both_arms() -> None:
    found = stratified([Arms(5, 10, 4, 40), Arms(3, 30, 2, 60), Arms(9, 9, 0, 0)])
    first, second = 10 * 40 / (10 + 40), 30 * 60 / (30 + 60)
    assert found is not None
    assert found.value == pytest.approx((first * (5 / 10 - 4 / 40) + second * (3 / 30 - 2 / 60)) / (first + second))


def test_means_reckoned_by_hand() -> None:
    treated, control = Moments.of([10, 20, 30, 40]), Moments.of([5, 15, 10])
    error = sqrt((500 / 3) / 4 + 25 / 3)  # the sample variances are 500/3 and 25
    found = mean_difference(treated, control)
    assert found is not None and found.value == 25 - 10
    assert (found.low, found.high) == pytest.approx((15 - 1.959964 * error, 15 + 1.959964 * error), abs=1e-5)


@pytest.mark.parametrize("control", [[], [5]])
def test_a_mean_of_fewer_than_two_has_no_interval(control: list[float]) -> None:
    assert mean_difference(Moments.of([1, 2, 3]), Moments.of(control)) is None


def test_equal_amounts_differ_surely_or_not_at_all() -> None:
    same = mean_difference(Moments.of([2, 2]), Moments.of([2, 2]))
    other = mean_difference(Moments.of([3, 3]), Moments.of([2, 2]))
    assert same is not None and other is not None
    assert (same.value, same.p, other.value, other.p) == (0, 1, 1, 0)


def test_the_detectable_difference_shrinks_with_the_arms_and_meets_the_textbook() -> None:
    # The rule of thumb for equal arms: 16 p(1-p) / d² a group, so about 6 points for 800 a group at 25 %.
    found = detectable(800, 800, 0.25)
    assert found is not None and found == pytest.approx(sqrt(16 * 0.25 * 0.75 / 800), rel=0.05)
    sizes = [detectable(9 * n, n, 0.1) or 1.0 for n in (50, 100, 1000, 10_000)]
    assert sizes == sorted(sizes, reverse=True)
    assert detectable(1000, 1000, 0.1, falls=True) != detectable(1000, 1000, 0.1)


@pytest.mark.parametrize("arms", [(0, 10), (10, 0), (1, 1)])
def test_too_few_detect_nothing(arms: tuple[int, int]) -> None:
    assert detectable(*arms, base_rate=0.5) is None


def test_a_rate_of_nothing_cannot_fall() -> None:
    assert detectable(1000, 1000, 0.0, falls=True) is None and detectable(1000, 1000, 0.0) is not None


def test_the_sample_ratio_reckoned_by_hand() -> None:
    found = sample_ratio(880, 120, 0.1)  # 100 meant: 20² / 100 + 20² / 900 = 4.444
    assert found is not None and found.share == 0.12 and found.p == pytest.approx(0.0350, abs=1e-4) and not found.is_broken
    worse = sample_ratio(850, 150, 0.1)
    assert worse is not None and worse.is_broken
    assert sample_ratio(10, 0, 0.0) is None and sample_ratio(0, 0, 0.1) is None


def test_break_even_pays_the_cost() -> None:
    found = break_even(cost=1000 * 2 + 50 * 10, treated=1000, value=100)
    assert found == 2500 / (1000 * 100)
    assert break_even(5, 0, 100) is None and break_even(5, 10, 0) is None


def test_lift_is_relative_to_the_control() -> None:
    assert lift(Arms(30, 100, 20, 100)) == pytest.approx(0.5)
    assert lift(Arms(30, 100, 0, 100)) is None


@pytest.mark.thorough
def test_the_intervals_hold_the_truth_as_often_as_they_say() -> None:
    chance = random.Random(7)
    held = within = 0
    rounds = 1000
    for _ in range(rounds):
        strata = [_drawn(chance, 300, 60, rate, 0.05) for rate in (0.04, 0.1, 0.3)]
        lumped = Arms(*(sum(getattr(arms, name) for arms in strata) for name in Arms.__dataclass_fields__))
        plain, joined = difference(lumped), stratified(strata)
        assert plain is not None and joined is not None
        held += plain.low <= 0.05 <= plain.high
        within += joined.low <= 0.05 <= joined.high
    assert 0.93 <= held / rounds <= 0.985 and 0.93 <= within / rounds <= 0.985


def _drawn(chance: random.Random, treated: int, control: int, rate: float, effect: float) -> Arms:
    yes = [sum(chance.random() < share for _ in range(rows)) for rows, share in ((treated, rate + effect), (control, rate))]
    return Arms(yes[0], treated, yes[1], control)


@pytest.mark.oracle
@pytest.mark.parametrize("arms", SOME, ids=str)
def test_statsmodels_gives_the_same_proportions(arms: Arms) -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion", reason="statsmodels is of the extra 'oracles'")
    found = difference(arms)
    assert found is not None
    theirs = proportion.confint_proportions_2indep(
        arms.yes_treated, arms.treated, arms.yes_control, arms.control, method="newcomb", compare="diff"
    )
    assert (found.low, found.high) == pytest.approx(theirs, abs=1e-9)
    assert wilson(arms.yes_treated, arms.treated) == pytest.approx(
        proportion.proportion_confint(arms.yes_treated, arms.treated, method="wilson"), abs=1e-9
    )
    _, p = proportion.proportions_ztest([arms.yes_treated, arms.yes_control], [arms.treated, arms.control])
    assert found.p == pytest.approx(p, abs=1e-9)


@pytest.mark.oracle
def test_statsmodels_gives_the_same_test_of_strata() -> None:
    tables = pytest.importorskip("statsmodels.stats.contingency_tables", reason="statsmodels is of the extra 'oracles'")
    counts = [[[a.yes_treated, a.treated - a.yes_treated], [a.yes_control, a.control - a.yes_control]] for a in SOME]
    found = stratified(SOME)
    assert found is not None
    assert found.p == pytest.approx(tables.StratifiedTable(counts).test_null_odds(correction=False).pvalue, abs=1e-9)


@pytest.mark.oracle
def test_statsmodels_gives_the_same_means_sizes_and_ratio() -> None:
    weights = pytest.importorskip("statsmodels.stats.weightstats", reason="statsmodels is of the extra 'oracles'")
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    chance = random.Random(3)
    one, two = [chance.gauss(20, 9) for _ in range(500)], [chance.gauss(19, 4) for _ in range(90)]
    found = mean_difference(Moments.of(one), Moments.of(two))
    assert found is not None
    theirs = weights.CompareMeans(weights.DescrStatsW(one), weights.DescrStatsW(two)).zconfint_diff(usevar="unequal")
    assert (found.low, found.high) == pytest.approx(theirs, rel=1e-9)
    for falls in (False, True):
        size = detectable(4000, 500, 0.12, falls=falls)
        assert size is not None
        told = proportion.power_proportions_2indep(-size if falls else size, 0.12, 4000, ratio=500 / 4000, alpha=0.05)
        assert told.power == pytest.approx(0.8, abs=1e-3)
    from scipy.stats import chisquare

    ratio = sample_ratio(8800, 1100, 0.1)
    assert ratio is not None and ratio.p == pytest.approx(chisquare([8800, 1100], [9900 * 0.9, 9900 * 0.1]).pvalue)
