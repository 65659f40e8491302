"""The population of the customer grid: whom its percentiles compare."""

from c360 import given, segment
from segments.universe import active_customers
from tags.profit import bills_12m

billed_customers = segment(
    bills_12m > 0,
    universe=active_customers,
    title="Active customers with a bill in 12 months",
    zh="近一年有账单的在网客户",
    owner="finance",
    description="Who has no bill yet, and who left, has no place in the grid.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|; L3|C3|2026-10-01",
        Bill="line|month|total; L1|2026-10|10; L2|2025-10|10; L3|2026-09|10",
    ).gives(C1=True, C2=False, C3=False),
)
