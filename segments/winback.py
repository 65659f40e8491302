"""Win-back: valued customers who left 30 to 180 days ago and may be called, by what may bring them back."""

from c360 import given, segment
from segments.suppression import not_for_retention
from tags.lifecycle import lifecycle_stage
from tags.winback import is_winback, winback_approach

former_customers = segment(
    lifecycle_stage == "left",
    title="Customers who left",
    zh="离网客户",
    owner="retention",
    description="Had lines, and none is in service any more. The universe of win-back.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer|service_type|activated_on|deactivated_on; L1|C1|iptv|2020-01-01|2026-09-01; L2|C2|iptv|2020-01-01|",
    ).gives(C1=True, C2=False, C3=False),
)

_TABLES = {
    "Customer": "customer; tariff; service; old_net; unpaid; no_consent; here",
    "Account": "account|customer",
    "Line": """line|customer|network|service_type|activated_on|deactivated_on
        L1|tariff|5g|iptv|2020-01-01|2026-09-01; L2|service|5g|iptv|2020-01-01|2026-09-01; L3|old_net|3g|iptv|2020-01-01|2026-09-01
        L4|unpaid|5g|iptv|2020-01-01|2026-09-01; L5|no_consent|5g|iptv|2020-01-01|2026-09-01; L6|here|5g|iptv|2020-01-01|""",
    "ChurnEvent": "line|churned_on|kind; L4|2026-09-01|non_payment",
    "Bill": "line|month|total; L1|2026-08|60; L2|2026-08|60; L3|2026-08|60; L4|2026-08|60; L5|2026-08|60; L6|2026-08|60",
    "Ticket": "customer|opened_on|kind; tariff|2026-08-01|price; service|2026-08-01|service; no_consent|2026-08-01|price",
    "Consent": """customer|since_on|purpose|channel_kind|status
        tariff|2026-01-01|retention|call|granted; service|2026-01-01|retention|call|granted
        old_net|2026-01-01|retention|call|granted; unpaid|2026-01-01|retention|call|granted
        here|2026-01-01|retention|call|granted""",
}

winback = segment(
    is_winback & ~not_for_retention,
    universe=former_customers,
    title="Win-back",
    zh="高价值离网回流",
    owner="retention",
    description="Worth winning back, and with consent to retention.",
    source="field sources",
    example=given("2026-10-31", **_TABLES).gives(
        tariff=True, service=True, old_net=True, unpaid=True, no_consent=False, here=False
    ),
)

winback_by_tariff = segment(
    winback & (winback_approach == "better_tariff"),
    title="Win back by a better tariff",
    zh="资费回流",
    owner="retention",
    source="field sources",
    example=given("2026-10-31", **_TABLES).gives(
        tariff=True, service=False, old_net=False, unpaid=False, no_consent=False, here=False
    ),
)

winback_by_service = segment(
    winback & (winback_approach == "service_repair"),
    title="Win back by repairing the service",
    zh="服务回流",
    owner="service",
    source="field sources",
    example=given("2026-10-31", **_TABLES).gives(
        tariff=False, service=True, old_net=False, unpaid=False, no_consent=False, here=False
    ),
)

winback_by_technology = segment(
    winback & (winback_approach == "new_technology"),
    title="Win back by a newer network or device",
    zh="换机升网回流",
    owner="retention",
    source="field sources",
    example=given("2026-10-31", **_TABLES).gives(
        tariff=False, service=False, old_net=True, unpaid=False, no_consent=False, here=False
    ),
)

winback_by_settlement = segment(
    winback & (winback_approach == "settle_arrears"),
    title="Win back by settling arrears",
    zh="欠费和解回流",
    owner="finance",
    source="field sources",
    example=given("2026-10-31", **_TABLES).gives(
        tariff=False, service=False, old_net=False, unpaid=True, no_consent=False, here=False
    ),
)
