"""Awards of channels and managers: lines that stay, their revenue and profit, the arrears that come off, commission in stages.

A line sold with a device costs us the device: it earns profit after 24 months, less that cost, and what was paid for it is
taken back when it leaves before. A line sold without one (SIM-only) earns profit after 12 months, doubled, and nothing is
taken back. Amounts are what is earned up to D, over all bills there are: a source that begins after a line's activation
makes them too small.
"""

from c360 import given, param, tag, when
from tags.acquisition import line_alive_months
from tags.base import line_is_active
from tags.sources import Account, Bill, Contract, Line, Payment

_alive_6 = line_alive_months >= param("award.revenue_months", 6, source="S")
_alive_24 = line_alive_months >= param("award.profit_months", 24, source="S")
_sim_only_12 = line_alive_months >= param("award.sim_only_months", 12, source="S")

line_revenue_to_date = tag(
    Bill.total.sum().or_zero(),
    entity=Line,
    title="Revenue of a line, to date",
    zh="用户累计收入",
    unit="yuan",
    owner="finance",
    description="All bills there are; 0 without one.",
    source="field sources",
    example=given(
        Line="line; L1; L2",
        Bill="line|month|total; L1|2024-08|50; L1|2026-10|40.50",
    ).gives(L1=50 + 40.50, L2=0),
)

line_device_cost = tag(
    Contract.device_cost.sum().or_zero(),
    entity=Line,
    title="Cost of the devices given with a line",
    zh="用户终端成本",
    unit="yuan",
    owner="finance",
    description="Over all its contracts up to D; 0 for a line without a contract or without a device: it is SIM-only.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line; L1; L2; L3",
        Contract="line|start_on|device_cost; L1|2024-01-01|900; L1|2026-01-01|600; L1|2026-11-01|700; L2|2026-01-01|",
    ).gives(L1=900 + 600, L2=0, L3=0),
)

line_award_stands = tag(
    (line_device_cost == 0) | line_is_active | _alive_24,
    title="Award of a line stands",
    zh="用户酬金有效",
    owner="sales",
    description="SIM-only, in service, or left after 24 months; what was earned by another line that left is taken back.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="""line|activated_on|deactivated_on
            sim_only|2026-01-01|2026-05-01; here|2026-01-01|; left|2024-10-01|2026-09-30; served|2024-09-30|2026-09-30""",
        Contract="line|start_on|device_cost; here|2026-01-01|900; left|2024-10-01|900; served|2024-10-01|900",
    ).gives(sim_only=True, here=True, left=False, served=True),
)

account_arrears = tag(
    Payment.where(Payment.amount_due > Payment.amount_paid.or_zero())[Payment.amount_due - Payment.amount_paid.or_zero()]
    .sum()
    .or_zero(),
    entity=Account,
    title="Arrears of an account",
    zh="账户欠费金额",
    unit="yuan",
    owner="finance",
    description="What is still owed of the invoices that were due by D; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Account="account; A1; A2",
        Payment="account|due_on|amount_due|paid_on|amount_paid; A1|2026-09-20|60||; A1|2026-10-20|60|2026-10-21|45",
    ).gives(A1=60 + 15, A2=0),
)

account_revenue_to_date = tag(
    Bill.total.sum().or_zero(),
    entity=Account,
    title="Revenue of an account, to date",
    zh="账户累计收入",
    unit="yuan",
    owner="finance",
    description="All bills of its lines; 0 without one.",
    source="field sources",
    example=given(
        Account="account; A1; A2",
        Line="line|account; L1|A1; L2|A1",
        Bill="line|month|total; L1|2026-10|40; L2|2026-09|60",
    ).gives(A1=40 + 60, A2=0),
)

_forgiven = _sim_only_12 & (line_revenue_to_date >= param("award.forgiven_times", 1.2, source="S") * line_device_cost)

line_arrears_counted = tag(
    when(_forgiven)
    .then(0)
    .otherwise((Line.account[account_arrears] * (line_revenue_to_date / Line.account[account_revenue_to_date])).or_zero()),
    title="Arrears of a line that count against an award",
    zh="用户计罚欠费",
    unit="yuan",
    owner="finance",
    description="The account's arrears, shared among its lines by their bills. Forgiven, so 0, after 12 months once the line has "
    "brought 1.2 times its device's cost.",
    source="field sources; the sharing ours",
    example=given(
        "2026-10-31",
        Account="account; A1; A2",
        Line="""line|account|activated_on
            L1|A1|2026-02-01; L2|A1|2026-02-01; L3|A2|2025-10-31; L4|A2|2025-10-31; L5|A2|2025-11-01; L6||2026-02-01""",
        Contract="line|start_on|device_cost; L3|2025-10-31|100; L4|2025-10-31|100; L5|2025-11-01|100",
        Bill="""line|month|total
            L1|2026-10|100; L2|2026-10|300; L3|2026-10|120; L4|2026-10|119; L5|2026-10|161; L6|2026-10|50""",
        Payment="account|due_on|amount_due; A1|2026-10-20|60; A2|2026-10-20|400",
    ).gives(L1=60 * 0.25, L2=60 * 0.75, L3=0, L4=119, L5=161, L6=0),
)

line_award_revenue = tag(
    when(line_award_stands & _alive_6).then(line_revenue_to_date).otherwise(0),
    title="Revenue of a line that earns the revenue award",
    zh="用户收入奖基数",
    unit="yuan",
    owner="sales",
    description="All of it once the line has lived 6 months, while its award stands.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|activated_on|deactivated_on; L1|2026-04-30|; L2|2026-05-01|; L3|2026-01-01|2026-08-01; L4|2026-01-01|2026-08-01",
        Contract="line|start_on|device_cost; L3|2026-01-01|900",
        Bill="line|month|total; L1|2026-10|100; L2|2026-10|100; L3|2026-07|100; L4|2026-07|100",
    ).gives(L1=100, L2=0, L3=0, L4=100),
)

line_award_profit = tag(
    when((line_device_cost == 0) & _sim_only_12)
    .then(line_revenue_to_date * param("award.sim_only_times", 2, source="S"))
    .when(line_device_cost == 0)
    .then(0)
    .when(_alive_24)
    .then(line_revenue_to_date - line_device_cost)
    .when(line_arrears_counted > 0)
    .then(-line_device_cost)
    .otherwise(0),
    title="Profit of a line that earns the profit award",
    zh="用户利润奖基数",
    unit="yuan",
    owner="sales",
    description="With a device: revenue less the device's cost after 24 months, and before that the cost alone where the line "
    "is in arrears, tolerated or not. SIM-only: revenue after 12 months, doubled. Negative where a device is not earned back.",
    source="field sources",
    example=given(
        "2026-10-31",
        Account="account; A1; A2",
        Line="""line|account|activated_on
            sim_12|A1|2025-10-31; sim_11|A1|2025-11-01; device_24|A1|2024-10-31; device_23|A1|2024-11-01; owes|A2|2026-01-01""",
        Contract="line|start_on|device_cost; device_24|2024-10-31|900; device_23|2024-11-01|900; owes|2026-01-01|900",
        Bill="""line|month|total
            sim_12|2026-10|100; sim_11|2026-10|100; device_24|2026-10|1500; device_23|2026-10|1500; owes|2026-10|50""",
        Payment="account|due_on|amount_due; A2|2026-10-20|50",
    ).gives(sim_12=200, sim_11=0, device_24=600, device_23=0, owes=-900),
)
