"""Usage and its trend: calls, minutes, messages, data, night calls, dropped calls, peers, and how much of the plan is used."""

from c360 import days, first_match, given, greatest, months, param, tag, when
from tags.base import line_is_active, tenure_months
from tags.sources import Line, Usage

_recent = Usage.last(months(3))
_before = Usage.last(months(3).before(months(3)))
_calls = _recent[Usage.calls_out + Usage.calls_in].sum()

calls_out_3m = tag(
    _recent.calls_out.sum().or_zero() / 3,
    title="Outgoing calls a month, last 3 complete months",
    zh="近三月月均主叫次数",
    unit="call/month",
    owner="market",
    description="Of all the customer's lines, divided by 3 for everyone; 0 without usage.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C1; L3|C2",
        Usage="line|day|calls_out; L1|2026-08-01|4; L2|2026-10-31|2; L1|2026-07-31|99; L3|2026-07-31|9",
    ).gives(C1=2, C2=0),
)

calls_in_3m = tag(
    _recent.calls_in.sum().or_zero() / 3,
    title="Incoming calls a month, last 3 complete months",
    zh="近三月月均被叫次数",
    unit="call/month",
    owner="market",
    description="Of all the customer's lines, divided by 3 for everyone; 0 without usage.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Usage="line|day|calls_in; L1|2026-08-01|4; L1|2026-10-31|2; L1|2026-07-31|99",
    ).gives(C1=2, C2=0),
)

minutes_in_3m = tag(
    _recent.minutes_in.sum().or_zero() / 3,
    title="Incoming minutes a month, last 3 complete months",
    zh="近三月月均被叫分钟",
    unit="minute/month",
    owner="market",
    description="Of all the customer's lines, divided by 3 for everyone; 0 without usage. Outgoing ones are mou_3m.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Usage="line|day|minutes_in; L1|2026-08-01|30; L1|2026-10-31|15; L1|2026-07-31|99",
    ).gives(C1=15, C2=0),
)

sms_3m = tag(
    _recent.sms_out.sum().or_zero() / 3,
    title="Messages sent a month, last 3 complete months",
    zh="近三月月均短信条数",
    unit="sms/month",
    owner="market",
    description="Of all the customer's lines, divided by 3 for everyone; 0 without usage.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Usage="line|day|sms_out; L1|2026-08-01|10; L1|2026-10-31|2; L1|2026-07-31|99",
    ).gives(C1=4, C2=0),
)

