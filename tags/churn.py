"""Churn evidence: usage that falls, silence, the rival's hotline, bills below the plan fee, complaints, refusals."""

from c360 import as_of, days, given, least, months, param, tag, when
from tags.base import line_is_active
from tags.sources import Bill, Contact, Contract, Line, Ticket, Usage

_month, _before = Usage.last(months(1)), Usage.last(months(3).before(months(1)))
# Three times the month by the sum of three: a mean is a rate, rounded before it divides, and a small one would show it.
_voice_drop = 1 - _month.minutes_out.sum().or_zero() * 3 / _before.minutes_out.sum()
_data_drop = 1 - _month.data_mb.sum().or_zero() * 3 / _before.data_mb.sum()

line_voice_drop = tag(
    _voice_drop,
    entity=Line,
    title="Drop of a line's minutes",
    zh="用户通话量降幅",
    unit="share",
    owner="retention",
    description="Last complete month against the mean of the 3 before: 0.5 is half, below 0 it rose. Missing without "
    "calls before. A line younger than 4 months has too low a mean, so a drop may be missed, never invented.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line; L1; L2; L3",
        Usage="""line|day|minutes_out
            L1|2026-07-01|100; L1|2026-08-01|100; L1|2026-09-30|100; L1|2026-10-01|70
            L2|2026-09-01|30; L2|2026-10-31|15
            L3|2026-10-01|50""",
    ).gives(L1=0.3, L2=-0.5, L3=None),
)

line_usage_drop = tag(
    least(_voice_drop, _data_drop),
    entity=Line,
    title="Drop of a line's usage",
    zh="用户业务量降幅",
    unit="share",
    owner="retention",
    description="The smaller drop of minutes and data, so that all services fell by at least this much; a service not "
    "used in the 3 months before is left out. Missing where none was.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line; L1; L2; L3",
        Usage="""line|day|minutes_out|data_mb
            L1|2026-08-01|300|3000; L1|2026-10-01|40|500
            L2|2026-08-01|0|3000; L2|2026-10-01|5|250
            L3|2026-10-01|5|250""",
    ).gives(L1=0.5, L2=0.75, L3=None),
)

usage_drop = tag(
    least(_voice_drop, _data_drop),
    title="Drop of usage, all services",
    zh="业务量降幅",
    unit="share",
    owner="retention",
    description="Over all lines, last complete month against the mean of the 3 before: outgoing minutes and data both fell by "
    "at least this much; a service not used in the 3 months before is left out. Missing where none was.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C1; L3|C2",
        Usage="""line|day|minutes_out|data_mb
            L1|2026-08-01|200|0; L2|2026-09-01|100|3000; L1|2026-10-01|50|0; L2|2026-10-01|0|200
            L3|2026-10-01|5|250""",
    ).gives(C1=0.5, C2=None),
)

_horizon = param("churn.silence_horizon_days", 90)
_days_here = Line.activated_on.days_until(as_of()) + 1
_since_call = Usage.last(days(_horizon)).where(Usage.calls_out + Usage.calls_in > 0).days_since_last().or_else(_horizon)
_since_call_out = Usage.last(days(_horizon)).where(Usage.calls_out > 0).days_since_last().or_else(_horizon)
_calls = line_is_active & Line.service_type.is_in("mobile", "fixed")

