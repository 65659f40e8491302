"""Signals of organisations: several of their lines moving at once, and a competitor's contract with the group that ends."""

from c360 import as_of, given, param, tag, when
from tags._examples import many, rows
from tags.base import line_is_active
from tags.churn import line_competitor_hotline_calls_30d, line_usage_drop
from tags.churn_signals import hotline_calls_cut, usage_drop_cut
from tags.sources import Customer, CustomerGroup, Line, Membership

_left_lately = (Line.deactivated_on.days_until(as_of()) < param("groups.left_days", 30)).or_false()

line_moves_away = tag(
    _left_lately
    | (line_is_active & (line_usage_drop >= usage_drop_cut).or_false())
    | (line_is_active & (line_competitor_hotline_calls_30d >= hotline_calls_cut)),
    title="Line moves away",
    zh="用户异动",
    owner="retention",
    description="Deactivated in the last 30 days, or in service with all its usage down by half or a call to a competitor's "
    "hotline in 30 days.",
    source="field sources (what moves); cuts ours",
    example=given(
        "2026-10-31",
        Line="line|deactivated_on; L1|2026-10-02; L2|2026-10-01; L3|; L4|; L5|",
        Usage="""line|day|minutes_out|competitor_hotline_calls
            L3|2026-08-01|300|0; L3|2026-10-01|50|0; L4|2026-10-02|1|1; L2|2026-10-01|1|1""",
    ).gives(L1=True, L2=False, L3=True, L4=True, L5=False),
)

lines_moving = tag(
    Line.where(line_moves_away).count(),
    title="Lines that move away",
    zh="异动用户数",
    unit="line",
    owner="retention",
    description="0 without a line.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|deactivated_on; L1|C1|2026-10-20; L2|C1|2026-10-31; L3|C1|",
    ).gives(C1=2, C2=0),
)

lines_watched = tag(
    Line.where(line_is_active | _left_lately).count(),
    title="Lines in service in the last 30 days",
    zh="近30天在网用户数",
    unit="line",
    owner="retention",
    description="Those in service at D and those that left in 30 days; what the lines that move are a share of.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|deactivated_on; L1|C1|2026-10-02; L2|C1|2026-10-01; L3|C1|",
    ).gives(C1=2, C2=0),
)

