"""Base view: who a customer is, how long here, with how many lines of which kind, how old, and how to be reached."""

from c360 import as_of, given, param, tag, tiers
from tags._words import SERVICE_TYPES
from tags.sources import Account, Customer, Line

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
    levels_zh={
        "settled": "36岁及以上", "working": "25-35岁", "student": "19-24岁", "teenager": "13-18岁", "child": "13岁以下",
        "unknown": "未知",
    },
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
)  # fmt: skip

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

age_years = tag(
    Customer.birth_date.months_until(as_of()) // 12,
    title="Age",
    zh="年龄",
    unit="year",
    owner="market",
    description="Completed years at D; missing without a birth date, as organisations are.",
    source="customer master data",
    example=given(
        "2026-10-31",
        Customer="customer|birth_date; C1|1990-10-31; C2|1990-11-01; C3|",
    ).gives(C1=36, C2=35, C3=None),
)

customer_kind = tag(
    Customer.kind,
    title="Kind of customer",
    zh="客户类别",
    owner="market",
    description="Person, family or organisation; missing where it is not known.",
    source="customer master data",
    levels_zh={"person": "个人", "family": "家庭", "organisation": "集团"},
    example=given("2026-10-31", Customer="customer|kind; C1|person; C2|").gives(C1="person", C2=None),
)

customer_region = tag(
    Customer.region,
    title="Region",
    zh="地区",
    owner="market",
    description="As it is today, without history.",
    source="customer master data",
    example=given("2026-10-31", Customer="customer|region; C1|North; C2|").gives(C1="North", C2=None),
)

customer_brand = tag(
    Customer.brand,
    title="Brand held",
    zh="客户品牌",
    owner="market",
    description="As it is today, without history; brand_segment says which one fits.",
    source="customer master data",
    levels_zh={"premium": "高端品牌", "mass": "大众品牌", "youth": "青年品牌", "local": "本地资费"},
    example=given("2026-10-31", Customer="customer|brand; C1|youth; C2|").gives(C1="youth", C2=None),
)

vip_level = tag(
    Customer.vip_level,
    title="VIP level",
    zh="贵宾等级",
    owner="service",
    description="As it is today, without history; 'none' is a customer without a level, missing one not known.",
    source="customer master data",
    levels_zh={"none": "无", "silver": "银卡", "gold": "金卡", "diamond": "钻石卡"},
    example=given("2026-10-31", Customer="customer|vip_level; C1|gold; C2|").gives(C1="gold", C2=None),
)

accounts = tag(
    Account.count(),
    title="Accounts",
    zh="账户数",
    unit="account",
    owner="finance",
    description="Opened by D, closed ones included; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Account="account|customer|opened_on; A1|C1|2020-01-01; A2|C1|2026-11-01",
    ).gives(C1=1, C2=0),
)

sub_cards = tag(
    Line.where(line_is_active & Line.is_sub_card).count(),
    title="Sub-cards in service",
    zh="副卡数",
    unit="line",
    owner="market",
    description="0 without one; a line of which it is not known is none.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|is_sub_card|deactivated_on; L1|C1|F|; L2|C1|T|; L3|C1|T|2026-10-01; L4|C1||",
    ).gives(C1=1, C2=0),
)

devices = tag(
    Line.where(line_is_active).device_id.distinct(),
    title="Devices in use",
    zh="终端数",
    unit="device",
    owner="market",
    description="Different devices of the lines in service, as they are today; 0 where none is known.",
    source="field sources",
    sensitivity="internal",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|device_id|deactivated_on; L1|C1|D1|; L2|C1|D1|; L3|C1|D2|; L4|C1|D3|2026-10-01; L5|C1||",
    ).gives(C1=2, C2=0),
)

services_held = tag(
    Line.where(line_is_active).service_type.top(4),
    title="Services held",
    zh="在用业务类型",
    levels_zh=SERVICE_TYPES,
    owner="market",
    description="The kinds of the lines in service, that of most lines first; empty without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="""line|customer|service_type|deactivated_on
            L1|C1|broadband|; L2|C1|mobile|; L3|C1|mobile|; L4|C1|iptv|2026-10-01""",
    ).gives(C1=("mobile", "broadband"), C2=()),
)

mobile_lines = tag(
    Line.where(line_is_active & (Line.service_type == "mobile")).count(),
    title="Mobile lines in service",
    zh="在网移动用户数",
    unit="line",
    owner="market",
    description="Sub-cards included; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|service_type; L1|C1|broadband; L2|C1|mobile; L3|C1|mobile",
    ).gives(C1=2, C2=0),
)

ported_in = tag(
    Line.where(line_is_active)[Line.ported_in].any(),
    title="Came with a ported number",
    zh="携入客户",
    owner="retention",
    description="Any line in service was ported in from a competitor; who came once may go again.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer|ported_in|deactivated_on; L1|C1|T|; L2|C1|F|; L3|C2|T|2026-10-01; L4|C3||",
    ).gives(C1=True, C2=False, C3=False),
)
