"""Value: monetary tiers and their decline, Pareto class, the customer type, and who costs more than low value warrants."""

from c360 import first_match, given, months, param, tag, tiers
from segments.universe import active_customers
from tags.base import is_active, tenure_months
from tags.influence import is_influential
from tags.sources import Bill, Ticket
from tags.spend import arpu_3m, arpu_previous_3m, dou_3m, mou_3m, revenue_3m, revenue_slope_6m

_high = param("value.high_arpu", 150, source="S")
_mid = param("value.mid_arpu", 100, source="S")
_low = param("value.low_arpu", 20, source="D")
_TIERS_ZH = {"high": "高价值", "mid": "中价值", "low": "低价值", "minimal": "微价值", "unknown": "未知"}

value_tier = tag(
    tiers(arpu_3m, high=_high, mid=_mid, low=_low, otherwise="minimal"),
    title="Monetary value tier",
    zh="价值层级",
    owner="market",
    description="By ARPU of the last 3 complete months; a customer at a cut is in the tier above it.",
    source="field sources (premium line 100-150 yuan); cut of the low tier ours",
    levels_zh=_TIERS_ZH,
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5; C6; C7",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4; L6|C6; L7|C7",
        Bill="""line|month|total
            L1|2026-10|450; L2|2026-10|449.99; L3|2026-10|60; L4|2026-10|59.99; L6|2026-10|300; L7|2026-10|299.99""",
    ).gives(C1="high", C2="mid", C3="low", C4="minimal", C5="minimal", C6="mid", C7="low"),
)

value_tier_3m_ago = tag(
    tiers(arpu_previous_3m, high=_high, mid=_mid, low=_low, otherwise="minimal"),
    title="Monetary value tier 3 months ago",
    zh="三个月前价值层级",
    owner="market",
    description="The same cuts on the ARPU of the 3 months before the last 3; 'unknown' without a bill then.",
    source="field sources (premium line 100-150 yuan); cut of the low tier ours",
    levels_zh=_TIERS_ZH,
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total; L1|2026-07|300; L1|2026-10|30; L2|2026-10|300",
    ).gives(C1="mid", C2="unknown"),
)

