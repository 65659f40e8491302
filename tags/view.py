"""The customer at a glance, as a store or hotline clerk needs it: the main line's plan and device, products, last contacts."""

from c360 import as_of, days, given, tag, when
from tags.base import line_is_active
from tags.lifecycle import is_main_line
from tags.sources import Contact, Customer, Line, Subscription, Ticket

main_line_age_months = tag(
    when(is_main_line).then(Line.activated_on.months_until(as_of())).or_null().max(),
    title="Age of the main line in whole months",
    zh="主用户在网月数",
    unit="month",
    owner="market",
    description="Whole months since its activation; missing without a main line.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|activated_on; L1|C1|2025-10-31; L2|C1|2020-01-01",
        Bill="line|month|total; L1|2026-10|90; L2|2026-10|20",
    ).gives(C1=12, C2=None),
)

main_plan_fee = tag(
    when(is_main_line).then(Line.plan.monthly_fee).or_null().max(),
    title="Monthly fee of the main line's plan",
    zh="主用户套餐月费",
    unit="yuan/month",
    owner="market",
    description="The plan as it is today; missing without a main line or a plan.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Plan="plan|monthly_fee; P1|59; P2|199",
        Line="line|customer|plan|activated_on; L1|C1|P1|2020-01-01; L2|C1|P2|2021-01-01; L3|C2||2020-01-01",
    ).gives(C1=59, C2=None),
)

main_plan_tier = tag(
    when(is_main_line).then(Line.plan.tier).or_null().max(),
    title="Tier of the main line's plan",
    zh="主用户套餐档次",
    owner="market",
    description="The plan as it is today; missing without a main line or a plan.",
    source="field sources",
    levels_zh={"basic": "基础", "standard": "标准", "premium": "高端"},
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Plan="plan|tier; P1|standard; P2|premium",
        Line="line|customer|plan|activated_on; L1|C1|P1|2020-01-01; L2|C1|P2|2021-01-01; L3|C2||2020-01-01",
    ).gives(C1="standard", C2=None),
)

main_device_brand = tag(
    when(is_main_line).then(Line.device_brand).or_null().first(),
    title="Device brand of the main line",
    zh="主用户终端品牌",
    owner="market",
    description="The device as it is today; missing where it is not known.",
    source="field sources",
    sensitivity="internal",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|device_brand|activated_on; L1|C1|Acme|2020-01-01; L2|C1|Other|2021-01-01; L3|C2||2020-01-01",
    ).gives(C1="Acme", C2=None),
)

main_device_price = tag(
    when(is_main_line).then(Line.device_price).or_null().max(),
    title="Device price of the main line",
    zh="主用户终端价格",
    unit="yuan",
    owner="market",
    description="The device as it is today; missing where it is not known.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|device_price|activated_on; L1|C1|1999|2020-01-01; L2|C1|5999|2021-01-01; L3|C2||2020-01-01",
    ).gives(C1=1999, C2=None),
)

main_device_network = tag(
    when(is_main_line).then(Line.device_network).or_null().max(),
    title="Network the main line's device can use",
    zh="主用户终端制式",
    owner="market",
    description="The device as it is today; missing where it is not known. An offer that needs more does not fit.",
    source="field sources",
    levels_zh={"2g": "2G", "3g": "3G", "4g": "4G", "5g": "5G"},
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|device_network|activated_on; L1|C1|4g|2020-01-01; L2|C1|5g|2021-01-01; L3|C2||2020-01-01",
    ).gives(C1="4g", C2=None),
)

device_below_plan = tag(
    Line.where(line_is_active & (Line.device_network < Line.plan.networks)).count(),
    title="Lines whose device cannot use the plan's network",
    zh="终端制式低于套餐的用户数",
    unit="line",
    owner="market",
    description="In service; device and plan as they are today, a line where either is not known does not count.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Plan="plan|networks; P1|5g",
        Line="line|customer|plan|device_network; L1|C1|P1|4g; L2|C1|P1|5g; L3|C1|P1|; L4|C2||4g",
    ).gives(C1=1, C2=0),
)

_running = Subscription.where(Subscription.ended_on.is_null())

products_held = tag(
    _running.product.top(10),
    title="Products held",
    zh="在用产品",
    owner="market",
    description="Taken and not ended by the end of D, on any line, the ten most frequent, first the first; empty without one.",
    source="field sources",
    sensitivity="internal",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C1; L3|C2",
        Subscription="""line|product|started_on|ended_on
            L1|Tunes|2026-01-01|; L1|Cloud 10|2026-01-01|; L2|Tunes|2026-01-01|; L2|Mail|2025-01-01|2026-10-31""",
    ).gives(C1=("Tunes", "Cloud 10"), C2=()),
)

