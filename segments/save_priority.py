"""Churn warning in the order of saving: who is called first, second, third, and the list at the start of each month."""

from c360 import given, segment
from segments.churn_warning import recently_contacted
from segments.suppression import not_for_retention
from segments.universe import active_customers
from tags.churn_priority import save_priority
from tags.churn_risk import churn_risk_level

_LINES = """line|customer|service_type|activated_on
    L1|new|iptv|2026-06-01; L2|factor|iptv|2020-01-01; L3|ending|iptv|2020-01-01; L4|calm|iptv|2020-01-01"""
_CONTRACTS = "line|start_on|end_on; L3|2025-12-01|2026-11-30"
_TICKETS = "customer|opened_on|closed_on|kind; new|2026-10-01|2026-10-02|port_out; factor|2026-10-01|2026-10-02|port_out"

at_risk = segment(
    churn_risk_level >= "medium",
    universe=active_customers,
    title="At risk of leaving",
    zh="有离网风险客户",
    owner="retention",
    description="Of medium risk or more. No upselling: first keep them.",
    source="field sources",
    example=given("2026-10-31", Account="account|customer", Line=_LINES, Contract=_CONTRACTS, Ticket=_TICKETS).gives(
        new=True, factor=True, ending=False, calm=False
    ),
)

save_first = segment(
    save_priority == "new_at_risk",
    universe=active_customers,
    title="Save first: up to 6 months, at risk",
    zh="优先挽留：6个月内有风险",
    owner="retention",
    source="field sources",
    example=given("2026-10-31", Account="account|customer", Line=_LINES, Contract=_CONTRACTS, Ticket=_TICKETS).gives(
        new=True, factor=False, ending=False, calm=False
    ),
)

save_second = segment(
    save_priority == "high_risk_factor",
    universe=active_customers,
    title="Save second: a high-risk factor of their cluster",
    zh="其次挽留：高危因子客户",
    owner="retention",
    source="field sources",
    example=given("2026-10-31", Account="account|customer", Line=_LINES, Contract=_CONTRACTS, Ticket=_TICKETS).gives(
        new=False, factor=True, ending=False, calm=False
    ),
)

save_third = segment(
    save_priority == "contract_ending",
    universe=active_customers,
    title="Save third: more than 12 months here, contract ends",
    zh="再次挽留：老用户合约到期",
    owner="retention",
    source="field sources",
    example=given("2026-10-31", Account="account|customer", Line=_LINES, Contract=_CONTRACTS, Ticket=_TICKETS).gives(
        new=False, factor=False, ending=True, calm=False
    ),
)

_to_save = save_priority >= "contract_ending"

monthly_warning = segment(
    _to_save & ~(not_for_retention | recently_contacted),
    universe=active_customers,
    title="Monthly warning list",
    zh="月度离网预警清单",
    owner="retention",
    description="All three, drawn at the start of each month: sort it by -save_priority, show save_offer and retention_channels. "
    "Without those who gave no consent to retention, and those contacted in the last 30 days.",
    source="field sources",
    example=given(
        "2026-10-31",
        Account="account|customer",
        Line=_LINES,
        Contract=_CONTRACTS,
        Ticket=_TICKETS,
        Consent="""customer|since_on|purpose|channel_kind|status
            new|2026-01-01|retention|call|granted; ending|2026-01-01|retention|call|granted
            calm|2026-01-01|retention|call|granted""",
        Contact="customer|on|channel; ending|2026-10-30|sms",
    ).gives(new=True, factor=False, ending=False, calm=False),
)
