"""Who is saved first: tenure clusters, the high-risk factors of each, the order of saving, and the offer that goes with it."""

from typing import Any

from c360 import as_of, first_match, given, param, tag, tiers, when
from tags._examples import many, rows
from tags.churn_risk import churn_risk_score
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
from tags.lifecycle import line_may_be_main
from tags.sources import Line

main_line_since = tag(
    when(line_may_be_main).then(Line.activated_on).or_null().min(),
    title="Main line activated on",
    zh="主用户开通日期",
    owner="retention",
    description="Of the line in service with the highest revenue of 3 months, of equal ones the oldest. Missing without a line "
    "in service, and where its day of activation is not known.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="""line|customer|activated_on|deactivated_on
            L1|C1|2026-01-01|; L2|C1|2024-01-01|; L3|C1|2020-01-01|; L4|C2|2020-01-01|2026-10-31""",
        Bill="line|month|total; L1|2026-10|70; L2|2026-10|70; L3|2026-10|50; L4|2026-10|50",
    ).gives(C1="2024-01-01", C2=None),
)

_months_here = main_line_since.months_until(as_of())

tenure_cluster = tag(
    first_match(
        to_6_months=_months_here <= param("tenure.first_months", 6, source="S"),
        to_12_months=_months_here <= param("tenure.second_months", 12, source="S"),
        otherwise="over_12_months",
    ),
    title="Tenure cluster",
    zh="在网时长分群",
    owner="retention",
    description="By the whole months since the main line was activated: up to 6, 7 to 12, 13 and more. 'unknown' without a line "
    "in service.",
    source="field sources",
    levels_zh={"to_6_months": "6个月及以内", "to_12_months": "6至12个月", "over_12_months": "12个月以上", "unknown": "未知"},
    example=given(
        "2026-10-31",
        Line="""line|customer|activated_on|deactivated_on
            L1|C1|2026-04-01|; L2|C2|2026-03-31|; L3|C3|2025-10-01|; L4|C4|2025-09-30|; L5|C5|2026-04-01|2026-10-01
            L6|C6|2026-11-01|; L7|C6||""",
    ).gives(
        C1="to_6_months", C2="to_12_months", C3="to_12_months", C4="over_12_months", C5="unknown", C6="unknown"
    ),
)  # fmt: skip

_signals = {
    "arrears": signal_arrears,
    "below_plan_fee": signal_below_plan_fee,
    "competitor_calls": signal_competitor_calls_rising,
    "competitor_hotline": signal_competitor_hotline,
    "complaints": signal_complaints,
    "contract_ending": signal_contract_ending,
    "contract_expired": signal_contract_expired,
    "dual_sim": signal_dual_sim,
    "port_out": signal_port_out,
    "refused_retention": signal_refused_retention,
    "usage_drop": signal_usage_drop,
    "zero_calls": signal_zero_calls,
}


def _held(cluster: str, *factors: str) -> Any:
    """Count the signals shown which are a high-risk factor of *cluster*; each is one by a parameter of 1, none by 0."""
    counted = [
        when(signal).then(param(f"factors_{cluster}.{name}", int(name in factors))).otherwise(0)
        for name, signal in _signals.items()
    ]
    return sum(counted[1:], start=counted[0])


high_risk_factors = tag(
    when(tenure_cluster == "to_6_months")
    .then(_held("to_6", "arrears", "zero_calls", "usage_drop", "port_out"))
    .when(tenure_cluster == "to_12_months")
    .then(_held("to_12", "complaints", "usage_drop", "competitor_hotline", "port_out", "below_plan_fee"))
    .when(tenure_cluster == "over_12_months")
    .then(_held("over_12", "refused_retention", "competitor_hotline", "usage_drop", "zero_calls", "port_out"))
    .or_null(),
    title="High-risk factors shown",
    zh="高危因子数",
    unit="signal",
    owner="retention",
    description="How many of the signals that lead to churn in the customer's tenure cluster hold. Up to 6 months (acquisition "
    "quality): arrears, silence, usage drop, port-out. To 12 (functional service): complaints, usage drop, competitor's hotline, "
    "port-out, bill below the fee. Longer (care): refusal, competitor's hotline, usage drop, silence, port-out. Parameters of 1 "
    "or 0 say which; set them by `c360 factors`. Missing without a cluster.",
    source="field sources (factors differ by cluster); which ones ours, until measured",
    example=given(
        "2026-10-31",
        # Who shows all twelve signals, in each cluster.
        Customer="customer; to_6; to_12; over_12; quiet; left",
        Account="account|customer; A1|to_6; A2|to_12; A3|over_12",
        Payment="account|due_on|amount_due; A1|2026-10-20|60; A2|2026-10-20|60; A3|2026-10-20|60",
        Line="""line|customer|service_type|activated_on|deactivated_on
            a1|to_6|mobile|2026-05-01|; b1|to_6|mobile|2026-05-01|; a2|to_12|mobile|2026-01-01|; b2|to_12|mobile|2026-01-01|
            a3|over_12|mobile|2020-01-01|; b3|over_12|mobile|2020-01-01|; c|quiet|iptv|2020-01-01|
            d|left|iptv|2020-01-01|2026-10-01""",
        Contract=rows(
            "line|start_on|end_on",
            many("a{n}|2025-12-01|2026-11-30", 1, 3) + "; " + many("b{n}|2025-09-01|2026-08-31", 1, 3),
        ),
        Usage=rows(
            "line|day|minutes_out|data_mb|competitor_hotline_calls|competitor_number_calls",
            many("a{n}|2026-08-01|300|1500|0|0", 1, 3) + "; " + many("a{n}|2026-10-02|80|250|1|30", 1, 3),
            many("b{n}|2026-08-01|3000|0|0|0", 1, 3),
        ),
        Bill=rows("line|month|plan_fee|total", many("a{n}|2026-10|59|50", 1, 3)),
        Ticket="""customer|opened_on|kind
            to_6|2026-10-01|price; to_12|2026-10-01|price; over_12|2026-10-01|price
            to_6|2026-10-01|port_out; to_12|2026-10-01|port_out; over_12|2026-10-01|port_out; left|2026-10-01|port_out""",
        Contact="""customer|on|purpose|outcome
            to_6|2026-10-01|retention|refused; to_12|2026-10-01|retention|refused; over_12|2026-10-01|retention|refused""",
    ).gives(to_6=4, to_12=5, over_12=5, quiet=0, left=None),
)

_rank = (
    when((tenure_cluster == "to_6_months") & (churn_risk_score >= param("risk.medium", 10)))
    .then(3)
    .when(high_risk_factors >= param("save.factors", 1))
    .then(2)
    .when((tenure_cluster == "over_12_months") & (signal_contract_ending | signal_contract_expired))
    .then(1)
    .when(churn_risk_score.is_known())
    .then(0)
    .or_null()
)

save_priority = tag(
    tiers(_rank, new_at_risk=3, high_risk_factor=2, contract_ending=1, otherwise="none"),
    title="Save priority",
    zh="挽留优先级",
    owner="retention",
    description="First the customers up to 6 months at medium risk or more, then who shows a high-risk factor of the cluster, "
    "then after 12 months whose contract ends within 90 days or is over; ordered, so it sorts. 'none' is for the rest, 'unknown' "
    "for customers without a line in service.",
    source="field sources; what is at risk ours",
    levels_zh={
        "new_at_risk": "新入网有风险", "high_risk_factor": "高危因子", "contract_ending": "老用户合约到期", "none": "无",
        "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Line="""line|customer|service_type|activated_on|deactivated_on
            L1|C1|iptv|2026-06-01|; L2|C2|iptv|2026-06-01|; L3|C3|iptv|2020-01-01|; L4|C4|iptv|2020-01-01|; L5|C5|iptv|2025-12-01|
            L6|C6|iptv|2020-01-01|2026-10-01; L7|C7|iptv||""",
        Contract="line|start_on|end_on; L2|2025-12-01|2026-11-30; L4|2025-12-01|2026-11-30; L5|2025-12-01|2026-11-30",
        Ticket="""customer|opened_on|kind
            C1|2026-10-01|port_out; C3|2026-10-01|port_out; C6|2026-10-01|port_out""",
    ).gives(
        C1="new_at_risk", C2="none", C3="high_risk_factor", C4="contract_ending", C5="none", C6="unknown", C7="none"
    ),
)  # fmt: skip

save_offer = tag(
    first_match(
        none=save_priority < "contract_ending",
        renewal=signal_contract_expired | signal_contract_ending,
        contract_plan=tenure_cluster == "to_6_months",
        tenure_upgrade=tenure_cluster == "to_12_months",
        otherwise="data_gift",
    ),
    title="Offer family of the warning list",
    zh="预警挽留策略",
    owner="retention",
    description="For those with a save priority: renewal where a contract is over or ends within 90 days; else by the tenure "
    "cluster a contract plan, a tenure upgrade, a data gift. 'unknown' without a line in service.",
    source="field sources",
    levels_zh={
        "none": "无", "renewal": "续约", "contract_plan": "合约计划", "tenure_upgrade": "在网升级", "data_gift": "流量赠送",
        "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Line="""line|customer|service_type|activated_on|deactivated_on
            L1|C1|iptv|2026-06-01|; L2|C2|iptv|2025-12-01|; L3|C3|iptv|2020-01-01|; L4|C4|iptv|2020-01-01|; L5|C5|iptv|2025-12-01|
            L6|C6|iptv|2020-01-01|2026-10-01""",
        Contract="line|start_on|end_on; L4|2025-12-01|2026-11-30; L5|2025-12-01|2026-11-30",
        Ticket="customer|opened_on|kind; C1|2026-10-01|port_out; C2|2026-10-01|port_out; C3|2026-10-01|port_out",
    ).gives(C1="contract_plan", C2="tenure_upgrade", C3="data_gift", C4="renewal", C5="none", C6="unknown"),
)  # fmt: skip

main_churn_signal = tag(
    first_match(
        port_out=signal_port_out,
        usage_drop=signal_usage_drop,
        zero_calls=signal_zero_calls,
        competitor_hotline=signal_competitor_hotline,
        contract_expired=signal_contract_expired,
        refused_retention=signal_refused_retention,
        arrears=signal_arrears,
        contract_ending=signal_contract_ending,
        complaints=signal_complaints,
        competitor_calls=signal_competitor_calls_rising,
        below_plan_fee=signal_below_plan_fee,
        dual_sim=signal_dual_sim,
        otherwise="none",
        unknown="skip",
    ),
    title="Heaviest churn signal",
    zh="首要离网信号",
    owner="retention",
    description="The first that holds, in the order of the points of the risk score; what the one who calls should ask about.",
    source="our own",
    levels_zh={
        "port_out": "携转咨询", "usage_drop": "业务量突降", "zero_calls": "多日零通话", "competitor_hotline": "拨打竞争热线",
        "contract_expired": "合约到期未续", "refused_retention": "拒绝挽留", "arrears": "欠费", "contract_ending": "合约将到期",
        "complaints": "投诉", "competitor_calls": "竞争号码通话上升", "below_plan_fee": "消费低于套餐值", "dual_sim": "双卡分流",
        "none": "无", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Line="line|customer|service_type; L1|C1|iptv; L2|C2|iptv",
        Contract="line|start_on|end_on; L1|2025-12-01|2026-11-30",
        Ticket="customer|opened_on|kind; C1|2026-10-01|price",
    ).gives(C1="contract_ending", C2="none"),
)  # fmt: skip
