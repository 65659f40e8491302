"""The four sensitivities: a scorecard each of named signals, 0 to 100, and the one that dominates."""

from c360 import dominant, given, param, scorecard, tag
from tags.base import line_is_active, tenure_months, vip_level
from tags.churn import competitor_hotline_calls_30d
from tags.influence import referrals_12m
from tags.sensitivity_evidence import (
    accepts_only_discounts,
    device_price_highest,
    hugs_plan_fee,
    in_secret_organisation,
    number_locks,
    payments_at_due_6m,
    plan_downgrades_12m,
    points_redeemed_12m,
    price_tickets_12m,
    reopened_tickets_12m,
    satisfaction_12m,
    security_products,
    security_tickets_12m,
    service_contacts_90d,
    service_tickets_12m,
    tariff_views_90d,
    visits_12m,
)
from tags.sources import Customer, Line, Membership
from tags.spend_mix import discount_share_3m

price_sensitivity = tag(
    scorecard(
        discounts=(discount_share_3m >= param("sensitivity.discount_share", 0.15), param("price.discount_points", 20)),
        downgrades=(plan_downgrades_12m > 0, param("price.downgrade_points", 20)),
        tickets=(price_tickets_12m > 0, param("price.ticket_points", 15)),
        only_discounts=(accepts_only_discounts, param("price.only_discount_points", 10)),
        hugs_fee=(hugs_plan_fee, param("price.hugs_fee_points", 10)),
        cheap_device=(device_price_highest <= param("sensitivity.cheap_device", 1000), param("price.cheap_device_points", 10)),
        at_due=(payments_at_due_6m >= param("sensitivity.payments_at_due", 3), param("price.at_due_points", 5)),
        tariff_pages=(tariff_views_90d >= param("sensitivity.tariff_views", 3), param("price.tariff_page_points", 5)),
        rival_hotline=(competitor_hotline_calls_30d > 0, param("price.rival_hotline_points", 5)),
    ),
    title="Price sensitivity",
    zh="价格敏感度",
    unit="point",
    owner="market",
    description="0 to 100: a discount of 15 % or more, moves to a cheaper plan, price tickets, offers accepted only with a "
    "discount, spend that hugs the plan fee, cheap devices, payment just at the due date, tariff pages viewed, calls to a "
    "rival's hotline. What is unknown earns no points.",
    source="field sources (signals); points and cuts ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5",
        Plan="plan|monthly_fee; P1|59; P2|99",
        Account="account|customer; A4|C4; A5|C5",
        Line="line|customer|device_price; L1|C1|1000; L2|C2|1001; L3|C3|",
        PlanChange="line|changed_on|from_plan|to_plan|asked_by_customer; L1|2026-05-01|P2|P1|T",
        Bill="""line|month|plan_fee|voice_local|voice_long_distance|voice_roaming|data|sms|vas|other|discount|total
            L1|2026-10|85|0|0|0|0|0|15|0|15|85; L2|2026-10|59|0|0|0|0|0|41|0|14.99|85.01""",
        Ticket="customer|opened_on|kind; C1|2026-10-01|price",
        Usage="line|day|competitor_hotline_calls; L2|2026-10-31|1",
        Payment="""account|due_on|paid_on
            A4|2026-08-20|2026-08-20; A4|2026-09-20|2026-09-20; A4|2026-10-20|2026-10-20
            A5|2026-09-20|2026-09-20; A5|2026-10-20|2026-10-20""",
        Browse="customer|day|page_group|views; C4|2026-10-01|tariff|3; C5|2026-10-01|tariff|2",
    ).gives(C1=20 + 20 + 15 + 10 + 10, C2=5, C3=0, C4=5 + 5, C5=0),
)

service_sensitivity = tag(
    scorecard(
        tickets=(service_tickets_12m > 0, param("service.ticket_points", 20)),
        many_tickets=(service_tickets_12m >= param("sensitivity.many_tickets", 3), param("service.many_ticket_points", 15)),
        reopened=(reopened_tickets_12m > 0, param("service.reopened_points", 20)),
        dissatisfied=(
            satisfaction_12m <= param("sensitivity.low_satisfaction", 2.5),
            param("service.dissatisfied_points", 20),
        ),
        contacts=(service_contacts_90d >= param("sensitivity.service_contacts", 2), param("service.contact_points", 14)),
        visits=(visits_12m > 0, param("service.visit_points", 11)),
    ),
    title="Service sensitivity",
    zh="服务敏感度",
    unit="point",
    owner="service",
    description="0 to 100: service tickets in 12 months, three or more of them, reopened ones, mean satisfaction of 2.5 or "
    "less, two contacts with hotline or store in 90 days, visits. What is unknown earns no points.",
    source="field sources (signals); points and cuts ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5",
        Ticket="""customer|opened_on|closed_on|kind|reopened|satisfaction
            C1|2026-05-01|2026-05-02|service|T|2; C1|2026-06-01|2026-06-02|network|F|3; C1|2026-07-01||network|F|
            C2|2026-05-01|2026-05-02|service|F|3; C4|2026-05-01||service|F|; C4|2026-05-02||service|F|
            C5|2026-05-01|2026-05-02|price|F|3; C5|2026-05-02|2026-05-03|price|F|3; C5|2026-05-03|2026-05-04|price|F|3
            C5|2026-05-04|2026-05-05|price|F|2""",
        Contact="""customer|on|channel|direction
            C1|2026-10-01|call|in; C1|2026-10-02|store|in; C1|2026-10-04|visit|out; C2|2026-10-01|call|in""",
    ).gives(C1=100, C2=20, C3=0, C4=20, C5=0),
)

