"""Care: who is welcomed and looked after, and sold nothing; who may hear offers."""

from c360 import given, segment
from segments.universe import active_customers
from tags.lifecycle import lifecycle_stage

care_only = segment(
    lifecycle_stage == "onboarding",
    universe=active_customers,
    title="Onboarding: care, no selling",
    zh="入网期仅关怀",
    owner="service",
    description="Trust, welcome, the first bill explained; no offer before the first 3 months are over.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="""line|customer|service_type|activated_on|deactivated_on
            L1|C1|mobile|2026-08-01|; L2|C2|mobile|2026-07-31|; L3|C3|mobile|2026-08-01|2026-10-01""",
    ).gives(C1=True, C2=False, C3=False),
)

open_to_offers = segment(
    ~care_only,
    title="Past onboarding: offers allowed",
    zh="可营销客户",
    owner="market",
    description="Active customers who are not in their onboarding.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="""line|customer|service_type|activated_on|deactivated_on
            L1|C1|mobile|2026-08-01|; L2|C2|mobile|2026-07-31|; L3|C3|mobile|2020-01-01|2026-10-01""",
    ).gives(C1=False, C2=True, C3=False),
)
