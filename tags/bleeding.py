"""Why customers bleed: what each possible cause takes beyond its normal share, and the largest of them."""

from c360 import first_match, given, greatest, months, param, tag, when
from tags.contract import line_on_contract
from tags.grid import customer_grid
from tags.profit import discount_12m, interconnect_12m, network_share_12m, revenue_12m, service_cost_12m, staff_12m
from tags.sources import Bill, Line
from tags.subsidy import line_speculative

_year = Bill.last(months(12))

line_put_in_12m = tag(
    _year.device_subsidy_amortised.sum().or_zero()
    + _year.fee_subsidy.sum().or_zero()
    + _year.promotion.sum().or_zero()
    + _year.commission.sum().or_zero(),
    entity=Line,
    title="Put into a line, last 12 complete months",
    zh="用户近一年投入",
    unit="yuan",
    owner="finance",
    description="Device and fee subsidies, promotion and commission; 0 without a bill.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line; L1; L2",
        Bill="""line|month|device_subsidy_amortised|fee_subsidy|promotion|commission
            L1|2026-10|1|2|4|8; L1|2025-11|0.50|||; L1|2025-10|99|99|99|99""",
    ).gives(L1=15.50, L2=0),
)

_list_price = revenue_12m + discount_12m
_EXAMPLE = "line|month|total|discount|interconnect|network_share|staff|service_cost"

loss_price_too_low = tag(
    network_share_12m + staff_12m - param("bleeding.network_share", 0.6) * _list_price,
    title="Loss by a price too low",
    zh="定价过低损失",
    unit="yuan",
    owner="finance",
    description="Network and staff beyond 60 % of revenue before discounts, in 12 months; below 0 inside it. The normal shares of "
    "all causes add up to 1, so that a loss shows in one of them.",
    source="field sources (cause); normal share ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L1|C1; L2|C2",
        Bill=f"{_EXAMPLE}; L1|2026-10|90|10|0|70|20|0; L2|2026-10|100|0|0|10|10|0",
    ).gives(C1=30, C2=-40, C3=0),
)

loss_discount_too_deep = tag(
    discount_12m - param("bleeding.discount_share", 0.1) * _list_price,
    title="Loss by discounts too deep",
    zh="优惠过深损失",
    unit="yuan",
    owner="finance",
    description="Discounts beyond 10 % of revenue before them, in 12 months; below 0 inside it.",
    source="field sources (cause); normal share ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1",
        Bill=f"{_EXAMPLE}; L1|2026-10|60|40|0|0|0|0",
    ).gives(C1=30, C2=0),
)

loss_product_mix = tag(
    interconnect_12m - param("bleeding.interconnect_share", 0.12) * _list_price,
    title="Loss by the product mix",
    zh="产品结构损失",
    unit="yuan",
    owner="finance",
    description="Settlement with other operators beyond 12 % of revenue before discounts, in 12 months: products that earn for "
    "others. Below 0 inside it.",
    source="field sources (cause); normal share ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1",
        Bill=f"{_EXAMPLE}; L1|2026-10|100|0|50|0|0|0",
    ).gives(C1=38, C2=0),
)

loss_service_cost = tag(
    service_cost_12m - param("bleeding.service_share", 0.08) * _list_price,
    title="Loss by service cost",
    zh="服务成本损失",
    unit="yuan",
    owner="service",
    description="Service cost beyond 8 % of revenue before discounts, in 12 months; below 0 inside it.",
    source="field sources (cause); normal share ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1",
        Bill=f"{_EXAMPLE}; L1|2026-10|100|0|0|0|0|50",
    ).gives(C1=42, C2=0),
)

_in_contract = line_on_contract & ~line_speculative
_free = ~line_on_contract & ~line_speculative

loss_speculative_buying = tag(
    when(line_speculative).then(line_put_in_12m).or_null().sum().or_zero(),
    title="Loss by speculative buying",
    zh="套利损失",
    unit="yuan",
    owner="sales",
    description="All that was put in 12 months into lines taken for their subsidy: subsidised, and idle or given up in the term.",
    source="field sources (cause); how it shows ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|deactivated_on; L1|C1|2026-09-01; L2|C1|",
        Contract="line|start_on|end_on|device_cost; L1|2026-01-01|2027-12-31|900",
        Bill="line|month|commission; L1|2026-08|50; L2|2026-08|7",
    ).gives(C1=50, C2=0),
)

