"""Value: who is worth keeping, and who is worth less than before."""

from c360 import given, segment
from segments.universe import active_customers
from tags.value import tier_decline, value_tier

worth_keeping = segment(
    value_tier >= "mid",
    universe=active_customers,
    title="Worth keeping: mid or higher value",
    zh="中高价值客户",
    owner="market",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|; L3|C3|2026-10-20",
        Bill="line|month|total; L1|2026-10|300; L2|2026-10|299.99; L3|2026-10|300",
    ).gives(C1=True, C2=False, C3=False),
)

value_declining = segment(
    tier_decline,
    universe=active_customers,
    title="Fell to a lower value tier",
    zh="低端化客户",
    owner="market",
    description="Against 3 months ago; a customer without a bill then is unknown, so out.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="line|month|total; L1|2026-07|300; L1|2026-10|299; L2|2026-07|300; L2|2026-10|300; L3|2026-10|60",
    ).gives(C1=True, C2=False, C3=False),
)
