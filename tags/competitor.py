"""Competitors at the door: strong campaigns in the customer's unit, bundles with a group that are about to end."""

from c360 import as_of, given, tag
from tags.sources import CompetitorCampaign, Customer, Unit

_running = CompetitorCampaign.where(CompetitorCampaign.ends_on.is_null() | (CompetitorCampaign.ends_on >= as_of()))

unit_strong_campaigns = tag(
    _running.where(CompetitorCampaign.strength == "strong").count(),
    entity=Unit,
    title="Competitors' strong campaigns running in the unit",
    zh="单元内竞争对手强力活动数",
    unit="campaign",
    owner="market",
    description="Begun by D and not over; the last day counts, and one without an end runs on. Those of the unit above are not "
    "counted here.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit; U1; U2",
        CompetitorCampaign="""unit|starts_on|ends_on|strength
            U1|2026-10-01|2026-10-31|strong; U1|2026-10-01||strong; U1|2026-10-01|2026-10-30|strong
            U1|2026-11-01|2026-12-31|strong; U2|2026-10-01|2026-12-31|medium""",
    ).gives(U1=2, U2=0),
)

strong_campaigns = tag(
    Customer.unit[unit_strong_campaigns].or_zero()
    + Customer.unit.parent_unit[unit_strong_campaigns].or_zero()
    + Customer.unit.parent_unit.parent_unit[unit_strong_campaigns].or_zero(),
    title="Competitors' strong campaigns around the customer",
    zh="客户所在区域竞争对手强力活动数",
    unit="campaign",
    owner="market",
    description="In the customer's grid cell, its city and its province. Units are as they are today, without history. 0 for a "
    "customer of no unit.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit|parent_unit; cell|city; city|province; province|; other|province",
        Customer="customer|unit; C1|cell; C2|city; C3|other; C4|",
        CompetitorCampaign="""unit|starts_on|ends_on|strength
            cell|2026-10-01|2026-12-31|strong; city|2026-10-01|2026-12-31|strong""",
    ).gives(C1=2, C2=1, C3=0, C4=0),
)

signal_competitor_campaign = tag(
    strong_campaigns > 0,
    title="Signal: a competitor's strong campaign in the unit",
    zh="预警：所在单元有竞争对手强力活动",
    owner="retention",
    description="Evidence: strong_campaigns. Not counted in churn_signals: its source is optional, and it tells of the place, "
    "not of the customer.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit|parent_unit; U1|; U2|",
        Customer="customer|unit; C1|U1; C2|U2",
        CompetitorCampaign="unit|starts_on|ends_on|strength; U1|2026-10-01|2026-12-31|strong; U2|2026-10-01|2026-12-31|weak",
    ).gives(C1=True, C2=False),
)
