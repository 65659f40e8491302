"""Base view: how long a customer is here, with how many lines, how old, and how to be reached."""

from c360 import as_of, given, param, tag, tiers
from tags.sources import Customer, Line

tenure_months = tag(
    Customer.joined_on.months_until(as_of()),
    title="Tenure in whole months",
    zh="在网时长",
    unit="month",
    owner="market",
    description="Whole months from the day of joining to D; missing where that day is not known.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer|joined_on; C1|2025-10-31; C2|2026-10-15; C3|",
    ).gives(C1=12, C2=0, C3=None),
)

age_band = tag(
    tiers(
        Customer.birth_date.months_until(as_of()) // 12,
        settled=param("age.settled", 36),
        working=param("age.working", 25),
        student=param("age.student", 19),
        teenager=param("age.teenager", 13),
        otherwise="child",
    ),
    title="Age band",
    zh="年龄段",
    owner="market",
    description="Completed years, cut at 13, 19, 25 and 36; 'unknown' without a birth date, as organisations are.",
    source="field sources (life stages by age); names of the bands ours",
    sensitivity="internal",
    example=given(
        "2026-10-31",
        Customer="""customer|birth_date
            is_36|1990-10-31; is_35|1990-11-01; is_25|2001-10-31; is_24|2001-11-01
            is_19|2007-10-31; is_18|2007-11-01; is_13|2013-10-31; is_12|2013-11-01; nobody|""",
    ).gives(
        is_36="settled",
        is_35="working",
        is_25="working",
        is_24="student",
        is_19="student",
        is_18="teenager",
        is_13="teenager",
        is_12="child",
        nobody="unknown",
    ),
)

contact_phone = tag(
    Customer.phone,
    title="Phone to reach the customer",
    zh="联系电话",
    owner="service",
    description="As it is today, without history; masked wherever it is shown. Missing where none is known.",
    source="customer master data",
    sensitivity="personal",
    example=given("2026-10-31", Customer="customer|phone; C1|13800001234; C2|").gives(C1="13800001234", C2=None),
)

line_is_active = tag(
    Line.deactivated_on.is_null(),
    title="Line in service",
    zh="用户在网",
    owner="market",
    description="Activated and not deactivated by the end of D; a deactivation planned for later does not count yet.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|activated_on|deactivated_on; L1|2025-01-01|; L2|2025-01-01|2026-10-31; L3|2025-01-01|2026-11-15",
    ).gives(L1=True, L2=False, L3=True),
)

lines_active = tag(
    Line.where(line_is_active).count(),
    title="Lines in service",
    zh="在网用户数",
    unit="line",
    owner="market",
    description="0 for a customer without a line.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|deactivated_on; L1|C1|; L2|C1|; L3|C1|2026-03-01",
    ).gives(C1=2, C2=0),
)

is_active = tag(
    lines_active > 0,
    title="Active customer",
    zh="在网客户",
    owner="market",
    description="Holds at least one line in service.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|2026-03-01",
    ).gives(C1=True, C2=False, C3=False),
)
