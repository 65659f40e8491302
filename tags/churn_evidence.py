"""Churn evidence from money owed, barred lines, rivals' numbers and the data that moves to another card."""

from c360 import as_of, given, months, param, tag, when
from tags.base import line_is_active
from tags.sources import Line, Payment, Suspension, Usage

_owing = Payment.where(Payment.amount_due > Payment.amount_paid.or_zero())

arrears_amount = tag(
    _owing[Payment.amount_due - Payment.amount_paid.or_zero()].sum().or_zero(),
    title="Arrears",
    zh="欠费金额",
    unit="yuan",
    owner="finance",
    description="What is still owed of the invoices of all the customer's accounts that were due by D; an invoice paid in "
    "full or too much owes 0 and pays for no other. 0 without an invoice, and before its due date.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Account="account|customer; A1|C1; A2|C1; A3|C2; A4|C3",
        Payment="""account|due_on|amount_due|paid_on|amount_paid
            A1|2026-09-20|60|2026-09-18|60; A1|2026-10-20|60||; A2|2026-10-31|40|2026-10-31|25
            A3|2026-10-20|60|2026-10-20|80; A3|2026-11-20|60||; A4|2026-10-20|70|2026-11-02|70""",
    ).gives(C1=60 + 15, C2=0, C3=70),
)

invoices_overdue = tag(
    _owing.count(),
    title="Invoices overdue",
    zh="欠费账单数",
    unit="invoice",
    owner="finance",
    description="Due by D and not paid in full, of all the customer's accounts; 0 without one.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Account="account|customer; A1|C1; A2|C1; A3|C2",
        Payment="""account|due_on|amount_due|paid_on|amount_paid
            A1|2026-09-20|60||; A2|2026-10-31|40|2026-10-31|25; A1|2026-11-20|60||; A3|2026-10-20|60|2026-10-20|60""",
    ).gives(C1=2, C2=0),
)

line_suspended = tag(
    line_is_active & (Suspension.where(Suspension.to_on.is_null()).count() > 0),
    title="Line suspended",
    zh="用户停机",
    owner="finance",
    description="In service, and barred at the end of D, for whatever reason; an end planned for later does not count yet.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|deactivated_on; L1|; L2|; L3|2026-10-20; L4|",
        Suspension="""line|from_on|to_on|reason
            L1|2026-10-01||arrears; L2|2026-10-01|2026-10-31|asked; L3|2026-10-01||arrears; L4|2026-10-31|2026-11-04|lost""",
    ).gives(L1=True, L2=False, L3=False, L4=True),
)

lines_suspended = tag(
    Line.where(line_suspended).count(),
    title="Lines suspended",
    zh="停机用户数",
    unit="line",
    owner="finance",
    description="Of the lines in service; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1",
        Suspension="line|from_on|to_on; L1|2026-10-01|; L2|2026-09-01|2026-09-05",
    ).gives(C1=1, C2=0),
)

_last_month = as_of().year() * 12 + as_of().month_of_year() - when(as_of() == as_of().month_end()).then(0).otherwise(1)
_months_after_first = _last_month - (Line.activated_on.year() * 12 + Line.activated_on.month_of_year())

line_competitor_calls_1m = tag(
    Usage.last(months(1)).competitor_number_calls.sum().or_zero(),
    entity=Line,
    title="Calls of a line with competitors' numbers, last complete month",
    zh="用户上月与竞争对手号码通话次数",
    unit="call",
    owner="retention",
    description="0 without usage.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line; L1; L2",
        Usage="line|day|competitor_number_calls; L1|2026-10-01|4; L1|2026-10-31|5; L1|2026-09-30|9",
    ).gives(L1=4 + 5, L2=0),
)

line_competitor_calls_before = tag(
    when(_months_after_first >= 4)
    .then(Usage.last(months(3).before(months(1))).competitor_number_calls.sum().or_zero() / 3)
    .or_null(),
    entity=Line,
    title="Calls of a line with competitors' numbers, mean of the 3 months before the last",
    zh="用户前三月月均与竞争对手号码通话次数",
    unit="call/month",
    owner="retention",
    description="Missing for a line that was not here through all 4 months: its mean would be too low, and every call a rise.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|activated_on; L1|2026-06-30; L2|2026-07-01; L3|2020-01-01",
        Usage="line|day|competitor_number_calls; L1|2026-07-01|6; L1|2026-09-30|6; L1|2026-10-01|99; L2|2026-09-01|9",
    ).gives(L1=4, L2=None, L3=0),
)

