"""Tags of what households buy: when last, how often, how much, at which discount, of which categories."""

from c360 import given, months, tag
from tags.sources import Demographics, Product, Transaction

_recent = Transaction.last(months(3))
_sales = _recent.sales.sum().or_zero()
_discount = (_recent.card_discount.sum() + _recent.coupon_match.sum()).or_zero()

sales_total = tag(
    Transaction.sales.sum().or_zero(),
    title="Spend so far", zh="累计消费", unit="dollar", owner="finance",
    example=given(
        "2017-06-30",
        Transaction="household|bought_on|sales; H1|2017-06-30|2.50; H1|2017-01-02|1; H2|2017-06-01|4; H1|2017-07-01|9",
    ).gives(H1=2.5 + 1, H2=4),
)  # fmt: skip

days_since_visit = tag(
    Transaction.days_since_last(),
    title="Days since the last visit", zh="距上次到店天数", unit="day", owner="loyalty",
    description="0 is today; null for a household that has not shopped yet.",
    example=given(
        "2017-06-30",
        Transaction="household|bought_on; H1|2017-06-01; H1|2017-06-28",
        Contact="household|contacted_on; H2|2017-06-01",
    ).gives(H1=2, H2=None),
)  # fmt: skip

visits_3m = tag(
    _recent.basket.distinct(),
    title="Visits, last 3 complete months", zh="近三月到店次数", unit="basket", owner="loyalty",
    example=given(
        "2017-06-30",
        Transaction="household|bought_on|basket; H1|2017-04-01|1; H1|2017-04-01|1; H1|2017-06-30|2; H2|2017-03-31|3",
    ).gives(H1=2, H2=0),
)  # fmt: skip

spend_3m = tag(
    _sales,
    title="Spend, last 3 complete months", zh="近三月消费", unit="dollar", owner="finance",
    example=given(
        "2017-06-30",
        Transaction="household|bought_on|sales; H1|2017-04-01|10; H1|2017-06-30|5; H2|2017-03-31|8; H1|2017-07-01|7",
    ).gives(H1=10 + 5, H2=0),
)  # fmt: skip

spend_3m_before = tag(
    Transaction.last(months(3).before(months(3))).sales.sum().or_zero(),
    title="Spend, the 3 months before those", zh="前三月消费", unit="dollar", owner="finance",
    example=given(
        "2017-06-30",
        Transaction="household|bought_on|sales; H1|2017-03-31|8; H1|2017-04-01|10; H2|2017-01-01|3; H2|2016-12-31|5",
    ).gives(H1=8, H2=3),
)  # fmt: skip

discount_share_3m = tag(
    _discount / (_sales + _discount),
    title="Discount share, last 3 complete months", zh="近三月折扣占比", unit="share", owner="finance",
    source="ours; the data's description says that sales are what the retailer receives",
    description="What the shop itself took off the shelf price: loyalty card and matched coupons. Manufacturers pay "
    "for their own coupons, so those count as sales. Null without a purchase.",
    example=given(
        "2017-06-30",
        Transaction="""household|bought_on|sales|card_discount|coupon_match
            H1|2017-05-01|6|1|1; H1|2017-05-02|2|0|0; H2|2017-03-31|9|1|0""",
    ).gives(H1=2 / (8 + 2), H2=None),
)  # fmt: skip

top_categories = tag(
    _recent.product.category.top(3, by=_recent.sales),
    title="Favourite categories, last 3 complete months", zh="近三月偏好品类", owner="category",
    description="The 3 product categories with the most spend, the first first.",
    example=given(
        "2017-06-30",
        Product="product|category; P1|BEEF; P2|COFFEE; P3|CANDY",
        Transaction="""household|product|bought_on|sales
            H1|P1|2017-05-01|3; H1|P2|2017-05-01|2; H1|P2|2017-06-01|2; H2|P3|2017-03-31|1""",
    ).gives(H1=("COFFEE", "BEEF"), H2=()),
)  # fmt: skip

is_dairy = tag(
    Product.category.is_in(
        "FLUID MILK PRODUCTS", "MILK BY-PRODUCTS", "CANNED MILK", "CHEESE", "CHEESES", "YOGURT", "MISC. DAIRY"
    ),
    title="Dairy product", zh="乳制品", owner="category",
    description="Milk, cheese, yogurt and the like; no ice cream.",
    example=given(Product="product|category; P1|YOGURT; P2|COFFEE; P3|").gives(P1=True, P2=False, P3=None),
)  # fmt: skip

dairy_months_3m = tag(
    _recent.where(Transaction.product[is_dairy])[Transaction.bought_on.month_end()].distinct(),
    title="Months with dairy, of the last 3", zh="近三月购买乳制品月数", unit="month", owner="category",
    example=given(
        "2017-06-30",
        Product="product|category; P1|YOGURT; P2|COFFEE",
        Transaction="""household|product|bought_on
            H1|P1|2017-04-01; H1|P1|2017-04-30; H1|P1|2017-06-30; H1|P2|2017-05-01; H2|P1|2017-03-31""",
    ).gives(H1=2, H2=0),
)  # fmt: skip

income_band = tag(
    Demographics.income,
    title="Income band", zh="收入段", owner="loyalty", sensitivity="internal",
    description="As told once, without a date: current runs only. Known for 801 households.",
    example=given(Demographics="household|income; H1|35-49K; H2|").gives(H1="35-49K", H2=None),
)  # fmt: skip