line_zero_call_days = tag(
    when(_calls).then(least(_since_call, _days_here)).or_null(),
    title="Days a line is silent",
    zh="用户连续零通话天数",
    unit="day",
    owner="retention",
    description="Most recent days without a call out or in, looking back 90 days and not beyond the line's activation. "
    "Missing for a line that carries no voice or is not in service.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="""line|service_type|activated_on|deactivated_on
            L1|mobile|2025-01-01|; L2|mobile|2025-01-01|; L3|mobile|2026-10-30|; L4|broadband|2025-01-01|
            L5|mobile|2025-01-01|2026-10-01""",
        Usage="line|day|calls_out|calls_in; L1|2026-10-24|0|1; L1|2026-10-28|0|0; L2|2026-07-01|5|5",
    ).gives(L1=7, L2=90, L3=2, L4=None, L5=None),
)

line_no_outgoing_days = tag(
    when(_calls).then(least(_since_call_out, _days_here)).or_null(),
    title="Days a line makes no call",
    zh="用户连续无主叫天数",
    unit="day",
    owner="retention",
    description="As the days a line is silent, but a call in does not end them.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|service_type|activated_on; L1|mobile|2025-01-01; L2|fixed|2026-10-30; L3|iptv|2025-01-01",
        Usage="line|day|calls_out|calls_in; L1|2026-10-20|1|0; L1|2026-10-31|0|3",
    ).gives(L1=11, L2=2, L3=None),
)

_oldest_days_here = when(_calls).then(_days_here).or_null().max()

zero_call_days = tag(
    # A line bought yesterday does not end the silence of the others.
    least(when(_calls).then(_since_call).or_null().min(), _oldest_days_here),
    title="Days of silence",
    zh="连续零通话天数",
    unit="day",
    owner="retention",
    description="Most recent days on which no line in service had a call out or in, 90 at most and not beyond the activation of "
    "the oldest. Missing for a customer without a voice line in service.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="""line|customer|service_type|activated_on
            L1|C1|mobile|2025-01-01; L2|C1|fixed|2025-01-01; L3|C2|broadband|2025-01-01
            L4|C3|mobile|2025-01-01; L5|C3|mobile|2026-10-29; L6|C4|mobile|2026-10-29""",
        Usage="line|day|calls_out|calls_in; L1|2026-10-01|1|0; L2|2026-10-24|1|0; L4|2026-10-11|1|0",
    ).gives(C1=7, C2=None, C3=20, C4=3),
)

_hotline = Usage.last(days(30)).competitor_hotline_calls.sum().or_zero()

line_competitor_hotline_calls_30d = tag(
    _hotline,
    entity=Line,
    title="Calls of a line to a competitor's hotline, 30 days",
    zh="用户近30天拨打竞争对手热线次数",
    unit="call",
    owner="retention",
    description="0 without usage.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line; L1; L2",
        Usage="line|day|competitor_hotline_calls; L1|2026-10-02|1; L1|2026-10-31|2; L2|2026-10-01|1",
    ).gives(L1=1 + 2, L2=0),
)

competitor_hotline_calls_30d = tag(
    _hotline,
    title="Calls to a competitor's hotline, 30 days",
    zh="近30天拨打竞争对手热线次数",
    unit="call",
    owner="retention",
    description="Of all the customer's lines; 0 without usage.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C1; L3|C2",
        Usage="line|day|competitor_hotline_calls; L1|2026-10-02|1; L2|2026-10-31|2; L3|2026-10-01|1",
    ).gives(C1=1 + 2, C2=0),
)

_last_month = as_of().year() * 12 + as_of().month_of_year() - when(as_of() == as_of().month_end()).then(0).otherwise(1)
_months_bound = _last_month - (Contract.start_on.year() * 12 + Contract.start_on.month_of_year())
_bound = Contract.where(Contract.end_on >= as_of())
_committed = _bound.where(_months_bound >= 1).committed_monthly.max()
_committed_before = _bound.where(_months_bound >= 2).committed_monthly.max()
_below_fee = Bill.total < Bill.plan_fee
_bill_last, _bill_before = Bill.last(months(1)), Bill.last(months(1).before(months(1)))
_below_last = (_bill_last.where(_below_fee).count() > 0) | (_bill_last.total.sum() < _committed).or_false()
_below_before = (_bill_before.where(_below_fee).count() > 0) | (_bill_before.total.sum() < _committed_before).or_false()

line_below_plan_fee_months = tag(
    when(~_below_last).then(0).when(~_below_before).then(1).otherwise(2),
    entity=Line,
    title="Months running a line's bill is below its plan fee or commitment",
    zh="用户消费连续低于套餐值月数",
    unit="month",
    owner="retention",
    description="The last complete month and the one before: 0, 1 or 2. The fee is the one on the bill; the commitment is "
    "that of a contract in force at D which began before that month. A month without a bill is not below.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line; L1; L2; L3; L4; L5; L6; L7",
        Bill="""line|month|plan_fee|total
            L1|2026-09|59|50; L1|2026-10|59|50
            L2|2026-09|59|59; L2|2026-10|59|50
            L3|2026-09|59|50; L3|2026-10|59|59
            L5|2026-09|59|70; L5|2026-10|59|70; L6|2026-09|59|70; L6|2026-10|59|70; L7|2026-10|59|70""",
        Contract="""line|start_on|end_on|committed_monthly
            L4|2025-01-01|2026-12-31|99; L5|2026-08-31|2026-10-31|99
            L6|2026-09-30|2027-09-29|99; L7|2025-01-01|2026-10-30|99""",
    ).gives(L1=2, L2=1, L3=0, L4=0, L5=2, L6=1, L7=0),
)

below_plan_fee_months = tag(
    when(line_is_active).then(line_below_plan_fee_months).or_null().max().or_zero(),
    title="Months running a bill is below the plan fee or commitment",
    zh="消费连续低于套餐值月数",
    unit="month",
    owner="retention",
    description="Of the line in service where it is longest: 0, 1 or 2. 0 without a line in service.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer|deactivated_on; L1|C1|; L2|C1|; L3|C1|2026-10-20; L4|C2|2026-10-20",
        Bill="""line|month|plan_fee|total
            L1|2026-10|59|59; L2|2026-10|59|50; L3|2026-09|59|50; L3|2026-10|59|50; L4|2026-10|59|50""",
    ).gives(C1=1, C2=0),
)

_complaints = Ticket.where(Ticket.kind.is_in("price", "billing", "service", "network", "security"))

open_complaints = tag(
    _complaints.where(Ticket.closed_on.is_null()).count(),
    title="Complaints unresolved",
    zh="未解决投诉数",
    unit="complaint",
    owner="service",
    description="Opened and not closed by the end of D. Requests to stay, to port out or to register a name are no complaints.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="""customer|opened_on|closed_on|kind
            C1|2026-08-01||price; C1|2026-10-20|2026-11-02|network
            C1|2026-10-01|2026-10-31|service; C1|2026-10-01||port_out""",
    ).gives(C1=2, C2=0),
)

complaints_recent = tag(
    _complaints.last(days(param("churn.complaint_days", 90))).count(),
    title="Complaints in the last 90 days",
    zh="近90天投诉数",
    unit="complaint",
    owner="service",
    description="Closed or not. Requests to stay, to port out or to register a name are no complaints. The days are a parameter.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="""customer|opened_on|kind
            C1|2026-08-03|price; C1|2026-10-31|service; C1|2026-08-02|price; C1|2026-10-01|port_out""",
    ).gives(C1=2, C2=0),
)

port_out_inquiries_90d = tag(
    Ticket.where(Ticket.kind == "port_out").last(days(90)).count(),
    title="Port-out inquiries, 90 days",
    zh="近90天携号转网咨询次数",
    unit="inquiry",
    owner="retention",
    description="0 without one.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="customer|opened_on|kind; C1|2026-08-03|port_out; C1|2026-08-02|port_out; C2|2026-10-01|price",
    ).gives(C1=1, C2=0),
)

retention_refusals_90d = tag(
    Contact.where((Contact.purpose == "retention") & (Contact.outcome == "refused")).last(days(90)).count(),
    title="Retention offers refused, 90 days",
    zh="近90天拒绝挽留次数",
    unit="refusal",
    owner="retention",
    description="0 without one.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Contact="""customer|on|purpose|outcome
            C1|2026-08-03|retention|refused; C1|2026-08-02|retention|refused; C1|2026-10-01|retention|accepted
            C2|2026-10-01|offer|refused""",
    ).gives(C1=1, C2=0),
)
