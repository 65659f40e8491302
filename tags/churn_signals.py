"""Churn signals: each a yes/no with its evidence in another tag, and how many of them a customer shows."""

from c360 import given, listed, param, tag, when
from tags._words import SIGNALS
from tags.churn import (
    below_plan_fee_months,
    competitor_hotline_calls_30d,
    complaints_recent,
    open_complaints,
    port_out_inquiries_90d,
    retention_refusals_90d,
    usage_drop,
    zero_call_days,
)
from tags.churn_evidence import (
    arrears_amount,
    competitor_calls_rising_lines,
    lines_data_moved_away,
    lines_suspended,
)
from tags.contract import contract_state, lines_contract_expired

usage_drop_cut = param("churn.usage_drop", 0.5, source="D")
silent_days_cut = param("churn.silent_days", 7, source="D")
hotline_calls_cut = param("churn.hotline_calls", 1, source="D")

signal_contract_ending = tag(
    contract_state == "ending",
    title="Signal: contract ending",
    zh="预警：合约即将到期",
    owner="retention",
    description="Within 90 days. Evidence: days_to_contract_end.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Contract="line|start_on|end_on; L1|2025-02-01|2027-01-29",
    ).gives(C1=True, C2=False),
)

signal_contract_expired = tag(
    lines_contract_expired > 0,
    title="Signal: contract expired, still here",
    zh="预警：合约到期未续",
    owner="retention",
    description="Evidence: lines_contract_expired.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Contract="line|start_on|end_on; L1|2025-01-01|2026-10-30; L2|2025-01-01|2026-10-31",
    ).gives(C1=True, C2=False),
)