product_count = tag(
    _running.count(),
    title="Products in use",
    zh="在用产品数",
    unit="product",
    owner="market",
    description="Subscriptions that run at the end of D, on all lines; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Subscription="""line|product|started_on|ended_on
            L1|Tunes|2026-01-01|; L1|Mail|2026-01-01|2026-11-05; L1|Cloud|2025-01-01|2026-10-31""",
    ).gives(C1=2, C2=0),
)

last_contact_on = tag(
    Contact.on.max(),
    title="Day of the last contact",
    zh="最近接触日期",
    owner="service",
    description="In any direction, on any channel; missing without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Contact="customer|on; C1|2026-01-05; C1|2026-10-20; C1|2026-11-02",
    ).gives(C1="2026-10-20", C2=None),
)

last_contact_channel = tag(
    Contact.channel.latest(),
    title="Channel of the last contact",
    zh="最近接触渠道",
    owner="service",
    description="Of several on one day the last in the order of the channels; missing without a contact.",
    source="field sources",
    levels_zh={
        "sms": "短信", "call": "电话", "app": "客户端", "store": "营业厅", "web": "网站", "visit": "上门", "kiosk": "自助终端",
    },
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Contact="customer|on|channel; C1|2026-01-05|sms; C1|2026-10-20|call",
    ).gives(C1="call", C2=None),
)  # fmt: skip

last_contact_outcome = tag(
    Contact.outcome.latest(),
    title="Outcome of the last contact",
    zh="最近接触结果",
    owner="service",
    description="Of several on one day the last in the order of the outcomes; missing without one.",
    source="field sources",
    levels_zh={"reached": "已触达", "accepted": "接受", "refused": "拒绝", "no_answer": "未接", "complained": "投诉"},
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Contact="customer|on|outcome; C1|2026-01-05|accepted; C1|2026-10-20|refused",
    ).gives(C1="refused", C2=None),
)

last_ticket_kind = tag(
    Ticket.kind.latest(),
    title="Kind of the last ticket",
    zh="最近工单类别",
    owner="service",
    description="Complaint or request, open or closed; missing without one.",
    source="field sources",
    levels_zh={
        "price": "资费", "billing": "账务", "service": "服务", "network": "网络", "security": "安全", "real_name": "实名",
        "port_out": "携转咨询", "retention": "挽留",
    },
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="customer|opened_on|kind; C1|2026-01-05|price; C1|2026-10-20|network",
    ).gives(C1="network", C2=None),
)  # fmt: skip

tickets_12m = tag(
    Ticket.last(days(365)).count(),
    title="Tickets, 12 months",
    zh="近一年工单数",
    unit="ticket",
    owner="service",
    description="Complaints and requests opened in 365 days; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="customer|opened_on; C1|2025-11-01; C1|2026-10-31; C1|2025-10-31",
    ).gives(C1=2, C2=0),
)

last_satisfaction = tag(
    Ticket.satisfaction.latest(),
    title="Satisfaction with the last ticket rated",
    zh="最近满意度",
    unit="of 5",
    owner="service",
    description="1 to 5, of the ticket opened last among those closed and rated; missing without a rating.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="""customer|opened_on|closed_on|satisfaction
            C1|2026-01-05|2026-01-06|2; C1|2026-09-20|2026-10-02|4; C1|2026-10-30|2026-11-02|1; C2|2026-10-01||5""",
    ).gives(C1=4, C2=None),
)

payment_method = tag(
    Line.where(is_main_line)[Line.account.payment_method].first(),
    title="Payment method of the main line's account",
    zh="主账户付费方式",
    owner="finance",
    description="As it is today, without history; missing without a main line or an account.",
    source="field sources",
    levels_zh={"cash": "现金", "direct_debit": "银行托收", "wallet": "电子钱包", "prepaid": "预付费"},
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Account="account|customer|payment_method; A1|C1|wallet; A2|C1|cash",
        Line="line|customer|account|activated_on; L1|C1|A1|2020-01-01; L2|C1|A2|2021-01-01; L3|C2||2020-01-01",
    ).gives(C1="wallet", C2=None),
)

manager_name = tag(
    Customer.manager.name,
    title="Customer manager",
    zh="客户经理",
    owner="sales",
    description="Who is assigned today; missing where nobody is.",
    source="customer master data",
    sensitivity="personal",
    example=given(
        "2026-10-31",
        Manager="manager|name; M1|Example Name",
        Customer="customer|manager; C1|M1; C2|",
    ).gives(C1="Example Name", C2=None),
)
