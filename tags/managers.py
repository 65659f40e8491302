"""Customer managers: load, visits, key customers left alone, customers to promote, fair shares, and their award."""

from c360 import days, given, param, tag
from tags.base import is_active, vip_level
from tags.sources import Contact, Customer, Manager, Unit, Visit
from tags.spend import revenue_3m
from tags.value import customer_type, is_top_20

is_key_customer = tag(
    is_active & (is_top_20 | customer_type.is_in("high_value", "key", "dual")),
    title="Key customer",
    zh="重点维系客户",
    owner="market",
    description="Active, and of the top 20 % by revenue, of high value, or influential.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5; C6",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|; L3|C3|; L4|C4|; L5|C5|; L6|C6|2026-10-01",
        Bill="line|month|total; L1|2026-10|300; L2|2026-10|90; L3|2026-10|90; L6|2026-10|900",
        Membership="customer|since_on|role; C5|2020-01-01|key_person",
    ).gives(C1=True, C2=False, C3=False, C4=False, C5=True, C6=False),
)

_outgoing = Contact.where((Contact.direction == "out") & Contact.outcome.is_in("reached", "accepted", "refused", "complained"))

is_neglected_key_customer = tag(
    is_key_customer & (_outgoing.last(days(param("manager.contact_days", 90, source="S"))).count() == 0),
    title="Key customer not contacted in 90 days",
    zh="重点客户90天未接触",
    owner="service",
    description="Nobody of ours reached them on any channel, a visit included; calls of theirs, and ours that nobody "
    "answered, do not count.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4",
        Bill="line|month|total; L1|2026-10|450; L2|2026-10|450; L3|2026-10|450; L4|2026-10|90",
        Contact="""customer|on|direction|outcome
            C1|2026-08-03|out|reached; C2|2026-08-02|out|reached; C3|2026-10-01|in|reached; C3|2026-10-01|out|no_answer""",
    ).gives(C1=False, C2=True, C3=True, C4=False),
)

should_be_key_account = tag(
    is_key_customer & (vip_level.is_null() | (vip_level == "none")),
    title="Should be promoted to key account",
    zh="应升级为大客户",
    owner="market",
    description="A key customer without a VIP level. The level is as it is today, without history.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer|vip_level; C1|none; C2|gold; C3|; C4|none",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4",
        Bill="line|month|total; L1|2026-10|450; L2|2026-10|450; L3|2026-10|450",
    ).gives(C1=True, C2=False, C3=True, C4=False),
)

_active = Customer.where(is_active)

manager_customers = tag(
    _active.count(),
    entity=Manager,
    title="Customers of a manager",
    zh="客户经理在网客户数",
    unit="customer",
    owner="sales",
    description="Active ones; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Manager="manager; M1; M2",
        Customer="customer|manager; C1|M1; C2|M1; C3|M1; C4|",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|; L3|C3|2026-10-01; L4|C4|",
    ).gives(M1=2, M2=0),
)

manager_revenue_3m = tag(
    _active[revenue_3m].sum().or_zero(),
    entity=Manager,
    title="Revenue of a manager's customers, last 3 complete months",
    zh="客户经理近三月收入",
    unit="yuan",
    owner="sales",
    description="Of the active ones; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Manager="manager; M1; M2",
        Customer="customer|manager; C1|M1; C2|M1; C3|M1",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|; L3|C3|2026-10-01",
        Bill="line|month|total; L1|2026-10|40; L2|2026-08|60; L3|2026-08|99",
    ).gives(M1=40 + 60, M2=0),
)

manager_key_customers = tag(
    Customer.where(is_key_customer).count(),
    entity=Manager,
    title="Key customers of a manager",
    zh="客户经理重点客户数",
    unit="customer",
    owner="sales",
    description="0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Manager="manager; M1; M2",
        Customer="customer|manager; C1|M1; C2|M1; C3|M1",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="line|month|total; L1|2026-10|450; L2|2026-10|450",
    ).gives(M1=2, M2=0),
)

manager_neglected_key_customers = tag(
    Customer.where(is_neglected_key_customer).count(),
    entity=Manager,
    title="Key customers of a manager not contacted in 90 days",
    zh="客户经理90天未接触重点客户数",
    unit="customer",
    owner="sales",
    description="0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Manager="manager; M1; M2",
        Customer="customer|manager; C1|M1; C2|M1",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total; L1|2026-10|450; L2|2026-10|450",
        Contact="customer|on|direction|outcome; C1|2026-10-03|out|reached",
    ).gives(M1=1, M2=0),
)

manager_customers_to_promote = tag(
    Customer.where(should_be_key_account).count(),
    entity=Manager,
    title="Customers of a manager to promote to key accounts",
    zh="客户经理应升级客户数",
    unit="customer",
    owner="sales",
    description="0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Manager="manager; M1; M2",
        Customer="customer|manager|vip_level; C1|M1|none; C2|M1|gold",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total; L1|2026-10|450; L2|2026-10|450",
    ).gives(M1=1, M2=0),
)

unit_unassigned_key_customers = tag(
    Customer.where(is_key_customer & Customer.manager.is_null()).count(),
    entity=Unit,
    title="Key customers of a unit without a manager",
    zh="网格无经理重点客户数",
    unit="customer",
    owner="sales",
    description="Today, without history; 0 without one.",
    source="our own",
    example=given(
        "2026-10-31",
        Unit="unit; U; V",
        Customer="customer|unit|manager; C1|U|; C2|U|M1; C3|U|",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="line|month|total; L1|2026-10|450; L2|2026-10|450",
    ).gives(U=1, V=0),
)

_planned = Visit.last(days(param("manager.visit_days", 90)))

manager_visits_planned = tag(
    _planned.count(),
    entity=Manager,
    title="Visits a manager planned, 90 days",
    zh="近90天计划走访数",
    unit="visit",
    owner="sales",
    description="Planned for a day of the 90 that end with D; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Manager="manager; M1; M2",
        Visit="manager|customer|planned_on; M1|C1|2026-08-03; M1|C1|2026-08-02; M1|C2|2026-10-31; M2|C1|2026-11-01",
    ).gives(M1=2, M2=0),
)

manager_visit_rate = tag(
    _planned[Visit.visited_on.is_known()].share(),
    entity=Manager,
    title="Share of a manager's planned visits that were made, 90 days",
    zh="走访计划完成率",
    unit="share",
    owner="sales",
    description="Made by D, on the day or later; missing without a plan.",
    source="field sources",
    example=given(
        "2026-10-31",
        Manager="manager; M1; M2",
        Visit="""manager|customer|planned_on|visited_on
            M1|C1|2026-08-03|2026-08-10; M1|C2|2026-09-01|; M1|C2|2026-10-31|2026-11-02; M1|C3|2026-10-30|2026-10-30
            M1|C4|2026-08-02|""",
    ).gives(M1=0.5, M2=None),
)
