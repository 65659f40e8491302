"""Recipes of scores: signals to points, the dominant of several scores, the cells of a grid."""

from __future__ import annotations

import pytest
from telecom import Agree, Customer

from c360 import dominant, grid, scorecard, tiers
from c360.errors import DefinitionError, TypeMismatch, UnknownName

TABLE = """
    customer | points | visits | vip | active
    A        | 90     | 10     | T   | T
    B        | 55     | 50     | F   | T
    C        | 55     | 45     |     | F
    D        | 49     |        | T   |
    E        |        |        | F   | F
"""


def test_a_score_is_the_share_of_points_whose_signals_hold(agree: Agree) -> None:
    score = scorecard(vip=(Customer.vip, 30), active=(Customer.active, 10))
    expected = {"A": 100.0, "B": 100 * 10 / 40, "C": 0.0, "D": 100 * 30 / 40, "E": 0.0}
    agree(score, expected, Customer=TABLE)


def test_the_dominant_score_reaches_the_bar_and_leads_every_other(agree: Agree) -> None:
    winner = dominant(points=Customer.points, visits=Customer.visits, at_least=50, lead=10)
    # B has 55 and 50: nobody leads by 10; C leads by just 10; D reaches nothing; a missing score counts as 0.
    agree(winner, {"A": "points", "B": "mixed", "C": "points", "D": "none", "E": "none"}, Customer=TABLE)


def test_a_grid_names_the_cell_of_two_categories(agree: Agree) -> None:
    value = tiers(Customer.points, high=90, mid=50, otherwise="low")
    visit = tiers(Customer.visits, often=20, otherwise="rarely")
    cells = {("high", "*"): "star", ("*", "often"): "regular", ("*", "*"): "other"}
    agree(grid(value, visit, cells), {"A": "star", "B": "regular", "C": "regular", "D": "unknown", "E": "unknown"}, Customer=TABLE)


def test_a_grid_without_a_cell_is_refused() -> None:
    value = tiers(Customer.points, high=90, otherwise="low")
    with pytest.raises(DefinitionError, match=r"no cell for \(low, low\)"):
        grid(value, value, {("high", "*"): "a", ("low", "high"): "b"})
    with pytest.raises(UnknownName, match="unknown level of the grid 'hihg'"):
        grid(value, value, {("hihg", "*"): "a", ("*", "*"): "b"})
    with pytest.raises(TypeMismatch, match="the rows of a grid are a category"):
        grid(Customer.points, value, {("*", "*"): "b"})


def test_a_signal_is_a_condition_and_points() -> None:
    with pytest.raises(DefinitionError, match="signal 'vip' is a condition and its points"):
        scorecard(vip=Customer.vip)
    with pytest.raises(TypeMismatch, match="condition of signal 'vip' is a yes/no expression; found integer"):
        scorecard(vip=(Customer.points, 30))