night_share_3m = tag(
    _recent[Usage.night_share * (Usage.calls_out + Usage.calls_in)].sum() / _calls,
    title="Share of calls at night, last 3 complete months",
    zh="近三月夜间通话占比",
    unit="share",
    owner="market",
    description="Each day's share weighed by its calls, out and in; missing without a call.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Usage="""line|day|calls_out|calls_in|night_share
            L1|2026-08-01|5|5|0.5; L1|2026-10-31|30|0|0.1; L1|2026-07-31|9|9|1; L2|2026-10-01|0|0|0""",
    ).gives(C1=(10 * 0.5 + 30 * 0.1) / 40, C2=None),
)

dropped_call_rate_3m = tag(
    _recent.dropped_calls.sum() / _calls,
    title="Share of calls dropped, last 3 complete months",
    zh="近三月掉话率",
    unit="share",
    owner="service",
    description="Dropped calls by all calls, out and in; missing without a call.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Usage="""line|day|calls_out|calls_in|dropped_calls
            L1|2026-08-01|60|20|1; L1|2026-10-31|20|0|4; L1|2026-07-31|9|9|9; L2|2026-10-01|0|0|0""",
    ).gives(C1=5 / 100, C2=None),
)

daily_peers_3m = tag(
    _recent.where(Usage.distinct_peers > 0).distinct_peers.mean(),
    title="People spoken with a day, last 3 complete months",
    zh="近三月日均对端号码数",
    unit="person/day",
    owner="market",
    description="Mean of the different numbers a line spoke with, over the days it spoke with any; missing without one.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Usage="line|day|distinct_peers; L1|2026-08-01|6; L1|2026-10-30|3; L1|2026-10-31|0; L1|2026-07-31|99; L2|2026-10-01|0",
    ).gives(C1=4.5, C2=None),
)

_long_enough = tenure_months >= param("usage.trend_min_tenure_months", 6)

voice_trend_3m = tag(
    when(_long_enough).then(_recent.minutes_out.sum().or_zero() / _before.minutes_out.sum() - 1).or_null(),
    title="Change of outgoing minutes against the 3 months before",
    zh="通话量环比",
    unit="ratio",
    owner="market",
    description="0.5 is half as much again, -1 is nothing left. Missing without minutes before, and for a customer of less "
    "than 6 months, whose first months are not whole.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer|joined_on; C1|2020-01-01; C2|2026-05-01; C3|2020-01-01; C4|2020-01-01; C5|2026-04-30",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4; L5|C5",
        Usage="""line|day|minutes_out
            L1|2026-05-01|30; L1|2026-07-31|30; L1|2026-08-01|90; L1|2026-04-30|999
            L2|2026-07-01|30; L2|2026-10-01|90; L3|2026-10-01|90; L4|2026-05-01|30; L5|2026-05-01|30; L5|2026-08-01|30""",
    ).gives(C1=0.5, C2=None, C3=None, C4=-1, C5=0),
)

data_trend_3m = tag(
    when(_long_enough).then(_recent.data_mb.sum().or_zero() / _before.data_mb.sum() - 1).or_null(),
    title="Change of data against the 3 months before",
    zh="流量环比",
    unit="ratio",
    owner="market",
    description="As the change of outgoing minutes.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer|joined_on; C1|2020-01-01; C2|2026-05-01",
        Line="line|customer; L1|C1; L2|C2",
        Usage="line|day|data_mb; L1|2026-05-01|600; L1|2026-08-01|900; L2|2026-07-01|30; L2|2026-10-01|90",
    ).gives(C1=0.5, C2=None),
)

usage_trend_3m = tag(
    greatest(voice_trend_3m, data_trend_3m),
    title="Change of usage against the 3 months before",
    zh="业务量环比",
    unit="ratio",
    owner="market",
    description="Of minutes and data the one that rose more; a service not used before is left out, missing where none was.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer|joined_on; C1|2020-01-01; C2|2020-01-01; C3|2020-01-01",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Usage="""line|day|minutes_out|data_mb
            L1|2026-05-01|100|600; L1|2026-08-01|90|900; L2|2026-05-01|0|600; L2|2026-08-01|5|300; L3|2026-08-01|5|300""",
    ).gives(C1=0.5, C2=-0.5, C3=None),
)

usage_trend = tag(
    first_match(
        rising=usage_trend_3m >= param("usage.rise", 0.1),
        falling=usage_trend_3m <= -param("usage.fall", 0.1),
        otherwise="steady",
    ),
    title="Trend of usage",
    zh="业务量趋势",
    owner="market",
    description="Rising from 10 % up, falling from 10 % down, by the service that rose more; unknown where that is.",
    source="our own",
    levels_zh={"rising": "上升", "falling": "下降", "steady": "平稳", "unknown": "未知"},
    example=given(
        "2026-10-31",
        Customer="customer|joined_on; C1|2020-01-01; C2|2020-01-01; C3|2020-01-01; C4|2026-10-01; C5|2020-01-01",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4; L5|C5",
        Usage="""line|day|minutes_out
            L1|2026-05-01|100; L1|2026-08-01|110; L2|2026-05-01|100; L2|2026-08-01|109.5
            L3|2026-05-01|100; L3|2026-08-01|90; L4|2026-10-01|5; L5|2026-05-01|100; L5|2026-08-01|90.5""",
    ).gives(C1="rising", C2="steady", C3="falling", C4="unknown", C5="steady"),
)

_line_minutes = Usage.last(months(3)).minutes_out.sum().or_zero() / 3
_line_data = Usage.last(months(3)).data_mb.sum().or_zero() / 3

line_plan_use = tag(
    when(line_is_active).then(greatest(_line_minutes / Line.plan.included_minutes, _line_data / Line.plan.included_mb)).or_null(),
    entity=Line,
    title="Share of a line's plan used, last 3 complete months",
    zh="用户套餐使用率",
    unit="share",
    owner="market",
    description="Of outgoing minutes and data the one used more, a month against what the plan includes; 1.2 is a fifth "
    "over it. Missing for a line out of service, without a plan, or whose plan includes neither.",
    source="our own",
    example=given(
        "2026-10-31",
        Plan="plan|included_minutes|included_mb; P1|100|1000; P2|0|1000; P3|0|0",
        Line="""line|plan|deactivated_on
            L1|P1|; L2|P2|; L3|P3|; L4||; L5|P1|2026-10-30; L6|P1|""",
        Usage="""line|day|minutes_out|data_mb
            L1|2026-08-01|150|300; L1|2026-10-31|90|300; L1|2026-07-31|999|9999; L2|2026-10-01|99|1500
            L3|2026-10-01|99|1500; L4|2026-10-01|99|1500; L5|2026-10-01|99|1500""",
    ).gives(L1=0.8, L2=0.5, L3=None, L4=None, L5=None, L6=0),
)

plan_use = tag(
    line_plan_use.max(),
    title="Share of the plan used, last 3 complete months",
    zh="套餐使用率",
    unit="share",
    owner="market",
    description="Of the line in service that uses most of its plan; above 1 it goes over. Missing where no line's is known.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Plan="plan|included_minutes|included_mb; P1|100|1000",
        Line="line|customer|plan; L1|C1|P1; L2|C1|P1; L3|C2|",
        Usage="line|day|minutes_out|data_mb; L1|2026-10-01|150|0; L2|2026-10-01|0|3600",
    ).gives(C1=1.2, C2=None),
)

lines_outgrowing_plan = tag(
    Line.where((line_plan_use >= param("usage.plan_full", 0.8)) & (Line.plan.tier < "premium")).count(),
    title="Lines that outgrow their plan",
    zh="套餐用足且可升档用户数",
    unit="line",
    owner="market",
    description="In service, using 80 % or more of what the plan includes, with a higher tier of plan left to move to.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Plan="plan|included_minutes|included_mb|tier; P1|100|1000|basic; P2|100|1000|premium",
        Line="line|customer|plan; L1|C1|P1; L2|C1|P1; L3|C2|P2",
        Usage="line|day|minutes_out|data_mb; L1|2026-10-01|240|0; L2|2026-10-01|239|0; L3|2026-10-01|300|0",
    ).gives(C1=1, C2=0),
)

days_since_usage = tag(
    Usage.last(days(90)).where((Usage.calls_out + Usage.calls_in + Usage.sms_out > 0) | (Usage.data_mb > 0)).days_since_last(),
    title="Days since the last usage",
    zh="距最近使用天数",
    unit="day",
    owner="service",
    description="Of any line and service; 0 when it was on D, missing when there was none in 90 days.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C1; L3|C2",
        Usage="""line|day|calls_out|calls_in|sms_out|data_mb
            L1|2026-10-01|1|0|0|0; L2|2026-10-29|0|0|0|2; L1|2026-10-30|0|0|0|0; L3|2026-07-01|1|0|0|0""",
    ).gives(C1=2, C2=None),
)
