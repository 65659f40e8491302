"""What a channel has earned up to D by its lines, what its arrears take off, and the commission its lines have reached."""

from c360 import given, param, tag, when
from tags._examples import many, rows
from tags.acquisition import line_alive_months
from tags.awards import (
    line_arrears_counted,
    line_award_profit,
    line_award_revenue,
    line_award_stands,
    line_revenue_to_date,
)
from tags.sources import Channel, Line

quantity_months = param("award.quantity_months", 3, source="S")
c1 = param("award.c1", 0.02)
c2 = param("award.c2", 0.05)
arrears_tolerance = param("award.arrears_tolerance", 0.05, source="S")
arrears_middle = param("award.arrears_middle", 50, source="S")

_default_award = param("award.unit_award", 30)

channel_arrears = tag(
    line_arrears_counted.sum().or_zero(),
    entity=Channel,
    title="Arrears of a channel's lines that count",
    zh="渠道计罚欠费",
    unit="yuan",
    owner="finance",
    description="Those forgiven left out; 0 without a line.",
    source="field sources",
    example=given(
        "2026-10-31",
        Channel="channel; W; X",
        Account="account; A1; A2",
        Line="line|account|channel|activated_on; L1|A1|W|2026-02-01; L2|A2|W|2026-02-01",
        Bill="line|month|total; L1|2026-10|100; L2|2026-10|100",
        Payment="account|due_on|amount_due; A1|2026-10-20|40; A2|2026-10-20|10",
    ).gives(W=40 + 10, X=0),
)

channel_revenue_to_date = tag(
    line_revenue_to_date.sum().or_zero(),
    entity=Channel,
    title="Revenue of a channel's lines, to date",
    zh="渠道累计收入",
    unit="yuan",
    owner="finance",
    description="All bills there are of all its lines, those given up included; 0 without a line.",
    source="field sources",
    example=given(
        Channel="channel; W; X",
        Line="line|channel; L1|W; L2|W",
        Bill="line|month|total; L1|2024-08|100; L2|2026-10|50",
    ).gives(W=100 + 50, X=0),
)

channel_arrears_rate = tag(
    channel_arrears / channel_revenue_to_date,
    title="Arrears rate of a channel",
    zh="渠道欠费率",
    unit="share",
    owner="finance",
    description="Arrears that count, of all that its lines were billed; missing where nothing was.",
    source="field sources",
    example=given(
        "2026-10-31",
        Channel="channel; W; X",
        Account="account; A1",
        Line="line|account|channel|activated_on; L1|A1|W|2026-02-01",
        Bill="line|month|total; L1|2026-10|200",
        Payment="account|due_on|amount_due; A1|2026-10-20|10",
    ).gives(W=0.05, X=None),
)

channel_arrears_tolerated = tag(
    (channel_arrears_rate <= arrears_tolerance) | (channel_arrears_rate.percentile() < arrears_middle),
    title="Arrears of a channel within tolerance",
    zh="渠道欠费在容忍度内",
    owner="finance",
    description="Not above 5 %, or below the middle of all channels: a mean would rise with the one channel that is not to be "
    "tolerated. Unknown where nothing was billed.",
    source="field sources; the average taken as the median",
    example=given(
        "2026-10-31",
        Channel=rows("channel", many("low{n}", 1, 5), "below; above", many("high{n}", 8, 11), "none"),
        Account=rows("account", many("A{n}", 1, 11)),
        Line=rows(
            "line|account|channel|activated_on",
            many("L{n}|A{n}|low{n}|2026-02-01", 1, 5),
            "L6|A6|below|2026-02-01; L7|A7|above|2026-02-01",
            many("L{n}|A{n}|high{n}|2026-02-01", 8, 11),
        ),
        Bill=rows("line|month|total", many("L{n}|2026-10|200", 1, 11)),
        Payment=rows(
            "account|due_on|amount_due",
            many("A{n}|2026-10-20|12", 1, 5),
            "A6|2026-10-20|14; A7|2026-10-20|16",
            many("A{n}|2026-10-20|40", 8, 11),
        ),
    ).gives(
        {f"low{n}": True for n in range(1, 6)}
        | {f"high{n}": False for n in range(8, 12)}
        | {"below": True, "above": False, "none": None}
    ),
)

_standing = Line.where(line_award_stands & (line_alive_months >= quantity_months)).count()

channel_quantity_award = tag(
    (_standing * Channel.unit_award).or_else(_standing * _default_award),
    title="Quantity award of a channel",
    zh="渠道数量奖",
    unit="yuan",
    owner="sales",
    description="Its lines that lived 3 months and whose award stands, times the channel's award a line, 30 yuan where it has "
    "none of its own.",
    source="field sources; the amount ours",
    example=given(
        "2026-10-31",
        Channel="channel|unit_award; W|50; X|; Y|50",
        Line="""line|channel|activated_on
            L1|W|2026-07-31; L2|W|2026-08-01; L3|W|2026-01-01; L4|X|2026-01-01""",
    ).gives(W=2 * 50, X=30, Y=0),
)