loss_subsidy_not_recovered = tag(
    when(_in_contract).then(line_put_in_12m).or_null().sum().or_zero() - param("bleeding.in_contract_share", 0.05) * _list_price,
    title="Loss by subsidies not recovered",
    zh="补贴未回收损失",
    unit="yuan",
    owner="finance",
    description="What was put in 12 months into lines under contract, beyond 5 % of the customer's revenue before discounts.",
    source="field sources (cause); normal share ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|service_type; L1|C1|iptv; L2|C1|iptv",
        Contract="line|start_on|end_on|device_cost; L1|2026-01-01|2027-12-31|900",
        Bill="line|month|total|commission; L1|2026-08|60|50; L2|2026-08|40|7",
    ).gives(C1=45, C2=0),
)

loss_no_commitment = tag(
    when(_free).then(line_put_in_12m).or_null().sum().or_zero() - param("bleeding.free_share", 0.05) * _list_price,
    title="Loss by benefits without a commitment",
    zh="无约束条款损失",
    unit="yuan",
    owner="sales",
    description="What was put in 12 months into lines that no contract binds, beyond 5 % of revenue before discounts.",
    source="field sources (cause); normal share ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|service_type; L1|C1|iptv; L2|C1|iptv",
        Contract="line|start_on|end_on|device_cost; L1|2026-01-01|2027-12-31|900",
        Bill="line|month|total|commission; L1|2026-08|60|50; L2|2026-08|40|7",
    ).gives(C1=2, C2=0),
)

_most = greatest(
    loss_price_too_low,
    loss_discount_too_deep,
    loss_no_commitment,
    loss_product_mix,
    loss_speculative_buying,
    loss_service_cost,
    loss_subsidy_not_recovered,
)

bleeding_amount = tag(
    when(customer_grid == "bleeding").then(_most).or_null(),
    title="Largest contribution to the loss",
    zh="出血主因金额",
    unit="yuan",
    owner="finance",
    description="Of the cause of bleeding, in 12 months, beyond its normal share. Missing for who does not bleed.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|service_type; L1|C1|iptv; L2|C2|iptv",
        Bill=f"{_EXAMPLE}; L1|2026-10|100|0|0|0|0|142; L2|2026-10|100|0|0|0|0|50",
    ).gives(C1=134, C2=None),
)

bleeding_cause = tag(
    first_match(
        none=bleeding_amount.is_null(),
        price_too_low=loss_price_too_low >= bleeding_amount,
        discount_too_deep=loss_discount_too_deep >= bleeding_amount,
        no_commitment=loss_no_commitment >= bleeding_amount,
        product_mix=loss_product_mix >= bleeding_amount,
        speculative_buying=loss_speculative_buying >= bleeding_amount,
        service_cost=loss_service_cost >= bleeding_amount,
        otherwise="subsidy_not_recovered",
    ),
    title="Cause of bleeding",
    zh="出血原因",
    owner="finance",
    description="Of a bleeding customer, what takes most beyond its normal share of revenue before discounts; of equal ones the "
    "first in the order of the levels. Its amount is bleeding_amount. 'none' for who does not bleed.",
    source="field sources (the seven causes); how they are measured ours",
    levels_zh={
        "none": "无", "price_too_low": "定价过低", "discount_too_deep": "优惠过深", "no_commitment": "无约束条款",
        "product_mix": "产品结构", "speculative_buying": "套利购机", "service_cost": "服务成本",
        "subsidy_not_recovered": "补贴未回收", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="customer; price; discount; free; mix; spec; service; subsidy; fine",
        Line="""line|customer|service_type|activated_on
            L1|price|iptv|; L2|discount|iptv|; L3|free|iptv|; L4|mix|iptv|; L5|spec|mobile|2026-01-01; L6|service|iptv|
            L7|subsidy|iptv|; L8|fine|iptv|""",
        Contract="line|start_on|end_on|device_cost; L5|2026-01-01|2027-12-31|900; L7|2026-01-01|2027-12-31|900",
        Bill="""line|month|total|discount|interconnect|network_share|service_cost|device_subsidy_amortised|commission
            L1|2026-10|100|0|0|120|0|0|0; L2|2026-10|10|90|0|30|0|0|0; L3|2026-10|100|0|0|50|0|0|60
            L4|2026-10|100|0|120|0|0|0|0; L5|2026-10|100|0|0|50|0|60|0; L6|2026-10|100|0|0|50|60|0|0
            L7|2026-10|100|0|0|50|0|60|0; L8|2026-10|100|0|0|50|0|0|0""",
    ).gives(
        price="price_too_low", discount="discount_too_deep", free="no_commitment", mix="product_mix",
        spec="speculative_buying", service="service_cost", subsidy="subsidy_not_recovered", fine="none",
    ),
)  # fmt: skip