signal_usage_drop = tag(
    usage_drop >= usage_drop_cut,
    title="Signal: usage drop",
    zh="预警：业务量突降",
    owner="retention",
    description="All services down by half or more. Evidence: usage_drop. Unknown where nothing was used before.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Usage="""line|day|minutes_out
            L1|2026-08-01|300; L1|2026-10-01|50; L2|2026-08-01|300; L2|2026-10-01|51; L3|2026-10-01|5""",
    ).gives(C1=True, C2=False, C3=None),
)

signal_zero_calls = tag(
    zero_call_days >= silent_days_cut,
    title="Signal: days without a call",
    zh="预警：多日零通话",
    owner="retention",
    description="7 days or more. Evidence: zero_call_days. Unknown without a voice line in service.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Line="""line|customer|service_type|activated_on
            L1|C1|mobile|2025-01-01; L2|C2|mobile|2025-01-01; L3|C3|broadband|2025-01-01""",
        Usage="line|day|calls_out|calls_in; L1|2026-10-24|1|0; L2|2026-10-25|1|0",
    ).gives(C1=True, C2=False, C3=None),
)

signal_competitor_hotline = tag(
    competitor_hotline_calls_30d >= hotline_calls_cut,
    title="Signal: called a competitor's hotline",
    zh="预警：拨打竞争对手热线",
    owner="retention",
    description="In 30 days. Evidence: competitor_hotline_calls_30d.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Usage="line|day|competitor_hotline_calls; L1|2026-10-02|1; L2|2026-10-01|1",
    ).gives(C1=True, C2=False),
)

signal_below_plan_fee = tag(
    below_plan_fee_months >= 1,
    title="Signal: bill below the plan fee or commitment",
    zh="预警：话费消费低于套餐值",
    owner="retention",
    description="In the last complete month. Evidence: below_plan_fee_months; strong when it is 2.",
    source="field sources",
    example=given(
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|plan_fee|total; L1|2026-10|59|58.99; L2|2026-10|59|59",
    ).gives(C1=True, C2=False),
)

signal_complaints = tag(
    (open_complaints >= 1) | (complaints_recent >= param("churn.complaints", 2, source="D")),
    title="Signal: complaints",
    zh="预警：投诉未解决或多次投诉",
    owner="service",
    description="One unresolved, or two in 90 days. Evidence: open_complaints, complaints_recent.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Ticket="""customer|opened_on|closed_on|kind
            C1|2026-01-05||price; C2|2026-10-01|2026-10-02|network; C2|2026-10-08|2026-10-09|network
            C3|2026-10-01|2026-10-02|network""",
    ).gives(C1=True, C2=True, C3=False),
)

signal_port_out = tag(
    port_out_inquiries_90d >= 1,
    title="Signal: asked about porting out",
    zh="预警：携号转网咨询",
    owner="retention",
    description="In 90 days. Evidence: port_out_inquiries_90d.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="customer|opened_on|kind; C1|2026-08-03|port_out; C2|2026-08-02|port_out",
    ).gives(C1=True, C2=False),
)

signal_refused_retention = tag(
    retention_refusals_90d >= 1,
    title="Signal: refused to renew or stay",
    zh="预警：拒绝续约挽留",
    owner="retention",
    description="In 90 days. Evidence: retention_refusals_90d.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Contact="customer|on|purpose|outcome; C1|2026-08-03|retention|refused; C2|2026-10-01|retention|reached",
    ).gives(C1=True, C2=False),
)

signal_arrears = tag(
    arrears_amount >= param("churn.arrears", 1, source="D"),
    title="Signal: in arrears",
    zh="预警：欠费",
    owner="finance",
    description="One yuan or more. Evidence: arrears_amount.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Account="account|customer; A1|C1; A2|C2",
        Payment="account|due_on|amount_due|paid_on|amount_paid; A1|2026-10-20|60|2026-10-20|59; A2|2026-10-20|60|2026-10-20|59.01",
    ).gives(C1=True, C2=False, C3=False),
)

signal_suspended = tag(
    lines_suspended > 0,
    title="Signal: a line suspended",
    zh="预警：停机",
    owner="finance",
    description="Evidence: lines_suspended. Not counted in churn_signals, so that these do without its source.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Suspension="line|from_on|to_on; L1|2026-10-31|; L2|2026-10-01|2026-10-31",
    ).gives(C1=True, C2=False),
)

signal_competitor_calls_rising = tag(
    competitor_calls_rising_lines > 0,
    title="Signal: more and more calls with competitors' numbers",
    zh="预警：与竞争对手号码通话上升",
    owner="retention",
    description="On any line in service. Evidence: competitor_calls_rising_lines.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer|activated_on; L1|C1|2020-01-01; L2|C2|2020-01-01",
        Usage="""line|day|competitor_number_calls
            L1|2026-08-01|24; L1|2026-10-01|12; L2|2026-08-01|27; L2|2026-10-01|12""",
    ).gives(C1=True, C2=False),
)

signal_dual_sim = tag(
    lines_data_moved_away > 0,
    title="Signal: data moved to another card, voice stayed",
    zh="预警：双卡分流",
    owner="retention",
    description="On any line in service. Evidence: lines_data_moved_away.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Usage="""line|day|minutes_out|data_mb
            L1|2026-08-01|300|1500; L1|2026-10-01|80|250; L2|2026-08-01|300|1500; L2|2026-10-01|80|251""",
    ).gives(C1=True, C2=False),
)

churn_signal_names = tag(
    listed(
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
    ),
    title="Churn signals by name",
    zh="离网信号清单",
    levels_zh=SIGNALS,
    owner="retention",
    description="Which of the twelve hold, the heaviest of the risk score first; empty without one.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer|service_type; L1|C1|iptv; L2|C2|iptv",
        Contract="line|start_on|end_on; L1|2025-12-01|2026-11-30",
        Ticket="customer|opened_on|kind; C1|2026-10-01|port_out",
    ).gives(C1=("port_out", "contract_ending"), C2=()),
)

churn_signals = tag(
    when(signal_contract_ending).then(1).otherwise(0)
    + when(signal_contract_expired).then(1).otherwise(0)
    + when(signal_usage_drop).then(1).otherwise(0)
    + when(signal_zero_calls).then(1).otherwise(0)
    + when(signal_competitor_hotline).then(1).otherwise(0)
    + when(signal_competitor_calls_rising).then(1).otherwise(0)
    + when(signal_below_plan_fee).then(1).otherwise(0)
    + when(signal_arrears).then(1).otherwise(0)
    + when(signal_complaints).then(1).otherwise(0)
    + when(signal_port_out).then(1).otherwise(0)
    + when(signal_refused_retention).then(1).otherwise(0)
    + when(signal_dual_sim).then(1).otherwise(0),
    title="Churn signals shown",
    zh="离网信号数",
    unit="signal",
    owner="retention",
    description="How many of the twelve signals of the core sources hold; an unknown one does not count. Suspension, a "
    "competitor's campaign and the signals of groups stand apart: their sources may be missing.",
    source="field sources; our own (competitors' numbers, arrears, complaints, port-out, refusal, dual SIM)",
    example=given(
        "2026-10-31",
        Line="""line|customer|service_type|activated_on
            L1|C1|mobile|2025-01-01; L2|C2|broadband|2025-01-01""",
        Contract="line|start_on|end_on; L1|2025-01-01|2026-12-31",
        Usage="line|day|calls_out|calls_in|competitor_hotline_calls; L1|2026-10-20|1|0|1",
        Bill="line|month|plan_fee|total; L1|2026-10|59|50; L2|2026-10|59|59",
    ).gives(C1=4, C2=0),
)
