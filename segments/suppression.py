"""Suppression sets: whom a list must leave out, by purpose; unknown consent is no."""

from c360 import given, segment
from segments.stage_rules import no_selling
from segments.universe import active_customers
from tags.churn import open_complaints
from tags.churn_evidence import lines_suspended
from tags.reach import care_channels, do_not_contact, is_reachable, offer_channels, over_contacted, retention_channels

no_consent_to_care = segment(
    care_channels.items() == 0,
    title="No consent to care",
    zh="未授权关怀",
    owner="service",
    description="Refused, withdrawn or never asked, on every channel.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Consent="customer|since_on|purpose|channel_kind|status; C1|2026-01-01|care|sms|granted; C2|2026-01-01|offer|sms|granted",
    ).gives(C1=False, C2=True, C3=True),
)

no_consent_to_offers = segment(
    offer_channels.items() == 0,
    title="No consent to offers",
    zh="未授权营销",
    owner="market",
    description="Refused, withdrawn or never asked, on every channel.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Consent="""customer|since_on|purpose|channel_kind|status
            C1|2026-01-01|offer|sms|granted; C2|2026-01-01|offer|sms|granted; C2|2026-02-01|offer|sms|withdrawn
            C3|2026-01-01|offer|sms|refused; C3|2026-01-01|offer|app|granted""",
    ).gives(C1=False, C2=True, C3=False, C4=True),
)

no_consent_to_retention = segment(
    retention_channels.items() == 0,
    title="No consent to retention",
    zh="未授权挽留",
    owner="retention",
    description="Refused, withdrawn or never asked, on every channel.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Consent="""customer|since_on|purpose|channel_kind|status
            C1|2026-01-01|retention|call|granted; C2|2026-01-01|retention|call|refused""",
    ).gives(C1=False, C2=True, C3=True),
)

asked_to_be_left_alone = segment(
    do_not_contact,
    title="Asked not to be contacted",
    zh="谢绝接触客户",
    owner="service",
    description="By the latest answer; whatever the purpose.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Consent="customer|since_on|do_not_contact; C1|2026-01-01|T",
    ).gives(C1=True, C2=False),
)

complaint_hold = segment(
    open_complaints > 0,
    title="Complaint open: no offers",
    zh="投诉未结暂停营销",
    owner="service",
    description="Until it is closed; it may be what a retention call is about.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Ticket="""customer|opened_on|closed_on|kind
            C1|2026-10-01||price; C2|2026-10-01|2026-10-31|price; C3|2026-10-01||port_out""",
    ).gives(C1=True, C2=False, C3=False),
)

touched_too_often = segment(
    over_contacted,
    title="Over-contacted: no offers",
    zh="营销过度暂停营销",
    owner="market",
    description="Six touches or more in 90 days with hardly any accepted.",
    source="field sources; cuts ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Contact="""customer|on|direction|outcome
            C1|2026-10-01|out|reached; C1|2026-10-02|out|reached; C1|2026-10-03|out|reached; C1|2026-10-04|out|reached
            C1|2026-10-05|out|reached; C1|2026-10-06|out|reached; C2|2026-10-06|out|reached""",
    ).gives(C1=True, C2=False),
)

barred = segment(
    lines_suspended > 0,
    title="A line is barred",
    zh="停机客户",
    owner="finance",
    description="For whatever reason, at the end of D.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C2",
        Suspension="line|from_on|to_on; L1|2026-10-01|; L2|2026-09-01|2026-09-05",
    ).gives(C1=True, C2=False),
)

out_of_reach = segment(
    ~is_reachable,
    universe=active_customers,
    title="Active, out of reach",
    zh="不可触达在网客户",
    owner="market",
    description="No phone known, asked to be left alone, or no consent at all: first win a way to talk.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer|phone; C1|13800001234; C2|; C3|13800001235",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|; L3|C3|2026-10-01",
        Consent="customer|since_on|purpose|channel_kind|status; C1|2026-01-01|care|sms|granted; C2|2026-01-01|care|sms|granted",
    ).gives(C1=False, C2=True, C3=False),
)

not_for_care = segment(
    no_consent_to_care | asked_to_be_left_alone,
    universe=active_customers,
    title="Left out of care",
    zh="关怀屏蔽客户",
    owner="service",
    description="No consent to care, or asked to be left alone.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Consent="""customer|since_on|purpose|channel_kind|status|do_not_contact
            C1|2026-01-01|care|sms|granted|; C2|2026-01-01|care|sms|granted|T""",
    ).gives(C1=False, C2=True, C3=True),
)

not_for_retention = segment(
    no_consent_to_retention | asked_to_be_left_alone,
    title="Left out of retention",
    zh="挽留屏蔽客户",
    owner="retention",
    description="No consent to retention, or asked to be left alone; those who left count too, for win-back.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Consent="""customer|since_on|purpose|channel_kind|status|do_not_contact
            C1|2026-01-01|retention|call|granted|; C2|2026-01-01|retention|call|granted|T""",
    ).gives(C1=False, C2=True, C3=True),
)

not_for_offers = segment(
    no_selling | no_consent_to_offers | asked_to_be_left_alone | complaint_hold | touched_too_often | barred,
    universe=active_customers,
    title="Left out of offers",
    zh="营销屏蔽客户",
    owner="market",
    description="No selling now, no consent to offers, asked to be left alone, a complaint open, over-contacted, or barred.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; ok; new; silent; alone; angry; dunned; gone",
        Account="account|customer",
        Line="""line|customer|service_type|activated_on|deactivated_on
            L1|ok|iptv|2020-01-01|; L2|new|iptv|2026-10-01|; L3|silent|iptv|2020-01-01|; L4|alone|iptv|2020-01-01|
            L5|angry|iptv|2020-01-01|; L6|dunned|iptv|2020-01-01|; L7|gone|iptv|2020-01-01|2026-10-01""",
        Consent="""customer|since_on|purpose|channel_kind|status|do_not_contact
            ok|2026-01-01|offer|sms|granted|; new|2026-01-01|offer|sms|granted|; alone|2026-01-01|offer|sms|granted|T
            angry|2026-01-01|offer|sms|granted|; dunned|2026-01-01|offer|sms|granted|""",
        Ticket="customer|opened_on|kind; angry|2026-10-01|price",
        Suspension="line|from_on; L6|2026-10-01",
    ).gives(ok=False, new=True, silent=True, alone=True, angry=True, dunned=True, gone=False),
)
