"""Business lifecycle: the stage of each line, and of the customer by the main line."""

from c360 import as_of, first_match, given, param, tag, when
from tags.base import is_active, line_is_active
from tags.churn import (
    line_below_plan_fee_months,
    line_competitor_hotline_calls_30d,
    line_no_outgoing_days,
    line_usage_drop,
    line_voice_drop,
    port_out_inquiries_90d,
    retention_refusals_90d,
)
from tags.churn_signals import hotline_calls_cut, usage_drop_cut
from tags.contract import line_contract_end_on, line_days_to_contract_end
from tags.sources import Contract, Line
from tags.spend import line_revenue_3m

_STAGES_ZH = {
    "left": "离网", "onboarding": "入网期", "decline": "衰退期", "warning": "预警期", "growth": "成长期", "mature": "成熟期",
    "unknown": "未知",
}  # fmt: skip
_months_here = Line.activated_on.months_until(as_of())
_elapsed = Contract.start_on.max().days_until(as_of())
_term = Contract.start_on.max().days_until(line_contract_end_on)
_fewer_minutes = line_voice_drop >= param("lifecycle.voice_drop", 0.3)
_no_calls_out = line_no_outgoing_days >= param("lifecycle.no_outgoing_days", 7)
_fading = _fewer_minutes.or_false() | _no_calls_out.or_false()

line_contract_counts = tag(
    (line_days_to_contract_end >= -param("lifecycle.lapse_days", 90)).or_false(),
    title="Line's stage goes by its contract",
    zh="用户生命周期按合约判定",
    owner="retention",
    description="It has a contract that runs, or ended not more than 90 days ago; without one usage decides.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line; L1; L2; L3; L4",
        Contract="line|start_on|end_on; L1|2026-01-01|2026-12-31; L2|2024-01-01|2026-08-02; L3|2024-01-01|2026-08-01",
    ).gives(L1=True, L2=True, L3=False, L4=False),
)

line_strong_signal = tag(
    (line_usage_drop >= usage_drop_cut).or_false()
    | (line_competitor_hotline_calls_30d >= hotline_calls_cut)
    | (line_below_plan_fee_months >= 2)
    | (Line.customer[port_out_inquiries_90d] >= 1).or_false()
    | (Line.customer[retention_refusals_90d] >= 1).or_false(),
    title="Line shows a strong churn signal",
    zh="用户强离网信号",
    owner="retention",
    description="All its usage down by half, a call to a competitor's hotline in 30 days, two bills running below the plan "
    "fee; or its customer asked to port out, or refused to renew, in 90 days. What is unknown does not count.",
    source="field sources; which signals are strong, and cuts, ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C1; L3|C1; L4|C1; L5|C2; L6|C3",
        Usage="""line|day|minutes_out|competitor_hotline_calls
            L1|2026-08-01|300|0; L1|2026-10-01|50|0; L2|2026-10-30|10|1; L4|2026-08-01|300|1; L4|2026-10-01|90|0""",
        Bill="line|month|plan_fee|total; L3|2026-09|59|50; L3|2026-10|59|50; L4|2026-10|59|50",
        Ticket="customer|opened_on|kind; C2|2026-10-01|port_out",
        Contact="customer|on|purpose|outcome; C3|2026-10-01|retention|refused",
    ).gives(L1=True, L2=True, L3=True, L4=False, L5=True, L6=True),
)

line_lifecycle_stage = tag(
    first_match(
        left=~line_is_active,
        onboarding=_months_here < param("lifecycle.onboarding_months", 3, source="S"),
        decline=(line_contract_counts & (line_days_to_contract_end <= param("lifecycle.decline_days", 30)))
        | (~line_contract_counts & _fading),
        warning=(line_contract_counts & (line_days_to_contract_end <= param("lifecycle.warning_days", 90, source="S")))
        | (~line_contract_counts & line_strong_signal),
        growth=(line_contract_counts & (_elapsed <= param("lifecycle.growth_share", 0.5) * _term))
        | (~line_contract_counts & (_months_here < param("lifecycle.growth_months", 12))),
        otherwise="mature",
    ),
    title="Lifecycle stage of a line",
    zh="用户生命周期",
    owner="retention",
    description="First that holds. Left: deactivated. Onboarding: first 3 months. With a contract, its end not more "
    "than 90 days past: decline from 30 days before the end on, warning from 90 days, growth in the first half of the "
    "term. Without: decline when minutes fell by 30 % or after 7 days without an outgoing call, warning on another "
    "strong signal, growth in the first 12 months. Else mature; 'unknown' without a day of activation.",
    source="field sources (stages, onboarding, warning); other cuts ours",
    levels_zh=_STAGES_ZH,
    example=given(
        "2026-10-31",
        Line="""line|service_type|activated_on|deactivated_on
            gone|iptv|2024-01-01|2026-10-01; undated|iptv||
            month_2|iptv|2026-08-01|; month_3|iptv|2026-07-31|; month_11|iptv|2025-11-01|; month_12|iptv|2025-10-31|
            ends_in_30|iptv|2024-01-01|; ends_in_31|iptv|2024-01-01|; ends_in_90|iptv|2024-01-01|
            over_for_90|iptv|2024-01-01|; over_for_91|iptv|2024-01-01|
            first_half|iptv|2024-01-01|; second_half|iptv|2024-01-01|
            mute_for_7|mobile|2024-01-01|; mute_for_6|mobile|2024-01-01|
            minutes_70|fixed|2024-01-01|; minutes_71|fixed|2024-01-01|; hotline|mobile|2024-01-01|""",
        Contract="""line|start_on|end_on
            ends_in_30|2025-12-01|2026-11-30; ends_in_31|2025-12-01|2026-12-01; ends_in_90|2026-02-01|2027-01-29
            over_for_90|2024-01-01|2026-08-02; over_for_91|2024-01-01|2026-08-01
            first_half|2026-08-01|2027-01-30; second_half|2026-07-31|2027-01-30""",
        Usage="""line|day|calls_out|minutes_out|competitor_hotline_calls
            mute_for_7|2026-10-24|1|0|0; mute_for_6|2026-10-25|1|0|0; hotline|2026-10-31|1|0|1
            minutes_70|2026-09-30|1|300|0; minutes_70|2026-10-31|1|70|0
            minutes_71|2026-09-30|1|300|0; minutes_71|2026-10-31|1|71|0""",
    ).gives(
        gone="left",
        undated="unknown",
        month_2="onboarding",
        month_3="growth",
        month_11="growth",
        month_12="mature",
        ends_in_30="decline",
        ends_in_31="warning",
        ends_in_90="warning",
        over_for_90="decline",
        over_for_91="mature",
        first_half="growth",
        second_half="mature",
        mute_for_7="decline",
        mute_for_6="mature",
        minutes_70="decline",
        minutes_71="mature",
        hotline="warning",
    ),
)

