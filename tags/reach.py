"""Reach: who may be contacted for what and where, who can be, how often it was done, and what came of it."""

from typing import Any

from c360 import days, given, listed, months, param, tag
from tags._examples import many
from tags._words import CHANNELS
from tags.base import is_active
from tags.sources import Consent, Contact, Customer

_CHANNELS = ("sms", "call", "app", "store", "web", "visit", "kiosk")


def _granted(purpose: str, channel: str) -> Any:
    """Whether the latest answer to a purpose on a channel is a yes; of two on one day the no counts, and none is a no."""
    answers = Consent.where((Consent.purpose == purpose) & (Consent.channel_kind == channel))
    yes = answers.where(Consent.status == "granted").since_on.max()
    no = answers.where(Consent.status != "granted").since_on.max()
    return ((yes > no) | no.is_null()).or_false() & yes.is_known()


care_channels = tag(
    listed(**{channel: _granted("care", channel) for channel in _CHANNELS}),
    title="Channels with consent to care",
    zh="关怀授权渠道",
    levels_zh=CHANNELS,
    owner="service",
    description="Those whose latest answer by D is a yes; of a yes and a no on one day the no counts. Empty without an answer.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Consent="""customer|since_on|purpose|channel_kind|status
            C1|2026-01-01|care|sms|granted; C1|2026-01-01|care|app|granted; C1|2026-02-01|care|app|withdrawn
            C1|2026-01-01|offer|call|granted""",
    ).gives(C1=("sms",), C2=()),
)

offer_channels = tag(
    listed(**{channel: _granted("offer", channel) for channel in _CHANNELS}),
    title="Channels with consent to offers",
    zh="营销授权渠道",
    levels_zh=CHANNELS,
    owner="market",
    description="Those whose latest answer by D is a yes; of a yes and a no on one day the no counts. Empty without an answer.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Consent="""customer|since_on|purpose|channel_kind|status
            C1|2026-01-01|offer|sms|refused; C1|2026-02-01|offer|sms|granted; C1|2026-01-01|offer|call|granted
            C2|2026-01-01|offer|sms|granted; C2|2026-01-01|offer|sms|withdrawn; C3|2026-11-01|offer|sms|granted""",
    ).gives(C1=("sms", "call"), C2=(), C3=()),
)

retention_channels = tag(
    listed(**{channel: _granted("retention", channel) for channel in _CHANNELS}),
    title="Channels with consent to retention",
    zh="挽留授权渠道",
    levels_zh=CHANNELS,
    owner="retention",
    description="Those whose latest answer by D is a yes; of a yes and a no on one day the no counts. Empty without an answer.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Consent="""customer|since_on|purpose|channel_kind|status
            C1|2026-01-01|retention|visit|granted; C1|2026-01-01|retention|call|granted; C2|2026-01-01|care|call|granted""",
    ).gives(C1=("call", "visit"), C2=()),
)

_asked_not = Consent.where(Consent.do_not_contact).since_on.max()
_took_back = Consent.where(~Consent.do_not_contact).since_on.max()

do_not_contact = tag(
    ((_asked_not >= _took_back) | _took_back.is_null()).or_false() & _asked_not.is_known(),
    title="Asked not to be contacted",
    zh="谢绝接触",
    owner="service",
    description="The latest answer that says anything about it says so; of two on one day the no to contact counts.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Consent="""customer|since_on|do_not_contact
            C1|2026-01-01|F; C1|2026-02-01|T; C1|2026-03-01|; C2|2026-01-01|T; C2|2026-02-01|F""",
    ).gives(C1=True, C2=False, C3=False),
)

phone_known = tag(
    Customer.phone.is_known(),
    title="Phone known",
    zh="电话可用",
    owner="service",
    description="As it is today, without history.",
    source="customer master data",
    sensitivity="internal",
    example=given("2026-10-31", Customer="customer|phone; C1|13800001234; C2|").gives(C1=True, C2=False),
)

is_reachable = tag(
    is_active
    & phone_known
    & ~do_not_contact
    & ((care_channels.items() > 0) | (offer_channels.items() > 0) | (retention_channels.items() > 0)),
    title="Reachable",
    zh="可触达",
    owner="market",
    description="Active, a phone known, not asked to be left alone, and consent to some purpose on some channel. Unknown consent "
    "is no. What a list may do hangs on its own purpose and channel: see the channels with consent.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer|phone; C1|138; C2|; C3|138; C4|138; C5|138; C6|138",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|; L3|C3|; L4|C4|2026-10-01; L5|C5|; L6|C6|",
        Consent="""customer|since_on|purpose|channel_kind|status|do_not_contact
            C1|2026-01-01|offer|sms|granted|F; C2|2026-01-01|offer|sms|granted|F; C4|2026-01-01|offer|sms|granted|F
            C5|2026-01-01|offer|sms|granted|T; C6|2026-01-01|offer|sms|granted|F; C6|2026-02-01|offer|sms|refused|F""",
    ).gives(C1=True, C2=False, C3=False, C4=False, C5=False, C6=False),
)

_touches = Contact.where(Contact.direction == "out")

days_since_contact = tag(
    _touches.days_since_last(),
    title="Days since we last contacted the customer",
    zh="距上次外呼接触天数",
    unit="day",
    owner="market",
    description="On any channel, for any purpose, reached or not; 0 on the day, missing when never. The customer's own contacts "
    "do not count.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Contact="customer|on|direction; C1|2026-10-01|out; C1|2026-10-20|in; C2|2026-10-01|in",
    ).gives(C1=30, C2=None),
)

touches_90d = tag(
    _touches.last(days(90)).count(),
    title="Touches, 90 days",
    zh="近90天接触次数",
    unit="touch",
    owner="market",
    description="By us, on any channel, for any purpose, reached or not; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Contact="customer|on|direction; C1|2026-08-03|out; C1|2026-10-20|out; C1|2026-08-02|out; C1|2026-10-01|in",
    ).gives(C1=2, C2=0),
)

accepted_90d = tag(
    _touches.where(Contact.outcome == "accepted").last(days(90)).count(),
    title="Touches accepted, 90 days",
    zh="近90天接受次数",
    unit="touch",
    owner="market",
    description="0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Contact="""customer|on|direction|outcome
            C1|2026-08-03|out|accepted; C1|2026-10-20|out|refused; C1|2026-08-02|out|accepted""",
    ).gives(C1=1, C2=0),
)

response_rate_12m = tag(
    _touches.last(months(12))[Contact.outcome == "accepted"].share(),
    title="Share of touches accepted, 12 complete months",
    zh="近一年接触响应率",
    unit="share",
    owner="market",
    description="Missing without a touch.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Contact="""customer|on|direction|outcome
            C1|2025-11-01|out|accepted; C1|2026-10-20|out|refused; C1|2026-01-02|out|no_answer; C1|2026-01-03|out|reached
            C1|2025-10-31|out|accepted; C2|2026-10-01|in|accepted""",
    ).gives(C1=0.25, C2=None),
)

over_contacted = tag(
    (touches_90d >= param("reach.touches", 6)) & (accepted_90d <= param("reach.accepted_share", 0.1) * touches_90d),
    title="Over-contacted",
    zh="营销过度",
    owner="market",
    description="Six touches or more in 90 days, of which no more than a tenth were accepted.",
    source="field sources; cuts ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5",
        Contact="""customer|on|direction|outcome
            C1|2026-10-01|out|reached; C1|2026-10-02|out|reached; C1|2026-10-03|out|refused; C1|2026-10-04|out|no_answer
            C1|2026-10-05|out|reached; C1|2026-10-06|out|reached
            C2|2026-10-01|out|reached; C2|2026-10-02|out|reached; C2|2026-10-03|out|refused; C2|2026-10-04|out|no_answer
            C2|2026-10-05|out|reached; C2|2026-10-06|out|accepted
        """
        + many("C3|2026-10-{n:02}|out|refused", 1, 5)
        + ";"
        + many("C4|2026-10-{n:02}|out|reached", 1, 9)
        + "; C4|2026-10-20|out|accepted;"
        + many("C5|2026-10-{n:02}|out|reached", 1, 17)
        + "; C5|2026-10-20|out|accepted; C5|2026-10-21|out|accepted",
    ).gives(C1=True, C2=False, C3=False, C4=True, C5=False),
)
