"""Behavioural grouping variables: occasion, benefit sought, usage state, quantity, loyalty, readiness, attitude."""

from c360 import days, first_match, given, param, tag, tiers
from tags.base import is_active, tenure_months
from tags.churn import competitor_hotline_calls_30d
from tags.influence import referrals_12m
from tags.loyalty import complaints_12m, is_detractor
from tags.sensitivity import sensitivity_type
from tags.sensitivity_evidence import satisfaction_12m, service_contacts_90d, tariff_views_90d
from tags.sources import Browse, Contact, Line, Membership
from tags.spend import arpu_3m, dou_3m, mou_3m
from tags.spend_mix import long_distance_spend_3m, roaming_spend_3m
from tags.usage import night_share_3m

occasion = tag(
    first_match(
        travel=roaming_spend_3m >= param("occasion.roaming", 10),
        far_calls=long_distance_spend_3m >= param("occasion.long_distance", 10),
        night=(night_share_3m >= param("occasion.night_share", 0.3)).or_false(),
        otherwise="everyday",
    ),
    title="Occasion of use",
    zh="使用场合",
    owner="market",
    description="First that holds: on the road (10 yuan of roaming a month), calls far away (10 yuan of long distance), at night "
    "(three calls in ten), else every day.",
    source="field sources (behavioural); cuts ours",
    levels_zh={"travel": "出行漫游", "far_calls": "长途通话", "night": "夜间使用", "everyday": "日常使用", "unknown": "未知"},
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5; C6",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L5|C5; L6|C6",
        Bill="line|month|voice_roaming|voice_long_distance; L1|2026-10|30|90; L2|2026-10|29|30; L5|2026-10|0|29",
        Usage="line|day|calls_out|calls_in|night_share; L3|2026-10-01|10|0|0.3; L6|2026-10-01|10|0|0.29",
    ).gives(C1="travel", C2="far_calls", C3="night", C4="everyday", C5="everyday", C6="everyday"),
)

benefit_sought = tag(
    first_match(
        savings=sensitivity_type == "price",
        good_service=sensitivity_type == "service",
        standing=sensitivity_type == "brand",
        safety=sensitivity_type == "security",
        several=sensitivity_type == "mixed",
        otherwise="not_shown",
    ),
    title="Benefit sought",
    zh="追求利益",
    owner="market",
    description="What the customer is most sensitive to: savings, good service, standing, safety, several of them, or not shown.",
    source="field sources (behavioural); the mapping ours",
    levels_zh={
        "savings": "实惠", "good_service": "服务", "standing": "身份", "safety": "安全", "several": "多种", "not_shown": "未显现",
        "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1",
        Subscription="line|product|category|started_on|ended_on; L1|Guard|security|2026-01-01|",
        Ticket="customer|opened_on|kind; C1|2026-10-01|security",
    ).gives(C1="safety", C2="not_shown"),
)  # fmt: skip

usage_state = tag(
    first_match(
        first=is_active & (tenure_months < param("usage.first_months", 3)).or_false(),
        regular=is_active,
        former=Line.count() > 0,
        potential=Membership.count() > 0,
        otherwise="non_buyer",
    ),
    title="Usage state",
    zh="使用状态",
    owner="market",
    description="First 3 months; regular; former: gave up every line; potential: no line ever, but of a household or organisation "
    "that is known; else a non-buyer.",
    source="field sources (behavioural); cut ours",
    levels_zh={
        "first": "首次使用", "regular": "经常使用", "former": "曾经使用", "potential": "潜在使用", "non_buyer": "非使用者",
        "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="customer|joined_on; C1|2026-08-01; C2|2026-07-31; C3|2020-01-01; C4|; C5|",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|; L3|C3|2026-10-01",
        Membership="customer|since_on; C4|2020-01-01",
    ).gives(C1="first", C2="regular", C3="former", C4="potential", C5="non_buyer"),
)  # fmt: skip

