"""Stickiness: the financial, social and structural bonds of a customer, convergence, and the score of all."""

from c360 import as_of, first_match, given, least, param, scorecard, tag, when
from tags.base import is_active, line_is_active, lines_active, mobile_lines, sub_cards, vip_level
from tags.contract import days_to_contract_end, line_on_contract, on_contract
from tags.sources import Contract, Customer, Line, Membership, Points, Subscription
from tags.spend_mix import discount_share_3m

points_balance = tag(
    Points.balance.latest().or_zero(),
    title="Points held",
    zh="积分余额",
    unit="point",
    owner="market",
    description="After the last movement by D, of several on one day the greatest balance; 0 without a movement.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Points="customer|moved_on|balance; C1|2026-01-05|900; C1|2026-10-05|400; C1|2026-11-05|0",
    ).gives(C1=400, C2=0),
)

_days_to_lapse = as_of().days_until(Points.lapses_on)
_soon = (_days_to_lapse > 0) & (_days_to_lapse <= param("points.lapse_days", 60))

points_lapsing = tag(
    least(points_balance, Points.where(_soon).earned.sum().or_zero()),
    title="Points about to lapse",
    zh="即将失效积分",
    unit="point",
    owner="market",
    description="Earned, and lapsing within 60 days after D; at most what is held, for the sources do not say which points "
    "were redeemed. 0 without any.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Points="""customer|moved_on|earned|redeemed|balance|lapses_on
            C1|2025-01-05|100|0|100|2026-12-30; C1|2025-02-05|200|0|300|2026-12-31; C1|2025-03-05|50|0|350|2026-10-31
            C2|2025-01-05|100|0|100|2026-11-30; C2|2026-01-05|0|70|30|""",
    ).gives(C1=100, C2=30, C3=0),
)

_in_service = Line.where(line_is_active)
_at_home = _in_service[Line.service_type.is_in("fixed", "iptv")].any()

convergence = tag(
    first_match(
        none=lines_active == 0,
        full=(mobile_lines > 0) & _in_service[Line.service_type == "broadband"].any() & _at_home,
        mobile_broadband=(mobile_lines > 0) & _in_service[Line.service_type == "broadband"].any(),
        mobile_only=mobile_lines == lines_active,
        home_only=Line.where(line_is_active & Line.service_type.is_in("broadband", "fixed", "iptv")).count() == lines_active,
        mobile_home=(mobile_lines > 0) & _at_home,
        otherwise="unknown",
    ),
    title="Convergence of services",
    zh="融合程度",
    owner="market",
    description="Full: mobile, broadband, and a fixed line or television; mobile_home: mobile with a fixed line or television, "
    "no broadband. Of the lines in service; 'unknown' where it hangs on one whose type is not known.",
    source="field sources",
    levels_zh={
        "none": "无在网业务", "full": "全融合", "mobile_broadband": "移动+宽带", "mobile_only": "单移动", "home_only": "单家庭业务",
        "mobile_home": "移动+固话电视", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5; C6; C7; C8",
        Line="""line|customer|service_type|deactivated_on
            L1|C1|mobile|; L2|C1|broadband|; L3|C1|iptv|; L4|C2|mobile|; L5|C2|broadband|; L6|C2|iptv|2026-10-01
            L7|C3|mobile|; L8|C4|fixed|; L9|C4|broadband|; L10|C5|mobile|; L11|C5|fixed|; L12|C7|mobile|; L13|C7||; L14|C8||""",
    ).gives(
        C1="full", C2="mobile_broadband", C3="mobile_only", C4="home_only", C5="mobile_home", C6="none", C7="unknown",
        C8="unknown",
    ),
)  # fmt: skip

_in_force = Contract.where(Contract.end_on >= as_of())
_prepays = (
    Line.where(line_on_contract)[Line.account.payment_method == "prepaid"].any()
    | _in_service[_in_force[Contract.kind == "prepaid_fee"].any()].any()
)

bond_financial = tag(
    scorecard(
        contract=(on_contract, param("bond.contract_points", 30)),
        long_contract=(days_to_contract_end > param("bond.long_contract_days", 180), param("bond.long_contract_points", 15)),
        points=(points_balance >= param("bond.points", 500), param("bond.points_points", 20)),
        prepaid=(_prepays, param("bond.prepaid_points", 15)),
        discount=(discount_share_3m >= param("bond.discount_share", 0.1), param("bond.discount_points", 20)),
    ),
    title="Financial bond",
    zh="财务粘性",
    unit="point",
    owner="retention",
    description="0 to 100: a contract, more than 180 days of it left, 500 points or more, money paid ahead (a contract of "
    "prepaid fees, or a line under contract on a prepaid account), a running discount of a tenth or more.",
    source="field sources (the bond); points and cuts ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4; L5|C5",
        Contract="""line|kind|start_on|end_on
            L1|prepaid_fee|2026-01-01|2027-12-31; L2|handset|2025-01-01|2027-04-29; L5|handset|2025-01-01|2027-04-30""",
        Points="customer|moved_on|balance; C1|2026-01-05|500; C2|2026-01-05|499",
        Bill="""line|month|plan_fee|voice_local|voice_long_distance|voice_roaming|data|sms|vas|other|discount|total
            L3|2026-10|100|0|0|0|0|0|0|0|10|90; L4|2026-10|100|0|0|0|0|0|0|0|9.5|90.5""",
    ).gives(C1=30 + 15 + 20 + 15, C2=30, C3=20, C4=0, C5=30 + 15),
)

_at_home = (Membership.group_kind == "household").any()
_at_work = (Membership.group_kind == "organisation").any()
_running = Subscription.where(Subscription.ended_on.is_null())

bond_social = tag(
    scorecard(
        household=(_at_home, param("bond.household_points", 30)),
        organisation=(_at_work, param("bond.organisation_points", 20)),
        family_number=(_running[Subscription.category == "family_number"].any(), param("bond.family_number_points", 15)),
        club=(vip_level >= "silver", param("bond.club_points", 15)),
        manager=(Customer.manager.is_known(), param("bond.manager_points", 20)),
    ),
    title="Social bond",
    zh="社会粘性",
    unit="point",
    owner="retention",
    description="0 to 100: member of a household, of an organisation, a family number, a VIP club, a manager of one's own.",
    source="field sources (the bond); points ours",
    example=given(
        "2026-10-31",
        Customer="customer|vip_level|manager; C1|silver|M1; C2|none|",
        Line="line|customer; L1|C1; L2|C2",
        Membership="customer|since_on|group_kind; C1|2020-01-01|household; C2|2020-01-01|organisation",
        Subscription="line|category|started_on|ended_on; L1|family_number|2020-01-01|; L2|family_number|2020-01-01|2026-01-01",
    ).gives(C1=80, C2=20),
)

_group_product = _running[Subscription.category.is_in("group_network", "group_ring_tone")].any()
_handset = _in_service[_in_force[Contract.kind == "handset"].any()].any()

bond_structural = tag(
    scorecard(
        converged=(convergence.is_in("mobile_broadband", "mobile_home", "full"), param("bond.converged_points", 30)),
        fully_converged=(convergence == "full", param("bond.fully_converged_points", 15)),
        several_lines=(lines_active >= 2, param("bond.several_lines_points", 10)),
        sub_cards=(sub_cards > 0, param("bond.sub_card_points", 10)),
        group_product=(_group_product, param("bond.group_product_points", 15)),
        device=(_handset, param("bond.device_points", 10)),
        products=(_running.count() >= param("bond.products", 3), param("bond.products_points", 10)),
    ),
    title="Structural bond",
    zh="结构粘性",
    unit="point",
    owner="retention",
    description="0 to 100: mobile with services at home, all of them, several lines, sub-cards, group products, a device bought "
    "with a contract that runs, three products or more.",
    source="field sources (the bond); points and cuts ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="""line|customer|service_type|is_sub_card
            L1|C1|mobile|F; L2|C1|broadband|F; L3|C1|iptv|F; L4|C1|mobile|T; L5|C2|mobile|F; L6|C4|mobile|F""",
        Contract="line|kind|start_on|end_on; L1|handset|2026-01-01|2027-12-31; L5|handset|2024-01-01|2025-12-31",
        Subscription="""line|category|started_on|ended_on
            L5|group_network|2020-01-01|; L5|cloud|2020-01-01|
            L6|cloud|2020-01-01|; L6|video|2020-01-01|; L6|video|2021-01-01|""",
    ).gives(C1=30 + 15 + 10 + 10 + 10, C2=15, C3=0, C4=10),
)

_financial, _social = param("bond.financial_weight", 40), param("bond.social_weight", 25)
_structural = param("bond.structural_weight", 35)

stickiness = tag(
    when(is_active)
    .then(
        (_financial * bond_financial + _social * bond_social + _structural * bond_structural) / (_financial + _social + _structural)
    )
    .otherwise(0),
    title="Stickiness",
    zh="粘性",
    unit="point",
    owner="retention",
    description="0 to 100: the financial, social and structural bonds weighed 40, 25, 35; 0 without a line in service.",
    source="field sources (three bonds); weights ours",
    example=given(
        "2026-10-31",
        Customer="customer|manager; C1|M1; C2|; C3|M1",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|; L3|C3|2026-10-01",
        Contract="line|kind|start_on|end_on; L1|sim_only|2026-01-01|2026-12-31",
        Membership="customer|since_on|group_kind; C1|2020-01-01|household",
        Subscription="line|category|started_on|ended_on; L1|group_network|2020-01-01|",
    ).gives(C1=0.4 * 30 + 0.25 * 50 + 0.35 * 15, C2=0, C3=0),
)

_converged = convergence.is_in("mobile_broadband", "mobile_home", "full")

bonds_held = tag(
    when(on_contract | (points_balance >= param("bond.points", 500))).then(1).otherwise(0)
    + when(_at_home | _at_work).then(1).otherwise(0)
    + when(_converged | (_running.count() >= param("bond.products", 3))).then(1).otherwise(0),
    title="Bonds that hold",
    zh="粘性纽带数",
    unit="bond",
    owner="retention",
    description="0 to 3: financial (a contract, or 500 points), social (of a household or organisation), structural "
    "(converged, or three products). Rests on dated facts only, so it can be asked for any day.",
    source="field sources (three bonds); signs ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer|service_type; L1|C1|mobile; L2|C1|broadband; L3|C2|mobile",
        Contract="line|kind|start_on|end_on; L1|sim_only|2026-01-01|2026-12-31; L3|sim_only|2024-01-01|2025-12-31",
        Membership="customer|since_on|group_kind; C1|2020-01-01|household; C2|2020-01-01|organisation",
    ).gives(C1=3, C2=1, C3=0),
)
