"""Win-back: who left not too long ago, was worth having, and what may bring them back."""

from c360 import as_of, first_match, given, months, param, tag
from tags.base import is_active
from tags.churn_outcome import churn_cause, last_left_on
from tags.sources import Bill

_year = Bill.last(months(12))

revenue_per_billed_month = tag(
    _year.total.sum() / _year.month.distinct(),
    title="Revenue per month billed, last 12 complete months",
    zh="近一年月均账单收入",
    unit="yuan/month",
    owner="market",
    description="All lines together, by the months that have a bill: what a customer brought while here. Missing without a bill.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C1; L3|C2",
        Bill="line|month|total; L1|2025-11|100; L2|2025-11|50; L1|2025-12|90; L1|2025-10|999; L3|2025-10|80",
    ).gives(C1=120, C2=None),
)

_days_gone = last_left_on.days_until(as_of())

is_winback = tag(
    ~is_active
    & (_days_gone >= param("winback.from_days", 30, source="S")).or_false()
    & (_days_gone <= param("winback.to_days", 180, source="S")).or_false()
    & (revenue_per_billed_month >= param("winback.min_revenue", 50)).or_false(),
    title="Worth winning back",
    zh="高价值可回流客户",
    owner="retention",
    description="No line in service, the last one gone 30 to 180 days, and 50 yuan or more a month billed while here. No for who "
    "still has a line, and for who never was billed.",
    source="field sources; what is worth it ours",
    example=given(
        "2026-10-31",
        Line="""line|customer|deactivated_on
            L1|C1|2026-10-01; L2|C2|2026-10-02; L3|C3|2026-05-04; L4|C4|2026-05-03; L5|C5|2026-10-01; L6|C6|2026-10-01; L7|C6|
            L8|C7|2026-10-01""",
        Bill="""line|month|total
            L1|2026-04|50; L2|2026-04|50; L3|2026-04|50; L4|2026-04|50; L5|2026-04|49.99; L6|2026-04|50""",
    ).gives(C1=True, C2=False, C3=True, C4=False, C5=False, C6=False, C7=False),
)

winback_approach = tag(
    first_match(
        none=~is_winback,
        better_tariff=churn_cause == "tariff",
        service_repair=churn_cause == "service",
        new_technology=churn_cause == "technology",
        settle_arrears=churn_cause == "passive",
        otherwise="ask_why",
    ),
    title="What may win the customer back",
    zh="回流策略",
    owner="retention",
    description="By the cause of leaving, of those worth winning back: a better tariff, an apology and a repaired service, a new "
    "device or network, a settlement of the arrears; a call to ask why where nothing tells.",
    source="field sources (by cause); wording ours",
    levels_zh={
        "none": "无", "better_tariff": "资费优化", "service_repair": "服务修复", "new_technology": "换机升网",
        "settle_arrears": "欠费和解", "ask_why": "回访了解", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="customer; tariff; service; technology; passive; unexplained; stays",
        Line="""line|customer|network|deactivated_on
            L1|tariff|5g|2026-09-01; L2|service|5g|2026-09-01; L3|technology|3g|2026-09-01; L4|passive|5g|2026-09-01
            L5|unexplained|5g|2026-09-01; L6|stays|5g|""",
        ChurnEvent="line|churned_on|kind; L4|2026-09-01|non_payment",
        Bill="line|month|total; L1|2026-08|60; L2|2026-08|60; L3|2026-08|60; L4|2026-08|60; L5|2026-08|60; L6|2026-08|60",
        Ticket="customer|opened_on|kind; tariff|2026-08-01|price; service|2026-08-01|service; stays|2026-08-01|price",
    ).gives(
        tariff="better_tariff", service="service_repair", technology="new_technology", passive="settle_arrears",
        unexplained="ask_why", stays="none",
    ),
)  # fmt: skip
