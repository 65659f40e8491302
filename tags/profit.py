"""Profit of the last 12 complete months: revenue, the full cost stack one by one, profit, margin and cost to serve."""

from c360 import given, months, tag
from tags.sources import Bill

_year = Bill.last(months(12))

bills_12m = tag(
    _year.count(),
    title="Bills, last 12 complete months",
    zh="近一年账单数",
    unit="bill",
    owner="finance",
    description="Of all lines, those given up too: 24 for two lines all year. 0 says that revenue, cost and profit tell nothing.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1",
        Bill="line|month|total; L1|2025-11|10; L1|2026-10|10; L2|2026-10|0; L1|2025-10|10",
    ).gives(C1=3, C2=0),
)

revenue_12m = tag(
    _year.total.sum().or_zero(),
    title="Revenue, last 12 complete months",
    zh="近一年收入",
    unit="yuan",
    owner="finance",
    description="All bills of all lines, those given up since too; not scaled up for who is younger than a year. 0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1",
        Bill="line|month|total; L1|2025-11|10; L1|2026-10|20.50; L2|2026-10|5; L1|2025-10|999",
    ).gives(C1=35.50, C2=0),
)

discount_12m = tag(
    _year.discount.sum().or_zero(),
    title="Discounts, last 12 complete months",
    zh="近一年优惠额",
    unit="yuan",
    owner="finance",
    description="Taken off before the total, so no cost of the stack. 0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1",
        Bill="line|month|discount; L1|2025-11|10; L1|2026-10|20.50; L1|2025-10|999",
    ).gives(C1=30.50, C2=0),
)

interconnect_12m = tag(
    _year.interconnect.sum().or_zero(),
    title="Interconnect cost, last 12 complete months",
    zh="近一年网间结算成本",
    unit="yuan",
    owner="finance",
    description="Settled with other operators; 0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1",
        Bill="line|month|interconnect; L1|2025-11|1; L1|2026-10|2.50; L2|2026-10|5; L1|2025-10|999",
    ).gives(C1=8.50, C2=0),
)

network_share_12m = tag(
    _year.network_share.sum().or_zero(),
    title="Network cost share, last 12 complete months",
    zh="近一年网络成本分摊",
    unit="yuan",
    owner="finance",
    description="The share of the network; 0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1",
        Bill="line|month|network_share; L1|2025-11|1; L1|2026-10|2.50; L2|2026-10|5; L1|2025-10|999",
    ).gives(C1=8.50, C2=0),
)

staff_12m = tag(
    _year.staff.sum().or_zero(),
    title="Staff cost, last 12 complete months",
    zh="近一年人工成本",
    unit="yuan",
    owner="finance",
    description="Managers and staff who look after the customer; 0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1",
        Bill="line|month|staff; L1|2025-11|1; L1|2026-10|2.50; L2|2026-10|5; L1|2025-10|999",
    ).gives(C1=8.50, C2=0),
)

device_subsidy_12m = tag(
    _year.device_subsidy_amortised.sum().or_zero(),
    title="Device subsidy, amortised, last 12 complete months",
    zh="近一年终端补贴摊销",
    unit="yuan",
    owner="finance",
    description="The month's part of what devices were subsidised with; 0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1",
        Bill="line|month|device_subsidy_amortised; L1|2025-11|1; L1|2026-10|2.50; L2|2026-10|5; L1|2025-10|999",
    ).gives(C1=8.50, C2=0),
)

fee_subsidy_12m = tag(
    _year.fee_subsidy.sum().or_zero(),
    title="Fee subsidy, last 12 complete months",
    zh="近一年话费补贴成本",
    unit="yuan",
    owner="finance",
    description="Fees given back; 0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1",
        Bill="line|month|fee_subsidy; L1|2025-11|1; L1|2026-10|2.50; L2|2026-10|5; L1|2025-10|999",
    ).gives(C1=8.50, C2=0),
)

promotion_12m = tag(
    _year.promotion.sum().or_zero(),
    title="Promotion cost, last 12 complete months",
    zh="近一年促销成本",
    unit="yuan",
    owner="finance",
    description="Gifts and promotions; 0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1",
        Bill="line|month|promotion; L1|2025-11|1; L1|2026-10|2.50; L2|2026-10|5; L1|2025-10|999",
    ).gives(C1=8.50, C2=0),
)

service_cost_12m = tag(
    _year.service_cost.sum().or_zero(),
    title="Service cost, last 12 complete months",
    zh="近一年服务成本",
    unit="yuan",
    owner="finance",
    description="Hotline, stores, repairs; 0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1",
        Bill="line|month|service_cost; L1|2025-11|1; L1|2026-10|2.50; L2|2026-10|5; L1|2025-10|999",
    ).gives(C1=8.50, C2=0),
)

commission_12m = tag(
    _year.commission.sum().or_zero(),
    title="Commission, last 12 complete months",
    zh="近一年渠道酬金成本",
    unit="yuan",
    owner="finance",
    description="Paid to the channel; 0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1",
        Bill="line|month|commission; L1|2025-11|1; L1|2026-10|2.50; L2|2026-10|5; L1|2025-10|999",
    ).gives(C1=8.50, C2=0),
)

cost_12m = tag(
    interconnect_12m
    + network_share_12m
    + staff_12m
    + device_subsidy_12m
    + fee_subsidy_12m
    + promotion_12m
    + service_cost_12m
    + commission_12m,
    title="Full cost, last 12 complete months",
    zh="近一年成本",
    unit="yuan",
    owner="finance",
    description="The eight costs of the stack, as the bills carry them; 0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1",
        Bill="""line|month|interconnect|network_share|staff|device_subsidy_amortised|fee_subsidy|promotion|service_cost|commission
            L1|2025-11|1|2|4|8|16|32|64|128; L1|2026-10|0.50|||||||""",
    ).gives(C1=255.50, C2=0),
)

profit_12m = tag(
    revenue_12m - cost_12m,
    title="Profit, last 12 complete months",
    zh="近一年利润",
    unit="yuan",
    owner="finance",
    description="Revenue less the full cost. A customer in the first months carries commission and gifts early, so may be below 0. "
    "0 without a bill: see bills_12m.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total|staff|commission; L1|2026-10|100|30|20; L2|2026-10|10|0|60",
    ).gives(C1=50, C2=-50, C3=0),
)

margin_12m = tag(
    profit_12m / revenue_12m,
    title="Margin, last 12 complete months",
    zh="近一年利润率",
    unit="share",
    owner="finance",
    description="Profit by revenue; missing without revenue.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total|staff; L1|2026-10|100|75; L2|2026-10|0|60",
    ).gives(C1=0.25, C2=None, C3=None),
)

cost_to_serve_12m = tag(
    service_cost_12m + staff_12m,
    title="Cost to serve, last 12 complete months",
    zh="近一年服务保障成本",
    unit="yuan",
    owner="service",
    description="Service and staff; 0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1",
        Bill="line|month|service_cost|staff|commission; L1|2026-09|10|5|99; L1|2026-10|2|1|99",
    ).gives(C1=18, C2=0),
)
