"""Fair shares among the managers of a unit, and what a manager has earned up to D by the lines of the customers."""

from c360 import first_match, given, param, tag, when
from tags.acquisition import line_alive_months
from tags.awards import line_arrears_counted, line_award_profit, line_award_revenue, line_award_stands, line_revenue_to_date
from tags.channel_awards import arrears_middle, arrears_tolerance, c1, c2, quantity_months
from tags.managers import manager_customers, manager_revenue_3m
from tags.sources import Line, Manager, Unit

unit_customers_per_manager = tag(
    manager_customers.mean(),
    entity=Unit,
    title="Customers a manager of a unit has",
    zh="网格人均客户数",
    unit="customer",
    owner="sales",
    description="Mean over the unit's managers, those without a customer included; missing without a manager.",
    source="our own",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Manager="manager|unit; M1|U; M2|U",
        Customer="customer|manager; C1|M1; C2|M1; C3|M1",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
    ).gives(U=1.5, V=None),
)

unit_revenue_per_manager = tag(
    manager_revenue_3m.mean(),
    entity=Unit,
    title="Revenue of 3 months a manager of a unit has",
    zh="网格人均收入",
    unit="yuan",
    owner="sales",
    description="Mean over the unit's managers; missing without a manager.",
    source="our own",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Manager="manager|unit; M1|U; M2|U",
        Customer="customer|manager; C1|M1",
        Line="line|customer; L1|C1",
        Bill="line|month|total; L1|2026-10|90",
    ).gives(U=45, V=None),
)

manager_load_ratio = tag(
    manager_customers / Manager.unit[unit_customers_per_manager],
    title="Customers of a manager against the unit's mean",
    zh="客户数负荷比",
    unit="ratio",
    owner="sales",
    description="1 is an even share, 2 twice as many; missing where the unit is not known, or has no customer with a manager.",
    source="our own",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Manager="manager|unit; M1|U; M2|U; M3|V; M4|",
        Customer="customer|manager; C1|M1; C2|M1; C3|M1; C4|M2",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4",
    ).gives(M1=1.5, M2=0.5, M3=None, M4=None),
)

manager_revenue_ratio = tag(
    manager_revenue_3m / Manager.unit[unit_revenue_per_manager],
    title="Revenue of a manager's customers against the unit's mean",
    zh="收入负荷比",
    unit="ratio",
    owner="sales",
    description="1 is an even share; missing where the unit is not known, or its managers' customers bring nothing.",
    source="our own",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Manager="manager|unit; M1|U; M2|U; M3|V",
        Customer="customer|manager; C1|M1; C2|M2",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total; L1|2026-10|90; L2|2026-10|30",
    ).gives(M1=1.5, M2=0.5, M3=None),
)

_high = param("manager.overloaded_ratio", 1.5)
_low = param("manager.underloaded_ratio", 0.5)

manager_allocation = tag(
    first_match(
        overloaded=manager_load_ratio > _high,
        underloaded=manager_load_ratio < _low,
        rich=manager_revenue_ratio > _high,
        poor=manager_revenue_ratio < _low,
        otherwise="fair",
        unknown="skip",
    ),
    title="Fairness of a manager's allocation",
    zh="客户分配公平性",
    owner="sales",
    description="Customers first: more than 1.5 times the unit's mean, or less than half of it; then their revenue in the same "
    "way. Fair, too, where nothing can be compared.",
    source="our own",
    levels_zh={
        "overloaded": "客户过多", "underloaded": "客户过少", "rich": "收入过高", "poor": "收入过低", "fair": "均衡",
        "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Unit="unit; U; V; W",
        Manager="manager|unit; over|U; under|U; even|U; rich|V; poor|V; thin|V; plain|V; alone|W",
        Customer="""customer|manager
            C1|over; C2|over; C3|over; C4|even; C5|even; C6|rich; C7|poor; C8|plain; C9|thin""",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4; L5|C5; L6|C6; L7|C7; L8|C8; L9|C9",
        Bill="""line|month|total
            L1|2026-10|10; L4|2026-10|10; L6|2026-10|154; L7|2026-10|45; L8|2026-10|148; L9|2026-10|53""",
    ).gives(over="overloaded", under="underloaded", even="fair", rich="rich", poor="poor", thin="fair", plain="fair", alone="fair"),
)  # fmt: skip

