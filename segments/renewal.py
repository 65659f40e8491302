"""Renewal: whose contract ends soon and who is worth keeping, and which of them show more than that."""

from c360 import given, param, segment
from segments.universe import active_customers
from tags.churn_signals import churn_signals
from tags.contract import contract_state, days_to_contract_end, on_contract
from tags.value import value_tier

renewal_due = segment(
    (value_tier >= "mid") & on_contract & (days_to_contract_end <= param("renewal.days", 60)),
    universe=active_customers,
    title="Worth keeping, contract ends in 60 days",
    zh="中高价值合约到期",
    owner="retention",
    description="The nearest end of a contract in force; a contract that ended already is no renewal any more.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4",
        Bill="line|month|total; L1|2026-10|300; L2|2026-10|300; L3|2026-10|299; L4|2026-10|300",
        Contract="line|start_on|end_on; L1|2025-01-01|2026-12-30; L2|2025-01-01|2026-12-31; L3|2025-01-01|2026-12-30",
    ).gives(C1=True, C2=False, C3=False, C4=False),
)

renewal_at_risk = segment(
    renewal_due & (churn_signals >= param("renewal.risk_signals", 2)),
    universe=active_customers,
    title="Renewal due, and another churn signal",
    zh="中高价值到期预警",
    owner="retention",
    description="The contract that ends is a signal itself; one more makes the risk.",
    source="our own",
    example=given(
        "2026-10-31",
        Account="account|customer",
        Line="line|customer|service_type; L1|C1|iptv; L2|C2|iptv",
        Bill="line|month|plan_fee|total; L1|2026-10|399|300; L2|2026-10|299|300",
        Contract="line|start_on|end_on; L1|2025-01-01|2026-12-30; L2|2025-01-01|2026-12-30",
    ).gives(C1=True, C2=False),
)

renewal_overdue = segment(
    (value_tier >= "mid") & (contract_state == "expired"),
    universe=active_customers,
    title="Worth keeping, contract over and not renewed",
    zh="中高价值到期未续约",
    owner="retention",
    description="Nothing binds them any more; no contract of theirs is in force.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="line|month|total; L1|2026-10|300; L2|2026-10|300; L3|2026-10|299",
        Contract="line|start_on|end_on; L1|2025-01-01|2026-10-30; L2|2025-01-01|2026-10-31; L3|2025-01-01|2026-10-30",
    ).gives(C1=True, C2=False, C3=False),
)
