"""Needs per product category from behaviour, the products held, and the gap between them."""

from c360 import given, param, tag
from tags._words import CATEGORIES
from tags.base import age_years, customer_kind, lines_active, services_held
from tags.sensitivity_evidence import device_price_highest, security_tickets_12m
from tags.sources import Interest, Membership, Subscription
from tags.spend import dou_3m, mou_3m
from tags.spend_mix import data_overage_3m, long_distance_spend_3m, roaming_spend_3m
from tags.usage import calls_in_3m, night_share_3m, plan_use, sms_3m

need_roaming = tag(
    roaming_spend_3m >= param("need.roaming", 10),
    title="Need: roaming pack",
    zh="需求：漫游包",
    owner="market",
    description="Roams often: 10 yuan of roaming charges a month or more over 3 complete months.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|voice_roaming; L1|2026-10|30; L2|2026-10|29.99",
    ).gives(C1=True, C2=False),
)

need_long_distance = tag(
    long_distance_spend_3m >= param("need.long_distance", 10),
    title="Need: long-distance pack",
    zh="需求：长途包",
    owner="market",
    description="10 yuan of long-distance charges a month or more over 3 complete months.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|voice_long_distance; L1|2026-10|30; L2|2026-10|29.99",
    ).gives(C1=True, C2=False),
)

need_data_pack = tag(
    data_overage_3m >= param("need.data_overage", 5),
    title="Need: data pack",
    zh="需求：流量包",
    owner="market",
    description="Data over plan: 5 yuan of data charges beside the plan a month or more.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|data; L1|2026-10|15; L2|2026-10|14.99",
    ).gives(C1=True, C2=False),
)

need_larger_plan = tag(
    (plan_use >= param("need.plan_full", 1)).or_false(),
    title="Need: a larger plan",
    zh="需求：更大套餐",
    owner="market",
    description="A line in service uses all of what its plan includes, or more; no where that is not known.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Plan="plan|included_minutes|included_mb; P1|100|1000",
        Line="line|customer|plan; L1|C1|P1; L2|C2|P1; L3|C3|",
        Usage="line|day|minutes_out; L1|2026-10-01|300; L2|2026-10-01|299; L3|2026-10-01|900",
    ).gives(C1=True, C2=False, C3=False),
)

need_sms_pack = tag(
    sms_3m >= param("need.sms", 60),
    title="Need: message pack",
    zh="需求：短信包",
    owner="market",
    description="60 messages a month or more over 3 complete months.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Usage="line|day|sms_out; L1|2026-10-01|180; L2|2026-10-01|179",
    ).gives(C1=True, C2=False),
)

is_night_user = tag(
    ((night_share_3m >= param("need.night_share", 0.3)) & (mou_3m >= param("need.night_minutes", 30))).or_false(),
    title="Night user",
    zh="夜间用户",
    owner="market",
    description="Three calls in ten at night, and 30 minutes a month or more; no without a call. Wants cheap nights and video.",
    source="field sources; cuts ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="line|customer; L1|C1; L2|C2; L4|C4",
        Usage="""line|day|calls_out|calls_in|minutes_out|night_share
            L1|2026-10-01|5|5|90|0.3; L2|2026-10-01|5|5|89|0.9; L4|2026-10-01|5|5|90|0.29""",
    ).gives(C1=True, C2=False, C3=False, C4=False),
)

_at_home = (Membership.group_kind == "household").any()
_at_work = (Membership.group_kind == "organisation").any()

need_family_number = tag(
    (_at_home | (lines_active >= 2)) & (mou_3m >= param("need.family_minutes", 60)),
    title="Need: family number",
    zh="需求：亲情号",
    owner="market",
    description="Of a household, or with several lines, and 60 outgoing minutes a month or more.",
    source="field sources (family calls); signs ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="line|customer; L1|C1; L2|C2; L3|C2; L4|C3; L5|C4",
        Usage="line|day|minutes_out; L1|2026-10-01|180; L2|2026-10-01|180; L4|2026-10-01|180; L5|2026-10-01|179",
        Membership="customer|since_on|group_kind; C1|2020-01-01|household; C4|2020-01-01|household",
    ).gives(C1=True, C2=True, C3=False, C4=False),
)

need_group_network = tag(
    _at_work & (mou_3m >= param("need.group_minutes", 60)),
    title="Need: group network",
    zh="需求：集团网",
    owner="sales",
    description="Of an organisation, and 60 outgoing minutes a month or more.",
    source="field sources; signs ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Usage="line|day|minutes_out; L1|2026-10-01|180; L2|2026-10-01|180; L3|2026-10-01|179",
        Membership="customer|since_on|group_kind; C1|2020-01-01|organisation; C2|2020-01-01|household; C3|2020-01-01|organisation",
    ).gives(C1=True, C2=False, C3=False),
)

need_group_ring_tone = tag(
    (customer_kind == "organisation") & (lines_active >= param("need.group_lines", 5)),
    title="Need: group ring tone",
    zh="需求：集团彩铃",
    owner="sales",
    description="An organisation with five lines in service or more, which callers should know it by.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer|kind; C1|organisation; C2|person; C3|organisation",
        Line="""line|customer
            L1|C1; L2|C1; L3|C1; L4|C1; L5|C1; L6|C2; L7|C2; L8|C2; L9|C2; L10|C2; L11|C3; L12|C3; L13|C3; L14|C3""",
    ).gives(C1=True, C2=False, C3=False),
)