arpu_band = tag(
    tiers(
        arpu_3m,
        from_200=param("quantity.arpu_5", 200),
        from_100=param("quantity.arpu_4", 100),
        from_50=param("quantity.arpu_3", 50),
        from_20=param("quantity.arpu_2", 20),
        over_0=0.000001,
        otherwise="nothing",
    ),
    title="Quantity: ARPU band",
    zh="ARPU分段",
    owner="market",
    description="By ARPU of the last 3 complete months; nothing without a bill.",
    source="field sources (behavioural); cuts ours",
    levels_zh={
        "from_200": "200元及以上", "from_100": "100-200元", "from_50": "50-100元", "from_20": "20-50元", "over_0": "20元以下",
        "nothing": "无消费", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5; C6; C7; C8; C9; C10",
        Line="line|customer; L1|C1; L2|C2; L4|C4; L5|C5; L6|C6; L7|C7; L8|C8; L9|C9; L10|C10",
        Bill="""line|month|total
            L1|2026-10|600; L2|2026-10|599.99; L4|2026-10|300; L5|2026-10|299.99; L6|2026-10|150; L7|2026-10|149.99
            L8|2026-10|60; L9|2026-10|59.99; L10|2026-10|0.01""",
    ).gives(
        C1="from_200", C2="from_100", C3="nothing", C4="from_100", C5="from_50", C6="from_50", C7="from_20", C8="from_20",
        C9="over_0", C10="over_0",
    ),
)  # fmt: skip

mou_band = tag(
    tiers(
        mou_3m,
        heavy=param("quantity.mou_heavy", 500),
        medium=param("quantity.mou_medium", 100),
        light=0.000001,
        otherwise="nothing",
    ),
    title="Quantity: voice band",
    zh="MOU分段",
    owner="market",
    description="By outgoing minutes a month: heavy from 500, medium from 100, light above 0.",
    source="field sources (behavioural); cuts ours",
    levels_zh={"heavy": "高通话", "medium": "中通话", "light": "低通话", "nothing": "无通话", "unknown": "未知"},
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L5|C5",
        Usage="line|day|minutes_out; L1|2026-10-01|1500; L2|2026-10-01|300; L3|2026-10-01|299; L5|2026-10-01|1499",
    ).gives(C1="heavy", C2="medium", C3="light", C4="nothing", C5="medium"),
)

dou_band = tag(
    tiers(
        dou_3m,
        heavy=param("quantity.dou_heavy", 20_480),
        medium=param("quantity.dou_medium", 5_120),
        light=0.000001,
        otherwise="nothing",
    ),
    title="Quantity: data band",
    zh="DOU分段",
    owner="market",
    description="By data a month: heavy from 20 GB, medium from 5 GB, light above 0.",
    source="field sources (behavioural); cuts ours",
    levels_zh={"heavy": "高流量", "medium": "中流量", "light": "低流量", "nothing": "无流量", "unknown": "未知"},
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L5|C5",
        Usage="line|day|data_mb; L1|2026-10-01|61440; L2|2026-10-01|15360; L3|2026-10-01|15359; L5|2026-10-01|61439",
    ).gives(C1="heavy", C2="medium", C3="light", C4="nothing", C5="medium"),
)

tenure_band = tag(
    tiers(
        tenure_months,
        over_5_years=param("tenure.band_4", 60),
        years_3_to_5=param("tenure.band_3", 36),
        years_1_to_3=param("tenure.band_2", 12),
        months_6_to_12=param("tenure.band_1", 6),
        otherwise="under_6_months",
    ),
    title="Loyalty: tenure band",
    zh="在网时长分段",
    owner="market",
    description="Whole months since joining, cut at 6, 12, 36 and 60; 'unknown' where the day is not known.",
    source="field sources (behavioural); cuts ours",
    levels_zh={
        "over_5_years": "5年及以上", "years_3_to_5": "3-5年", "years_1_to_3": "1-3年", "months_6_to_12": "6-12个月",
        "under_6_months": "6个月以下", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="""customer|joined_on
            C1|2021-10-31; C2|2021-11-01; C3|2026-04-30; C4|2026-05-01; C5|
            C6|2023-10-31; C7|2023-11-01; C8|2025-10-31; C9|2025-11-01""",
    ).gives(
        C1="over_5_years", C2="years_3_to_5", C3="months_6_to_12", C4="under_6_months", C5="unknown", C6="years_3_to_5",
        C7="years_1_to_3", C8="years_1_to_3", C9="months_6_to_12",
    ),
)  # fmt: skip

