"""Campaigns: what authors write, what is refused at their line, and what their hash tells apart."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from c360.catalog import Catalog, build_catalog
from c360.catalog.findings import WARNING
from c360.catalog.interchange import from_document, to_document
from c360.catalog.lint import findings
from c360.errors import C360Error, DefinitionError, DuplicateName, TypeMismatch, UnknownName
from c360.language.campaigns import PRIORITY, Apart, Offer

HEAD = """\
from c360 import Boolean, Category, Date, Entity, Integer, Key, Money, Offer, Text, apart, campaign, fixed, segment, since, tag

class Unit(Entity):
    town: Text = fixed()

class Customer(Entity):
    default = True
    joined_on: Date = since()
    sort: Category["person", "family"] = fixed()
    points: Integer = fixed()
    fee: Money = fixed()
    unit: Key[Unit] = fixed()

class Line(Entity):
    customer: Key[Customer] = fixed()
    number: Integer = fixed()

kind = tag(Customer.sort)
points = tag(Customer.points)
fee = tag(Customer.fee)
number = tag(Line.number)
ripe = segment(points > 5, title="Ripe")
lines = segment(number > 5)
"""
FIRST_LINE = HEAD.count("\n") + 1
CALL = 'x = campaign(segment={segment}, purpose="offer", channels=("call", "sms"){more})\n'


def build(folder: Path, text: str) -> Catalog:
    """Build a catalogue from tags/all.py: the contracts above and *text*."""
    (folder / "tags").mkdir(parents=True, exist_ok=True)
    (folder / "tags" / "all.py").write_text(HEAD + text, encoding="utf-8")
    return build_catalog(folder, {})


def one(more: str = "", segment: str = "ripe") -> str:
    return CALL.format(segment=segment, more=more)


def fault(folder: Path, text: str, line: int = 0) -> C360Error:
    with pytest.raises(C360Error) as caught:
        build(folder, text)
    assert caught.value.where == f"tags/all.py:{FIRST_LINE + line}"
    assert caught.value.exit_code == 3
    return caught.value


# What authors write.


def test_a_campaign_takes_the_name_of_its_variable_and_the_entity_of_its_segment(tmp_path: Path) -> None:
    found = build(tmp_path, one()).campaigns["x"]
    assert (found.name, found.segment, found.entity, found.purpose) == ("x", "ripe", "customer", "offer")
    assert (found.channels, found.priority, found.salt) == (("call", "sms"), PRIORITY, "x")
    assert (found.columns, found.order, found.limit, found.holdout, found.offer) == (None, (), None, 0.0, None)
    assert found.where == f"tags/all.py:{FIRST_LINE}"


def test_tags_are_given_as_they_are_or_by_name(tmp_path: Path) -> None:
    more = ', score=points, value="fee", strata=kind, columns=("unit_id", fee, "sort"), order=("-fee", points), one_per="unit"'
    found = build(tmp_path, one(more, segment='"ripe"')).campaigns["x"]
    assert (found.segment, found.score, found.value, found.strata) == ("ripe", "points", "fee", "kind")
    assert (found.columns, found.order, found.one_per) == (("unit_id", "fee", "sort"), ("-fee", "points"), "unit")
    assert found.names == ("ripe", "points", "fee", "kind", "unit_id", "sort", "unit")


def test_without_an_order_the_best_score_goes_first(tmp_path: Path) -> None:
    assert build(tmp_path, one(", score=points, limit=5")).campaigns["x"].order == ("-points",)


def test_an_offer_days_and_a_campaign_to_keep_away_from(tmp_path: Path) -> None:
    more = ', offer=Offer("up", monthly_fee=99, needs_network="5g"), starts="2026-11-01", ends="2026-11-30", value=30, holdout=0.1'
    text = one(more + ', apart=(apart("x", days=90), apart("y", days=30)), salt="autumn"') + one().replace("x =", "y =")
    found = build(tmp_path, text).campaigns["x"]
    assert found.offer == Offer("up", monthly_fee=99.0, needs_network="5g")
    assert (found.starts, found.ends) == (date(2026, 11, 1), date(2026, 11, 30))
    assert (found.apart, found.salt, found.holdout, found.value) == ((Apart("x", 90), Apart("y", 30)), "autumn", 0.1, 30.0)


@pytest.mark.parametrize(
    ("first", "last", "runs"),
    [("2026-10-01", "2026-10-31", False), ("2026-11-15", "2026-12-31", True), ("2026-12-01", "2026-12-31", False)],
)
def test_a_campaign_runs_from_its_first_day_to_its_last(tmp_path: Path, first: str, last: str, runs: bool) -> None:
    found = build(tmp_path, one(', starts="2026-11-01", ends="2026-11-15"')).campaigns["x"]
    assert found.valid_between(date.fromisoformat(first), date.fromisoformat(last)) is runs


def test_a_campaign_of_lines_is_about_lines(tmp_path: Path) -> None:
    assert build(tmp_path, one(", score=number", segment="lines")).campaigns["x"].entity == "line"


def test_a_workspace_takes_over_the_campaigns_of_the_one_it_extends_and_may_override_them(tmp_path: Path) -> None:
    build(tmp_path / "hq", one(', title="HQ"') + one().replace("x =", "y ="))
    (tmp_path / "shop" / "segments").mkdir(parents=True)
    own = 'from c360 import campaign\nx = campaign(segment="ripe", purpose="care", channels=("visit",), title="Shop")\n'
    (tmp_path / "shop" / "segments" / "own.py").write_text(own, encoding="utf-8")
    catalog = build_catalog(tmp_path / "shop", {}, [tmp_path / "hq"])
    assert {name: found.title for name, found in catalog.campaigns.items()} == {"y": "", "x": "Shop"}


def test_a_campaign_thrown_away_is_a_finding(tmp_path: Path) -> None:
    catalog = build(tmp_path, one().removeprefix("x = "))
    assert [f.where for f in findings(catalog) if (f.severity, f.code) == (WARNING, "unnamed")] == [f"tags/all.py:{FIRST_LINE}"]


def test_the_document_for_other_tools_holds_campaigns_and_gives_them_back(tmp_path: Path) -> None:
    more = ', offer=Offer("up", monthly_fee=99), starts="2026-11-01", apart=apart("x", days=9), columns=("fee",), strata=kind'
    catalog = build(tmp_path, one(more))
    back = from_document(json.loads(json.dumps(to_document(catalog))))
    assert back.campaigns == catalog.campaigns
    assert back.campaign_hash("x") == catalog.campaign_hash("x") == to_document(catalog)["campaigns"][0]["hash"]


# What is refused, at the author's line.


@pytest.mark.parametrize(
    ("more", "kind", "told"),
    [
        (', score="point"', UnknownName, "unknown tag 'point'"),
        (", score=kind", TypeMismatch, "score of a campaign is a numeric tag; 'kind' is category"),
        (', value="kind"', TypeMismatch, "value of a campaign is a tag of money or a number"),
        (', score="number"', TypeMismatch, "'number' is a tag of line"),
        (', score="ripe"', TypeMismatch, "'ripe' is a segment of customer"),
        (", strata=fee", TypeMismatch, "strata of a campaign is a tag of few levels; 'fee' is money"),
        (', columns=("fees",)', UnknownName, "unknown column or tag 'fees'"),
        (', columns="fee"', DefinitionError, "columns are several names"),
        (', columns=("fee", "fee")', DuplicateName, "columns of a campaign name 'fee' twice"),
        (', order=("-fee", "fee")', DuplicateName, "order of a campaign name 'fee' twice"),
        (', order=("-fees",)', UnknownName, "unknown column or tag 'fees'"),
        (', one_per="units"', UnknownName, "unknown column or tag 'units'"),
        (", holdout=1", DefinitionError, "0 or more and below 1, found 1"),
        (", holdout=-0.1", DefinitionError, "0 or more and below 1, found -0.1"),
        (", priority=0", DefinitionError, "the priority of a campaign is a whole number, 1 or more, found 0"),
        (", limit=True", DefinitionError, "the limit of a campaign is a whole number"),
        (", value=float('nan')", DefinitionError, "the value of a yes is a number"),
        (', starts="soon"', DefinitionError, "starts of a campaign is a day, found 'soon'"),
        (', starts="2026-11-02", ends="2026-11-01"', DefinitionError, "found 2026-11-02 to 2026-11-01"),
        (', apart=apart("z", days=9)', UnknownName, "unknown campaign 'z'"),
        (', apart="x"', DefinitionError, r"apart lists apart\(…\)"),
        (', apart=apart("x", days=0)', DefinitionError, "whole days apart, 1 or more, found 0"),
        (', offer="up"', DefinitionError, r"is an Offer\(…\)"),
        (', offer=Offer("up", monthly_fee=-1)', DefinitionError, "0 or more, found -1"),
        (', offer=Offer("")', DefinitionError, "the name of an offer is text"),
        (', offer=Offer("up", dear="yes")', DefinitionError, "dear of an offer is True or False"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, more: str, kind: type[C360Error], told: str) -> None:
    found = fault(tmp_path, one(more))
    assert isinstance(found, kind)
    with pytest.raises(C360Error, match=told):
        raise found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (one(segment='"ripee"'), "unknown segment 'ripee'"),
        (one(segment='"points"'), "a campaign is of a segment; 'points' is a tag"),
        (one(segment="points"), "segment of a campaign is a segment or its name"),
        (one(segment='""'), "a campaign has a segment"),
        (one().replace('"offer"', '""'), "a campaign has a purpose"),
        (one().replace('("call", "sms")', '"call"'), "channels are listed in order"),
        (one().replace('("call", "sms")', "()"), "one channel or more"),
        (one().replace('("call", "sms")', '("sms", "sms")'), "channels of a campaign name 'sms' twice"),
        (one().replace("x =", "fee ="), "'fee' is defined twice"),
        (one().replace("x =", "customer ="), "'customer' is defined twice"),
        (one().replace("x =", "Bad ="), "'Bad' cannot name a campaign"),
    ],
)
def test_names_that_cannot_be_meant_are_refused(tmp_path: Path, text: str, told: str) -> None:
    assert told in fault(tmp_path, text).message


def test_two_campaigns_of_one_name_are_refused(tmp_path: Path) -> None:
    found = fault(tmp_path, one() + one(), line=1)
    assert isinstance(found, DuplicateName) and found.message == f"'x' is defined twice, first at tags/all.py:{FIRST_LINE}"


def test_a_near_name_is_suggested(tmp_path: Path) -> None:
    assert fault(tmp_path, one(', score="point"')).hint == "did you mean 'points'?"


# The hash.


def test_the_hash_leaves_titles_out(tmp_path: Path) -> None:
    plain = build(tmp_path, one()).campaign_hash("x")
    told = ', title="Call", zh="致电", owner="market", description="Every month"'
    assert build(tmp_path, "\n" + one(told)).campaign_hash("x") == plain


@pytest.mark.parametrize(
    "more",
    [
        ", priority=1", ", score=points", ", value=3", ', offer=Offer("up", cost=2)', ', ends="2026-11-30"', ", holdout=0.2",
        ', salt="s"', ", strata=kind", ', columns=("fee",)', ', order=("fee",)', ", limit=9", ', one_per="unit"',
        ', apart=apart("x", days=9)',
    ],
)  # fmt: skip
def test_the_hash_tells_what_decides_the_list(tmp_path: Path, more: str) -> None:
    assert build(tmp_path, one(more)).campaign_hash("x") != build(tmp_path, one()).campaign_hash("x")


def test_the_hash_changes_with_the_rule_of_its_segment_and_the_tags_it_names(tmp_path: Path) -> None:
    plain = build(tmp_path, one(", score=points")).campaign_hash("x")
    text = HEAD.replace("points > 5", "points > 6") + one(", score=points")
    (tmp_path / "tags" / "all.py").write_text(text, encoding="utf-8")
    assert build_catalog(tmp_path, {}).campaign_hash("x") != plain


def test_an_unknown_campaign_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="unknown campaign 'xx'"):
        build(tmp_path, one()).campaign("xx")
