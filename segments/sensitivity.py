"""The four sensitivities: active customers by what moves them, each for the plays that answer it."""

from c360 import given, segment
from segments.universe import active_customers
from tags.sensitivity import sensitivity_type

_TABLES = {
    "Customer": """customer|joined_on|brand|vip_level
        price||mass|; service||mass|; brand||premium|gold; security||mass|; nothing||mass|""",
    "Account": "account|customer",
    "Offer": "offer|discount",
    "CustomerGroup": "customer_group|secrecy_level",
    "Plan": "plan|monthly_fee|tier; P1|59|basic; P2|99|basic",
    "Line": """line|customer|plan|device_price
        L1|price|P1|1000; L2|service|P1|; L3|brand|P1|5000; L4|security|P1|; L5|nothing|P1|""",
    "PlanChange": "line|changed_on|from_plan|to_plan|asked_by_customer; L1|2026-05-01|P2|P1|T",
    "Ticket": """customer|opened_on|closed_on|kind|reopened|satisfaction
        price|2026-10-01|2026-10-02|price|F|; service|2026-10-01|2026-10-02|service|T|1; service|2026-10-03|2026-10-04|service|F|1
        service|2026-10-05|2026-10-06|service|F|1; security|2026-10-01|2026-10-02|security|F|4""",
    "Bill": """line|month|plan_fee|voice_local|voice_long_distance|voice_roaming|data|sms|vas|other|discount|total
        L1|2026-10|85|0|0|0|0|0|15|0|15|85""",
    "Subscription": "line|product|category|started_on|ended_on; L4|Guard|security|2026-01-01|",
    "Points": "customer|moved_on|earned|redeemed; brand|2026-10-01|0|500",
    "Referral": "customer|referred|referred_on; brand|nothing|2026-01-01",
}

price_sensitive = segment(
    sensitivity_type == "price",
    universe=active_customers,
    title="Price-sensitive customers",
    zh="价格敏感客户",
    owner="market",
    description="Answered by fee offers and tariff advice, not by standing.",
    source="field sources (types); cuts ours",
    example=given("2026-10-31", **_TABLES).gives(price=True, service=False, brand=False, security=False, nothing=False),
)

service_sensitive = segment(
    sensitivity_type == "service",
    universe=active_customers,
    title="Service-sensitive customers",
    zh="服务敏感客户",
    owner="market",
    description="Answered by people who solve things, before any offer.",
    source="field sources (types); cuts ours",
    example=given("2026-10-31", **_TABLES).gives(price=False, service=True, brand=False, security=False, nothing=False),
)

brand_sensitive = segment(
    sensitivity_type == "brand",
    universe=active_customers,
    title="Brand-sensitive customers",
    zh="品牌敏感客户",
    owner="market",
    description="Answered by clubs and standing; a discount cheapens what they value.",
    source="field sources (types); cuts ours",
    example=given("2026-10-31", **_TABLES).gives(price=False, service=False, brand=True, security=False, nothing=False),
)

security_sensitive = segment(
    sensitivity_type == "security",
    universe=active_customers,
    title="Security-sensitive customers",
    zh="安全敏感客户",
    owner="market",
    description="Answered by protection; say little, and nothing of theirs on open channels.",
    source="field sources (types); cuts ours",
    example=given("2026-10-31", **_TABLES).gives(price=False, service=False, brand=False, security=True, nothing=False),
)
