"""Low value and low efficiency: who costs more to serve than low value warrants, and who of them is worth a change."""

from c360 import given, param, segment
from segments.universe import active_customers
from tags.growth import growth_potential
from tags.value import low_value_low_efficiency

_TABLES = {
    "Customer": "customer|joined_on; costly|2020-01-01; growing|2020-01-01; cheap|2020-01-01",
    "CustomerGroup": "customer_group|known_lines; G|4",
    "Plan": "plan|included_minutes|included_mb|tier",
    "Membership": "customer|customer_group|since_on|group_kind; growing|G|2020-01-01|household",
    "Line": """line|customer|service_type|activated_on
        L1|costly|iptv|2020-01-01; L2|growing|iptv|2020-01-01; L3|cheap|iptv|2020-01-01""",
    "Usage": "line|day|minutes_out; L2|2026-05-01|10; L2|2026-10-01|12",
    "Bill": """line|month|total|service_cost
        L1|2026-05|30|9; L1|2026-10|30|9; L2|2026-05|30|9; L2|2026-10|30|9; L3|2026-05|30|1; L3|2026-10|30|1""",
}

low_efficiency = segment(
    low_value_low_efficiency,
    universe=active_customers,
    title="Low value, low efficiency",
    zh="低值低效客户",
    owner="service",
    description="Move them to self-service; no campaign money.",
    source="field sources; cuts ours",
    example=given("2026-10-31", **_TABLES).gives(costly=True, growing=True, cheap=False),
)

low_efficiency_with_room = segment(
    low_efficiency & (growth_potential >= param("growth.room", 50)),
    title="Low efficiency with room to grow",
    zh="低值低效可提升客户",
    owner="market",
    description="Growth potential of 50 or more: a small step up instead of less service.",
    source="our own",
    example=given("2026-10-31", **_TABLES).gives(costly=False, growing=True, cheap=False),
)
