"""Value: monetary tiers and their decline, influence, and the customer type that both make."""

from c360 import first_match, given, param, tag, tiers, when
from tags.sources import Membership
from tags.spend import arpu_3m, arpu_previous_3m

_high = param("value.high_arpu", 150, source="S")
_mid = param("value.mid_arpu", 100, source="S")
_low = param("value.low_arpu", 20, source="D")

value_tier = tag(
    tiers(arpu_3m, high=_high, mid=_mid, low=_low, otherwise="minimal"),
    title="Monetary value tier",
    zh="价值层级",
    owner="market",
    description="By ARPU of the last 3 complete months; a customer at a cut is in the tier above it.",
    source="field sources (premium line 100-150 yuan); cut of the low tier ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4",
        Bill="line|month|total; L1|2026-10|450; L2|2026-10|449.99; L3|2026-10|60; L4|2026-10|59.99",
    ).gives(C1="high", C2="mid", C3="low", C4="minimal", C5="minimal"),
)

value_tier_3m_ago = tag(
    tiers(arpu_previous_3m, high=_high, mid=_mid, low=_low, otherwise="minimal"),
    title="Monetary value tier 3 months ago",
    zh="三个月前价值层级",
    owner="market",
    description="The same cuts on the ARPU of the 3 months before the last 3; 'unknown' without a bill then.",
    source="field sources (premium line 100-150 yuan); cut of the low tier ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total; L1|2026-07|300; L1|2026-10|30; L2|2026-10|300",
    ).gives(C1="mid", C2="unknown"),
)

tier_decline = tag(
    value_tier < value_tier_3m_ago,
    title="Tier lower than 3 months ago",
    zh="低端化",
    owner="market",
    description="Unknown for a customer without a bill 3 months ago.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="""line|month|total
            L1|2026-07|300; L1|2026-10|299
            L2|2026-07|300; L2|2026-10|301
            L3|2026-10|300""",
    ).gives(C1=True, C2=False, C3=None),
)

_decides = (Membership.role == "decision_maker").any()
_is_key = (Membership.role == "key_person").any()
_heads = (Membership.role == "head").any()

influence_score = tag(
    when(_decides).then(param("influence.decision_maker", 3)).otherwise(0)
    + when(_is_key).then(param("influence.key_person", 2)).otherwise(0)
    + when(_heads).then(param("influence.household_head", 1)).otherwise(0),
    title="Influence, in points",
    zh="影响力得分",
    unit="point",
    owner="market",
    description="Points for roles in organisations and the household, each once; 0 without a role that counts.",
    source="field sources (whose word counts); points ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Membership="""customer|since_on|role
            C1|2020-01-01|key_person; C1|2021-01-01|key_person; C1|2022-01-01|head
            C2|2020-01-01|member; C2|2026-11-01|decision_maker
            C3|2020-01-01|decision_maker""",
    ).gives(C1=2 + 1, C2=0, C3=3, C4=0),
)

is_influential = tag(
    influence_score >= param("influence.cut", 2),
    title="Influential customer",
    zh="有影响力客户",
    owner="market",
    description="A decision maker or key person of an organisation; heading a household alone is not enough.",
    source="field sources (whose word counts); cut ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Membership="customer|since_on|role; C1|2020-01-01|key_person; C2|2020-01-01|head",
    ).gives(C1=True, C2=False, C3=False),
)

customer_type = tag(
    first_match(
        dual=(value_tier == "high") & is_influential,
        high_value=value_tier == "high",
        key=is_influential,
        otherwise="ordinary",
    ),
    title="Customer type",
    zh="客户类型",
    owner="market",
    description="Money only: high-value; influence only: key; both: dual; neither: ordinary.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total; L1|2026-10|450; L2|2026-10|450",
        Membership="customer|since_on|role; C1|2020-01-01|key_person; C3|2020-01-01|decision_maker",
    ).gives(C1="dual", C2="high_value", C3="key", C4="ordinary"),
)
