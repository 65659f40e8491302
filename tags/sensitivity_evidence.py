"""Evidence of what a customer is sensitive to: prices, service, the brand, security; each signal a measure of its own."""

from c360 import days, given, months, param, tag
from tags.base import line_is_active
from tags.sources import Browse, Contact, Line, Membership, Payment, PlanChange, Points, Subscription, Ticket
from tags.spend import plan_fees_3m, revenue_3m

plan_downgrades_12m = tag(
    PlanChange.where(PlanChange.asked_by_customer & (PlanChange.to_plan.monthly_fee < PlanChange.from_plan.monthly_fee))
    .last(days(365))
    .count(),
    title="Moves to a cheaper plan, 12 months",
    zh="近一年降档次数",
    unit="change",
    owner="market",
    description="Asked for by the customer, on any line; a change between plans of which a fee is not known does not count.",
    source="field sources",
    example=given(
        "2026-10-31",
        Plan="plan|monthly_fee; P1|59; P2|99",
        Line="line|customer; L1|C1; L2|C2",
        PlanChange="""line|changed_on|from_plan|to_plan|asked_by_customer
            L1|2025-11-01|P2|P1|T; L1|2025-10-31|P2|P1|T; L1|2026-01-01|P2|P1|F; L1|2026-02-01|P1|P2|T; L2|2026-02-01|P9|P1|T""",
    ).gives(C1=1, C2=0),
)

price_tickets_12m = tag(
    Ticket.where(Ticket.kind == "price").last(days(365)).count(),
    title="Tickets about prices, 12 months",
    zh="近一年资费投诉数",
    unit="ticket",
    owner="service",
    description="Opened in 365 days, closed or not; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="customer|opened_on|kind; C1|2025-11-01|price; C1|2025-10-31|price; C1|2026-10-01|billing",
    ).gives(C1=1, C2=0),
)

_accepted = Contact.where((Contact.outcome == "accepted") & Contact.offer.discount.is_known()).last(days(365))

accepts_only_discounts = tag(
    (_accepted.where(Contact.offer.discount > 0).count() > 0) & (_accepted.where(Contact.offer.discount == 0).count() == 0),
    title="Accepts offers only with a discount",
    zh="仅接受优惠营销",
    owner="market",
    description="In 365 days at least one offer with a discount accepted and none without; no where none was accepted.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Offer="offer|discount; O1|0.2; O2|0",
        Contact="""customer|on|outcome|offer
            C1|2026-01-01|accepted|O1; C1|2026-02-01|refused|O2; C2|2026-01-01|accepted|O1; C2|2026-02-01|accepted|O2
            C3|2026-01-01|refused|O1; C4|2025-10-31|accepted|O1""",
    ).gives(C1=True, C2=False, C3=False, C4=False),
)

hugs_plan_fee = tag(
    (plan_fees_3m > 0)
    & (revenue_3m <= (1 + param("sensitivity.fee_band", 0.02)) * plan_fees_3m)
    & (revenue_3m >= (1 - param("sensitivity.fee_band", 0.02)) * plan_fees_3m),
    title="Spend hugs the plan fee",
    zh="消费贴近套餐值",
    owner="market",
    description="The bills of the last 3 complete months lie within 2 % of the plan fees on them; no without plan fees.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4",
        Bill="""line|month|plan_fee|total
            L1|2026-09|100|100; L1|2026-10|100|104; L2|2026-10|100|102.01; L3|2026-10|100|97.99; L4|2026-10|0|0""",
    ).gives(C1=True, C2=False, C3=False, C4=False),
)

device_price_highest = tag(
    Line.where(line_is_active).device_price.max(),
    title="Price of the dearest device in use",
    zh="在用最贵终端价格",
    unit="yuan",
    owner="market",
    description="Of the lines in service, as they are today; missing where no price is known.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|device_price|deactivated_on; L1|C1|999|; L2|C1|1999|; L3|C1|5999|2026-10-01; L4|C2||",
    ).gives(C1=1999, C2=None),
)

_days_early = Payment.paid_on.days_until(Payment.due_on)

payments_at_due_6m = tag(
    Payment.where((_days_early >= 0) & (_days_early <= param("sensitivity.due_days", 1))).last(months(6)).count(),
    title="Invoices paid just at the due date, 6 months",
    zh="近六月踩点缴费次数",
    unit="invoice",
    owner="finance",
    description="Due in the last 6 complete months and paid on the due day or the day before; 0 without one.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Account="account|customer; A1|C1; A2|C2",
        Payment="""account|due_on|paid_on
            A1|2026-05-20|2026-05-20; A1|2026-06-20|2026-06-19; A1|2026-07-20|2026-07-18; A1|2026-08-20|2026-08-21
            A1|2026-04-20|2026-04-20; A2|2026-10-20|""",
    ).gives(C1=2, C2=0),
)

tariff_views_90d = tag(
    Browse.where(Browse.page_group == "tariff").last(days(90)).views.sum().or_zero(),
    title="Tariff pages viewed, 90 days",
    zh="近90天资费页浏览次数",
    unit="view",
    owner="market",
    description="0 without a view.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Browse="customer|day|page_group|views; C1|2026-08-03|tariff|2; C1|2026-08-02|tariff|9; C1|2026-10-01|device|9",
    ).gives(C1=2, C2=0),
)

