"""One small operator that several segments show themselves by: its customers cover the five classes of the grid."""

CUSTOMERS = ("loss", "even", "thin", "big", "dull", "middle", "rich", "key", "plain", "unbilled", "left")
GRID = {
    "Customer": "customer|industry; loss|; even|; thin|; big|finance; dull|; middle|; rich|; key|finance; plain|; unbilled|; left|",
    "Account": "account|customer",
    "CustomerGroup": "customer_group|known_lines|secrecy_level",
    "Plan": "plan|monthly_fee|tier|included_minutes|included_mb",
    "Line": """line|customer|service_type|activated_on|deactivated_on
        L1|loss|mobile|2020-01-01|; L2|even|mobile|2020-01-01|; L3|thin|mobile|2020-01-01|; L4|big|mobile|2020-01-01|
        L5|dull|mobile|2020-01-01|; L6|middle|mobile|2020-01-01|; L7|rich|mobile|2020-01-01|; L8|key|mobile|2020-01-01|
        L9|plain|mobile|2020-01-01|; L10|unbilled|mobile|2020-01-01|; L11|left|mobile|2020-01-01|2026-10-31""",
    "Bill": """line|month|total|staff|service_cost|commission
        L1|2026-10|100|100.01|0|0; L2|2026-10|100|100|0|0; L3|2026-07|100|0|0|0; L3|2026-10|100|0|190.01|0
        L4|2026-10|900|10|0|0; L5|2026-10|800|500|0|0; L6|2026-10|700|500|0|0
        L7|2026-10|30|0|0|0; L8|2026-10|40|5|0|30; L9|2026-10|50|45|0|0; L11|2026-10|900|0|0|0""",
}


def members(*names: str) -> dict[str, object]:
    """Say of every customer of `GRID` whether it is among *names*."""
    return {name: name in names for name in CUSTOMERS}