_rival_pages = Browse.where(Browse.page_group == "competitor_offer").last(days(90)).views.sum().or_zero()
_ours = Browse.where(Browse.page_group.is_in("device", "tariff")).last(days(90)).views.sum().or_zero()

readiness = tag(
    first_match(
        comparing=(competitor_hotline_calls_30d > 0)
        | (_rival_pages > 0)
        | (tariff_views_90d >= param("readiness.tariff_views", 3)),
        trusts=Contact.where(Contact.outcome == "accepted").last(days(365)).count() > 0,
        understands=(service_contacts_90d > 0) | (_ours > 0),
        aware=Contact.where(Contact.outcome.is_in("reached", "refused")).last(days(365)).count() > 0,
        otherwise="unaware",
    ),
    title="Readiness to buy",
    zh="购买准备阶段",
    owner="market",
    description="First that holds: compares (a rival's hotline or pages, tariff pages three times in 90 days); trusts (accepted an "
    "offer in 365 days); understands (came to us, or looked at tariffs or devices, in 90 days); is aware (was reached in 365 "
    "days); else unaware.",
    source="field sources (behavioural); signs ours",
    levels_zh={
        "comparing": "比较中", "trusts": "信任", "understands": "了解", "aware": "知晓", "unaware": "未知晓", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5",
        Browse="customer|day|page_group|views; C1|2026-10-01|tariff|3; C3|2026-10-01|tariff|2",
        Contact="""customer|on|channel|direction|outcome
            C1|2026-10-01|sms|out|accepted; C2|2026-01-01|sms|out|accepted; C4|2026-01-01|sms|out|reached""",
    ).gives(C1="comparing", C2="trusts", C3="understands", C4="aware", C5="unaware"),
)  # fmt: skip

attitude = tag(
    first_match(
        negative=is_detractor | (satisfaction_12m <= param("attitude.negative", 2)).or_false(),
        positive=(satisfaction_12m >= param("attitude.positive", 4)).or_false() | ((referrals_12m > 0) & (complaints_12m == 0)),
        otherwise="neutral",
    ),
    title="Attitude",
    zh="态度",
    owner="service",
    description="Negative: a detractor, or mean satisfaction of 2 or less in 12 months; positive: 4 or more, or brought others and "
    "did not complain; else neutral.",
    source="field sources (behavioural); cuts ours",
    levels_zh={"negative": "消极", "positive": "积极", "neutral": "中立", "unknown": "未知"},
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5; C6",
        Ticket="""customer|opened_on|closed_on|kind|satisfaction
            C1|2026-01-01|2026-01-02|price|2; C2|2026-01-01|2026-01-02|price|4; C4|2026-01-01|2026-01-02|price|3
            C5|2026-01-01|2026-01-02|retention|2; C5|2026-01-03|2026-01-04|retention|2; C5|2026-01-05|2026-01-06|retention|2
            C5|2026-01-07|2026-01-08|retention|2; C5|2026-01-09|2026-01-10|retention|2; C5|2026-01-11|2026-01-12|retention|3
            C6|2026-01-01|2026-01-02|retention|4; C6|2026-01-03|2026-01-04|retention|4; C6|2026-01-05|2026-01-06|retention|3""",
        Referral="customer|referred|referred_on; C3|C1|2026-01-01; C4|C1|2026-01-01",
    ).gives(C1="negative", C2="positive", C3="positive", C4="neutral", C5="neutral", C6="neutral"),
)
