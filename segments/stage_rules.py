"""What a stage forbids: nothing is sold while onboarding or in trouble, nothing dear while growing unless it was asked for."""

from c360 import days, given, param, segment
from segments.care import care_only
from segments.universe import active_customers
from tags.care_moments import stop_selling_now
from tags.lifecycle import lifecycle_stage
from tags.sources import Contact

help_first = segment(
    stop_selling_now,
    universe=active_customers,
    title="Help first, no selling",
    zh="先帮助暂停营销客户",
    owner="service",
    description="At a moment to help: leaving, a lost phone, trouble, barred, an abnormal first bill. Who asked for an offer is "
    "helped first all the same.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="""line|customer|service_type|activated_on|deactivated_on
            L1|C1|iptv|2020-01-01|; L2|C2|iptv|2020-01-01|; L3|C3|iptv|2020-01-01|2026-10-01""",
        Ticket="customer|opened_on|closed_on|kind; C1|2026-10-01||network; C3|2026-10-01||network",
    ).gives(C1=True, C2=False, C3=False),
)

no_selling = segment(
    care_only | stop_selling_now,
    universe=active_customers,
    title="No selling now",
    zh="禁止营销客户",
    owner="service",
    description="In the first 3 months, where trust is the job; and at a moment to help: leaving, a lost phone, trouble, "
    "barred, an abnormal first bill. Lists of offers leave them out; care and retention do not.",
    source="field sources (onboarding); moments ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Account="account|customer",
        Line="""line|customer|service_type|activated_on|deactivated_on
            L1|C1|iptv|2026-08-01|; L2|C2|iptv|2020-01-01|; L3|C3|iptv|2020-01-01|; L4|C4|iptv|2026-08-01|2026-10-01""",
        Ticket="customer|opened_on|closed_on|kind; C3|2026-10-01||network",
    ).gives(C1=True, C2=False, C3=True, C4=False),
)

asked_for_offers = segment(
    Contact.where((Contact.direction == "in") & (Contact.purpose == "offer")).last(days(param("offers.asked_days", 30))).count()
    > 0,
    title="Asked for an offer in the last 30 days",
    zh="近30天主动咨询产品",
    owner="market",
    description="Came to us themselves about an offer, on any channel.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Contact="""customer|on|direction|purpose
            C1|2026-10-02|in|offer; C2|2026-10-01|in|offer; C3|2026-10-20|out|offer; C3|2026-10-20|in|care""",
    ).gives(C1=True, C2=False, C3=False),
)

no_high_priced_offers = segment(
    (lifecycle_stage == "growth") & ~asked_for_offers,
    universe=active_customers,
    title="No high-priced offers",
    zh="禁推高价产品客户",
    owner="market",
    description="In the growth stage, unless they asked for an offer in the last 30 days: habit first, then more. Lists of offers "
    "of the high price band leave them out.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="""line|customer|service_type|activated_on
            L1|C1|iptv|2026-01-01; L2|C2|iptv|2026-01-01; L3|C3|iptv|2020-01-01; L4|C4|iptv|2026-10-01""",
        Contact="customer|on|direction|purpose; C2|2026-10-02|in|offer",
    ).gives(C1=True, C2=False, C3=False, C4=False),
)
