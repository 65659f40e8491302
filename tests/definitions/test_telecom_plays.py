"""The plays of the reference catalogue: every sensitivity, stage and grid class has one, and every play has a segment it fits."""

from __future__ import annotations

import re

import pytest

from c360.catalog import Catalog, build_catalog
from c360.catalog.fitting import plays_for
from c360.language.plays import LAWS, MOMENTS, STRATEGIES, Play
from project import ROOT

CATALOG: Catalog = build_catalog(ROOT, {})
PLAYS = [pytest.param(play, id=name) for name, play in CATALOG.plays.items()]


def fitting(segment: str) -> set[str]:
    return {play.name for play in plays_for(CATALOG, CATALOG.definition(segment))}


@pytest.mark.parametrize("tag", ["sensitivity_type", "lifecycle_stage", "customer_grid"])
def test_every_level_has_a_play(tag: str) -> None:
    answered = {level for play in CATALOG.plays.values() for a in play.answers if a.name == tag for level in a.levels}
    assert set(CATALOG.definition(tag).type.all_levels) - {"unknown"} <= answered


def test_every_law_strategy_and_moment_has_a_play() -> None:
    plays = CATALOG.plays.values()
    assert {play.law for play in plays} == set(LAWS)
    assert {play.strategy for play in plays} - {""} == set(STRATEGIES)
    assert {play.moment for play in plays} - {""} == set(MOMENTS)


@pytest.mark.parametrize("play", PLAYS)
def test_a_play_is_told_in_both_languages_and_fits_a_segment(play: Play) -> None:
    assert re.search(r"[\u4e00-\u9fff]", play.zh) and re.search(r"[\u4e00-\u9fff]", play.text_zh)
    assert play.text.endswith(".")
    assert any(play.name in fitting(segment.name) for segment in CATALOG.segments(play.entity))


def test_the_grid_is_treated_class_by_class() -> None:
    assert fitting("repair_bleeding") == {"stop_the_subsidy", "reprice_with_terms"}
    assert fitting("let_go_bleeding") == {"stop_the_subsidy"}
    assert "derived_products" in fitting("raise_small_premium") - fitting("grow_average")
    assert "self_service_mode" in fitting("move_up_small_ordinary") - fitting("guard_large_premium")
    assert "standing" in fitting("guard_large_premium") - fitting("grow_average")


def test_nothing_is_sold_while_onboarding() -> None:
    assert fitting("care_only") == {"welcome", "first_bill_explained"}


def test_who_left_is_won_back_by_the_cause() -> None:
    assert fitting("winback_by_service") == {"apology_and_repair"}
    assert fitting("winback_by_technology") == {"new_network_move"}
    assert fitting("winback_by_settlement") == {"settle_and_return"}


def test_no_fee_is_offered_for_staying_to_those_who_are_sold_more() -> None:
    assert "fee_offer" in fitting("at_risk") - fitting("upsell")
