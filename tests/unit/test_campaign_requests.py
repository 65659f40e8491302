"""What a request for a campaign's list says besides goes before what the campaign says, a holdout of nobody too."""

from __future__ import annotations

import pytest

from c360.deliver.listing import ListRequest
from c360.language.campaigns import Campaign
from c360.lists.targeting import _of_campaign

SPRING = Campaign(
    "spring", "s", "customer", "offer", ("call", "sms"), holdout=0.1, salt="spring", limit=500, order=("-a",), strata="tier"
)


@pytest.mark.parametrize(("asked", "share"), [(None, 0.1), (0.0, 0.0), (0.3, 0.3)])
def test_a_holdout_of_nobody_is_asked_for(asked: float | None, share: float) -> None:
    assert _of_campaign(ListRequest("", campaign="spring", holdout=asked), SPRING).holdout == share


def test_what_is_said_besides_goes_before() -> None:
    own = _of_campaign(ListRequest("", campaign="spring"), SPRING)
    assert (own.segment, own.purpose, own.channels, own.limit, own.order) == ("s", "offer", ("call", "sms"), 500, ("-a",))
    other = _of_campaign(ListRequest("", campaign="spring", channels=("sms",), limit=5, order=("b",)), SPRING)
    assert (other.segment, other.channels, other.limit, other.order, other.strata) == ("s", ("sms",), 5, ("b",), "tier")
