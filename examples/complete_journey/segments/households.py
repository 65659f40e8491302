"""Segments of households: who lapsed, whom campaigns reached and moved, which top spenders lose interest."""

from c360 import given, param, segment
from tags.campaigns import campaigns_received, coupons_redeemed
from tags.shopping import (
    dairy_months_3m,
    days_since_visit,
    income_band,
    sales_total,
    spend_3m,
    spend_3m_before,
)

shoppers = segment(
    days_since_visit.is_known(),
    title="Has shopped", zh="已购家庭", owner="loyalty",
    description="At least one purchase by D: other sources may name a household before its first.",
    example=given(
        "2017-06-30",
        Transaction="household|bought_on; H1|2017-06-30; H2|2017-07-01",
        Contact="household|contacted_on; H2|2017-06-01",
    ).gives(H1=True, H2=False),
)  # fmt: skip

lapsed = segment(
    days_since_visit > param("lapsed.days", 60),
    universe=shoppers,
    title="Lapsed", zh="流失家庭", owner="loyalty",
    example=given("2017-06-30", Transaction="household|bought_on; H1|2017-04-30; H2|2017-05-01").gives(
        H1=True, H2=False
    ),
)  # fmt: skip

reached = segment(
    campaigns_received > 0,
    title="Reached by a campaign", zh="已触达家庭", owner="campaigns",
    example=given(
        "2017-06-30",
        Contact="household|contacted_on; H1|2017-06-30; H2|2017-07-12",
        Transaction="household|bought_on; H2|2017-06-01",
    ).gives(H1=True, H2=False),
)  # fmt: skip

redeemed = segment(
    coupons_redeemed > 0,
    universe=reached,
    title="Redeemed a coupon, of those reached", zh="已核销家庭", owner="campaigns",
    example=given(
        "2017-06-30",
        Contact="household|contacted_on; H1|2017-05-08; H2|2017-05-08",
        Redemption="household|redeemed_on; H1|2017-06-01; H2|2017-07-01; H3|2017-06-01",
    ).gives(H1=True, H2=False, H3=False),
)  # fmt: skip

worth_winning_back = segment(
    sales_total >= param("winback.min_spend", 300),
    universe=lapsed,
    title="Lapsed, worth winning back", zh="值得赢回家庭", owner="loyalty",
    example=given(
        "2017-06-30",
        Transaction="household|bought_on|sales; H1|2017-03-01|300; H2|2017-03-01|299.99; H3|2017-06-01|300",
    ).gives(H1=True, H2=False, H3=False),
)  # fmt: skip

top_spenders_losing_interest = segment(
    (spend_3m.percentile(among=shoppers, within=income_band) >= 80)
    & (dairy_months_3m == 3)
    & (spend_3m < spend_3m_before)
    & (coupons_redeemed == 0),
    universe=shoppers,
    title="Top spenders losing interest", zh="兴趣下降的高消费家庭", owner="loyalty",
    description="Spend of the last 3 months in the top 20 % of the income band, dairy in each of those months, less "
    "spend than in the 3 before, and no coupon ever redeemed. The income band has no history: current runs only.",
    example=given(
        "2017-06-30",
        Product="product|category; P1|YOGURT; P2|COFFEE",
        Demographics="household|income; H1|35-49K; H2|35-49K; H3|35-49K; H4|35-49K; H5|35-49K; H6|250K+; H7|250K+",
        Transaction="""household|product|bought_on|sales
            H1|P1|2017-01-31|99; H1|P1|2017-04-01|30; H1|P1|2017-05-01|30; H1|P1|2017-06-01|30
            H2|P2|2017-06-01|40; H3|P2|2017-06-01|30; H4|P2|2017-06-01|20; H5|P2|2017-06-01|10
            H6|P1|2017-01-31|9; H6|P1|2017-04-01|1; H6|P1|2017-05-01|1; H6|P1|2017-06-01|1
            H7|P2|2017-06-01|99""",
        Redemption="household|redeemed_on; H2|2017-06-01",
    ).gives(H1=True, H2=False, H3=False, H4=False, H5=False, H6=False, H7=False),
)  # fmt: skip
