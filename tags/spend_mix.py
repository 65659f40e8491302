"""What the money is spent on: plan fees, voice, data, messages, added services, roaming and long distance, discounts."""

from c360 import first_match, given, greatest, months, tag, when
from tags.sources import Bill
from tags.spend import plan_fees_3m, revenue_3m

_recent = Bill.last(months(3))
_voice = _recent[Bill.voice_local + Bill.voice_long_distance + Bill.voice_roaming].sum().or_zero()
_data = _recent.data.sum().or_zero()
_sms = _recent.sms.sum().or_zero()
_vas = _recent.vas.sum().or_zero()
_other = _recent.other.sum().or_zero()
_gross = plan_fees_3m + _voice + _data + _sms + _vas + _other

charges_3m = tag(
    _gross,
    title="Charges before discounts, last 3 complete months",
    zh="近三月优惠前费用",
    unit="yuan",
    owner="finance",
    description="Plan fees, voice, data, messages, added services and the rest; 0 without a bill.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="""line|month|plan_fee|voice_local|voice_long_distance|voice_roaming|data|sms|vas|other|discount|total
            L1|2026-10|59|1|2|3|4|5|6|7|20|67; L1|2026-07|59|0|0|0|0|0|0|0|0|59""",
    ).gives(C1=59 + 1 + 2 + 3 + 4 + 5 + 6 + 7, C2=0),
)

discount_share_3m = tag(
    _recent.discount.sum() / charges_3m,
    title="Discounts by charges, last 3 complete months",
    zh="近三月优惠占比",
    unit="share",
    owner="finance",
    description="0.25 is a quarter of the charges waived; missing without charges.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="""line|month|plan_fee|voice_local|voice_long_distance|voice_roaming|data|sms|vas|other|discount|total
            L1|2026-10|60|0|0|0|0|0|20|0|20|60; L1|2026-07|59|0|0|0|0|0|0|0|59|0""",
    ).gives(C1=20 / 80, C2=None),
)

roaming_spend_3m = tag(
    _recent.voice_roaming.sum().or_zero() / 3,
    title="Roaming charges a month, last 3 complete months",
    zh="近三月月均漫游费",
    unit="yuan/month",
    owner="market",
    description="Voice only, the bill has data roaming under data; 0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|voice_roaming; L1|2026-08|20; L1|2026-10|10; L1|2026-07|99",
    ).gives(C1=10, C2=0),
)

long_distance_spend_3m = tag(
    _recent.voice_long_distance.sum().or_zero() / 3,
    title="Long-distance charges a month, last 3 complete months",
    zh="近三月月均长途费",
    unit="yuan/month",
    owner="market",
    description="0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|voice_long_distance; L1|2026-08|20; L1|2026-10|10; L1|2026-07|99",
    ).gives(C1=10, C2=0),
)

vas_spend_3m = tag(
    _recent.vas.sum().or_zero() / 3,
    title="Charges for added services a month, last 3 complete months",
    zh="近三月月均增值业务费",
    unit="yuan/month",
    owner="market",
    description="0 without a bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|vas; L1|2026-08|20; L1|2026-10|10; L1|2026-07|99",
    ).gives(C1=10, C2=0),
)

data_overage_3m = tag(
    _data / 3,
    title="Data charges beside the plan a month, last 3 complete months",
    zh="近三月月均套外流量费",
    unit="yuan/month",
    owner="market",
    description="What the plan includes is in the plan fee, so this is data over plan; 0 without a bill.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|data; L1|2026-08|20; L1|2026-10|10; L1|2026-07|99",
    ).gives(C1=10, C2=0),
)

voice_share_of_spend = tag(
    _voice / charges_3m,
    title="Share of voice in the charges, last 3 complete months",
    zh="近三月语音费占比",
    unit="share",
    owner="market",
    description="Local, long distance and roaming beside the plan fee; missing without charges.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="""line|month|plan_fee|voice_local|voice_long_distance|voice_roaming|data|sms|vas|other
            L1|2026-10|60|10|15|5|5|0|5|0""",
    ).gives(C1=30 / 100, C2=None),
)

data_share_of_spend = tag(
    _data / charges_3m,
    title="Share of data in the charges, last 3 complete months",
    zh="近三月流量费占比",
    unit="share",
    owner="market",
    description="Beside the plan fee; missing without charges.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="""line|month|plan_fee|voice_local|voice_long_distance|voice_roaming|data|sms|vas|other
            L1|2026-10|60|10|0|0|25|0|5|0""",
    ).gives(C1=25 / 100, C2=None),
)

vas_share_of_spend = tag(
    _vas / charges_3m,
    title="Share of added services in the charges, last 3 complete months",
    zh="近三月增值业务费占比",
    unit="share",
    owner="market",
    description="Missing without charges.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="""line|month|plan_fee|voice_local|voice_long_distance|voice_roaming|data|sms|vas|other
            L1|2026-10|60|10|0|0|10|0|20|0""",
    ).gives(C1=20 / 100, C2=None),
)

_largest = greatest(plan_fees_3m, _voice, _data, _sms, _vas, _other)

main_spend = tag(
    first_match(
        nothing=charges_3m == 0,
        plan_fee=plan_fees_3m == _largest,
        voice=_voice == _largest,
        data=_data == _largest,
        vas=_vas == _largest,
        sms=_sms == _largest,
        otherwise="other",
    ),
    title="What most of the money goes to",
    zh="主要消费",
    owner="market",
    description="The largest part of the charges of the last 3 complete months; of equal ones the first in the order of the "
    "rule. 'nothing' without charges.",
    source="our own",
    levels_zh={
        "nothing": "无消费", "plan_fee": "套餐费", "voice": "语音", "data": "流量", "vas": "增值业务", "sms": "短信",
        "other": "其他", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4",
        Bill="""line|month|plan_fee|voice_local|voice_long_distance|voice_roaming|data|sms|vas|other
            L1|2026-10|59|0|0|0|20|0|0|0; L2|2026-10|20|8|8|8|20|0|0|0; L3|2026-10|9|0|0|0|0|0|20|20""",
    ).gives(C1="plan_fee", C2="voice", C3="vas", C4="nothing"),
)  # fmt: skip

over_plan_spend_3m = tag(
    when(revenue_3m > plan_fees_3m).then(revenue_3m - plan_fees_3m).otherwise(0) / 3,
    title="Spend above the plan fees a month, last 3 complete months",
    zh="近三月月均套外消费",
    unit="yuan/month",
    owner="market",
    description="What is billed after discounts beyond the plan fees of all lines together; 0 where it is not above them.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|plan_fee|total; L1|2026-08|59|89; L1|2026-10|59|59; L2|2026-10|59|40",
    ).gives(C1=10, C2=0),
)