service_tickets_12m = tag(
    Ticket.where(Ticket.kind.is_in("service", "network")).last(days(365)).count(),
    title="Tickets about service, 12 months",
    zh="近一年服务投诉数",
    unit="ticket",
    owner="service",
    description="About service or the network, opened in 365 days; 0 without one. A dispute over the bill is about money.",
    source="field sources; which kinds count ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="customer|opened_on|kind; C1|2025-11-01|service; C1|2026-01-01|network; C1|2025-10-31|service; C2|2026-10-01|price",
    ).gives(C1=2, C2=0),
)

reopened_tickets_12m = tag(
    Ticket.where(Ticket.reopened).last(days(365)).count(),
    title="Tickets reopened, 12 months",
    zh="近一年重开工单数",
    unit="ticket",
    owner="service",
    description="Opened in 365 days and not settled at the first try; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="customer|opened_on|reopened; C1|2025-11-01|T; C1|2026-01-01|F; C1|2025-10-31|T; C2|2026-10-01|",
    ).gives(C1=1, C2=0),
)

satisfaction_12m = tag(
    Ticket.last(days(365)).satisfaction.mean(),
    title="Satisfaction, 12 months",
    zh="近一年平均满意度",
    unit="of 5",
    owner="service",
    description="Mean of the ratings 1 to 5 of the tickets opened in 365 days and closed; missing without a rating.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="""customer|opened_on|closed_on|satisfaction
            C1|2025-11-01|2025-11-02|2; C1|2026-01-01|2026-01-02|3; C1|2025-10-31|2025-11-02|5; C2|2026-10-01||1""",
    ).gives(C1=2.5, C2=None),
)

service_contacts_90d = tag(
    Contact.where((Contact.direction == "in") & Contact.channel.is_in("call", "store")).last(days(90)).count(),
    title="Calls to the hotline and visits to stores, 90 days",
    zh="近90天热线与营业厅接触次数",
    unit="contact",
    owner="service",
    description="The customer came to us; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Contact="""customer|on|channel|direction
            C1|2026-08-03|call|in; C1|2026-10-01|store|in; C1|2026-10-02|call|out; C1|2026-08-02|call|in; C2|2026-10-01|app|in""",
    ).gives(C1=2, C2=0),
)

visits_12m = tag(
    Contact.where(Contact.channel == "visit").last(days(365)).count(),
    title="Visits to the customer, 12 months",
    zh="近一年上门走访次数",
    unit="visit",
    owner="sales",
    description="As recorded with the contacts; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Contact="customer|on|channel; C1|2025-11-01|visit; C1|2025-10-31|visit; C2|2026-10-01|store",
    ).gives(C1=1, C2=0),
)

points_redeemed_12m = tag(
    Points.last(days(365)).redeemed.sum().or_zero(),
    title="Points redeemed, 12 months",
    zh="近一年兑换积分",
    unit="point",
    owner="market",
    description="0 without a movement.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Points="customer|moved_on|earned|redeemed; C1|2025-11-01|0|100; C1|2026-10-01|30|0; C1|2025-10-31|0|900",
    ).gives(C1=100, C2=0),
)

_running = Subscription.where(Subscription.ended_on.is_null())

security_products = tag(
    _running.where(Subscription.category == "security").count(),
    title="Security products in use",
    zh="安全类产品数",
    unit="product",
    owner="market",
    description="Running at the end of D, on all lines; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Subscription="""line|category|started_on|ended_on
            L1|security|2026-01-01|; L1|security|2025-01-01|2026-10-31; L2|cloud|2025-01-01|""",
    ).gives(C1=1, C2=0),
)

number_locks = tag(
    _running.where(
        Subscription.product.contains(param("sensitivity.number_lock_zh", "锁"))
        | Subscription.product.contains(param("sensitivity.number_lock", "lock"))
    ).count(),
    title="Number locks in use",
    zh="号码锁定服务数",
    unit="product",
    owner="market",
    description="Products whose name holds 锁 or 'lock', both parameters, case counting; running at the end of D. 0 without one.",
    source="field sources; how they are known ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Subscription="line|product|started_on|ended_on; L1|number lock|2026-01-01|; L1|号码锁|2026-01-01|; L2|Tunes|2025-01-01|",
    ).gives(C1=2, C2=0),
)

security_tickets_12m = tag(
    Ticket.where(Ticket.kind.is_in("security", "real_name")).last(days(365)).count(),
    title="Tickets about fraud, spam, privacy or the real name, 12 months",
    zh="近一年安全与实名工单数",
    unit="ticket",
    owner="service",
    description="Opened in 365 days; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="customer|opened_on|kind; C1|2025-11-01|security; C1|2026-01-01|real_name; C2|2025-10-31|security",
    ).gives(C1=2, C2=0),
)

in_secret_organisation = tag(
    (Membership.customer_group.secrecy_level >= "confidential").any(),
    title="Member of an organisation with secrets",
    zh="涉密集团成员",
    owner="sales",
    description="Any group of a secrecy level of confidential or secret, as it is today; an unknown level does not count.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        CustomerGroup="customer_group|secrecy_level; G1|secret; G2|none; G3|",
        Membership="customer|customer_group|since_on; C1|G1|2020-01-01; C2|G2|2020-01-01; C3|G3|2020-01-01",
    ).gives(C1=True, C2=False, C3=False),
)
