"""Loyalty: its level, activity with points, what referrals are worth, and who speaks badly of us."""

from c360 import days, first_match, given, months, param, scorecard, tag, tiers, when
from tags.base import is_active, tenure_months
from tags.influence import referrals_12m
from tags.sensitivity_evidence import points_redeemed_12m, satisfaction_12m
from tags.sources import Bill, Points, Referral, Ticket
from tags.stickiness import stickiness

points_activity = tag(
    first_match(
        redeeming=points_redeemed_12m > 0,
        collecting=Points.last(days(365)).earned.sum().or_zero() > 0,
        dormant=Points.count() > 0,
        otherwise="none",
    ),
    title="Activity with points",
    zh="积分活跃度",
    owner="market",
    description="Redeemed in 365 days; else earned only; else moved none but did before; none never had any.",
    source="field sources",
    levels_zh={"redeeming": "兑换", "collecting": "仅累积", "dormant": "沉睡", "none": "无积分", "unknown": "未知"},
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Points="""customer|moved_on|earned|redeemed
            C1|2025-11-01|0|10; C2|2026-01-01|10|0; C2|2025-10-31|0|10; C3|2025-10-31|10|0""",
    ).gives(C1="redeeming", C2="collecting", C3="dormant", C4="none"),
)

_paid = when(is_active).then(Bill.last(months(12)).total.sum().or_zero()).otherwise(0)

referral_value = tag(
    Referral.referred[_paid].sum().or_zero(),
    title="Referral value",
    zh="推荐价值",
    unit="yuan",
    owner="market",
    description="Revenue of 12 complete months of those whom the customer brought and who are still active; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer|deactivated_on; L2|C2|; L3|C3|2026-10-30",
        Bill="line|month|total; L2|2025-11|50; L2|2025-10|999; L3|2026-10|70",
        Referral="customer|referred|referred_on; C1|C2|2020-01-01; C1|C3|2026-01-31",
    ).gives(C1=50, C2=0, C3=0),
)

complaints_12m = tag(
    Ticket.where(Ticket.kind.is_in("price", "billing", "service", "network", "security")).last(days(365)).count(),
    title="Complaints, 12 months",
    zh="近一年投诉数",
    unit="complaint",
    owner="service",
    description="Opened in 365 days, closed or not. Requests to stay or to port out are no complaints.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="customer|opened_on|kind; C1|2025-11-01|price; C1|2025-10-31|price; C1|2026-10-01|port_out",
    ).gives(C1=1, C2=0),
)

is_detractor = tag(
    (satisfaction_12m <= param("loyalty.detractor_satisfaction", 2.5)).or_false()
    & (complaints_12m >= param("loyalty.detractor_complaints", 2)),
    title="Detractor: speaks badly of us",
    zh="负面口碑客户",
    owner="service",
    description="Mean satisfaction of 2.5 or less and two complaints or more in 12 months; no without a rating.",
    source="field sources; cuts ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Ticket="""customer|opened_on|closed_on|kind|satisfaction
            C1|2026-05-01|2026-05-02|price|2; C1|2026-06-01|2026-06-02|network|3
            C2|2026-05-01|2026-05-02|price|1; C3|2026-05-01||price|; C3|2026-06-01||price|
            C4|2026-01-01|2026-01-02|price|3; C4|2026-02-01|2026-02-02|price|3; C4|2026-03-01|2026-03-02|price|3
            C4|2026-04-01|2026-04-02|price|2""",
    ).gives(C1=True, C2=False, C3=False, C4=False),
)

_content = (satisfaction_12m >= param("loyalty.content", 4)).or_false() | (complaints_12m == 0)

loyalty_score = tag(
    when(is_active)
    .then(
        scorecard(
            year=(tenure_months >= param("loyalty.year_months", 12), param("loyalty.year_points", 15)),
            long_here=(tenure_months >= param("loyalty.long_months", 36), param("loyalty.long_points", 20)),
            sticky=(stickiness >= param("loyalty.sticky", 40), param("loyalty.sticky_points", 25)),
            content=(_content, param("loyalty.content_points", 15)),
            refers=(referrals_12m > 0, param("loyalty.refer_points", 15)),
            redeems=(points_redeemed_12m > 0, param("loyalty.redeem_points", 10)),
        )
    )
    .or_null(),
    title="Loyalty, in points",
    zh="忠诚度得分",
    unit="point",
    owner="retention",
    description="0 to 100: a year here, three years here, stickiness of 40 or more, content (rates 4 or more, or no complaint in "
    "12 months), refers others, redeems points. Missing without a line in service.",
    source="field sources (loyalty); points and cuts ours",
    example=given(
        "2026-10-31",
        Customer="""customer|joined_on
            C1|2023-10-31; C2|2025-10-31; C3|2025-11-01; C4|2020-01-01
            C5|2023-11-01; C6|2026-10-01; C7|2026-10-01; C8|2026-10-01; C9|2026-10-01""",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L5|C5; L6|C6; L7|C7; L8|C8; L9|C9",
        Contract="line|kind|start_on|end_on; L8|prepaid_fee|2026-01-01|2027-12-31; L9|prepaid_fee|2026-01-01|2027-12-31",
        Points="customer|moved_on|balance; C8|2026-01-01|500; C9|2026-01-01|500",
        Membership="customer|since_on|group_kind; C8|2026-01-01|household; C9|2026-01-01|household",
        Subscription="line|category|started_on|ended_on; L9|family_number|2026-01-01|",
        Referral="customer|referred|referred_on; C1|C2|2026-01-01",
        Ticket="""customer|opened_on|closed_on|kind|satisfaction
            C3|2026-01-01||price|; C6|2026-01-01|2026-01-02|price|4
            C7|2026-01-01|2026-01-02|price|4; C7|2026-02-01|2026-02-02|price|4; C7|2026-03-01|2026-03-02|price|3""",
    ).gives(C1=15 + 20 + 15 + 15, C2=15 + 15, C3=0, C4=None, C5=30, C6=15, C7=0, C8=15, C9=25 + 15),
)

loyalty_level = tag(
    tiers(loyalty_score, high=param("loyalty.high", 60), medium=param("loyalty.medium", 33), otherwise="low"),
    title="Loyalty level",
    zh="忠诚度等级",
    owner="retention",
    description="By the loyalty score: high from 60, medium from 33; 'unknown' without a line in service.",
    source="field sources (levels); cuts ours",
    levels_zh={"high": "高", "medium": "中", "low": "低", "unknown": "未知"},
    example=given(
        "2026-10-31",
        Customer="customer|joined_on; C1|2023-10-31; C2|2025-10-31; C3|2025-11-01; C4|2020-01-01; C5|2025-10-31; C6|2023-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L5|C5; L6|C6",
        Referral="customer|referred|referred_on; C1|C2|2026-01-01; C5|C2|2026-01-01",
        Points="customer|moved_on|earned|redeemed; C5|2026-01-01|0|9",
        Ticket="customer|opened_on|kind; C3|2026-01-01|price; C6|2026-01-01|price",
    ).gives(C1="high", C2="low", C3="low", C4="unknown", C5="medium", C6="medium"),
)
