"""Spend and usage of the last complete months: revenue, ARPU and its trend, minutes and data."""

from c360 import first_match, given, months, param, tag
from tags.sources import Bill, Line, Usage

revenue_3m = tag(
    Bill.last(months(3)).total.sum().or_zero(),
    title="Revenue, last 3 complete months",
    zh="近三月收入",
    unit="yuan",
    owner="market",
    description="All bills of all the customer's lines, those given up since included; 0 without a bill.",
    source="field sources",
    example=given(
        Line="line|customer; L1|C1; L2|C1; L3|C2",
        Bill="line|month|total; L1|2026-08|50; L2|2026-10|70.50; L1|2026-07|999; L3|2026-07|80",
    ).gives(C1=120.50, C2=0),
)

line_revenue_3m = tag(
    Bill.last(months(3)).total.sum().or_zero(),
    entity=Line,
    title="Revenue of a line, last 3 complete months",
    zh="用户近三月收入",
    unit="yuan",
    owner="market",
    description="0 without a bill.",
    source="field sources",
    example=given(
        Line="line|customer; L1|C1; L2|C1",
        Bill="line|month|total; L1|2026-08|50; L1|2026-10|40; L2|2026-07|999",
    ).gives(L1=90, L2=0),
)

arpu_3m = tag(
    revenue_3m / 3,
    title="ARPU, last 3 complete months",
    zh="近三月ARPU",
    unit="yuan/month",
    owner="market",
    description="Divided by 3 for everyone, those who joined within the three months included; 0 without a bill.",
    source="field sources",
    example=given(
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total; L1|2026-08|90; L1|2026-10|30; L2|2026-09|100",
    ).gives(C1=40, C2=33.333333),
)

arpu_previous_3m = tag(
    Bill.last(months(3).before(months(3))).total.sum() / 3,
    title="ARPU, the 3 months before the last 3",
    zh="前三月ARPU",
    unit="yuan/month",
    owner="market",
    description="Missing, not 0, where there was no bill then: nothing to compare with.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total; L1|2026-05|60; L1|2026-07|30; L1|2026-08|999; L2|2026-08|999",
    ).gives(C1=30, C2=None),
)

arpu_trend_3m = tag(
    arpu_3m / arpu_previous_3m - 1,
    title="Change of ARPU against the 3 months before",
    zh="ARPU环比",
    unit="ratio",
    owner="market",
    description="0.5 is half as much again, -1 is nothing left. Missing where there was no revenue before.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="line|month|total; L1|2026-05|90; L1|2026-08|135; L2|2026-05|90; L3|2026-08|90",
    ).gives(C1=0.5, C2=-1, C3=None),
)

_month_0 = Bill.last(months(1)).total.sum()
_month_1 = Bill.last(months(1).before(months(1))).total.sum()
_month_2 = Bill.last(months(1).before(months(2))).total.sum()
_month_3 = Bill.last(months(1).before(months(3))).total.sum()

arpu_falling_3m = tag(
    (_month_0 < _month_1) & (_month_1 < _month_2) & (_month_2 < _month_3),
    title="ARPU falling 3 months running",
    zh="ARPU连续三月下降",
    owner="market",
    description="Each of the last 3 complete months below the one before it; unknown where a month has no bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="""line|month|total
            L1|2026-07|90; L1|2026-08|80; L1|2026-09|70; L1|2026-10|60
            L2|2026-07|90; L2|2026-08|80; L2|2026-09|80; L2|2026-10|60
            L3|2026-09|80; L3|2026-10|60""",
    ).gives(C1=True, C2=False, C3=None),
)

mou_3m = tag(
    Usage.last(months(3)).minutes_out.sum().or_zero() / 3,
    title="MOU: outgoing minutes a month, last 3 complete months",
    zh="近三月MOU",
    unit="minute/month",
    owner="market",
    description="Outgoing minutes only, which are what the customer pays for; incoming ones are minutes_in_3m. 0 without usage.",
    source="field sources",
    example=given(
        Line="line|customer; L1|C1; L2|C1; L3|C2",
        Usage="line|day|minutes_out; L1|2026-08-01|30; L2|2026-10-31|15; L1|2026-07-31|999; L3|2026-07-31|60",
    ).gives(C1=15, C2=0),
)

dou_3m = tag(
    Usage.last(months(3)).data_mb.sum().or_zero() / 3,
    title="DOU: data a month, last 3 complete months",
    zh="近三月DOU",
    unit="MB/month",
    owner="market",
    description="0 without usage.",
    source="field sources",
    example=given(
        Line="line|customer; L1|C1; L2|C1; L3|C2",
        Usage="line|day|data_mb; L1|2026-08-01|3000; L2|2026-10-31|600; L1|2026-07-31|999; L3|2026-07-31|60",
    ).gives(C1=1200, C2=0),
)

plan_fees_3m = tag(
    Bill.last(months(3)).plan_fee.sum().or_zero(),
    title="Plan fees, last 3 complete months",
    zh="近三月套餐费",
    unit="yuan",
    owner="market",
    description="As they stand on the bills of all the customer's lines; 0 without a bill.",
    source="field sources",
    example=given(
        Line="line|customer; L1|C1; L2|C1; L3|C2",
        Bill="line|month|plan_fee; L1|2026-08|59; L2|2026-10|39.50; L1|2026-07|99; L3|2026-07|59",
    ).gives(C1=98.50, C2=0),
)

revenue_previous_3m = tag(
    Bill.last(months(3).before(months(3))).total.sum().or_zero(),
    title="Revenue, the 3 months before the last 3",
    zh="前三月收入",
    unit="yuan",
    owner="market",
    description="0 without a bill then.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|total; L1|2026-05|60; L1|2026-07|30.50; L1|2026-08|999; L2|2026-08|999",
    ).gives(C1=90.50, C2=0),
)

revenue_slope_6m = tag(
    Bill.last(months(6)).total.slope(missing="zero"),
    title="Slope of revenue over 6 months",
    zh="近六月收入斜率",
    unit="yuan/month",
    owner="market",
    description="How much a month's bills grow from month to month, by least squares; a month without a bill counts as 0, "
    "so it means little for a customer of less than 6 months, and is 0 without any bill in them.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="""line|month|total
            L1|2026-05|10; L1|2026-06|20; L1|2026-07|30; L1|2026-08|40; L1|2026-09|50; L1|2026-10|60
            L2|2026-05|60; L2|2026-06|60; L2|2026-07|60; L2|2026-08|60; L2|2026-09|60; L2|2026-10|60""",
    ).gives(C1=10, C2=0, C3=0),
)

spend_trend = tag(
    first_match(
        rising=arpu_trend_3m >= param("spend.rise", 0.1),
        falling=arpu_trend_3m <= -param("spend.fall", 0.1),
        otherwise="steady",
    ),
    title="Trend of spend",
    zh="消费趋势",
    owner="market",
    description="Rising from 10 % up against the 3 months before, falling from 10 % down; unknown without revenue before.",
    source="our own",
    levels_zh={"rising": "上升", "falling": "下降", "steady": "平稳", "unknown": "未知"},
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4; L5|C5",
        Bill="""line|month|total
            L1|2026-05|100; L1|2026-08|110; L2|2026-05|100; L2|2026-08|109.99
            L3|2026-05|100; L3|2026-08|90; L4|2026-08|90; L5|2026-05|100; L5|2026-08|90.01""",
    ).gives(C1="rising", C2="steady", C3="falling", C4="unknown", C5="steady"),
)
