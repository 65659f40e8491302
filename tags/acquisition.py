"""Acquisition quality: how a channel's new lines came, whether they are used and paid, and how many stay 3 months."""

from c360 import as_of, days, given, param, tag, when
from tags._examples import many, rows
from tags.base import line_is_active
from tags.sources import Account, Channel, Line, Payment, Usage

_recent_days = param("acquisition.recent_days", 180)
_age = Line.activated_on.days_until(as_of())

line_is_recent = tag(
    _age < _recent_days,
    title="New line",
    zh="新发展用户",
    owner="sales",
    description="Activated in the 180 days that end with D, whether it is still here or not; unknown without a day of activation.",
    source="our own",
    example=given("2026-10-31", Line="line|activated_on; L1|2026-05-05; L2|2026-05-04; L3|").gives(L1=True, L2=False, L3=None),
)

line_alive_months = tag(
    Line.activated_on.months_until(Line.deactivated_on.or_else(as_of())),
    title="Whole months a line has lived",
    zh="用户存活月数",
    unit="month",
    owner="sales",
    description="From activation to deactivation, or to D where it is in service; missing without a day of activation.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|activated_on|deactivated_on; L1|2026-07-31|; L2|2026-01-15|2026-04-14; L3|2026-01-15|2026-11-15; L4||",
    ).gives(L1=3, L2=2, L3=9, L4=None),
)

_idle_days = param("acquisition.idle_days", 30)
_used = (Usage.calls_out > 0) | (Usage.calls_in > 0) | (Usage.sms_out > 0) | (Usage.data_mb > 0)

