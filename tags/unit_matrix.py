"""The customer-unit matrix: brand, tier, kind and consumption feature in named cells, and what each customer lacks there."""

from typing import Any

from c360 import first_match, given, listed, param, tag
from tags.base import customer_kind
from tags.needs import (
    need_assistant,
    need_cloud,
    need_data_pack,
    need_family_number,
    need_group_network,
    need_group_ring_tone,
    need_larger_plan,
    need_long_distance,
    need_mailbox,
    need_ring_tone,
    need_roaming,
    need_security,
    need_sms_pack,
    need_video,
    need_wifi,
)
from tags.partitions import brand_segment
from tags.sources import Subscription
from tags.spend import dou_3m, mou_3m
from tags.spend_mix import long_distance_spend_3m, roaming_spend_3m
from tags.value import value_tier

# In the order in which they are worth an offer: what is paid for already comes first. The names are the product categories.
_NEEDS = {
    "roaming": need_roaming,
    "long_distance": need_long_distance,
    "data_pack": need_data_pack,
    "larger_plan": need_larger_plan,
    "sms_pack": need_sms_pack,
    "wifi": need_wifi,
    "security": need_security,
    "family_number": need_family_number,
    "group_network": need_group_network,
    "group_ring_tone": need_group_ring_tone,
    "mailbox": need_mailbox,
    "video": need_video,
    "cloud": need_cloud,
    "assistant": need_assistant,
    "ring_tone": need_ring_tone,
}

_CATEGORIES = [item for item in _NEEDS if item != "larger_plan"]
_running = Subscription.where(Subscription.ended_on.is_null())


def _held(category: str) -> Any:
    """Whether a product of *category* runs on any line."""
    return _running[Subscription.category == category].any()


needs = tag(
    listed(**_NEEDS),
    title="Needs shown",
    zh="需求清单",
    owner="market",
    description="Product categories whose need the behaviour shows, held or not, in the order in which they are worth an offer: "
    "what is paid for already comes first. Empty where none is shown.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|voice_roaming|data; L1|2026-10|30|15",
        Usage="line|day|sms_out; L1|2026-10-01|180; L2|2026-10-01|1",
    ).gives(C1=("roaming", "data_pack", "sms_pack"), C2=()),
)

need_gaps = tag(
    listed(**{item: need if item not in _CATEGORIES else need & ~_held(item) for item, need in _NEEDS.items()}),
    title="Need gap: needed and not held",
    zh="需求缺口",
    owner="market",
    description="The needs shown, without the product categories that run at the end of D on any line.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|voice_roaming|data; L1|2026-10|30|15; L2|2026-10|30|0",
        Subscription="line|category|started_on|ended_on; L1|roaming|2026-01-01|; L2|roaming|2025-01-01|2026-01-01",
    ).gives(C1=("data_pack",), C2=("roaming",)),
)

need_gap_count = tag(
    need_gaps.items(),
    title="Needs without a product",
    zh="需求缺口数",
    unit="need",
    owner="market",
    description="0 where every need shown is met, or none is shown.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|voice_roaming|data; L1|2026-10|30|15; L2|2026-10|0|0",
    ).gives(C1=2, C2=0),
)

main_need_gap = tag(
    need_gaps.item(1),
    title="First need without a product",
    zh="首要需求缺口",
    owner="market",
    description="The one most worth an offer; missing where there is none.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C2",
        Bill="line|month|voice_roaming|data; L1|2026-10|30|15; L2|2026-10|0|0",
    ).gives(C1="roaming", C2=None),
)

consumption_feature = tag(
    first_match(
        mover=(roaming_spend_3m >= param("feature.roaming", 10)) | (long_distance_spend_3m >= param("feature.long_distance", 10)),
        silent=(mou_3m == 0) & (dou_3m == 0),
        voice_and_data=(mou_3m >= param("feature.minutes", 200)) & (dou_3m >= param("feature.mb", 10_240)),
        data=dou_3m >= param("feature.mb", 10_240),
        voice=mou_3m >= param("feature.minutes", 200),
        otherwise="light",
    ),
    title="Consumption feature",
    zh="消费特征",
    owner="market",
    description="First that holds: on the move (roams or calls far for 10 yuan a month); silent, no minutes and no data; much of "
    "both, much data (10 GB a month), much voice (200 minutes); else light.",
    source="field sources; cuts ours",
    levels_zh={
        "mover": "流动型", "silent": "沉默型", "voice_and_data": "综合型", "data": "流量型", "voice": "语音型", "light": "轻度型",
        "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5; C6; C7; C8",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4; L5|C5; L7|C7; L8|C8",
        Bill="""line|month|voice_roaming|voice_long_distance
            L1|2026-10|30|0; L7|2026-10|0|30; L8|2026-10|29.99|29.99""",
        Usage="""line|day|minutes_out|data_mb
            L1|2026-10-01|600|30720; L2|2026-10-01|600|30720; L3|2026-10-01|599|30720; L4|2026-10-01|600|30719
            L5|2026-10-01|599|30719""",
    ).gives(
        C1="mover", C2="voice_and_data", C3="data", C4="voice", C5="light", C6="silent", C7="mover", C8="silent",
    ),
)  # fmt: skip

_kind = first_match(
    person=customer_kind == "person",
    family=customer_kind == "family",
    organisation=customer_kind == "organisation",
    otherwise="unknown",
)

unit_cell = tag(
    brand_segment.concat(" / ", value_tier, " / ", _kind, " / ", consumption_feature),
    title="Cell of the customer-unit matrix",
    zh="客户单元",
    owner="market",
    description="Brand that fits, value tier, kind of customer and consumption feature, so everyone is in one cell; its size and "
    "the gaps of its members come from a profile by this tag.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer|kind|birth_date; C1|person|2005-01-01; C2||",
        Line="line|customer; L1|C1",
        Bill="line|month|total; L1|2026-10|60",
        Usage="line|day|data_mb; L1|2026-10-01|30720",
    ).gives(C1="youth / low / person / data", C2="mass / minimal / unknown / silent"),
)
