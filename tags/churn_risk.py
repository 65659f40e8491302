"""Churn risk: a scorecard of the signals of the core sources, and the level it makes."""

from c360 import given, param, scorecard, tag, tiers, when
from tags.base import is_active
from tags.churn import below_plan_fee_months
from tags.churn_signals import (
    signal_arrears,
    signal_below_plan_fee,
    signal_competitor_calls_rising,
    signal_competitor_hotline,
    signal_complaints,
    signal_contract_ending,
    signal_contract_expired,
    signal_dual_sim,
    signal_port_out,
    signal_refused_retention,
    signal_usage_drop,
    signal_zero_calls,
)

churn_risk_score = tag(
    when(is_active)
    .then(
        scorecard(
            port_out=(signal_port_out, param("risk.port_out", 14)),
            usage_drop=(signal_usage_drop, param("risk.usage_drop", 11)),
            zero_calls=(signal_zero_calls, param("risk.zero_calls", 11)),
            competitor_hotline=(signal_competitor_hotline, param("risk.competitor_hotline", 9)),
            contract_expired=(signal_contract_expired, param("risk.contract_expired", 8)),
            refused_retention=(signal_refused_retention, param("risk.refused_retention", 8)),
            arrears=(signal_arrears, param("risk.arrears", 8)),
            contract_ending=(signal_contract_ending, param("risk.contract_ending", 7)),
            complaints=(signal_complaints, param("risk.complaints", 6)),
            competitor_calls=(signal_competitor_calls_rising, param("risk.competitor_calls", 6)),
            below_plan_fee=(signal_below_plan_fee, param("risk.below_plan_fee", 4)),
            below_plan_fee_again=(below_plan_fee_months >= 2, param("risk.below_plan_fee_again", 4)),
            dual_sim=(signal_dual_sim, param("risk.dual_sim", 4)),
        )
    )
    .or_null(),
    title="Churn risk score",
    zh="离网风险分",
    unit="point of 100",
    owner="retention",
    description="Points of the signals that hold, of all points 100: port-out inquiry 14; usage drop, silence 11 each; "
    "competitor's hotline 9; contract expired, refusal, arrears 8 each; contract ending 7; complaints, competitors' numbers 6 "
    "each; bill below the fee 4, and 4 more when two run; dual SIM 4. An unknown signal earns none. Missing for a customer "
    "without a line in service: who left, or never came, is at no risk of leaving.",
    source="field sources (signals); points ours",
    example=given(
        "2026-10-31",
        Line="line|customer|service_type|deactivated_on; L1|C1|iptv|; L2|C2|iptv|; L3|C3|iptv|2026-10-31",
        Bill="""line|month|plan_fee|total
            L1|2026-09|59|50; L1|2026-10|59|50; L3|2026-10|59|50""",
        Ticket="customer|opened_on|closed_on|kind; C1|2026-10-01|2026-10-02|port_out; C3|2026-10-01|2026-10-02|port_out",
    ).gives(C1=14 + 4 + 4, C2=0, C3=None),
)

churn_risk_level = tag(
    tiers(
        churn_risk_score,
        critical=param("risk.critical", 35),
        high=param("risk.high", 20),
        medium=param("risk.medium", 10),
        low=0.000001,  # any point at all; scores have six decimals
        otherwise="none",
    ),
    title="Churn risk level",
    zh="离网风险等级",
    owner="retention",
    description="By the score: low above 0, medium from 10, high from 20, critical from 35. 'none' is an active customer "
    "without a signal; 'unknown' one without a line in service.",
    source="field sources (levels); cuts ours",
    levels_zh={"critical": "极高", "high": "高", "medium": "中", "low": "低", "none": "无", "unknown": "未知"},
    example=given(
        "2026-10-31",
        Customer="customer; s37; s33; s20; s18; s10; s9; s4; s0; left; never",
        Line="""line|customer|service_type|deactivated_on
            L1|s37|iptv|; L2|s33|iptv|; L3|s20|iptv|; L4|s18|iptv|; L5|s10|iptv|; L6|s9|iptv|; L7|s4|iptv|; L8|s0|iptv|
            L9|left|iptv|2026-10-30""",
        Bill="""line|month|plan_fee|total
            L1|2026-09|59|50; L1|2026-10|59|50; L2|2026-10|59|50; L4|2026-10|59|50; L5|2026-10|59|50; L7|2026-10|59|50
            L9|2026-10|59|50""",
        Usage="line|day|competitor_hotline_calls; L1|2026-10-02|1; L2|2026-10-02|1; L6|2026-10-02|1",
        Ticket="""customer|opened_on|kind
            s37|2026-10-01|port_out; s37|2026-10-01|price; s33|2026-10-01|port_out; s33|2026-10-01|price
            s20|2026-10-01|port_out; s20|2026-10-01|price; s18|2026-10-01|port_out; s10|2026-10-01|price""",
    ).gives(
        s37="critical", s33="high", s20="high", s18="medium", s10="medium", s9="low", s4="low", s0="none", left="unknown",
        never="unknown",
    ),
)  # fmt: skip