brand_sensitivity = tag(
    scorecard(
        premium=(
            (Customer.brand == "premium").or_false() | Line.where(line_is_active)[Line.plan.tier == "premium"].any(),
            param("brand.premium_points", 10),
        ),
        premium_device=(
            device_price_highest >= param("sensitivity.premium_device", 5000),
            param("brand.premium_device_points", 15),
        ),
        loyal_at_full_price=(
            (tenure_months >= param("sensitivity.long_tenure_months", 36))
            & (discount_share_3m < param("sensitivity.small_discount", 0.03)),
            param("brand.full_price_points", 15),
        ),
        referrals=(referrals_12m > 0, param("brand.referral_points", 25)),
        points=(points_redeemed_12m > 0, param("brand.points_points", 30)),
        club=(vip_level >= "silver", param("brand.club_points", 5)),
    ),
    title="Brand sensitivity",
    zh="品牌敏感度",
    unit="point",
    owner="market",
    description="0 to 100: the premium brand or a premium plan, a device of 5000 yuan or more, three years with hardly a "
    "discount, a VIP club; and, weighing most, what no payer is merely given: referrals, points redeemed. What is unknown earns "
    "no points.",
    source="field sources (signals); points and cuts ours",
    example=given(
        "2026-10-31",
        Customer="""customer|joined_on|brand|vip_level
            C1|2023-10-31|premium|gold; C2|2023-11-01|mass|none; C3||  |; C4|2020-01-01||; C5|2020-01-01||""",
        Plan="plan|tier; P1|premium; P2|standard",
        Line="line|customer|plan|device_price; L1|C1|P1|5000; L2|C2|P2|4999; L4|C4||; L5|C5||",
        Bill="""line|month|plan_fee|voice_local|voice_long_distance|voice_roaming|data|sms|vas|other|discount|total
            L1|2026-10|199|0|0|0|0|0|0|0|0|199; L2|2026-10|199|0|0|0|0|0|0|0|0|199
            L4|2026-10|100|0|0|0|0|0|0|0|2.90|97.10; L5|2026-10|100|0|0|0|0|0|0|0|3|97""",
        Points="customer|moved_on|earned|redeemed; C1|2026-10-01|0|500",
        Referral="customer|referred|referred_on; C2|C1|2026-01-01",
    ).gives(C1=10 + 15 + 15 + 30 + 5, C2=25, C3=0, C4=15, C5=0),
)

security_sensitivity = tag(
    scorecard(
        products=(security_products > 0, param("security.product_points", 35)),
        tickets=(security_tickets_12m > 0, param("security.ticket_points", 25)),
        number_lock=(number_locks > 0, param("security.number_lock_points", 15)),
        secrets=(in_secret_organisation, param("security.secret_points", 15)),
        authority=(Membership.role.is_in("decision_maker", "key_person").any(), param("security.authority_points", 10)),
    ),
    title="Security sensitivity",
    zh="安全敏感度",
    unit="point",
    owner="market",
    description="0 to 100: security products in use, tickets about fraud, spam, privacy or the real name, number locks, an "
    "organisation with secrets, a role of authority.",
    source="field sources (signals); points ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1",
        Subscription="line|product|category|started_on|ended_on; L1|Guard|security|2026-01-01|",
        Ticket="customer|opened_on|kind; C1|2026-10-01|security",
        Membership="customer|since_on|role; C1|2020-01-01|key_person; C2|2020-01-01|member",
    ).gives(C1=35 + 25 + 10, C2=0),
)

sensitivity_type = tag(
    dominant(
        at_least=param("sensitivity.at_least", 50),
        lead=param("sensitivity.lead", 10),
        price=price_sensitivity,
        service=service_sensitivity,
        brand=brand_sensitivity,
        security=security_sensitivity,
    ),
    title="Sensitivity type",
    zh="敏感类型",
    owner="market",
    description="The score of 50 or more that leads every other by 10; 'mixed' when one reaches 50 but none leads so, 'none' "
    "when none does.",
    source="field sources (types); cuts ours",
    levels_zh={
        "price": "价格敏感型", "service": "服务敏感型", "brand": "品牌敏感型", "security": "安全敏感型", "mixed": "复合型",
        "none": "不敏感", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group|secrecy_level; G1|secret",
        Customer="customer; C1; C2; C3; C4; C5; C6; C7",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4; L5|C5; L6|C6; L7|C7",
        Subscription="""line|product|category|started_on|ended_on
            L1|Guard|security|2026-01-01|; L2|Guard|security|2026-01-01|; L3|Guard|security|2026-01-01|
            L4|Guard|security|2026-01-01|; L5|Guard|security|2026-01-01|; L6|Guard|security|2026-01-01|
            L7|Guard|security|2026-01-01|""",
        Membership="""customer|customer_group|since_on|role
            C4|G1|2020-01-01|member; C7||2020-01-01|key_person""",
        Plan="plan|monthly_fee; P1|59; P2|99",
        PlanChange="line|changed_on|from_plan|to_plan|asked_by_customer; L6|2026-05-01|P2|P1|T",
        Bill="""line|month|plan_fee|voice_local|voice_long_distance|voice_roaming|data|sms|vas|other|discount|total
            L6|2026-10|80|0|0|0|0|0|20|0|20|80""",
        Contact="customer|on|channel; C5|2026-10-01|visit",
        Ticket="""customer|opened_on|closed_on|kind|reopened|satisfaction
            C1|2026-10-01|2026-10-02|security|F|4; C2|2026-10-01|2026-10-02|security|T|2; C2|2026-10-03||service|F|
            C5|2026-10-01|2026-10-02|security|F|; C5|2026-10-03|2026-10-04|service|T|4; C6|2026-10-01||security|F|""",
    ).gives(C1="security", C2="mixed", C3="none", C4="security", C5="mixed", C6="security", C7="none"),
)  # fmt: skip
