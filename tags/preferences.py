"""Preference rankings of a customer, each an ordered list: services used, products taken, channels answered on."""

from c360 import days, given, param, ranking, tag, when
from tags._words import CATEGORIES, CHANNELS, USES
from tags.sources import Contact, Subscription
from tags.spend import dou_3m, mou_3m
from tags.spend_mix import long_distance_spend_3m, roaming_spend_3m, vas_spend_3m
from tags.usage import sms_3m

service_preferences = tag(
    ranking(
        voice=mou_3m / param("preference.usual_minutes", 200.0),
        data=dou_3m / param("preference.usual_mb", 10_000.0),
        sms=sms_3m / param("preference.usual_sms", 30.0),
        long_distance=long_distance_spend_3m / param("preference.usual_long_distance", 10.0),
        roaming=roaming_spend_3m / param("preference.usual_roaming", 10.0),
        vas=vas_spend_3m / param("preference.usual_vas", 10.0),
    ),
    title="Services preferred, in order",
    zh="业务偏好排序",
    levels_zh=USES,
    owner="market",
    description="Voice, data, messages, long distance, roaming, added services by use or spend of the last 3 complete months, "
    "each against what is usual: 200 minutes, 10,000 MB, 30 messages, 10 yuan a month. One not used is left out; of equal "
    "ones the first in this order.",
    source="field sources; what is usual ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4; L5|C5",
        Usage="""line|day|minutes_out|data_mb|sms_out
            L1|2026-10-01|600|60000|0; L2|2026-10-01|300|15000|90; L4|2026-10-01|720|34500|99; L5|2026-10-01|570|30000|94""",
        Bill="""line|month|voice_long_distance|voice_roaming|vas
            L1|2026-10|0|45|3; L4|2026-10|31.50|30|28.50; L5|2026-10|33|34.50|36""",
    ).gives(
        C1=("data", "roaming", "voice", "vas"),
        C2=("sms", "voice", "data"),
        C3=(),
        C4=("voice", "data", "sms", "long_distance", "roaming", "vas"),
        C5=("vas", "roaming", "long_distance", "sms", "data", "voice"),
    ),
)

product_preferences = tag(
    Subscription.category.top(
        param("preference.products", 5),
        by=when(Subscription.ended_on.is_null()).then(param("preference.running_weight", 2)).otherwise(1),
    ),
    title="Products preferred, in order",
    zh="产品偏好排序",
    levels_zh=CATEGORIES,
    owner="market",
    description="Categories of all products ever taken on any line, one that runs counting twice; the five that count most, of "
    "equal ones in the order of the categories. Empty without a product.",
    source="field sources; weights ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Subscription="""line|category|started_on|ended_on
            L1|cloud|2026-01-01|; L1|security|2025-01-01|2025-06-01; L1|security|2025-07-01|2026-01-01
            L1|security|2026-03-01|; L1|roaming|2025-01-01|2025-02-01
            L3|video|2026-01-01|; L3|mailbox|2025-01-01|2025-02-01; L3|mailbox|2025-03-01|2025-04-01
            L3|wifi|2025-01-01|2025-02-01; L3|weather|2025-01-01|2025-02-01; L3|cloud|2025-01-01|2025-02-01
            L3|security|2025-01-01|2025-02-01""",
    ).gives(C1=("security", "cloud", "roaming"), C2=(), C3=("mailbox", "video", "wifi", "weather", "security")),
)

_answer = (
    when(Contact.outcome == "accepted")
    .then(param("preference.accepted_weight", 3))
    .when(Contact.direction == "in")
    .then(param("preference.came_weight", 2))
    .when(Contact.outcome == "reached")
    .then(param("preference.reached_weight", 1))
    .otherwise(0)
)

preferred_channels = tag(
    Contact.where(_answer > 0).last(days(365)).channel.top(param("preference.channels", 3), by=_answer),
    title="Channels preferred, in order",
    zh="渠道偏好排序",
    levels_zh=CHANNELS,
    owner="market",
    description="The three on which the customer answers most in 365 days: an offer accepted counts 3, coming to us 2, being "
    "reached 1, everything else nothing; of equal ones in the order of the channels. Empty without an answer.",
    source="field sources; weights ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Contact="""customer|on|channel|direction|outcome
            C1|2026-10-01|sms|out|reached; C1|2026-10-02|sms|out|reached; C1|2026-10-03|call|out|accepted
            C1|2026-10-04|store|in|; C1|2026-10-05|store|out|reached; C1|2026-10-06|app|out|reached
            C1|2025-10-31|visit|out|accepted; C2|2026-10-01|sms|out|no_answer
            C3|2026-10-01|kiosk|out|accepted; C3|2026-10-02|sms|in|; C3|2026-10-03|sms|out|reached""",
    ).gives(C1=("call", "store", "sms"), C2=(), C3=("sms", "kiosk")),
)
