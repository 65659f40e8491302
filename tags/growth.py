"""Room to grow: our share of the lines of a household or organisation, and the score of growth potential."""

from c360 import given, param, scorecard, tag, when
from tags.base import is_active, lines_active
from tags.sources import CustomerGroup, Membership
from tags.spend import plan_fees_3m, revenue_3m
from tags.usage import lines_outgrowing_plan, usage_trend_3m

group_lines_active = tag(
    Membership.customer[lines_active].sum().or_zero(),
    entity=CustomerGroup,
    title="Lines in service of all members of a group",
    zh="群体在网用户数",
    unit="line",
    owner="market",
    description="All lines of whoever is a member by D; 0 for a group without members.",
    source="our own",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; G1; G2",
        Customer="customer; C1; C2; C3",
        Line="line|customer|deactivated_on; L1|C1|; L2|C1|; L3|C2|; L4|C2|2026-10-01; L5|C3|",
        Membership="customer|customer_group|since_on; C1|G1|2020-01-01; C2|G1|2020-01-01; C3|G1|2026-11-01",
    ).gives(G1=2 + 1, G2=0),
)

_of_known = group_lines_active / CustomerGroup.known_lines

group_share = tag(
    when(_of_known > 1).then(1).otherwise(_of_known),
    title="Our share of a group's known lines",
    zh="群体客户份额",
    unit="share",
    owner="market",
    description="Lines in service of all members by the number of lines the group is known to have, at most 1. Missing "
    "where that number is not known, or 0. The number is as it is today, without history.",
    source="field sources",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group|known_lines; G1|4; G2|1; G3|; G4|0",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C2; L3|C2",
        Membership="customer|customer_group|since_on; C1|G1|2020-01-01; C2|G2|2020-01-01; C2|G3|2020-01-01; C2|G4|2020-01-01",
    ).gives(G1=0.25, G2=1, G3=None, G4=None),
)

_share = Membership.customer_group[group_share]
_in_household = Membership.group_kind == "household"

customer_share = tag(
    when(_in_household).then(_share).or_null().min().or_else(when(~_in_household).then(_share).or_null().min()),
    title="Customer share: our part of the household's lines",
    zh="客户份额",
    unit="share",
    owner="market",
    description="Of the household's known lines those in service with us, all members together; where no household is "
    "known, of the organisation's. The least of several. Missing where no group's number of lines is known.",
    source="field sources",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group|known_lines; G1|4; G2|2; G3|",
        Customer="customer; C1; C2; C3; C4",
        Line="line|customer; L1|C1; L2|C2",
        Membership="""customer|customer_group|since_on|group_kind
            C1|G1|2020-01-01|organisation; C1|G2|2020-01-01|household
            C2|G1|2020-01-01|organisation; C2|G3|2020-01-01|household; C3|G3|2020-01-01|household""",
    ).gives(C1=0.5, C2=2 / 4, C3=None, C4=None),
)

growth_potential = tag(
    when(is_active)
    .then(
        scorecard(
            low_share=(customer_share < param("growth.low_share", 0.7), param("growth.low_share_points", 20)),
            very_low_share=(customer_share < param("growth.very_low_share", 0.4), param("growth.very_low_share_points", 15)),
            rising=(usage_trend_3m >= param("usage.rise", 0.1), param("growth.rising_points", 20)),
            rising_fast=(usage_trend_3m >= param("growth.fast_rise", 0.3), param("growth.rising_fast_points", 15)),
            plan_full=(lines_outgrowing_plan > 0, param("growth.plan_full_points", 20)),
            over_plan=(
                (revenue_3m > 0) & (revenue_3m >= param("growth.over_plan", 1.2) * plan_fees_3m),
                param("growth.over_plan_points", 10),
            ),
        )
    )
    .otherwise(0),
    title="Growth potential",
    zh="增长潜力",
    unit="point",
    owner="market",
    description="0 to 100: a low share of the household's lines with us, usage that rises, a plan that is used up with a "
    "higher one left, spend well above the plan fees. What is unknown earns no points; 0 without a line in service.",
    source="field sources (low share, rising usage, plan headroom); points and cuts ours",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group|known_lines; G1|3; G2|10; G3|8; G4|5; G5|4",
        Customer="""customer|joined_on
            all_of_it|2020-01-01; share|2020-01-01; rising|2020-01-01; none|2020-01-01; left|2020-01-01; quick|2020-01-01
            three_of_8|; two_of_5|; three_of_4|""",
        Membership="""customer|customer_group|since_on|group_kind
            share|G1|2020-01-01|household; all_of_it|G2|2020-01-01|household; left|G2|2020-01-01|household
            three_of_8|G3|2020-01-01|household; two_of_5|G4|2020-01-01|household; three_of_4|G5|2020-01-01|household""",
        Plan="plan|included_minutes|included_mb|tier; P1|100|1000|basic",
        Line="""line|customer|plan|deactivated_on
            L1|share|P1|; L2|share|P1|; L3|rising|P1|; L4|none|P1|; L5|all_of_it|P1|; L6|left|P1|2026-10-01
            L7|quick|P1|; A1|three_of_8||; A2|three_of_8||; A3|three_of_8||; B1|two_of_5||; B2|two_of_5||
            D1|three_of_4||; D2|three_of_4||; D3|three_of_4||""",
        Usage="""line|day|minutes_out
            L3|2026-05-01|100; L3|2026-08-01|110; L4|2026-05-01|100; L4|2026-08-01|109.5
            L5|2026-05-01|185; L5|2026-08-01|240.5; L6|2026-05-01|100; L6|2026-08-01|900; L7|2026-05-01|100; L7|2026-08-01|129""",
        Bill="line|month|plan_fee|total; L5|2026-10|100|120; L4|2026-10|100|119.99; L1|2026-10|50|50",
    ).gives(all_of_it=100, share=20, rising=20, none=0, left=0, quick=20, three_of_8=20 + 15, two_of_5=20, three_of_4=0),
)
