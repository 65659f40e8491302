"""Churn warning: who shows several signals, who was contacted lately, and the list of those left to call."""

from c360 import days, given, param, segment
from segments.universe import active_customers
from tags.churn_signals import churn_signals
from tags.sources import Contact

churn_warning = segment(
    churn_signals >= param("churn.warning_signals", 2),
    universe=active_customers,
    title="Churn warning: several signals",
    zh="离网预警",
    owner="retention",
    description="Two or more of the churn signals; the month's warning list is drawn from it.",
    source="field sources (signals); how many ours",
    example=given(
        "2026-10-31",
        Account="account|customer",
        Line="line|customer|service_type|deactivated_on; L1|C1|iptv|; L2|C2|iptv|; L3|C3|iptv|2026-10-20",
        Bill="line|month|plan_fee|total; L1|2026-10|59|50; L2|2026-10|59|50; L3|2026-10|59|50",
        Ticket="customer|opened_on|kind; C1|2026-10-01|price; C3|2026-10-01|price; C3|2026-10-01|port_out",
    ).gives(C1=True, C2=False, C3=False),
)

recently_contacted = segment(
    Contact.last(days(param("contact.quiet_days", 30))).count() > 0,
    title="Contacted in the last 30 days",
    zh="近期已接触",
    owner="market",
    description="On any channel, for any purpose, reached or not.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Contact="customer|on|channel; C1|2026-10-02|sms; C2|2026-10-01|sms",
    ).gives(C1=True, C2=False, C3=False),
)

churn_warning_list = segment(
    churn_warning - recently_contacted,
    universe=active_customers,
    title="Churn warning, not contacted in the last 30 days",
    zh="离网预警待接触",
    owner="retention",
    description="What is left of the warning when those just contacted are taken away.",
    source="field sources (contact frequency)",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Account="account|customer",
        Line="line|customer|service_type; L1|C1|iptv; L2|C2|iptv; L3|C3|iptv",
        Bill="line|month|plan_fee|total; L1|2026-10|59|50; L2|2026-10|59|50; L3|2026-10|59|59",
        Ticket="customer|opened_on|kind; C1|2026-10-01|price; C2|2026-10-01|price; C3|2026-10-01|price",
        Contact="customer|on|channel; C2|2026-10-31|sms; C3|2026-09-01|sms",
    ).gives(C1=True, C2=False, C3=False),
)
