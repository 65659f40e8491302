"""Groups, organisations and households: how large, what their members bring, who of them may leave, a rival's contract ending."""

from c360 import given, param, tag, tiers
from tags._examples import many, rows
from tags.base import is_active
from tags.churn_groups import organisation_since
from tags.churn_risk import churn_risk_level
from tags.sources import CustomerGroup, Membership
from tags.spend import revenue_3m

household_since = tag(
    Membership.where(Membership.group_kind == "household").since_on.max(),
    title="In the household since",
    zh="加入家庭日期",
    owner="market",
    description="The day of the latest role in a household; missing without one.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Membership="""customer|since_on|group_kind
            C1|2020-01-01|household; C1|2022-01-01|household; C1|2024-01-01|organisation; C2|2024-01-01|organisation""",
    ).gives(C1="2022-01-01", C2=None),
)

# A role that changed is a second row of the same member: the latest one counts, in organisations and in households.
_members = Membership.where(
    ((Membership.group_kind == "organisation") & (Membership.since_on == Membership.customer[organisation_since]))
    | ((Membership.group_kind == "household") & (Membership.since_on == Membership.customer[household_since]))
)

group_active_members = tag(
    _members.where(Membership.customer[is_active]).count(),
    entity=CustomerGroup,
    title="Active members of a group",
    zh="群体在网成员数",
    unit="customer",
    owner="market",
    description="With a line in service; a customer counts once, for the organisation and the household of the latest role. 0 "
    "without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; G1; G2",
        Customer="customer; C1; C2; C3",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|2026-10-01; L3|C3|",
        Membership="""customer|customer_group|since_on|group_kind
            C1|G1|2020-01-01|organisation; C1|G1|2022-01-01|organisation; C2|G1|2020-01-01|organisation
            C3|G1|2026-11-01|organisation""",
    ).gives(G1=1, G2=0),
)

group_size = tag(
    tiers(
        group_active_members,
        large=param("group.large_members", 50),
        medium=param("group.medium_members", 10),
        small=1,
        otherwise="empty",
    ),
    title="Size of a group",
    zh="群体规模",
    owner="market",
    description="By active members: 50 are large, 10 medium.",
    source="our own",
    levels_zh={"large": "大型", "medium": "中型", "small": "小型", "empty": "无成员", "unknown": "未知"},
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; G1; G2; G3; G4; G5",
        Line=rows("line|customer", many("L{n}|C{n}", 1, 50), many("M{n}|D{n}", 1, 49)),
        Membership=rows(
            "customer|customer_group|since_on|group_kind",
            many("C{n}|G1|2020-01-01|organisation", 1, 50),
            many("C{n}|G2|2020-01-01|household", 1, 10),
            many("D{n}|G3|2020-01-01|organisation", 1, 49),
            many("D{n}|G4|2020-01-01|household", 1, 9),
            "gone|G5|2020-01-01|household",
        ),
    ).gives(G1="large", G2="medium", G3="medium", G4="small", G5="empty"),
)

group_revenue_3m = tag(
    _members[Membership.customer[revenue_3m]].sum().or_zero(),
    entity=CustomerGroup,
    title="Revenue of a group's members, last 3 complete months",
    zh="群体成员近三月收入",
    unit="yuan",
    owner="market",
    description="All bills of its members; who is in an organisation and in a household counts in both, by the latest role. 0 "
    "without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; G1; G2; G3",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total; L1|2026-08|40; L2|2026-10|60; L2|2026-07|999",
        Membership="""customer|customer_group|since_on|group_kind
            C1|G1|2020-01-01|organisation; C2|G1|2020-01-01|organisation; C2|G1|2022-01-01|organisation
            C2|G2|2020-01-01|household""",
    ).gives(G1=40 + 60, G2=60, G3=0),
)

group_members_at_risk = tag(
    _members.where(Membership.customer[churn_risk_level >= "high"]).count(),
    entity=CustomerGroup,
    title="Members of a group at high risk of leaving",
    zh="群体高离网风险成员数",
    unit="customer",
    owner="retention",
    description="Of high or critical risk; 0 without one. Several lines that move at once are a signal of their own.",
    source="our own",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; G1; G2",
        Customer="customer; C1; C2",
        Account="account|customer",
        Line="line|customer|service_type|activated_on; L1|C1|mobile|2020-01-01; L2|C2|iptv|2020-01-01",
        Usage="line|day|minutes_out|competitor_hotline_calls; L1|2026-08-01|300|0; L1|2026-10-01|10|2",
        Bill="line|month|plan_fee|total; L1|2026-09|59|50; L1|2026-10|59|50",
        Membership="""customer|customer_group|since_on|group_kind
            C1|G1|2020-01-01|organisation; C2|G1|2020-01-01|organisation; C2|G1|2022-01-01|organisation
            C2|G2|2020-01-01|household""",
    ).gives(G1=1, G2=0),
)

is_key_person = tag(
    ((Membership.group_kind == "organisation") & Membership.role.is_in("decision_maker", "key_person")).any(),
    title="Key person of an organisation",
    zh="集团关键人",
    owner="market",
    description="Decision maker or key person of any organisation, now or before; no where no role is known.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5",
        Membership="""customer|since_on|group_kind|role
            C1|2020-01-01|organisation|decision_maker; C2|2020-01-01|organisation|key_person
            C3|2020-01-01|organisation|member; C4|2020-01-01|household|key_person; C5|2026-11-01|organisation|key_person""",
    ).gives(C1=True, C2=True, C3=False, C4=False, C5=False),
)

group_key_persons = tag(
    _members.where(Membership.customer[is_key_person]).count(),
    entity=CustomerGroup,
    title="Members of a group who are key persons",
    zh="群体关键人数",
    unit="customer",
    owner="market",
    description="Of a household: its members who decide or count in some organisation; of an organisation also those who do so "
    "in another. A customer counts once, for the organisation and the household of the latest role; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; home; office; empty",
        Customer="customer; C1; C2",
        Membership="""customer|customer_group|since_on|group_kind|role
            C1|office|2020-01-01|organisation|member; C1|office|2022-01-01|organisation|key_person
            C1|home|2020-01-01|household|head; C2|home|2020-01-01|household|member""",
    ).gives(home=1, office=1, empty=0),
)

in_key_household = tag(
    _members.where(Membership.group_kind == "household")[Membership.customer_group[group_key_persons] > 0].any(),
    title="In the household of a key person",
    zh="关键人家庭成员",
    owner="market",
    description="Shares the household of the latest role with a decision maker or key person of an organisation, whose benefits "
    "extend to it; the key person too. No for who is in no household that is known.",
    source="field sources",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; home; office; other",
        Customer="customer; C1; C2; C3; C4",
        Membership="""customer|customer_group|since_on|group_kind|role
            C1|office|2020-01-01|organisation|key_person; C1|home|2020-01-01|household|head
            C2|home|2020-01-01|household|member; C3|office|2020-01-01|organisation|member
            C4|home|2020-01-01|household|member; C4|other|2022-01-01|household|head""",
    ).gives(C1=True, C2=True, C3=False, C4=False),
)
