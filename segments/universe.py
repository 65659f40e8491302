"""Universes: who the other segments are drawn from."""

from c360 import given, segment
from tags.base import is_active

active_customers = segment(
    is_active,
    title="Active customers",
    zh="在网客户",
    owner="market",
    description="At least one line in service. The universe of what follows.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|2026-03-01",
    ).gives(C1=True, C2=False, C3=False),
)