need_ring_tone = tag(
    calls_in_3m >= param("need.ring_tone_calls", 90),
    title="Need: ring-back tone",
    zh="需求：彩铃",
    owner="market",
    description="Called 90 times a month or more: many hear the tone.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Usage="line|day|calls_in; L1|2026-10-01|270; L2|2026-10-01|269",
    ).gives(C1=True, C2=False),
)

need_assistant = tag(
    calls_in_3m >= param("need.assistant_calls", 150),
    title="Need: call assistant",
    zh="需求：来电助手",
    owner="market",
    description="Called 150 times a month or more: some calls are missed.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Usage="line|day|calls_in; L1|2026-10-01|450; L2|2026-10-01|449",
    ).gives(C1=True, C2=False),
)

need_mailbox = tag(
    _at_work & (dou_3m >= param("need.mailbox_mb", 1024)),
    title="Need: mobile mailbox",
    zh="需求：手机邮箱",
    owner="market",
    description="Of an organisation, and 1 GB of data a month or more.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Usage="line|day|data_mb; L1|2026-10-01|3072; L2|2026-10-01|9999; L3|2026-10-01|3071",
        Membership="customer|since_on|group_kind; C1|2020-01-01|organisation; C3|2020-01-01|organisation",
    ).gives(C1=True, C2=False, C3=False),
)

need_wifi = tag(
    (dou_3m >= param("need.wifi_mb", 20_480)) & ~services_held.has_item("broadband"),
    title="Need: Wi-Fi or broadband",
    zh="需求：无线上网与宽带",
    owner="market",
    description="20 GB of data a month or more, and no broadband in service.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer|service_type; L1|C1|mobile; L2|C2|mobile; L3|C2|broadband; L4|C3|mobile",
        Usage="line|day|data_mb; L1|2026-10-01|61440; L2|2026-10-01|61440; L4|2026-10-01|61439",
    ).gives(C1=True, C2=False, C3=False),
)

need_video = tag(
    (dou_3m >= param("need.video_mb", 10_240)) & (is_night_user | (age_years <= param("need.video_age", 35)).or_false()),
    title="Need: video",
    zh="需求：视频",
    owner="market",
    description="10 GB of data a month or more, by somebody aged 35 or less or a night user.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer|birth_date; C1|2000-01-01; C2|1970-01-01; C3|; C4|1991-10-31; C5|1990-10-31; C6|2000-01-01",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4; L5|C5; L6|C6",
        Usage="""line|day|data_mb
            L1|2026-10-01|30720; L2|2026-10-01|30720; L3|2026-10-01|30720; L4|2026-10-01|30720; L5|2026-10-01|30720
            L6|2026-10-01|30719""",
    ).gives(C1=True, C2=False, C3=False, C4=True, C5=False, C6=False),
)

need_security = tag(
    security_tickets_12m >= param("need.security_tickets", 1),
    title="Need: security",
    zh="需求：安全防护",
    owner="market",
    description="A ticket about fraud, spam, privacy or the real name in 12 months.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Ticket="customer|opened_on|kind; C1|2026-01-01|security; C2|2026-01-01|price",
    ).gives(C1=True, C2=False),
)

need_cloud = tag(
    (dou_3m >= param("need.cloud_mb", 5_120)) & (device_price_highest >= param("need.cloud_device", 3000)).or_false(),
    title="Need: cloud storage",
    zh="需求：云盘",
    owner="market",
    description="5 GB of data a month or more, and a device of 3000 yuan or more; no where no price is known.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer|device_price; L1|C1|3000; L2|C2|2999; L3|C3|3000",
        Usage="line|day|data_mb; L1|2026-10-01|15360; L2|2026-10-01|15360; L3|2026-10-01|15359",
    ).gives(C1=True, C2=False, C3=False),
)

need_newspaper = tag(
    (Interest.interest == param("need.news_interest", "news")).any(),
    title="Need: mobile newspaper",
    zh="需求：手机报",
    owner="market",
    description="Interested in news, as noted by D. Rests on noted interests, so it stands in no list of needs from behaviour.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Interest="customer|noted_on|interest; C1|2026-01-01|news; C1|2026-01-02|sport; C2|2026-11-01|news",
    ).gives(C1=True, C2=False),
)

need_weather = tag(
    (Interest.interest == param("need.weather_interest", "travel")).any(),
    title="Need: weather service",
    zh="需求：天气预报",
    owner="market",
    description="Interested in travel, as noted by D. Rests on noted interests, so it stands in no list of needs from behaviour.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Interest="customer|noted_on|interest; C1|2026-01-01|travel; C2|2026-01-01|news",
    ).gives(C1=True, C2=False),
)

_running = Subscription.where(Subscription.ended_on.is_null())

categories_held = tag(
    _running.category.top(16),
    title="Product categories held",
    zh="在用产品类别",
    levels_zh=CATEGORIES,
    owner="market",
    description="Of the products that run at the end of D on any line, the most frequent first; empty without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Subscription="line|category|started_on|ended_on; L1|cloud|2026-01-01|; L1|video|2025-01-01|2026-10-31",
    ).gives(C1=("cloud",), C2=()),
)
