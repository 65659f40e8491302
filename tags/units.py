"""Key figures of a unit: who stays, who leaves, who renews, how content they are, and which stage brings the revenue."""

from c360 import given, tag
from tags.kpis import churned_last_month, line_renewed, retained_12m, satisfaction_90d, stage_share
from tags.sources import Customer, Line, Unit

unit_retention_rate = tag(
    Customer.where(retained_12m.is_known())[retained_12m].share(),
    entity=Unit,
    title="Retention rate of a unit, 12 months",
    zh="网格保有率",
    unit="share",
    owner="sales",
    description="Of the unit's customers of today who were active 12 months ago, those who still are; missing without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Customer="customer|unit; C1|U; C2|U; C3|U; C4|U; C5|U",
        Line="""line|customer|activated_on|deactivated_on
            L1|C1|2020-01-01|; L2|C2|2020-01-01|; L3|C3|2020-01-01|; L4|C4|2020-01-01|2026-09-01; L5|C5|2026-01-01|""",
    ).gives(U=0.75, V=None),
)

unit_churn_rate = tag(
    Customer.where(churned_last_month.is_known())[churned_last_month].share(),
    entity=Unit,
    title="Churn rate of a unit, last month",
    zh="网格月离网率",
    unit="share",
    owner="sales",
    description="Of the unit's customers of today who were active a month ago, those who no longer are; missing without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Customer="customer|unit; C1|U; C2|U; C3|U; C4|U; C5|U",
        Line="""line|customer|activated_on|deactivated_on
            L1|C1|2020-01-01|; L2|C2|2020-01-01|; L3|C3|2020-01-01|; L4|C4|2020-01-01|2026-10-01; L5|C5|2020-01-01|2026-09-30""",
    ).gives(U=0.25, V=None),
)

unit_satisfaction = tag(
    satisfaction_90d,
    entity=Unit,
    title="Satisfaction of a unit's customers, 90 days",
    zh="网格客户满意度",
    unit="point",
    owner="service",
    description="Mean of 1 to 5 over the complaints and requests opened in 90 days and rated by D; missing without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Customer="customer|unit; C1|U; C2|U; C3|U",
        Ticket="""customer|opened_on|closed_on|satisfaction
            C1|2026-08-03|2026-08-04|5; C2|2026-10-01|2026-10-31|2; C3|2026-10-01|2026-11-01|1; C1|2026-08-02|2026-08-04|1""",
    ).gives(U=3.5, V=None),
)

unit_renewal_rate = tag(
    Line.where(line_renewed.is_known())[line_renewed].share(),
    entity=Unit,
    title="Renewal rate of a unit, 90 days",
    zh="网格续约率",
    unit="share",
    owner="sales",
    description="Of its customers' lines whose contract ended in the 90 days before D, those under contract again; missing "
    "without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Customer="customer|unit; C1|U; C2|U",
        Line="line|customer; L1|C1; L2|C2; L3|C2; L4|C2",
        Contract="""line|start_on|end_on
            L1|2024-10-01|2026-09-30; L1|2026-10-01|2028-09-30; L2|2024-10-01|2026-09-30; L3|2024-10-01|2026-11-30""",
    ).gives(U=0.5, V=None),
)

unit_revenue_share_onboarding = tag(
    stage_share("onboarding"),
    entity=Unit,
    title="Share of a unit's revenue from customers in onboarding",
    zh="网格入网期收入占比",
    unit="share",
    owner="finance",
    description="Of the bills of the last 3 complete months; missing where there was none.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Customer="customer|unit; C1|U; C2|U",
        Line="line|customer|service_type|activated_on|deactivated_on; L1|C1|iptv|2026-10-01|; L2|C2|iptv|2020-01-01|",
        Bill="line|month|total; L1|2026-10|25; L2|2026-10|75",
    ).gives(U=0.25, V=None),
)

unit_revenue_share_growth = tag(
    stage_share("growth"),
    entity=Unit,
    title="Share of a unit's revenue from customers in growth",
    zh="网格成长期收入占比",
    unit="share",
    owner="finance",
    description="Of the bills of the last 3 complete months; missing where there was none.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Customer="customer|unit; C1|U; C2|U",
        Line="line|customer|service_type|activated_on|deactivated_on; L1|C1|iptv|2026-03-01|; L2|C2|iptv|2020-01-01|",
        Bill="line|month|total; L1|2026-10|25; L2|2026-10|75",
    ).gives(U=0.25, V=None),
)

unit_revenue_share_mature = tag(
    stage_share("mature"),
    entity=Unit,
    title="Share of a unit's revenue from mature customers",
    zh="网格成熟期收入占比",
    unit="share",
    owner="finance",
    description="Of the bills of the last 3 complete months; missing where there was none.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Customer="customer|unit; C1|U; C2|U",
        Line="line|customer|service_type|activated_on|deactivated_on; L1|C1|iptv|2020-01-01|; L2|C2|iptv|2026-10-01|",
        Bill="line|month|total; L1|2026-10|25; L2|2026-10|75",
    ).gives(U=0.25, V=None),
)

unit_revenue_share_warning = tag(
    stage_share("warning"),
    entity=Unit,
    title="Share of a unit's revenue from customers in warning",
    zh="网格预警期收入占比",
    unit="share",
    owner="finance",
    description="Of the bills of the last 3 complete months; missing where there was none.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Customer="customer|unit; C1|U; C2|U",
        Line="line|customer|service_type|activated_on|deactivated_on; L1|C1|iptv|2020-01-01|; L2|C2|iptv|2020-01-01|",
        Contract="line|start_on|end_on; L1|2024-12-31|2026-12-30",
        Bill="line|month|total; L1|2026-10|25; L2|2026-10|75",
    ).gives(U=0.25, V=None),
)

unit_revenue_share_decline = tag(
    stage_share("decline"),
    entity=Unit,
    title="Share of a unit's revenue from customers in decline",
    zh="网格衰退期收入占比",
    unit="share",
    owner="finance",
    description="Of the bills of the last 3 complete months; missing where there was none.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Customer="customer|unit; C1|U; C2|U",
        Line="line|customer|service_type|activated_on|deactivated_on; L1|C1|iptv|2020-01-01|; L2|C2|iptv|2020-01-01|",
        Contract="line|start_on|end_on; L1|2024-11-16|2026-11-15",
        Bill="line|month|total; L1|2026-10|25; L2|2026-10|75",
    ).gives(U=0.25, V=None),
)

unit_revenue_share_left = tag(
    stage_share("left"),
    entity=Unit,
    title="Share of a unit's revenue from customers who left",
    zh="网格离网收入占比",
    unit="share",
    owner="finance",
    description="Of the bills of the last 3 complete months; missing where there was none.",
    source="field sources",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Customer="customer|unit; C1|U; C2|U",
        Line="line|customer|service_type|activated_on|deactivated_on; L1|C1|iptv|2020-01-01|2026-10-20; L2|C2|iptv|2020-01-01|",
        Bill="line|month|total; L1|2026-10|25; L2|2026-10|75",
    ).gives(U=0.25, V=None),
)
