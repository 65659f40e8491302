"""Business lifecycle: the stage of each line, and of the customer by the main line."""

from c360 import as_of, first_match, given, param, tag, when
from tags.base import is_active, line_is_active
from tags.churn import (
    line_below_plan_fee_months,
    line_competitor_hotline_calls_30d,
    line_no_outgoing_days,
    line_usage_drop,
    line_voice_drop,
)
from tags.churn_signals import hotline_calls_cut, usage_drop_cut
from tags.contract import line_contract_end_on, line_days_to_contract_end
from tags.sources import Contract, Line
from tags.spend import line_revenue_3m

_months_here = Line.activated_on.months_until(as_of())
_lapse_days = param("lifecycle.lapse_days", 90)
_bound = (line_days_to_contract_end >= -_lapse_days).or_false()
_elapsed = Contract.start_on.max().days_until(as_of())
_term = Contract.start_on.max().days_until(line_contract_end_on)

line_strong_signal = tag(
    (line_usage_drop >= usage_drop_cut).or_false()
    | (line_competitor_hotline_calls_30d >= hotline_calls_cut)
    | (line_below_plan_fee_months >= 2),
    title="Line shows a strong churn signal",
    zh="用户强离网信号",
    owner="retention",
    description="All its usage down by half, a call to a competitor's hotline in 30 days, or two bills running below the "
    "plan fee; what is unknown does not count.",
    source="field sources; cuts ours",
    example=given(
        "2026-10-31",
        Line="line; L1; L2; L3; L4",
        Usage="""line|day|minutes_out|competitor_hotline_calls
            L1|2026-08-01|300|0; L1|2026-10-01|50|0; L2|2026-10-30|10|1; L4|2026-08-01|300|1; L4|2026-10-01|90|0""",
        Bill="line|month|plan_fee|total; L3|2026-09|59|50; L3|2026-10|59|50; L4|2026-10|59|50",
    ).gives(L1=True, L2=True, L3=True, L4=False),
)

line_lifecycle_stage = tag(
    first_match(
        left=~line_is_active,
        onboarding=_months_here < param("lifecycle.onboarding_months", 3, source="S"),
        decline=(_bound & (line_days_to_contract_end <= param("lifecycle.decline_days", 30)))
        | (
            ~_bound
            & (
                (line_voice_drop >= param("lifecycle.voice_drop", 0.3)).or_false()
                | (line_no_outgoing_days >= param("lifecycle.no_outgoing_days", 7)).or_false()
            )
        ),
        warning=(_bound & (line_days_to_contract_end <= param("lifecycle.warning_days", 90, source="S")))
        | (~_bound & line_strong_signal),
        growth=(_bound & (_elapsed <= param("lifecycle.growth_share", 0.5) * _term))
        | (~_bound & (_months_here < param("lifecycle.growth_months", 12))),
        otherwise="mature",
    ),
    title="Lifecycle stage of a line",
    zh="用户生命周期",
    owner="retention",
    description="First that holds. Left: deactivated. Onboarding: first 3 months. With a contract, its end not more than "
    "90 days past: decline from 30 days before the end on, warning from 90 days, growth in the first half of the term. "
    "Without: decline when minutes fell by 30 % or after 7 days without an outgoing call, warning on another strong "
    "signal, growth in the first 12 months. Else mature; 'unknown' without a day of activation.",
    source="field sources (stages, onboarding, warning); other cuts ours",
    example=given(
        "2026-10-31",
        Line="""line|service_type|activated_on|deactivated_on
            L1|mobile|2024-01-01|2026-10-01; L2|mobile|2026-08-01|; L3|mobile|2024-01-01|; L4|mobile|2024-01-01|
            L5|mobile|2024-01-01|; L6|mobile|2024-01-01|; L7|mobile|2024-01-01|; L8|mobile|2024-01-01|
            L9|iptv|2024-01-01|; L10|iptv|2026-01-01|; L11|||""",
        Contract="""line|start_on|end_on
            L3|2025-12-01|2026-11-30; L4|2026-02-01|2027-01-29; L5|2026-06-01|2027-05-31; L6|2026-03-01|2027-02-28
            L7|2024-01-01|2026-08-02""",
        Usage="line|day|calls_out; L8|2026-10-24|1",
    ).gives(
        {"L1": "left", "L2": "onboarding", "L3": "decline", "L4": "warning", "L5": "growth", "L6": "mature"}
        | {"L7": "decline", "L8": "decline", "L9": "mature", "L10": "growth", "L11": "unknown"}
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

main_line_stage = tag(
    when(line_may_be_main).then(line_lifecycle_stage).or_null().first(),
    title="Lifecycle stage of the main line",
    zh="主用户生命周期",
    owner="retention",
    description="Main is the line in service with the highest revenue of 3 months, of equal ones the oldest; of those "
    "activated on one day the stage that comes first in the rule. Missing without a line in service.",
    source="our own",
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
    description="The stage of the main line; left when no line is in service any more; 'unknown' for a customer who never "
    "had one.",
    source="field sources (stages); the main line as ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="""line|customer|service_type|activated_on|deactivated_on
            L1|C1|iptv|2023-01-01|; L2|C1|iptv|2026-10-01|; L3|C2|iptv|2023-01-01|2026-01-01; L4|C3|iptv|2026-10-01|""",
        Bill="line|month|total; L1|2026-10|70; L2|2026-10|30",
    ).gives(C1="mature", C2="left", C3="onboarding", C4="unknown"),
)
