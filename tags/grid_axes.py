"""The two axes of the customer grid: influence on us by revenue and profit, strategic meaning by focus, fit, growth and cost."""

from c360 import given, param, scorecard, tag
from segments.grid_population import billed_customers
from tags.base import line_is_active
from tags.growth import growth_potential
from tags.profit import cost_to_serve_12m, margin_12m, profit_12m, revenue_12m, service_cost_12m
from tags.sources import Customer, Line, Membership

revenue_percentile = tag(
    revenue_12m.percentile(among=billed_customers),
    title="Percentile of revenue",
    zh="收入百分位",
    unit="percent",
    owner="finance",
    description="Percent of the active customers with a bill in 12 months whose revenue of 12 months is lower. Missing outside.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4",
        Bill="line|month|total; L1|2026-10|10; L2|2026-10|30; L3|2026-10|30",
    ).gives(C1=0, C2=33.333333, C3=33.333333, C4=None),
)

profit_percentile = tag(
    profit_12m.percentile(among=billed_customers),
    title="Percentile of profit",
    zh="利润百分位",
    unit="percent",
    owner="finance",
    description="As that of revenue, of the profit of 12 months.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total|staff; L1|2026-10|10|0; L2|2026-10|30|25",
    ).gives(C1=50, C2=0),
)

margin_percentile = tag(
    margin_12m.percentile(among=billed_customers),
    title="Percentile of margin",
    zh="利润率百分位",
    unit="percent",
    owner="finance",
    description="As that of revenue, of the margin of 12 months; missing also without revenue.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="line|month|total|staff; L1|2026-10|10|0; L2|2026-10|30|25; L3|2026-10|0|0",
    ).gives(C1=50, C2=0, C3=None),
)

service_cost_percentile = tag(
    service_cost_12m.percentile(among=billed_customers),
    title="Percentile of service cost",
    zh="服务成本百分位",
    unit="percent",
    owner="service",
    description="As that of revenue, of the service cost of 12 months; the top fifth has 80 or more.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|service_cost; L1|2026-10|1; L2|2026-10|2",
    ).gives(C1=0, C2=50),
)

cost_to_serve_percentile = tag(
    cost_to_serve_12m.percentile(among=billed_customers),
    title="Percentile of cost to serve",
    zh="服务保障成本百分位",
    unit="percent",
    owner="service",
    description="As that of revenue, of service and staff cost of 12 months.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|service_cost|staff; L1|2026-10|1|0; L2|2026-10|0|2",
    ).gives(C1=0, C2=50),
)

influence_on_us = tag(
    (revenue_percentile + profit_percentile) / 2,
    title="Grid axis 1: influence on us",
    zh="对我影响力",
    unit="percent",
    owner="finance",
    description="Mean of the percentiles of revenue and profit of 12 months. Missing without a bill or a line in service.",
    source="field sources (axis); halves ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="line|month|total|staff; L1|2026-10|10|0; L2|2026-10|30|25",
    ).gives(C1=25, C2=25, C3=None),
)

_industries = (
    param("focus.industry_1", "government"),
    param("focus.industry_2", "finance"),
    param("focus.industry_3", "energy"),
    param("focus.industry_4", "healthcare"),
)
_is_organisation = Membership.customer.kind == "organisation"
_speaks = Membership.role.is_in("decision_maker", "key_person")
_stands_for = (Membership.group_kind == "organisation") & (_speaks | _is_organisation)
_group = Membership.customer_group

strategic_focus = tag(
    scorecard(
        industry=(
            Customer.industry.is_in(*_industries).or_false() | (_stands_for & _group.industry.is_in(*_industries)).any(),
            param("focus.industry_points", 50),
        ),
        confidential=((_stands_for & (_group.secrecy_level >= "confidential")).any(), param("focus.confidential_points", 15)),
        secret=((_stands_for & (_group.secrecy_level >= "secret")).any(), param("focus.secret_points", 15)),
        key_person=(((Membership.group_kind == "organisation") & _speaks).any(), param("focus.key_person_points", 20)),
    ),
    title="Strategic focus",
    zh="战略关注度",
    unit="point",
    owner="market",
    description="Of 100: an industry of the list 50, the own one or that of an organisation the customer stands for; such an "
    "organisation confidential 15, secret 15 more; decision maker or key person of an organisation 20. 0 without any. Industry "
    "and secrecy are as they are today.",
    source="field sources (industry, secrecy, key person); points ours",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group|industry|secrecy_level; G1|finance|secret; G2|retail|confidential",
        Customer="""customer|kind|industry
            own|organisation|energy; group|organisation|; key|person|; member|person|; none|person|retail
            first|organisation|government; last|organisation|healthcare""",
        Membership="""customer|customer_group|since_on|group_kind|role
            group|G1|2020-01-01|organisation|member; key|G2|2020-01-01|organisation|key_person
            member|G1|2020-01-01|organisation|member""",
    ).gives(own=50, group=80, key=35, member=0, none=0, first=50, last=50),
)

_in_service = Line.where(line_is_active)

service_fit = tag(
    scorecard(
        mobile=(_in_service[Line.service_type == "mobile"].any(), 1),
        fixed=(_in_service[Line.service_type == "fixed"].any(), 1),
        broadband=(_in_service[Line.service_type == "broadband"].any(), 1),
        iptv=(_in_service[Line.service_type == "iptv"].any(), 1),
    ),
    title="Fit: how many of our services the customer takes",
    zh="业务契合度",
    unit="point",
    owner="market",
    description="25 for each of mobile, fixed voice, broadband and television in service; 0 without a line in service.",
    source="field sources (fit); its measure ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="""line|customer|service_type|deactivated_on
            L1|C1|mobile|; L2|C1|mobile|; L3|C1|iptv|; L4|C1|fixed|2026-10-01""",
    ).gives(C1=50, C2=0),
)

_focus, _fit = param("strategic.focus", 40), param("strategic.fit", 15)
_growth, _thrift = param("strategic.growth", 20), param("strategic.low_cost_to_serve", 25)

strategic_meaning = tag(
    (_focus * strategic_focus + _fit * service_fit + _growth * growth_potential + _thrift * (100 - cost_to_serve_percentile))
    / (_focus + _fit + _growth + _thrift),
    title="Grid axis 2: strategic meaning",
    zh="战略意义",
    unit="point",
    owner="market",
    description="0 to 100: focus weighs 40, fit 15, growth potential 20, and a low cost to serve 25 (100 less its percentile). "
    "Missing without a bill in 12 months or a line in service.",
    source="field sources (axis and its parts); weights ours",
    example=given(
        "2026-10-31",
        Customer="customer|industry; C1|finance; C2|; C3|",
        Line="line|customer|service_type; L1|C1|mobile; L2|C2|mobile; L3|C3|mobile",
        Bill="line|month|service_cost; L1|2026-10|1; L2|2026-10|2",
    ).gives(C1=0.4 * 50 + 0.15 * 25 + 0.25 * 100, C2=0.15 * 25 + 0.25 * 50, C3=None),
)

strategic_percentile = tag(
    strategic_meaning.percentile(among=billed_customers),
    title="Percentile of strategic meaning",
    zh="战略意义百分位",
    unit="percent",
    owner="market",
    description="Percent of the active customers with a bill in 12 months whose strategic meaning is lower. Missing outside.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="line|month|service_cost; L1|2026-10|1; L2|2026-10|2",
    ).gives(C1=50, C2=0, C3=None),
)
