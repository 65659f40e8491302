"""Influence: whose word counts with others, by roles, the size of the organisation, referrals and acquaintances."""

from c360 import days, given, months, param, tag, when
from segments.universe import active_customers
from tags._examples import many
from tags.sources import Bill, CustomerGroup, Membership, Referral
from tags.usage import daily_peers_3m

group_members = tag(
    Membership.count(),
    entity=CustomerGroup,
    title="Members of a group",
    zh="群体成员数",
    unit="customer",
    owner="market",
    description="Customers who are members by D, whatever their role; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; G1; G2",
        Membership="customer|customer_group|since_on; C1|G1|2020-01-01; C2|G1|2026-10-31; C3|G1|2026-11-01",
    ).gives(G1=2, G2=0),
)

_decides = (Membership.role == "decision_maker").any()
_is_key = (Membership.role == "key_person").any()
_heads = (Membership.role == "head").any()
_speaks = Membership.role.is_in("decision_maker", "key_person")

led_group_size = tag(
    when(_speaks).then(Membership.customer_group[group_members]).or_null().max().or_zero(),
    title="Members of the largest group led",
    zh="所领导集团成员数",
    unit="customer",
    owner="market",
    description="Of the groups where the customer is a decision maker or key person; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        CustomerGroup="customer_group; G1; G2",
        Membership="""customer|customer_group|since_on|role
            C1|G1|2020-01-01|key_person; C2|G1|2020-01-01|member; C1|G2|2020-01-01|member""",
    ).gives(C1=2, C2=0),
)

referrals_12m = tag(
    Referral.last(days(365)).count(),
    title="Referrals made, 12 months",
    zh="近一年推荐人数",
    unit="customer",
    owner="market",
    description="Customers brought in 365 days, whether they stayed or not; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Referral="customer|referred|referred_on; C1|C8|2025-11-01; C1|C9|2026-10-31; C2|C7|2025-10-31",
    ).gives(C1=2, C2=0),
)

# Revenue of 12 months by its own expression, so that the referred customer's bills are read once and without tags of profit.
_paid = Bill.last(months(12)).total.sum().or_zero()

referred_revenue_12m = tag(
    Referral.referred[_paid].sum().or_zero(),
    title="Revenue of the customers referred, 12 months",
    zh="所推荐客户近一年收入",
    unit="yuan",
    owner="market",
    description="Of everyone the customer ever brought, all their bills of the last 12 complete months; 0 without a referral.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L2|C2; L3|C3",
        Bill="line|month|total; L2|2025-11|50; L3|2026-10|70; L3|2025-10|999",
        Referral="customer|referred|referred_on; C1|C2|2020-01-01; C1|C3|2026-10-31; C2|C1|2026-11-01",
    ).gives(C1=50 + 70, C2=0, C3=0),
)

knows_many = tag(
    (daily_peers_3m.percentile(among=active_customers) >= param("influence.peers_percentile", 90)).or_false(),
    title="Speaks with more people than nine in ten",
    zh="交往圈前10%",
    owner="market",
    description="Top decile of the active customers by people spoken with a day; no where nobody was, or not active.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Customer="customer; " + many("C{n}", 1, 12),
        Line="line|customer; " + many("L{n}|C{n}", 1, 12),
        Usage="line|day|distinct_peers; L1|2026-10-01|10; L2|2026-10-01|9; " + many("L{n}|2026-10-01|1", 3, 11),
    ).gives({"C1": True} | {f"C{n}": False for n in range(2, 13)}),
)

influence_score = tag(
    when(_decides).then(param("influence.decision_maker", 3)).otherwise(0)
    + when(_is_key).then(param("influence.key_person", 2)).otherwise(0)
    + when(_heads).then(param("influence.household_head", 1)).otherwise(0)
    + when(led_group_size >= param("influence.large_group", 10)).then(param("influence.large_group_points", 1)).otherwise(0)
    + when(referrals_12m >= param("influence.referrals", 3)).then(param("influence.referral_points", 2)).otherwise(0)
    + when(referred_revenue_12m >= param("influence.referred_revenue", 3000))
    .then(param("influence.referred_revenue_points", 0.4))
    .otherwise(0)
    + when(knows_many).then(param("influence.peers_points", 0.5)).otherwise(0),
    title="Influence, in points",
    zh="影响力得分",
    unit="point",
    owner="market",
    description="Decision maker 3, key person 2, head of a household 1, each once; a group of 10 led 1; 3 referrals in 12 "
    "months 2, 3000 yuan of revenue referred 0.4; speaks with more people than nine in ten 0.5. 0 to 9.9.",
    source="field sources (whose word counts); points and cuts ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5; C6; C7; C8; C9; " + many("M{n}", 1, 19),
        CustomerGroup="customer_group; G1; G2",
        Line="line|customer; L1|C1; L6|C6; L7|C7; " + many("K{n}|M{n}", 1, 9),
        Bill="line|month|total; L1|2026-10|3000; L7|2026-10|2999.99",
        Usage="line|day|distinct_peers; L6|2026-10-01|9; " + many("K{n}|2026-10-01|1", 1, 9),
        Membership="""customer|customer_group|since_on|role
            C1||2020-01-01|key_person; C1||2021-01-01|key_person; C1||2022-01-01|head
            C2||2020-01-01|member; C2||2026-11-01|decision_maker
            C3||2020-01-01|decision_maker; C8|G1|2020-01-01|key_person; C9|G2|2020-01-01|key_person
        """
        + many("M{n}|G1|2020-01-01|member", 1, 9)
        + ";"
        + many("M{n}|G2|2020-01-01|member", 10, 17),
        Referral="""customer|referred|referred_on
            C4|C1|2026-01-01; C4|C2|2026-02-01; C4|C3|2026-03-01; C5|C2|2026-02-01; C5|C7|2026-03-01""",
    ).gives(
        {"C1": 2 + 1, "C2": 0, "C3": 3, "C4": 2 + 0.4, "C5": 0, "C6": 0.5, "C7": 0, "C8": 2 + 1, "C9": 2}
        | {f"M{n}": 0 for n in range(1, 20)}
    ),
)

is_influential = tag(
    influence_score >= param("influence.cut", 2),
    title="Influential customer",
    zh="有影响力客户",
    owner="market",
    description="A decision maker or key person of an organisation, or a customer who refers many; "
    "heading a household and the smaller signs are not enough, not even together.",
    source="field sources (whose word counts); cut ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5; " + many("M{n}", 1, 9),
        Line="line|customer; L5|C5; L3|C3; " + many("K{n}|M{n}", 1, 9),
        Bill="line|month|total; L3|2026-10|3000",
        Usage="line|day|distinct_peers; L5|2026-10-01|9; " + many("K{n}|2026-10-01|1", 1, 9),
        Membership="customer|since_on|role; C1|2020-01-01|key_person; C2|2020-01-01|head; C5|2020-01-01|head",
        Referral="customer|referred|referred_on; C4|C1|2026-01-01; C4|C2|2026-02-01; C4|C5|2026-03-01; C5|C3|2026-01-01",
    ).gives({"C1": True, "C2": False, "C3": False, "C4": True, "C5": False} | {f"M{n}": False for n in range(1, 10)}),
)
