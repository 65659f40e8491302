"""Segments of Cell2Cell's customers: who is still here, who uses less, whom to offer a handset first."""

from c360 import given, param, segment
from tags.customer import handset_cluster, has_left, minutes_change, monthly_revenue, revenue_tier
from tags.sources import Customer

still_here = segment(
    ~has_left,
    title="Still customers", zh="在网客户", owner="retention",
    example=given(Customer="customer|has_left; C1|T; C2|F; C3|").gives(C1=False, C2=True, C3=False),
)  # fmt: skip

using_less = segment(
    minutes_change <= param("using_less.minutes", -200),
    universe=still_here,
    title="Talk much less than before", zh="通话明显减少", owner="retention",
    example=given(
        Customer="customer|has_left|minutes_change; C1|F|-200; C2|F|-199; C3|T|-200; C4|F|"
    ).gives(C1=True, C2=False, C3=False, C4=False),
)  # fmt: skip

offer_handset = segment(
    (revenue_tier.is_in("high", "mid")) & (handset_cluster == "over_a_year") & (Customer.retention_calls == 0),
    universe=using_less,
    title="Offer a new handset first", zh="优先换机优惠", owner="retention",
    description="Worth their revenue, an old handset, less talk, and nobody has called them to stay.",
    example=given(
        Customer="""customer|has_left|minutes_change|monthly_revenue|handset_days|retention_calls
            C1|F|-200|50|366|0
            C2|F|-200|49.99|366|0
            C3|F|-200|50|365|0
            C4|F|-200|50|366|1
            C5|F|-199|50|366|0""",
    ).gives(C1=True, C2=False, C3=False, C4=False, C5=False),
)  # fmt: skip

credited = segment(
    monthly_revenue < 0,
    title="Revenue below zero", zh="负收入客户", owner="finance",
    example=given(Customer="customer|monthly_revenue; C1|-0.01; C2|0; C3|").gives(C1=True, C2=False, C3=False),
)  # fmt: skip
