"""Tags of IBM's customers: value, contract, services, churn and its reason."""

from c360 import first_match, given, param, tag, tiers
from tags.sources import Customer, Location, Services, Status

has_left = tag(
    Status.has_left,
    title="Left in the quarter", zh="本季离网", owner="retention",
    example=given(Status="customer|has_left; C1|T; C2|F").gives(C1=True, C2=False),
)  # fmt: skip

churn_reason = tag(
    Status.churn_reason,
    title="Reason given on leaving", zh="离网原因", owner="retention", sensitivity="internal",
    description="Asked when a customer leaves, so it is known for those who left and only afterwards.",
    example=given(Status="customer|churn_reason; C1|Moved; C2|").gives(C1="Moved", C2=None),
)  # fmt: skip

satisfaction = tag(
    Status.satisfaction,
    title="Satisfaction score", zh="满意度", unit="1 to 5", owner="service",
    example=given(Status="customer|satisfaction; C1|5").gives(C1=5),
)  # fmt: skip

contract_kind = tag(
    Services.contract,
    title="Kind of contract", zh="合约类型", owner="market",
    example=given(Services="customer|contract; C1|month_to_month; C2|two_year").gives(C1="month_to_month", C2="two_year"),
)  # fmt: skip

monthly_charge = tag(
    Services.monthly_charge,
    title="Monthly charge", zh="月费", unit="dollar/month", owner="market",
    example=given(Services="customer|monthly_charge; C1|39.65").gives(C1=39.65),
)  # fmt: skip

charge_tier = tag(
    tiers(
        monthly_charge,
        high=param("charge.high", 90),
        mid=param("charge.mid", 60),
        low=param("charge.low", 25),
        otherwise="minimal",
    ),
    title="Monthly charge tier", zh="月费层级", owner="market",
    example=given(Services="customer|monthly_charge; C1|90; C2|89.99; C3|20").gives(C1="high", C2="mid", C3="minimal"),
)  # fmt: skip

tenure_cluster = tag(
    first_match(
        up_to_6=Services.tenure_months <= 6,
        up_to_12=Services.tenure_months <= 12,
        otherwise="over_12",
    ),
    title="Tenure cluster", zh="在网时长分群", owner="retention", source="domain 4.5: up to 6, 12, more months",
    example=given(Services="customer|tenure_months; C1|6; C2|7; C3|13; C4|").gives(
        C1="up_to_6", C2="up_to_12", C3="over_12", C4="unknown"
    ),
)  # fmt: skip

revenue_per_month = tag(
    Services.total_revenue / Services.tenure_months,
    title="Revenue a month of tenure", zh="月均收入", unit="dollar/month", owner="finance",
    example=given(Services="customer|total_revenue|tenure_months; C1|90|3; C2|10|0").gives(C1=90 / 3, C2=None),
)  # fmt: skip

accounts_unexplained = tag(
    Services.total_charges
    + Services.total_extra_data
    + Services.total_long_distance
    - Services.total_refunds
    - Services.total_revenue,
    title="Revenue that the parts do not explain", zh="收入差额", unit="dollar", owner="finance",
    description="Charges, extra data and long distance less refunds are the revenue; anything but 0 is a fault of the data.",
    example=given(
        Services="customer|total_charges|total_extra_data|total_long_distance|total_refunds|total_revenue; C1|10|2|3|1|14"
    ).gives(C1=10 + 2 + 3 - 1 - 14),
)  # fmt: skip

area_population = tag(
    Location.zip_area.population,
    title="Population of the zip code", zh="邮编区人口", unit="person", owner="market",
    example=given(Location="customer|zip_area; C1|90001; C2|99999", ZipArea="zip_area|population; 90001|54492").gives(
        C1=54492, C2=None
    ),
)  # fmt: skip

age = tag(
    Customer.age,
    title="Age", zh="年龄", unit="year", owner="market",
    example=given(Customer="customer|age; C1|78", Status="customer; C1").gives(C1=78),
)  # fmt: skip
