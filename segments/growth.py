"""Growth: value-added services in the growth stage, bundles and tariff advice in the mature one."""

from c360 import given, param, segment
from segments.save_priority import at_risk
from segments.suppression import not_for_offers
from segments.universe import active_customers
from tags.lifecycle import lifecycle_stage
from tags.spend_mix import over_plan_spend_3m
from tags.stickiness import convergence
from tags.unit_matrix import need_gap_count
from tags.value import value_tier

_TABLES = {
    "Customer": "customer|kind; gap|; met|; mature|; both|; silent|; cheap|; leaving|",
    "Account": "account|customer; A8|leaving",
    "Plan": "plan|included_minutes|included_mb|tier|monthly_fee",
    "Payment": "account|due_on|amount_due; A8|2026-10-20|60",
    "Line": """line|customer|service_type|activated_on
        L1|gap|mobile|2026-01-01; L2|met|mobile|2026-01-01; L3|mature|mobile|2020-01-01; L4|both|mobile|2020-01-01
        L5|both|broadband|2020-01-01; L6|silent|mobile|2026-01-01; L7|cheap|mobile|2020-01-01; L8|leaving|mobile|2020-01-01""",
    "Bill": """line|month|plan_fee|voice_roaming|total
        L1|2026-10|59|30|59; L2|2026-10|59|0|59; L3|2026-10|240|30|300; L4|2026-10|300|0|389.99; L6|2026-10|59|30|59
        L7|2026-07|59|0|59; L7|2026-10|59|0|116; L8|2026-10|240|0|300""",
    "Usage": """line|day|calls_out|calls_in
        L1|2026-10-31|1|0; L2|2026-10-31|1|0; L3|2026-10-31|1|0; L4|2026-10-31|1|0; L6|2026-10-31|1|0; L7|2026-10-31|1|0
        L8|2026-10-31|1|0""",
    "Consent": """customer|since_on|purpose|channel_kind|status
        gap|2026-01-01|offer|sms|granted; met|2026-01-01|offer|sms|granted; mature|2026-01-01|offer|sms|granted
        both|2026-01-01|offer|sms|granted; cheap|2026-01-01|offer|sms|granted; leaving|2026-01-01|offer|sms|granted""",
    "Ticket": "customer|opened_on|closed_on|kind; leaving|2026-08-20|2026-08-21|price; leaving|2026-08-20|2026-08-21|price",
}

value_added_offers = segment(
    (lifecycle_stage == "growth") & (need_gap_count >= 1) & ~not_for_offers,
    universe=active_customers,
    title="Growth stage: value-added services",
    zh="成长期增值业务",
    owner="market",
    description="A need shown and no product held for it; nothing of the high price band, unless they asked. Show need_gaps.",
    source="field sources",
    example=given("2026-10-31", **_TABLES).gives(
        gap=True, met=False, mature=False, both=False, silent=False, cheap=False, leaving=False
    ),
)

bundle_offers = segment(
    (lifecycle_stage == "mature")
    & (value_tier >= "mid")
    & convergence.is_in("mobile_only", "home_only", "mobile_home")
    & ~(at_risk | not_for_offers),
    universe=active_customers,
    title="Mature stage: bundles and higher value",
    zh="成熟期融合提值",
    owner="market",
    description="Mid or high value without mobile and broadband together; not those at risk.",
    source="field sources",
    example=given("2026-10-31", **_TABLES).gives(
        gap=False, met=False, mature=True, both=False, silent=False, cheap=False, leaving=False
    ),
)

tariff_advice = segment(
    (lifecycle_stage == "mature") & (over_plan_spend_3m >= param("growth.advice_spend", 20)) & ~not_for_offers,
    universe=active_customers,
    title="Mature stage: tariff advice that saves money",
    zh="成熟期资费优化建议",
    owner="service",
    description="20 yuan or more a month beyond the plan fees: the next plan costs them less and binds them.",
    source="field sources; cut ours",
    example=given("2026-10-31", **_TABLES).gives(
        gap=False, met=False, mature=True, both=True, silent=False, cheap=False, leaving=True
    ),
)
