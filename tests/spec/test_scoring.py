"""Scores: signals to points, the score that dominates, the cells of a grid."""

from __future__ import annotations

import pytest

from c360 import dominant, grid, param, ranking, scorecard, tag, tiers
from c360.errors import DefinitionError, TypeMismatch, UnknownName
from telecom import Agree, Customer, Services, Ticket

CUSTOMERS = """
    customer | vip | active | points | visits
    A        | T   | T      | 60     | 50
    B        | T   | F      | 60     | 51
    C        |     | T      | 49     | 49
    D        |     |        | 0      | 50
    E        | F   | F      |        | 50
    F        | F   | F      |        |
"""


def test_a_scorecard_divides_the_points_met_by_all_points(agree: Agree) -> None:
    score = scorecard(vip=(Customer.vip, 30), active=(Customer.active, 15))
    expected = {
        "A": 100.0, "B": round(100 * 30 / 45, 6), "C": round(100 * 15 / 45, 6), "D": 0.0, "E": 0.0, "F": 0.0
    }  # fmt: skip
    agree(score, expected, Customer=CUSTOMERS)


def test_an_unknown_signal_is_not_met_nor_is_its_opposite(agree: Agree) -> None:
    for signal in (Customer.vip, ~Customer.vip):
        agree(scorecard(only=(signal, 7)), {"A": 0.0}, Customer="customer | vip; A |")


def test_signals_may_be_of_rows_below(agree: Agree) -> None:
    score = scorecard(asked=(Ticket.count() > 0, 1), urgent=(Ticket.urgent.any(), 3))
    tickets = "customer | opened_on | urgent; A | 2026-10-01 | F; B | 2026-10-01 | T"
    agree(score, {"A": 25.0, "B": 100.0, "C": 0.0}, Customer="customer; A; B; C", Ticket=tickets)


def test_the_dominant_score_reaches_the_cut_and_leads_by_the_lead(agree: Agree) -> None:
    kind = dominant(points=Customer.points, visits=Customer.visits)
    # A leads by exactly 10; B by 9; C reaches nothing; of D and E only one score reaches 50; a missing score is 0.
    expected = {"A": "points", "B": "mixed", "C": "none", "D": "visits", "E": "visits", "F": "none"}
    agree(kind, expected, Customer=CUSTOMERS)


def test_cut_and_lead_and_names_may_be_chosen(agree: Agree) -> None:
    kind = dominant(at_least=49, lead=0, mixed="both", none="neither", points=Customer.points, visits=Customer.visits)
    # With a lead of 0 two equal scores both lead; the first written counts.
    expected = {"A": "points", "B": "points", "C": "points", "D": "visits", "E": "visits", "F": "neither"}
    agree(kind, expected, Customer=CUSTOMERS)


def test_of_three_scores_the_dominant_leads_every_other(agree: Agree) -> None:
    kind = dominant(a=Customer.points, b=Customer.visits, c=Customer.score)
    table = "customer | points | visits | score; A | 80 | 60 | 70; B | 80 | 60 | 71; C | 10 | 20 | 90.5"
    agree(kind, {"A": "a", "B": "mixed", "C": "c"}, Customer=table)


def test_a_dominant_is_compared_by_name(agree: Agree) -> None:
    kind = dominant(points=Customer.points, visits=Customer.visits)
    expected = {"A": False, "B": True, "C": False, "D": False, "E": False, "F": False}
    agree(kind == "mixed", expected, Customer=CUSTOMERS)


PLACED = """
    customer | points | grade
    A        | 100    | gold
    B        | 100    | bronze
    C        | 10     | gold
    D        | 10     | silver
    E        |        | gold
    F        | 10     |
    G        |        |
"""
CELLS = {("high", "gold"): "star", ("high", "*"): "rising", ("*", "gold"): "loyal", ("*", "*"): "rest"}


def test_a_grid_names_the_first_cell_that_fits(agree: Agree) -> None:
    value = tiers(Customer.points, high=50, otherwise="low")
    expected = {"A": "star", "B": "rising", "C": "loyal", "D": "rest", "E": "unknown", "F": "unknown", "G": "unknown"}
    agree(grid(value, Customer.grade, CELLS), expected, Customer=PLACED)


def test_a_grid_may_stand_over_tags(agree: Agree) -> None:
    value = tag(tiers(Customer.points, high=50, otherwise="low"), name="value")
    cell = grid(value, Services.contract, {("high", "none"): "ask", ("*", "*"): "leave"}, missing="nothing")
    services = "customer | contract; A | none; B | one_year; C | none; D |; E | none"
    expected = {"A": "ask", "B": "leave", "C": "leave", "D": "nothing", "E": "nothing", "F": "nothing", "G": "nothing"}
    agree(cell, expected, definitions=[value], Customer=PLACED, Services=services)


def test_a_grid_has_a_cell_for_every_pair() -> None:
    value = tiers(Customer.points, high=50, otherwise="low")
    with pytest.raises(DefinitionError, match="no cell for"):
        grid(value, Customer.grade, {("high", "*"): "star", ("low", "gold"): "loyal"})
    with pytest.raises(UnknownName, match="glod"):
        grid(value, Customer.grade, {("high", "glod"): "star", ("*", "*"): "rest"})
    with pytest.raises(TypeMismatch, match="category"):
        grid(Customer.points, Customer.grade, CELLS)


def test_a_ranking_goes_by_falling_score_then_as_written(agree: Agree) -> None:
    order = ranking(points=Customer.points, visits=Customer.visits, half=Customer.visits / 2)
    rows = """customer | points | visits
        A | 60 | 50
        B | 40 | 50
        C | 50 | 50
        D | 0  | -5
        E |    | 50
        F | 25 | 50
        G |    | """
    expected = {
        "A": ("points", "visits", "half"),
        "B": ("visits", "points", "half"),
        "C": ("points", "visits", "half"),
        "D": (),
        "E": ("visits", "half"),
        "F": ("visits", "points", "half"),
        "G": (),
    }
    agree(order, expected, Customer=rows)


def test_a_scorecard_says_what_a_signal_is() -> None:
    with pytest.raises(DefinitionError, match="its points"):
        scorecard(vip=Customer.vip)
    with pytest.raises(TypeMismatch, match="yes/no"):
        scorecard(points=(Customer.points, 3))
    with pytest.raises(DefinitionError, match="its points"):
        scorecard(vip=(Customer.vip, param("score.vip", 0.5)))
    with pytest.raises(DefinitionError, match="two scores"):
        ranking(only=Customer.points)
    with pytest.raises(DefinitionError, match="two scores"):
        dominant(only=Customer.points)