organisation_since = tag(
    Membership.where(Membership.group_kind == "organisation").since_on.max(),
    title="Latest role in an organisation since",
    zh="最近集团角色起始日",
    owner="market",
    description="Missing for who has none. A new role in the same group is a new row, so that only the latest one counts for "
    "sums over members.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Membership="""customer|customer_group|since_on|group_kind
            C1|G1|2020-01-01|organisation; C1|G1|2022-01-01|organisation; C1|G2|2024-01-01|household
            C2|G2|2024-01-01|household""",
    ).gives(C1="2022-01-01", C2=None),
)

_of_group = Membership.where(
    (Membership.group_kind == "organisation") & (Membership.since_on == Membership.customer[organisation_since])
)

group_lines_moving = tag(
    _of_group[Membership.customer[lines_moving]].sum().or_zero(),
    entity=CustomerGroup,
    title="Lines of an organisation that move away",
    zh="集团异动用户数",
    unit="line",
    owner="retention",
    description="Of all members; a customer counts for the organisation of the latest role only, once. 0 for households.",
    source="field sources",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; G1; G2",
        Customer="customer; C1; C2",
        Line="line|customer|deactivated_on; L1|C1|2026-10-20; L2|C1|2026-10-31; L3|C2|2026-10-31",
        Membership="""customer|customer_group|since_on|group_kind
            C1|G1|2020-01-01|organisation; C1|G1|2022-01-01|organisation; C2|G1|2020-01-01|organisation
            C2|G2|2020-01-01|household""",
    ).gives(G1=2 + 1, G2=0),
)

group_lines_watched = tag(
    _of_group[Membership.customer[lines_watched]].sum().or_zero(),
    entity=CustomerGroup,
    title="Lines of an organisation in service in the last 30 days",
    zh="集团近30天在网用户数",
    unit="line",
    owner="retention",
    description="Of all members, counted as the lines that move are.",
    source="our own",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; G1; G2",
        Customer="customer; C1",
        Line="line|customer|deactivated_on; L1|C1|2026-10-20; L2|C1|2026-09-01; L3|C1|",
        Membership="customer|customer_group|since_on|group_kind; C1|G1|2020-01-01|organisation",
    ).gives(G1=2, G2=0),
)

_batch, _batch_share = param("groups.batch_lines", 3), param("groups.batch_share", 0.2)

group_batch_moves = tag(
    (group_lines_moving >= _batch) & (group_lines_moving >= _batch_share * group_lines_watched),
    title="Several lines of an organisation move at once",
    zh="集团批量用户异动",
    owner="retention",
    description="Three lines or more, and a fifth or more of those in service in the last 30 days. Evidence: group_lines_moving.",
    source="field sources; cuts ours",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; G1; G2; G3; G4",
        Customer="customer; C1; C2; C4",
        Line=rows(
            "line|customer|deactivated_on",
            many("left{n}|C1|2026-10-20", 1, 3) + "; " + many("here{n}|C1|", 1, 12),
            many("gone{n}|C2|2026-10-20", 1, 2),
            many("lost{n}|C4|2026-10-20", 1, 3) + "; " + many("kept{n}|C4|", 1, 13),
        ),
        Membership=rows(
            "customer|customer_group|since_on|group_kind",
            "C1|G1|2020-01-01|organisation",
            "C2|G2|2020-01-01|organisation; C4|G4|2020-01-01|organisation",
        ),
    ).gives(G1=True, G2=False, G3=False, G4=False),
)

_own_batch = (lines_moving >= _batch) & (lines_moving >= _batch_share * lines_watched)
_in_batch = _of_group[Membership.customer_group[group_batch_moves]].any()

signal_batch_moves = tag(
    ((Customer.kind == "organisation") & _own_batch).or_false() | _in_batch,
    title="Signal: several lines of the organisation move at once",
    zh="预警：批量用户异动",
    owner="retention",
    description="An organisation three, and a fifth, of whose own lines move away; or a member of one where that is so. "
    "Evidence: lines_moving, group_lines_moving. Not counted in churn_signals.",
    source="field sources; cuts ours",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; G1",
        Customer="customer|kind; C1|organisation; C2|person; C3|person; C4|family",
        Line="""line|customer|deactivated_on
            L1|C1|2026-10-20; L2|C1|2026-10-20; L3|C1|2026-10-20; L4|C1|
            L5|C4|2026-10-20; L6|C4|2026-10-20; L7|C4|2026-10-20""",
        Membership="customer|customer_group|since_on|group_kind; C1|G1|2020-01-01|organisation; C2|G1|2020-01-01|organisation",
    ).gives(C1=True, C2=True, C3=False, C4=False),
)

group_competitor_contract_days = tag(
    when(CustomerGroup.kind == "organisation").then(as_of().days_until(CustomerGroup.competitor_contract_end)).or_null(),
    title="Days to the end of the competitor's contract with an organisation",
    zh="竞争对手集团合约剩余天数",
    unit="day",
    owner="sales",
    description="0 on the last day, negative after it; missing where none is known. As it is known today, without history.",
    source="field sources",
    example=given(
        "2026-10-31",
        CustomerGroup="""customer_group|kind|competitor_contract_end
            G1|organisation|2027-01-29; G2|organisation|; G3|household|2027-01-29; G4|organisation|2026-10-30""",
    ).gives(G1=90, G2=None, G3=None, G4=-1),
)

group_competitor_ending = tag(
    group_competitor_contract_days.between(0, param("groups.competitor_days", 90)).or_false(),
    title="A competitor's contract with the organisation ends",
    zh="竞争对手集团合约将到期",
    owner="sales",
    description="Within 90 days: its lines are up for tender, ours too. Evidence: group_competitor_contract_days.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        CustomerGroup="""customer_group|kind|competitor_contract_end
            G1|organisation|2027-01-29; G2|organisation|2027-01-30; G3|organisation|2026-10-30; G4|organisation|""",
    ).gives(G1=True, G2=False, G3=False, G4=False),
)

signal_competitor_contract_ending = tag(
    _of_group[Membership.customer_group[group_competitor_ending]].any(),
    title="Signal: a competitor's contract with the organisation ends",
    zh="预警：所在集团竞争对手合约将到期",
    owner="sales",
    description="For whoever is a member of such an organisation. Evidence: group_competitor_contract_days. Not counted in "
    "churn_signals.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group|kind|competitor_contract_end; G1|organisation|2027-01-29; G2|organisation|2027-03-01",
        Customer="customer; C1; C2; C3",
        Membership="customer|customer_group|since_on|group_kind; C1|G1|2020-01-01|organisation; C2|G2|2020-01-01|organisation",
    ).gives(C1=True, C2=False, C3=False),
)
