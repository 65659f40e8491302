"""The reference campaigns go under the reference policy, keep before they offer, and can be told in both languages."""

from __future__ import annotations

import pytest

from c360.bindings.settings import Settings
from c360.catalog import Catalog, build_catalog
from c360.language.campaigns import Campaign
from c360.opened import OpenedFolder
from project import ROOT

CATALOG: Catalog = build_catalog(ROOT, {})
SETTINGS: Settings = OpenedFolder(ROOT).settings
CAMPAIGNS = list(CATALOG.campaigns.values())
PAGE = (ROOT / "docs" / "how-to" / "campaigns.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda one: one.name)
def test_its_purpose_and_channels_are_the_policys(campaign: Campaign) -> None:
    policy = SETTINGS.policy
    assert policy is not None
    assert campaign.purpose in policy.purposes
    assert set(campaign.channels) <= set(policy.channels)


@pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda one: one.name)
def test_it_is_told_in_both_languages_and_somebody_answers_for_it(campaign: Campaign) -> None:
    assert campaign.title and campaign.zh and campaign.owner and campaign.description
    assert campaign.offer is None or (campaign.offer.title and campaign.offer.zh)


@pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda one: one.name)
def test_its_columns_may_be_shown(campaign: Campaign) -> None:
    assert {CATALOG.sensitivity_of(name) for name in campaign.columns or ()} <= {"public", "internal"}


@pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda one: one.name)
def test_it_stands_on_the_page(campaign: Campaign) -> None:
    assert f"| `{campaign.name}` | `{campaign.segment}` | {campaign.purpose} | {campaign.priority} |" in PAGE


def test_retention_goes_before_offers() -> None:
    retention, offers = ([c.priority for c in CAMPAIGNS if c.purpose == purpose] for purpose in ("retention", "offer"))
    assert max(retention) < min(offers)


def test_only_who_is_in_trouble_has_no_holdout() -> None:
    assert [campaign.name for campaign in CAMPAIGNS if not campaign.holdout] == ["help_now"]