tier_decline = tag(
    value_tier < value_tier_3m_ago,
    title="Tier lower than 3 months ago",
    zh="低端化",
    owner="market",
    description="Unknown for a customer without a bill 3 months ago.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="""line|month|total
            L1|2026-07|300; L1|2026-10|299
            L2|2026-07|300; L2|2026-10|301
            L3|2026-10|300""",
    ).gives(C1=True, C2=False, C3=None),
)

customer_type = tag(
    first_match(
        dual=(value_tier == "high") & is_influential,
        high_value=value_tier == "high",
        key=is_influential,
        otherwise="ordinary",
    ),
    title="Customer type",
    zh="客户类型",
    owner="market",
    description="Money only: high-value; influence only: key; both: dual; neither: ordinary.",
    source="field sources",
    levels_zh={
        "dual": "双料大客户", "high_value": "高价值客户", "key": "重点客户", "ordinary": "普通客户", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total; L1|2026-10|450; L2|2026-10|450",
        Membership="customer|since_on|role; C1|2020-01-01|key_person; C3|2020-01-01|decision_maker",
    ).gives(C1="dual", C2="high_value", C3="key", C4="ordinary"),
)  # fmt: skip

_above = revenue_3m.cumulative_share(among=active_customers)

pareto_class = tag(
    first_match(
        A=_above < param("value.pareto_a", 0.8, source="S"),
        B=_above < param("value.pareto_b", 0.95, source="S"),
        otherwise="C",
    ),
    title="Pareto class",
    zh="ABC分类",
    owner="market",
    description="By the share of the active customers' revenue of 3 months that customers of more revenue bring: A below "
    "80 %, B below 95 %, C the rest, those without a bill included. 'unknown' for a customer who is not active.",
    source="field sources",
    levels_zh={"A": "A类", "B": "B类", "C": "C类", "unknown": "未知"},
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5; C6; C7",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|; L3|C3|; L4|C4|; L5|C5|; L6|C6|; L7|C7|2026-10-30",
        Bill="line|month|total; L1|2026-10|75; L2|2026-10|8; L3|2026-10|7; L4|2026-10|6; L5|2026-10|4; L7|2026-10|900",
    ).gives(C1="A", C2="A", C3="B", C4="B", C5="C", C6="C", C7="unknown"),
)

is_top_20 = tag(
    revenue_3m.percentile(among=active_customers) >= param("value.top_percentile", 80, source="S"),
    title="Key customer: top 20 % by revenue",
    zh="关键客户（前20%）",
    owner="market",
    description="No more than a fifth of the active customers have the revenue of 3 months or more; equal revenue, equal "
    "answer. Unknown for a customer who is not active.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5; C6; C7; C8; C9",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|; L3|C3|; L4|C4|; L5|C5|; L6|C6|; L7|C7|; L8|C8|; L9|C9|2026-10-30",
        Bill="line|month|total; L1|2026-10|90; L2|2026-10|80; L3|2026-10|70; L4|2026-10|70; L9|2026-10|900",
    ).gives(C1=True, C2=False, C3=False, C4=False, C5=False, C6=False, C7=False, C8=False, C9=None),
)

_complaints_6m = Ticket.where(Ticket.kind.is_in("price", "billing", "service", "network", "security")).last(months(6)).count()

cost_to_serve_6m = tag(
    Bill.last(months(6)).service_cost.sum().or_zero() + param("value.complaint_cost", 30) * _complaints_6m,
    title="Cost to serve, last 6 complete months",
    zh="近六月服务与投诉成本",
    unit="yuan",
    owner="finance",
    description="Service cost of the bills and 30 yuan a complaint; requests to stay or to port out are no complaints.",
    source="field sources; cost of a complaint ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1",
        Bill="line|month|service_cost; L1|2026-05|4; L1|2026-10|6.50; L1|2026-04|99",
        Ticket="customer|opened_on|kind; C1|2026-05-01|price; C1|2026-10-31|port_out; C1|2026-04-30|price",
    ).gives(C1=4 + 6.50 + 30, C2=0),
)

revenue_6m = tag(
    Bill.last(months(6)).total.sum().or_zero(),
    title="Revenue, last 6 complete months",
    zh="近六月收入",
    unit="yuan",
    owner="market",
    description="All bills of all the customer's lines; 0 without a bill.",
    source="field sources",
    example=given(
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total; L1|2026-05|50; L1|2026-10|70.50; L1|2026-04|999; L2|2026-04|80",
    ).gives(C1=120.50, C2=0),
)

_little_used = (mou_3m < param("value.low_mou", 100)) & (dou_3m < param("value.low_dou", 2048))

low_value_low_efficiency = tag(
    is_active
    & (tenure_months >= param("value.efficiency_min_tenure_months", 6, source="S"))
    & value_tier.is_in("low", "minimal")
    & _little_used
    & (revenue_slope_6m <= 0)
    & (cost_to_serve_6m > param("value.cost_to_serve_share", 0.2) * revenue_6m),
    title="Low value, low efficiency",
    zh="低值低效",
    owner="market",
    description="Not for low value alone: active for 6 months, low or minimal tier, fewer than 100 minutes and 2 GB a month, no "
    "growth of the bills over 6 months, and service and complaints take more than a fifth of what is paid.",
    source="field sources; cuts ours",
    example=given(
        "2026-10-31",
        Customer="""customer|joined_on
            costly|2020-01-01; cheap|2020-01-01; growing|2020-01-01; used|2020-01-01; young|2026-05-01; worth_it|2020-01-01
            six_months|2026-04-30; data|2020-01-01""",
        Line="""line|customer
            L1|costly; L2|cheap; L3|growing; L4|used; L5|young; L6|worth_it; L7|six_months; L8|data""",
        Bill="""line|month|total|service_cost
            L1|2026-05|30|6; L1|2026-10|30|6.01; L2|2026-05|30|6; L2|2026-10|30|6; L3|2026-05|30|9; L3|2026-10|31|9
            L4|2026-05|30|9; L4|2026-10|30|9; L5|2026-05|30|9; L5|2026-10|30|9; L6|2026-05|300|99; L6|2026-10|300|99
            L7|2026-05|30|9; L7|2026-10|30|9; L8|2026-05|30|9; L8|2026-10|30|9""",
        Usage="line|day|minutes_out|data_mb; L1|2026-10-01|299|6143; L4|2026-10-01|300|0; L8|2026-10-01|0|6144",
    ).gives(costly=True, cheap=False, growing=False, used=False, young=False, worth_it=False, six_months=True, data=False),
)
