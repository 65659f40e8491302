"""Tags of Cell2Cell's customers: value, credit, use, handset, calls that failed, who left."""

from c360 import first_match, given, param, tag, tiers
from tags.sources import Customer

has_left = tag(
    Customer.has_left,
    title="Left", zh="已离网", owner="retention",
    description="Known only afterwards. Leavers were oversampled, so no share of them is the operator's.",
    example=given(Customer="customer|has_left; C1|T; C2|F").gives(C1=True, C2=False),
)  # fmt: skip

age = tag(
    Customer.age,
    title="Age", zh="年龄", unit="year", owner="market",
    example=given(Customer="customer|age; C1|62; C2|").gives(C1=62, C2=None),
)  # fmt: skip

credit_rating = tag(
    Customer.credit_rating,
    title="Credit rating", zh="信用等级", owner="finance",
    example=given(Customer="customer|credit_rating; C1|highest; C2|lowest").gives(C1="highest", C2="lowest"),
)  # fmt: skip

monthly_revenue = tag(
    Customer.monthly_revenue,
    title="Revenue of the month", zh="月收入", unit="dollar", owner="finance",
    description="Below zero where credits were greater than the bill.",
    example=given(Customer="customer|monthly_revenue; C1|57.50; C2|-6.17; C3|").gives(C1=57.5, C2=-6.17, C3=None),
)  # fmt: skip

revenue_tier = tag(
    tiers(
        monthly_revenue,
        high=param("revenue.high", 100),
        mid=param("revenue.mid", 50),
        low=param("revenue.low", 25),
        otherwise="minimal",
        missing="unknown",
    ),
    title="Revenue tier", zh="收入层级", owner="market",
    example=given(Customer="customer|monthly_revenue; C1|100; C2|99.99; C3|25; C4|24.99; C5|-1; C6|").gives(
        C1="high", C2="mid", C3="low", C4="minimal", C5="minimal", C6="unknown"
    ),
)  # fmt: skip

above_plan = tag(
    monthly_revenue - Customer.recurring_charge,
    title="Revenue above the recurring charge", zh="超出月租的收入", unit="dollar", owner="finance",
    example=given(Customer="customer|monthly_revenue|recurring_charge; C1|57.50|40; C2|30|").gives(C1=57.5 - 40, C2=None),
)  # fmt: skip

minutes_change = tag(
    Customer.minutes_change,
    title="Change of minutes", zh="通话分钟变化", unit="minute", owner="market",
    description="The month against the mean of the three before.",
    example=given(Customer="customer|minutes_change; C1|-157; C2|").gives(C1=-157, C2=None),
)  # fmt: skip

handset_cluster = tag(
    first_match(
        not_delivered=Customer.handset_days < 0,
        up_to_a_year=Customer.handset_days <= param("handset.year", 365),
        otherwise="over_a_year",
    ),
    title="How long the handset is in use", zh="终端使用时长分群", owner="market",
    example=given(Customer="customer|handset_days; C1|-1; C2|0; C3|365; C4|366; C5|").gives(
        C1="not_delivered", C2="up_to_a_year", C3="up_to_a_year", C4="over_a_year", C5="unknown"
    ),
)  # fmt: skip

handset_price = tag(
    Customer.handset_price,
    title="Price of the handset", zh="终端价格", unit="dollar", owner="market",
    example=given(Customer="customer|handset_price; C1|150; C2|").gives(C1=150, C2=None),
)  # fmt: skip

failed_calls = tag(
    Customer.failed_calls,
    title="Calls dropped or blocked", zh="掉话与阻塞次数", unit="call", owner="network",
    example=given(Customer="customer|failed_calls; C1|1.4").gives(C1=1.4),
)  # fmt: skip