manager_arrears = tag(
    line_arrears_counted.sum().or_zero(),
    entity=Manager,
    title="Arrears of a manager's customers that count",
    zh="客户经理计罚欠费",
    unit="yuan",
    owner="finance",
    description="Of all their lines, those forgiven left out; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Manager="manager; M1; M2",
        Customer="customer|manager; C1|M1; C2|M1",
        Account="account|customer; A1|C1; A2|C2",
        Line="line|customer|account|activated_on; L1|C1|A1|2026-02-01; L2|C2|A2|2026-02-01",
        Bill="line|month|total; L1|2026-10|100; L2|2026-10|100",
        Payment="account|due_on|amount_due; A1|2026-10-20|40; A2|2026-10-20|10",
    ).gives(M1=40 + 10, M2=0),
)

manager_revenue_to_date = tag(
    line_revenue_to_date.sum().or_zero(),
    entity=Manager,
    title="Revenue of a manager's customers, to date",
    zh="客户经理累计收入",
    unit="yuan",
    owner="finance",
    description="All bills there are of all their lines, those given up included; 0 without one.",
    source="field sources",
    example=given(
        Manager="manager; M1; M2",
        Customer="customer|manager; C1|M1",
        Line="line|customer; L1|C1; L2|C1",
        Bill="line|month|total; L1|2024-08|100; L2|2026-10|50",
    ).gives(M1=100 + 50, M2=0),
)

manager_arrears_rate = tag(
    manager_arrears / manager_revenue_to_date,
    title="Arrears rate of a manager's customers",
    zh="客户经理欠费率",
    unit="share",
    owner="finance",
    description="Arrears that count, of all that was billed; missing where nothing was.",
    source="field sources",
    example=given(
        "2026-10-31",
        Manager="manager; M1; M2",
        Customer="customer|manager; C1|M1",
        Account="account|customer; A1|C1",
        Line="line|customer|account|activated_on; L1|C1|A1|2026-02-01",
        Bill="line|month|total; L1|2026-10|200",
        Payment="account|due_on|amount_due; A1|2026-10-20|10",
    ).gives(M1=0.05, M2=None),
)

_tolerated = (manager_arrears_rate <= arrears_tolerance) | (manager_arrears_rate.percentile() < arrears_middle)

manager_award = tag(
    Line.where(line_award_stands & (line_alive_months >= quantity_months)).count() * param("award.manager_unit_award", 10)
    + line_award_revenue.sum().or_zero() * c1
    + line_award_profit.sum().or_zero() * c2
    - when(_tolerated).then(0).otherwise(manager_arrears),
    entity=Manager,
    title="Award of a manager",
    zh="客户经理酬金合计",
    unit="yuan",
    owner="sales",
    description="As a channel's, over the lines of the customers the manager has today, at 10 yuan a line: quantity, revenue "
    "and profit award, less the arrears that count where they are above 5 % and not below the middle of all managers.",
    source="field sources; the amounts ours",
    example=given(
        "2026-10-31",
        Unit="unit; U",
        Manager="manager|unit; fine|U; owing|U; none|U",
        Customer="customer|manager; C1|fine; C2|owing",
        Account="account|customer; A1|C1; A2|C2",
        Line="line|customer|account|activated_on; L1|C1|A1|2024-10-31; L2|C2|A2|2026-08-01; L3|C2|A2|2026-04-30",
        Contract="line|start_on|device_cost; L1|2024-10-31|50; L2|2026-08-01|50; L3|2026-04-30|50",
        Bill="line|month|total; L1|2026-10|200; L2|2026-10|100; L3|2026-10|100",
        Payment="account|due_on|amount_due; A1|2026-10-20|10; A2|2026-10-20|20",
    ).gives(
        fine=10 + 200 * 0.02 + (200 - 50) * 0.05,
        owing=10 + 100 * 0.02 + (-50 - 50) * 0.05 - 20,
        none=0,
    ),
)