line_is_idle = tag(
    line_is_active
    & Line.service_type.is_in("mobile", "fixed")
    & (_age >= _idle_days)
    & (Usage.last(days(_idle_days)).where(_used).count() == 0),
    title="Line without any usage",
    zh="零使用用户",
    owner="sales",
    description="A mobile or fixed line in service for 30 days or more, and in the last 30 no call, no message, no data; "
    "broadband and television, which are not always metered, are never idle.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        Line="""line|service_type|activated_on|deactivated_on
            idle|mobile|2026-10-01|; texted|mobile|2026-10-01|; texted_before|mobile|2026-09-01|; too_new|mobile|2026-10-02|
            gone|mobile|2026-08-01|2026-10-20; tv|iptv|2026-08-01|""",
        Usage="line|day|calls_out|sms_out; idle|2026-10-20|0|0; texted|2026-10-02|0|1; texted_before|2026-10-01|3|1",
    ).gives(idle=True, texted=False, texted_before=True, too_new=False, gone=False, tv=False),
)

channel_recent_lines = tag(
    Line.where(line_is_recent).count(),
    entity=Channel,
    title="New lines of a channel",
    zh="渠道新发展用户数",
    unit="line",
    owner="sales",
    description="Activated in the 180 days that end with D; 0 without one.",
    source="our own",
    example=given(
        "2026-10-31",
        Channel="channel; W; X",
        Line="line|channel|activated_on|deactivated_on; L1|W|2026-10-01|; L2|W|2026-09-01|2026-10-01; L3|W|2020-01-01|",
    ).gives(W=2, X=0),
)

_placed = when(line_is_recent & Line.channel.is_known()).then(_age).or_null()
_later_share = _placed.percentile(within=Line.channel)
_earlier_share = (-_placed).percentile(within=Line.channel)

line_same_day_share = tag(
    (100 - _later_share - _earlier_share) / 100,
    title="Share of its channel's new lines activated on the same day",
    zh="同渠道同日开通占比",
    unit="share",
    owner="sales",
    description="The line itself counts: all new lines of the channel, less those activated before and after that day. "
    "Missing for a line that is not new, or has no channel.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="""line|channel|activated_on
            L1|W|2026-10-01; L2|W|2026-10-01; L3|W|2026-10-01; L4|W|2026-09-01; L5|X|2026-10-01; L6|W|2020-01-01; L7||2026-10-01""",
    ).gives(L1=0.75, L2=0.75, L3=0.75, L4=0.25, L5=1, L6=None, L7=None),
)

# The share is rounded to 6 decimals, so times the lines it is almost their number: half a line makes up for it.
line_in_batch = tag(
    (line_same_day_share * Line.channel[channel_recent_lines] > param("acquisition.batch_lines", 10) - 0.5)
    & (line_same_day_share >= param("acquisition.batch_share", 0.25)),
    title="Line activated in a batch",
    zh="批量开通用户",
    owner="sales",
    description="Its channel activated 10 lines or more on that day, and they are a quarter or more of its new lines, so that a "
    "busy store's every day is none. Unknown for a line that is not new, or has no channel.",
    source="field sources (batch activations); cuts ours",
    example=given(
        "2026-10-31",
        Channel="channel; W; X; Y",
        Line=rows(
            "line|channel|activated_on",
            many("W{n}|W|2026-10-20", 1, 10),
            many("WW{n}|W|2026-09-{n:02}", 1, 30),
            many("X{n}|X|2026-10-20", 1, 10),
            many("XX{n}|X|2026-09-{n:02}", 1, 30),
            many("XX{n}|X|2026-08-{n}", 31, 31),
            many("XXX{n}|X|2026-08-{n}", 11, 12),
            many("Y{n}|Y|2026-10-20", 1, 9),
            "old|W|2020-01-01",
        ),
    ).gives(
        {f"W{n}": True for n in range(1, 11)}
        | {f"WW{n}": False for n in range(1, 31)}
        | {f"X{n}": False for n in range(1, 11)}
        | {f"XX{n}": False for n in range(1, 32)}
        | {f"XXX{n}": False for n in range(11, 13)}
        | {f"Y{n}": False for n in range(1, 10)}
        | {"old": None}
    ),
)

_new = Line.where(line_is_recent)

channel_idle_share = tag(
    _new[line_is_idle].share(),
    entity=Channel,
    title="Share of a channel's new lines without any usage",
    zh="渠道新发展零使用占比",
    unit="share",
    owner="sales",
    description="Of all its new lines, those too new to be judged and those given up included; missing without a new line.",
    source="field sources",
    example=given(
        "2026-10-31",
        Channel="channel; W; X",
        Line="""line|channel|service_type|activated_on
            L1|W|mobile|2026-09-01; L2|W|mobile|2026-09-01; L3|W|mobile|2026-10-20; L4|W|iptv|2026-09-01
            L5|W|mobile|2020-01-01""",
        Usage="line|day|calls_out; L1|2026-10-20|1",
    ).gives(W=0.25, X=None),
)

channel_batch_share = tag(
    _new[line_in_batch].share(),
    entity=Channel,
    title="Share of a channel's new lines activated in batches",
    zh="渠道批量开通占比",
    unit="share",
    owner="sales",
    description="Missing without a new line.",
    source="field sources",
    example=given(
        "2026-10-31",
        Channel="channel; W; X",
        Line=rows("line|channel|activated_on", many("W{n}|W|2026-10-20", 1, 12), many("V{n}|W|2026-10-0{n}", 1, 4)),
    ).gives(W=0.75, X=None),
)

channel_device_reuse = tag(
    (_new.device_id.count_known() - _new.device_id.distinct()) / _new.device_id.count_known(),
    entity=Channel,
    title="Share of a channel's new lines on a device that another of them has",
    zh="渠道终端重复使用占比",
    unit="share",
    owner="sales",
    description="Lines with a known device, less the different devices, by those lines: 0 where every line has a device of "
    "its own. Missing where no device is known.",
    source="field sources (shared devices)",
    sensitivity="internal",
    example=given(
        "2026-10-31",
        Channel="channel; W; X",
        Line="""line|channel|activated_on|device_id
            L1|W|2026-10-01|D1; L2|W|2026-10-01|D1; L3|W|2026-10-02|D1; L4|W|2026-10-02|D2; L5|W|2026-10-02|
            L6|W|2020-01-01|D2; L7|X|2026-10-02|""",
    ).gives(W=0.5, X=None),
)

_first_bills = Payment.account.opened_on.months_until(Payment.due_on) <= param("acquisition.arrears_months", 3, source="S")

account_early_arrears = tag(
    Payment.where(_first_bills & (Payment.amount_due > Payment.amount_paid.or_zero()))[
        Payment.amount_due - Payment.amount_paid.or_zero()
    ]
    .sum()
    .or_zero(),
    entity=Account,
    title="Arrears of an account from its first 3 months",
    zh="账户前三月欠费金额",
    unit="yuan",
    owner="finance",
    description="Still owed at D of the invoices due in the first 3 whole months after the account was opened; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Account="account|opened_on; A1|2026-06-01; A2|2026-06-01; A3|2026-06-01",
        Payment="""account|due_on|amount_due|paid_on|amount_paid
            A1|2026-09-30|60||; A1|2026-08-20|60|2026-08-19|50; A1|2026-10-01|60||
            A2|2026-07-20|60|2026-09-30|60; A2|2026-10-01|60||""",
    ).gives(A1=60 + 10, A2=0, A3=0),
)

line_early_arrears = tag(
    line_is_recent & (Line.account.opened_on.days_until(as_of()) < _recent_days) & (Line.account[account_early_arrears] > 0),
    title="New line in arrears from its first 3 months",
    zh="新发展用户早期欠费",
    owner="finance",
    description="A new line on an account opened in the same 180 days that owes on its first bills: a line added to an older "
    "account tells nothing of how it was acquired.",
    source="field sources",
    example=given(
        "2026-10-31",
        Account="account|opened_on; A1|2026-06-01; A2|2026-06-01; A3|2026-01-01",
        Line="line|account|activated_on; L1|A1|2026-06-01; L2|A2|2026-06-01; L3|A3|2026-06-01",
        Payment="account|due_on|amount_due; A1|2026-08-20|60; A3|2026-03-20|60",
    ).gives(L1=True, L2=False, L3=False),
)

channel_early_arrears_share = tag(
    _new[line_early_arrears].share(),
    entity=Channel,
    title="Share of a channel's new lines in arrears from their first 3 months",
    zh="渠道新发展早期欠费占比",
    unit="share",
    owner="sales",
    description="Missing without a new line.",
    source="field sources",
    example=given(
        "2026-10-31",
        Channel="channel; W; X",
        Account="account|opened_on; A1|2026-06-01; A2|2026-06-01",
        Line="line|account|channel|activated_on; L1|A1|W|2026-06-01; L2|A2|W|2026-06-01",
        Payment="account|due_on|amount_due; A1|2026-08-20|60",
    ).gives(W=0.5, X=None),
)

_survival_months = param("acquisition.survival_months", 3, source="S")
_cohort = Line.activated_on.months_until(as_of()).between(
    _survival_months, _survival_months + param("acquisition.survival_cohorts", 12) - 1
)

channel_survival_3m = tag(
    Line.where(_cohort)[line_alive_months >= _survival_months].share(),
    entity=Channel,
    title="Share of a channel's lines alive after 3 months",
    zh="渠道三月存活率",
    unit="share",
    owner="sales",
    description="Of the lines activated 3 to 14 whole months before D; missing without one.",
    source="field sources; how many cohorts ours",
    example=given(
        "2026-10-31",
        Channel="channel; W; X",
        Line="""line|channel|activated_on|deactivated_on
            L1|W|2026-07-31|; L2|W|2026-03-01|2026-05-31; L3|W|2025-08-01|2026-01-01; L4|W|2025-08-31|2025-12-01
            L5|W|2026-08-01|; L6|W|2025-07-31|2025-08-31; L7|X|2026-10-01|""",
    ).gives(W=0.75, X=None),
)
