"""Exposed to competitors: customers who talk to one, places where one campaigns, organisations whose other contract ends."""

from c360 import given, segment
from segments.universe import active_customers
from tags.churn_groups import group_batch_moves, group_competitor_ending
from tags.churn_signals import signal_competitor_calls_rising, signal_competitor_hotline, signal_dual_sim, signal_port_out
from tags.competitor import signal_competitor_campaign
from tags.sources import CustomerGroup

competitor_exposed = segment(
    signal_competitor_hotline.or_false()
    | signal_competitor_calls_rising.or_false()
    | signal_port_out.or_false()
    | signal_dual_sim.or_false(),
    universe=active_customers,
    title="Exposed to a competitor",
    zh="竞争暴露客户",
    owner="retention",
    description="Called a competitor's hotline, calls more of its numbers, asked about porting out, or moved the data to another "
    "card; what is unknown does not count.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="line|customer|service_type|deactivated_on; L1|C1|mobile|; L2|C2|mobile|; L3|C3|mobile|; L4|C4|mobile|2026-10-01",
        Usage="line|day|competitor_hotline_calls; L1|2026-10-20|1; L4|2026-10-20|1",
        Ticket="customer|opened_on|kind; C2|2026-10-01|port_out",
    ).gives(C1=True, C2=True, C3=False, C4=False),
)

competitor_campaign_area = segment(
    signal_competitor_campaign,
    universe=active_customers,
    title="Where a competitor campaigns",
    zh="竞争对手活动区域客户",
    owner="retention",
    description="A strong campaign runs in the customer's unit; unavailable where nobody records campaigns.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit|parent_unit; U1|; U2|",
        Customer="customer|unit; C1|U1; C2|U2; C3|U1",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|; L3|C3|2026-10-01",
        CompetitorCampaign="unit|starts_on|ends_on|strength; U1|2026-10-01|2026-12-31|strong",
    ).gives(C1=True, C2=False, C3=False),
)

competing_expiry = segment(
    group_competitor_ending,
    entity=CustomerGroup,
    title="Organisations whose contract with a competitor ends",
    zh="竞争对手合约到期集团",
    owner="sales",
    description="Within 90 days; a list of groups. Show group_competitor_contract_days and group_revenue_3m.",
    source="field sources",
    example=given(
        "2026-10-31",
        CustomerGroup="""customer_group|kind|competitor_contract_end
            G1|organisation|2027-01-29; G2|organisation|2027-01-30; G3|household|2026-12-01""",
    ).gives(G1=True, G2=False, G3=False),
)

groups_moving = segment(
    group_batch_moves,
    entity=CustomerGroup,
    title="Organisations whose lines move at once",
    zh="批量异动集团",
    owner="retention",
    description="Three lines or more, and a fifth or more, in 30 days; a list of groups for their managers, today.",
    source="field sources; cuts ours",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; G1; G2",
        Customer="customer; C1; C2",
        Line="line|customer|deactivated_on; L1|C1|2026-10-20; L2|C1|2026-10-20; L3|C1|2026-10-20; L4|C2|2026-10-20",
        Membership="customer|customer_group|since_on|group_kind; C1|G1|2020-01-01|organisation; C2|G2|2020-01-01|organisation",
    ).gives(G1=True, G2=False),
)
