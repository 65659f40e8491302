"""The customer grid: five classes by profit, revenue and strategic meaning, the first that holds."""

from c360 import first_match, given, param, tag
from segments.grid_population import billed_customers
from tags.grid_axes import margin_percentile, revenue_percentile, service_cost_percentile, strategic_percentile
from tags.profit import margin_12m, profit_12m
from tags.spend import arpu_trend_3m

_thin = margin_12m < param("grid.thin_margin", 0.05)
_costly = service_cost_percentile >= param("grid.costly_service", 80)
_no_growth = (arpu_trend_3m <= 0).or_false()

customer_grid = tag(
    first_match(
        bleeding=billed_customers & ((profit_12m <= 0) | (_thin & _costly & _no_growth)),
        large_premium=(revenue_percentile >= param("grid.large_revenue", 80))
        & (strategic_percentile >= param("grid.large_strategic", 50)),
        small_premium=(revenue_percentile < param("grid.small_revenue", 50))
        & (
            (margin_percentile >= param("grid.small_margin", 60)) | (strategic_percentile >= param("grid.small_strategic", 80))
        ),
        average=revenue_percentile >= param("grid.small_revenue", 50),
        otherwise="small_ordinary",
    ),
    title="Customer grid",
    zh="客户细分矩阵",
    owner="finance",
    description="First that holds, among active customers with a bill in 12 months. Bleeding: no profit in 12 months, or a margin "
    "below 5 % with a service cost in the top fifth while ARPU did not grow. Large premium: revenue percentile 80 or more, "
    "strategic meaning 50 or more. Small premium: revenue percentile below 50, and margin percentile 60 or strategic meaning 80 "
    "or more. Average: revenue percentile 50 or more. Else small ordinary. 'unknown' for who has no bill or no line in service. "
    "The year is not scaled up: a new customer counts with the few bills there are, and may bleed by the cost of winning them.",
    source="field sources (classes); cuts ours",
    levels_zh={
        "bleeding": "出血型", "large_premium": "大型优质", "small_premium": "小型优质", "average": "平均型",
        "small_ordinary": "小型一般", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="""customer|industry
            loss|; even|; thin|; big|finance; dull|; middle|; rich|; key|finance; plain|; unbilled|; left|""",
        Line="""line|customer|service_type|deactivated_on
            L1|loss|mobile|; L2|even|mobile|; L3|thin|mobile|; L4|big|mobile|; L5|dull|mobile|; L6|middle|mobile|; L7|rich|mobile|
            L8|key|mobile|; L9|plain|mobile|; L10|unbilled|mobile|; L11|left|mobile|2026-10-31""",
        Bill="""line|month|total|staff|service_cost|commission
            L1|2026-10|100|100.01|0|0; L2|2026-10|100|100|0|0; L3|2026-07|100|0|0|0; L3|2026-10|100|0|190.01|0
            L4|2026-10|900|10|0|0; L5|2026-10|800|500|0|0; L6|2026-10|700|500|0|0
            L7|2026-10|30|0|0|0; L8|2026-10|40|5|0|30; L9|2026-10|50|45|0|0; L11|2026-10|900|0|0|0""",
    ).gives(
        loss="bleeding", even="bleeding", thin="bleeding", big="large_premium", dull="average", middle="average",
        rich="small_premium", key="small_premium", plain="small_ordinary", unbilled="unknown", left="unknown",
    ),
)  # fmt: skip
