"""Lists of groups for their managers: newly opened, in trouble, large enough for a solution of their own."""

from c360 import given, segment
from tags._examples import many, rows
from tags.care_moments import group_in_trouble, group_is_new
from tags.groups import group_size
from tags.sources import CustomerGroup

new_organisations = segment(
    group_is_new & (CustomerGroup.kind == "organisation"),
    title="Organisations newly opened",
    zh="新开集团",
    owner="sales",
    description="Their first member joined within 90 days.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group|kind; G1|organisation; G2|organisation; G3|household",
        Membership="customer|customer_group|since_on; C1|G1|2026-10-01; C2|G2|2026-01-01; C3|G3|2026-10-01",
    ).gives(G1=True, G2=False, G3=False),
)

organisations_in_trouble = segment(
    group_in_trouble & (CustomerGroup.kind == "organisation"),
    title="Organisations in trouble",
    zh="故障集团",
    owner="service",
    description="A fifth of the members or more have a ticket open.",
    source="field sources; share ours",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group|kind; G1|organisation; G2|organisation; G3|household",
        Customer="customer; C1; C2",
        Membership="customer|customer_group|since_on; C1|G1|2020-01-01; C2|G2|2020-01-01; C1|G3|2020-01-01",
        Ticket="customer|opened_on|closed_on|kind; C1|2026-10-01||network",
    ).gives(G1=True, G2=False, G3=False),
)

solution_candidates = segment(
    group_size.is_in("medium", "large") & (CustomerGroup.kind == "organisation"),
    title="Organisations large enough for a solution",
    zh="行业方案目标集团",
    owner="sales",
    description="Ten active members or more.",
    source="our own",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group|kind; G1|organisation; G2|organisation",
        Line=rows("line|customer", many("L{n}|C{n}", 1, 10)),
        Membership=rows(
            "customer|customer_group|since_on|group_kind",
            many("C{n}|G1|2020-01-01|organisation", 1, 10),
            "D1|G2|2020-01-01|organisation",
        ),
    ).gives(G1=True, G2=False),
)
