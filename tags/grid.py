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
        # Names tell the percentile that is just above or below a cut: of revenue, strategic meaning, service cost, margin.
        Customer="""customer
            mp56; mp64; st76; st84; loss; even; sp76; sp84; m48; m52; plain; plain2; rp48; rp52; mid1; mid2; mid3; mid4; mid5
            rp76; rp80; rp84; st48; st52; top; unbilled; left""",
        Line="""line|customer|service_type|deactivated_on
            mp56|mp56|mobile|; mp64|mp64|mobile|; st76|st76|mobile|; st84|st84|mobile|; loss|loss|mobile|; even|even|mobile|
            sp76|sp76|mobile|; sp84|sp84|mobile|; m48|m48|mobile|; m52|m52|mobile|; plain|plain|mobile|; plain2|plain2|mobile|
            rp48|rp48|mobile|; rp52|rp52|mobile|; mid1|mid1|mobile|; mid2|mid2|mobile|; mid3|mid3|mobile|; mid4|mid4|mobile|
            mid5|mid5|mobile|; rp76|rp76|mobile|; rp80|rp80|mobile|; rp84|rp84|mobile|; st48|st48|mobile|; st52|st52|mobile|
            top|top|mobile|; unbilled|unbilled|mobile|; left|left|mobile|2026-10-31""",
        Bill="""line|month|total|staff|service_cost|commission
            mp56|2026-10|100|18|0.00|54.00; mp64|2026-10|200|17|0.01|118.99; st76|2026-10|300|5|0.02|240.98
            st84|2026-10|400|3|0.03|316.97; loss|2026-10|500|16|0.04|488.96; even|2026-10|600|15|0.05|584.95
            sp76|2026-07|350|0|0|0; sp76|2026-10|350|14|0.19|657.81; sp84|2026-07|400|0|0|0; sp84|2026-10|400|13|0.21|753.99
            m48|2026-07|450|0|0|0; m48|2026-10|450|10|0.24|846.56; m52|2026-07|500|0|0|0; m52|2026-10|500|9|0.23|938.77
            plain|2026-10|1100|20|0.06|837.94; plain2|2026-10|1200|19|0.07|892.93; rp48|2026-10|1300|21|0.08|1070.92
            rp52|2026-10|1400|22|0.09|817.91; mid1|2026-10|1500|4|0.10|1315.90; mid2|2026-10|1600|2|0.11|1373.89
            mid3|2026-10|1700|1|0.12|1256.88; mid4|2026-10|1800|0|0.13|1259.87; mid5|2026-10|1900|23|0.14|1230.86
            rp76|2026-10|2000|8|0.15|1271.85; rp80|2026-10|2100|6|0.16|1295.84; rp84|2026-10|2200|7|0.17|1268.83
            st48|2026-10|2300|12|0.18|1275.82; st52|2026-10|2400|11|0.20|1284.80; top|2026-10|2500|24|0.22|1275.78
            left|2026-10|900|0|0|0""",
    ).gives(
        mp56="small_ordinary", mp64="small_premium", st76="small_ordinary", st84="small_premium", loss="bleeding",
        even="bleeding", sp76="small_ordinary", sp84="bleeding", m48="bleeding", m52="small_ordinary", plain="small_ordinary",
        plain2="small_ordinary", rp48="small_ordinary", rp52="average", mid1="average", mid2="average", mid3="average",
        mid4="average", mid5="average", rp76="average", rp80="large_premium", rp84="large_premium", st48="average",
        st52="large_premium", top="average", unbilled="unknown", left="unknown",
    ),
)  # fmt: skip