highest_line_revenue_3m = tag(
    when(line_is_active).then(line_revenue_3m).or_null().max(),
    title="Highest revenue of a line in service, last 3 complete months",
    zh="在网用户最高近三月收入",
    unit="yuan",
    owner="retention",
    description="Missing without a line in service.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer|deactivated_on; L1|C1|; L2|C1|; L3|C1|2026-10-15; L4|C2|2026-10-15",
        Bill="line|month|total; L1|2026-10|50; L2|2026-10|70; L3|2026-10|90; L4|2026-10|90",
    ).gives(C1=70, C2=None),
)

line_may_be_main = tag(
    line_is_active & (line_revenue_3m == Line.customer[highest_line_revenue_3m]),
    title="Line earns the customer's highest revenue",
    zh="收入最高的在网用户",
    owner="retention",
    description="Several lines may, where they earn the same; the oldest of them is the main line.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1",
        Line="line|customer|deactivated_on; L1|C1|; L2|C1|; L3|C1|; L4|C1|2026-10-15",
        Bill="line|month|total; L1|2026-10|70; L2|2026-10|70; L3|2026-10|50; L4|2026-10|90",
    ).gives(L1=True, L2=True, L3=False, L4=False),
)

main_line = tag(
    when(line_may_be_main).then(Line.line).or_null().first(),
    title="Main line",
    zh="主用户",
    owner="market",
    description="The line in service with the highest revenue of 3 months, of equal ones the oldest, then by its key. Missing "
    "without a line in service that has a day of activation.",
    source="field sources",
    sensitivity="internal",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="""line|customer|activated_on
            L1|C1|2026-01-01; L2|C1|2024-01-01; L3|C1|2023-01-01; L5|C3|2024-01-01; L4|C3|2024-01-01""",
        Bill="line|month|total; L1|2026-10|70; L2|2026-10|70; L3|2026-10|50",
    ).gives(C1="L2", C2=None, C3="L4"),
)

is_main_line = tag(
    (Line.line == Line.customer[main_line]).or_false(),
    title="Line is the customer's main line",
    zh="是否主用户",
    owner="market",
    description="One line a customer at most.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1",
        Line="line|customer|activated_on|deactivated_on; L1|C1|2024-01-01|; L2|C1|2024-01-01|; L3||2020-01-01|",
    ).gives(L1=True, L2=False, L3=False),
)

main_line_stage = tag(
    when(is_main_line).then(line_lifecycle_stage).or_null().first(),
    title="Lifecycle stage of the main line",
    zh="主用户生命周期",
    owner="retention",
    description="Main is the line in service with the highest revenue of 3 months, of equal ones the oldest, then by its key. "
    "Missing without a line in service.",
    source="our own",
    levels_zh=_STAGES_ZH,
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="""line|customer|service_type|activated_on
            L1|C1|iptv|2026-01-01; L2|C1|iptv|2024-01-01; L3|C1|iptv|2023-01-01""",
        Bill="line|month|total; L1|2026-10|70; L2|2026-10|70; L3|2026-10|50",
        Contract="line|start_on|end_on; L2|2025-12-01|2026-11-30",
    ).gives(C1="decline", C2=None),
)

lifecycle_stage = tag(
    first_match(
        left=~is_active & (Line.count() > 0),
        onboarding=main_line_stage == "onboarding",
        decline=main_line_stage == "decline",
        warning=main_line_stage == "warning",
        growth=main_line_stage == "growth",
        mature=main_line_stage == "mature",
        otherwise="unknown",
    ),
    title="Lifecycle stage",
    zh="生命周期",
    owner="retention",
    description="The stage of the main line; left when no line is in service any more; 'unknown' for a customer who never had one.",
    source="field sources (stages); the main line as ours",
    levels_zh=_STAGES_ZH,
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="""line|customer|service_type|activated_on|deactivated_on
            L1|C1|iptv|2023-01-01|; L2|C1|iptv|2026-10-01|; L3|C2|iptv|2023-01-01|2026-01-01; L4|C3|iptv|2026-10-01|""",
        Bill="line|month|total; L1|2026-10|70; L2|2026-10|30",
    ).gives(C1="mature", C2="left", C3="onboarding", C4="unknown"),
)
