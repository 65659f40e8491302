"""Information gain and correlation from counts; expected values are worked out by hand."""

from __future__ import annotations

from math import log2

import pytest

from c360.audience.factors import Tally, correlated, entropy, information_gain, phi, ranked

Sides = tuple[tuple[int, int, int], tuple[int, int, int]]


def tally(cluster: str | None = None, **signals: Sides) -> Tally:
    positive, negative = (sum(side) for side in next(iter(signals.values())))
    return Tally(cluster, positive + negative, positive, signals, {})


def test_entropy_is_one_bit_for_a_fair_coin_and_none_for_certainty() -> None:
    assert entropy([5, 5]) == 1.0
    assert entropy([7, 0]) == entropy([]) == entropy([0, 0]) == 0.0
    assert entropy([1, 3]) == pytest.approx(-(0.25 * log2(0.25) + 0.75 * log2(0.75)))


def test_a_signal_that_is_the_outcome_tells_all_of_it() -> None:
    assert information_gain([4, 0, 0], [0, 4, 0]) == 1.0


def test_a_signal_that_is_spread_alike_tells_nothing() -> None:
    assert information_gain([1, 2, 3], [2, 4, 6]) == pytest.approx(0.0, abs=1e-15)
    assert information_gain([0, 0, 0], [0, 5, 0]) == information_gain([], []) == 0.0


def test_the_textbook_example() -> None:
    # Quinlan 1986: 14 days, 9 to play; humidity high on 7 of them, 3 to play.
    assert information_gain([3, 6], [4, 1]) == pytest.approx(0.1518, abs=5e-5)


def test_unknown_is_a_value_of_its_own() -> None:
    assert information_gain([0, 0, 4], [0, 4, 0]) == 1.0


def test_phi_is_the_correlation_of_two_yes_no_values() -> None:
    assert phi(10, 5, 5, 5) == 1.0
    assert phi(10, 5, 5, 0) == -1.0
    assert phi(16, 4, 4, 1) == 0.0
    assert phi(10, 0, 5, 0) is None


def test_the_first_ranks_on_both_dates_are_high_risk() -> None:
    first = tally(strong=((8, 2, 0), (2, 88, 0)), weak=((6, 4, 0), (40, 50, 0)), none=((5, 5, 0), (45, 45, 0)))
    later = tally(strong=((8, 2, 0), (2, 88, 0)), weak=((5, 5, 0), (45, 45, 0)), none=((5, 5, 0), (46, 44, 0)))
    strong, weak, none = ranked([first], [later], 2)
    assert [f.signal for f in (strong, weak, none)] == ["strong", "weak", "none"]
    assert (strong.rank, strong.later_rank, strong.high_risk) == (1, 1, True)
    assert (weak.rank, weak.later_rank, weak.high_risk) == (2, 3, False)
    assert strong.lift == pytest.approx((8 / 10) / (10 / 100))
    assert not none.high_risk


def test_without_a_later_date_the_first_ranks_are_enough() -> None:
    (found,) = ranked([tally(strong=((8, 2, 0), (2, 88, 0)))], [], 1)
    assert (found.high_risk, found.later_gain, found.later_rank) == (True, None, None)


def test_a_signal_of_those_who_stay_is_no_risk_however_much_it_tells() -> None:
    (found,) = ranked([tally(loyal=((0, 10, 0), (90, 0, 0)))], [], 1)
    assert found.gain == pytest.approx(entropy([10, 90]))
    assert (found.lift, found.high_risk) == (0.0, False)


def test_clusters_stand_apart() -> None:
    young, old = tally("young", s=((1, 1, 0), (1, 1, 0))), tally("old", s=((2, 0, 0), (0, 2, 0)))
    assert [(f.cluster, round(f.gain, 6)) for f in ranked([young, old], [], 3)] == [("young", 0.0), ("old", 1.0)]


def test_pairs_correlate_by_cluster() -> None:
    held = Tally("a", 10, 5, {"x": ((3, 2, 0), (2, 3, 0)), "y": ((3, 2, 0), (2, 3, 0))}, {("x", "y"): 5})
    (found,) = correlated([held])
    assert (found.cluster, found.signal, found.other, found.phi) == ("a", "x", "y", 1.0)