line_competitor_calls_rising = tag(
    (
        (line_competitor_calls_1m >= param("churn.competitor_calls", 10, source="D"))
        & (line_competitor_calls_1m >= param("churn.competitor_rise", 1.5, source="D") * line_competitor_calls_before)
    ).or_false(),
    title="Calls of a line with competitors' numbers rising",
    zh="用户与竞争对手号码通话上升",
    owner="retention",
    description="Ten or more in the last complete month, and half as many again as the mean of the 3 before; no for a "
    "line too young to compare.",
    source="field sources; cuts ours",
    example=given(
        "2026-10-31",
        Line="line|activated_on; L1|2020-01-01; L2|2020-01-01; L3|2020-01-01; L4|2026-09-01; L5|2020-01-01",
        Usage="""line|day|competitor_number_calls
            L1|2026-08-01|24; L1|2026-10-01|12; L2|2026-08-01|25; L2|2026-10-01|12; L3|2026-10-01|9; L4|2026-10-01|30
            L5|2026-10-01|10""",
    ).gives(L1=True, L2=False, L3=False, L4=False, L5=True),
)

competitor_calls_rising_lines = tag(
    Line.where(line_is_active & line_competitor_calls_rising).count(),
    title="Lines calling competitors' numbers more and more",
    zh="与竞争对手号码通话上升的用户数",
    unit="line",
    owner="retention",
    description="Of the lines in service; 0 without one.",
    source="field sources; cuts ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|activated_on|deactivated_on; L1|C1|2020-01-01|; L2|C1|2020-01-01|; L3|C2|2020-01-01|2026-10-30",
        Usage="line|day|competitor_number_calls; L1|2026-10-01|30; L2|2026-08-01|90; L2|2026-10-01|30; L3|2026-10-01|30",
    ).gives(C1=1, C2=0),
)

_before = months(3).before(months(1))
_data, _data_before = Usage.last(months(1)).data_mb.sum().or_zero(), Usage.last(_before).data_mb.sum() / 3
_voice, _voice_before = Usage.last(months(1)).minutes_out.sum().or_zero(), Usage.last(_before).minutes_out.sum() / 3

line_data_moved_away = tag(
    (
        (_data_before >= param("churn.dual_sim_data_mb", 500, source="D"))
        & (_data <= param("churn.dual_sim_data_left", 0.5, source="D") * _data_before)
        & (_voice_before > 0)
        & (_voice >= param("churn.dual_sim_voice_left", 0.8, source="D") * _voice_before)
    ).or_false(),
    entity=Line,
    title="Data of a line moved away, voice stayed",
    zh="用户双卡分流",
    owner="retention",
    description="Last complete month against the mean of the 3 before: data half or less of 500 MB a month or more, minutes "
    "0.8 or more. No for a line that had no minutes or little data. Younger than 4 months the means are too low: a drop may be "
    "missed, never invented.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line; L1; L2; L3; L4; L5",
        Usage="""line|day|minutes_out|data_mb
            L1|2026-08-01|300|1500; L1|2026-10-01|80|250; L2|2026-08-01|300|1500; L2|2026-10-01|79|250
            L3|2026-08-01|300|1499; L3|2026-10-01|80|0; L4|2026-08-01|0|1500; L4|2026-10-01|0|0
            L5|2026-08-01|300|1500; L5|2026-10-01|80|251""",
    ).gives(L1=True, L2=False, L3=False, L4=False, L5=False),
)

lines_data_moved_away = tag(
    Line.where(line_is_active & line_data_moved_away).count(),
    title="Lines whose data moved away",
    zh="双卡分流用户数",
    unit="line",
    owner="retention",
    description="Of the lines in service; 0 without one.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|2026-10-31",
        Usage="""line|day|minutes_out|data_mb
            L1|2026-08-01|300|1500; L1|2026-10-01|80|250; L2|2026-08-01|300|1500; L2|2026-10-01|80|250""",
    ).gives(C1=1, C2=0),
)