channel_revenue_award = tag(
    line_award_revenue.sum().or_zero() * c1,
    entity=Channel,
    title="Revenue award of a channel",
    zh="渠道收入奖",
    unit="yuan",
    owner="sales",
    description="2 % of the revenue of its lines that lived 6 months; 0 without one.",
    source="field sources; the factor ours",
    example=given(
        "2026-10-31",
        Channel="channel; W; X",
        Line="line|channel|activated_on; L1|W|2026-04-30; L2|W|2026-05-01",
        Bill="line|month|total; L1|2026-10|100; L2|2026-10|999",
    ).gives(W=100 * 0.02, X=0),
)

channel_profit_award = tag(
    line_award_profit.sum().or_zero() * c2,
    entity=Channel,
    title="Profit award of a channel",
    zh="渠道利润奖",
    unit="yuan",
    owner="sales",
    description="5 % of the profit of its lines that lived 24 months, 12 and doubled where SIM-only; negative where devices "
    "cost more than they brought. The factor is to be above that of the revenue award.",
    source="field sources; the factor ours",
    example=given(
        "2026-10-31",
        Channel="channel; W; X",
        Account="account; A1",
        Line="line|account|channel|activated_on; L1|A1|W|2024-10-31; L2|A1|W|2025-10-31",
        Contract="line|start_on|device_cost; L1|2024-10-31|900",
        Bill="line|month|total; L1|2026-10|1500; L2|2026-10|100",
        Payment="account|due_on|amount_due",
    ).gives(W=(1500 - 900 + 2 * 100) * 0.05, X=0),
)

channel_award = tag(
    channel_quantity_award
    + channel_revenue_award
    + channel_profit_award
    - when(channel_arrears_tolerated).then(0).otherwise(channel_arrears),
    title="Award of a channel",
    zh="渠道酬金合计",
    unit="yuan",
    owner="sales",
    description="Quantity, revenue and profit award, less the arrears that count where they are beyond tolerance. To date: the "
    "award of a period is the difference of two.",
    source="field sources",
    example=given(
        "2026-10-31",
        Channel="channel|unit_award; fine|30; over|30; owing|30; none|30; paid1|30; paid2|30; paid3|30",
        Account="account; A1; A2; A3; A4",
        Line="""line|account|channel|activated_on
            L1|A1|fine|2026-01-01; L2|A2|over|2026-01-01; L3|A3|owing|2026-01-01
            L4|A4|paid1|2026-10-01; L5|A4|paid2|2026-10-01; L6|A4|paid3|2026-10-01""",
        Bill="""line|month|total
            L1|2026-10|200; L2|2026-10|200; L3|2026-10|200; L4|2026-10|50; L5|2026-10|50; L6|2026-10|50""",
        Payment="account|due_on|amount_due; A1|2026-10-20|10; A2|2026-10-20|10.60; A3|2026-10-20|20",
    ).gives(
        fine=30 + 200 * 0.02,
        over=30 + 200 * 0.02 - 10.60,
        owing=30 + 200 * 0.02 - 20,
        none=0,
        paid1=0,
        paid2=0,
        paid3=0,
    ),
)

line_commission_share = tag(
    param("award.stage_1_share", 0.4)
    + when(line_alive_months >= param("award.stage_2_months", 3, source="S")).then(param("award.stage_2_share", 0.3)).otherwise(0)
    + when(line_alive_months >= param("award.stage_3_months", 6, source="S")).then(param("award.stage_3_share", 0.3)).otherwise(0),
    entity=Line,
    title="Share of its commission a line has reached",
    zh="用户酬金分期进度",
    unit="share",
    owner="sales",
    description="0.4 with activation, 0.3 more after 3 months, the rest after 6; a line that leaves before reaches no more.",
    source="field sources (stages within the first half year); shares ours",
    example=given(
        "2026-10-31",
        Line="""line|activated_on|deactivated_on
            L1|2026-08-01|; L2|2026-07-31|; L3|2026-05-01|; L4|2026-04-30|; L5|2026-01-01|2026-05-01""",
    ).gives(L1=0.4, L2=0.4 + 0.3, L3=0.4 + 0.3, L4=0.4 + 0.3 + 0.3, L5=0.4 + 0.3),
)

_reached = line_commission_share.sum().or_zero()

channel_commission = tag(
    (_reached * Channel.unit_award).or_else(_reached * _default_award),
    title="Commission of a channel, in stages",
    zh="渠道分期酬金",
    unit="yuan",
    owner="sales",
    description="The award a line, by what each line has reached of it: what would be paid by D were the quantity award paid "
    "in stages within the first half year. 0 without a line.",
    source="field sources (stages within the first half year); shares ours",
    example=given(
        "2026-10-31",
        Channel="channel|unit_award; W|50; X|50",
        Line="line|channel|activated_on; L1|W|2026-10-01; L2|W|2026-04-01",
    ).gives(W=(0.4 + 1) * 50, X=0),
)
