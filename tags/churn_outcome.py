"""Churn as it came about: the outcome that factors are measured on; of those who left when, how and why."""

from c360 import as_of, days, first_match, given, outcome, param, tag, when
from tags.base import is_active, line_is_active, lines_active
from tags.churn import competitor_hotline_calls_30d
from tags.churn_evidence import invoices_overdue
from tags.sources import Bill, ChurnEvent, Line, Ticket
from tags.spend import arpu_trend_3m

_lines_later = outcome(Line.where(Line.deactivated_on.is_null()).count(), within=days(90))

churned_90d = tag(
    when(is_active).then(_lines_later == 0).or_null(),
    title="Leaves within 90 days",
    zh="90天内离网",
    owner="retention",
    description="An outcome: of those active at D, who has no line in service 90 days later; a new own line in between is "
    "staying. Missing for who was not active at D. It looks past D, so only evaluation and factors may ask for it.",
    source="our own",
    example=given(
        "2026-07-31",
        Customer="customer; C1; C2; C3; C4; C5",
        Line="""line|customer|activated_on|deactivated_on
            L1|C1|2020-01-01|2026-10-29; L2|C2|2020-01-01|2026-10-30; L3|C3|2020-01-01|2026-10-01; L4|C3|2026-09-20|
            L5|C4|2020-01-01|2026-07-31""",
    ).gives(C1=True, C2=False, C3=False, C4=None, C5=None),
)

last_left_on = tag(
    Line.deactivated_on.max(),
    title="Last line left on",
    zh="最近离网日期",
    owner="retention",
    description="The latest deactivation of a line, whether others stay or not; missing where none has left.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|deactivated_on; L1|C1|2026-05-01; L2|C1|2026-09-01; L3|C1|2026-11-05; L4|C2|",
    ).gives(C1="2026-09-01", C2=None),
)

_left_last = Line.deactivated_on == Line.customer[last_left_on]

last_left_service = tag(
    Line.where(_left_last).service_type.most_frequent(),
    title="Service of the last line that left",
    zh="最近离网用户业务类型",
    owner="retention",
    description="Where several left on that day, the one that most of them were, of equally many the first in the order of the "
    "levels. Missing where none has left.",
    source="our own",
    levels_zh={"mobile": "移动", "fixed": "固话", "broadband": "宽带", "iptv": "电视"},
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="""line|customer|service_type|deactivated_on
            L1|C1|mobile|2026-05-01; L2|C1|iptv|2026-09-01; L3|C2|mobile|; L4|C3|broadband|2026-09-01; L5|C3|mobile|2026-09-01""",
    ).gives(C1="iptv", C2=None, C3="mobile"),
)

_apart = abs(Line.activated_on.days_until(Line.customer[last_left_on]))
_same_service = Line.service_type == Line.customer[last_left_service]

reentries = tag(
    Line.where(line_is_active & _same_service & (_apart <= param("churn.transfer_days", 60, source="S"))).count(),
    title="Own lines that took the place of the last one left",
    zh="重入网用户数",
    unit="line",
    owner="retention",
    description="Lines in service of the same service, activated within 60 days before or after the last line left. 0 where "
    "none has left.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="""line|customer|service_type|activated_on|deactivated_on
            L1|C1|mobile|2020-01-01|2026-08-01; L2|C1|mobile|2026-09-30|; L3|C1|mobile|2026-06-02|; L4|C1|mobile|2026-10-01|
            L5|C1|iptv|2026-08-01|; L6|C2|mobile|2020-01-01|2026-08-01; L7|C2|mobile|2026-07-05|2026-08-01
            L8|C3|mobile|2026-08-01|""",
    ).gives(C1=2, C2=0, C3=0),
)

_lately = (last_left_on.days_until(as_of()) <= param("churn.lookback_days", 180)).or_false()
_how = ChurnEvent.kind.latest()

churn_type = tag(
    first_match(
        internal_transfer=_lately & ((_how == "moved") | (reentries > 0)),
        external=_lately | (~is_active & last_left_on.is_known()),
        revenue_loss=is_active & (arpu_trend_3m <= -param("churn.revenue_loss", 0.3)),
        otherwise="none",
        unknown="skip",
    ),
    title="Type of churn",
    zh="离网类型",
    owner="retention",
    description="By the last line that left, in the last 180 days: internal transfer where the last event of churn is a move to an "
    "own number or plan, or an own line took its place within 60 days; else external. Who has no line in service any more is "
    "external however long ago. Revenue loss: the lines stay, but ARPU fell by 30 % against the 3 months before; not told of "
    "customers without revenue then. 'none' for the rest, those who never had a line too.",
    source="field sources; look-back and fall ours",
    levels_zh={
        "internal_transfer": "内部转网", "external": "外部离网", "revenue_loss": "收入流失", "none": "无", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="customer; moved; back; gone; partly; long_ago; replaced_long_ago; paying_less; stays; never",
        Line="""line|customer|service_type|activated_on|deactivated_on
            L1|moved|mobile|2020-01-01|2026-09-01; L2|back|mobile|2020-01-01|2026-09-01; L3|back|mobile|2026-10-01|
            L4|gone|mobile|2020-01-01|2026-09-01; L5|partly|mobile|2020-01-01|2026-05-04; L6|partly|iptv|2020-01-01|
            L7|long_ago|mobile|2020-01-01|2025-01-01; L8|replaced_long_ago|mobile|2020-01-01|2026-05-03
            L9|replaced_long_ago|mobile|2020-01-01|; L10|paying_less|mobile|2020-01-01|; L11|stays|mobile|2020-01-01|""",
        ChurnEvent="line|churned_on|kind; L1|2026-09-01|moved; L2|2026-09-01|left; L4|2026-09-01|ported_out",
        Bill="line|month|total; L10|2026-07|100; L10|2026-10|70; L11|2026-07|100; L11|2026-10|71; L9|2026-10|71",
    ).gives(
        moved="internal_transfer", back="internal_transfer", gone="external", partly="external", long_ago="external",
        replaced_long_ago="none", paying_less="revenue_loss", stays="none", never="none",
    ),
)  # fmt: skip

churned_on = tag(
    when(churn_type.is_in("internal_transfer", "external")).then(last_left_on).when(churn_type == "revenue_loss").then(as_of())
    .or_null(),
    title="Churned on",
    zh="离网归因日期",
    owner="retention",
    description="The day before which the cause is looked for: when the last line left, or D where the revenue falls. Missing "
    "without a type of churn.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer|deactivated_on; L1|C1|2026-10-01; L2|C2|; L3|C3|",
        Bill="line|month|total; L2|2026-07|100; L2|2026-10|70; L3|2026-07|100; L3|2026-10|99",
    ).gives(C1="2026-10-01", C2="2026-10-31", C3=None),
)  # fmt: skip

_cause_days = param("churn.cause_days", 120)
_ticket_before = Ticket.opened_on.days_until(Ticket.customer[churned_on]).between(0, _cause_days)

price_tickets_before = tag(
    Ticket.where(_ticket_before & Ticket.kind.is_in("price", "billing")).count(),
    title="Tickets about price and bills in the 120 days before churn",
    zh="离网前120天资费账务工单数",
    unit="ticket",
    owner="service",
    description="0 without one, and without churn.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|deactivated_on; L1|C1|2026-06-01; L2|C2|",
        Ticket="""customer|opened_on|kind
            C1|2026-02-01|price; C1|2026-06-01|billing; C1|2026-01-31|price; C1|2026-06-02|price; C1|2026-05-01|network
            C2|2026-10-01|price""",
    ).gives(C1=2, C2=0),
)

network_tickets_before = tag(
    Ticket.where(_ticket_before & (Ticket.kind == "network")).count(),
    title="Tickets about the network in the 120 days before churn",
    zh="离网前120天网络工单数",
    unit="ticket",
    owner="service",
    description="0 without one, and without churn.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|deactivated_on; L1|C1|2026-06-01; L2|C2|",
        Ticket="customer|opened_on|kind; C1|2026-02-01|network; C1|2026-05-01|price; C2|2026-10-01|network",
    ).gives(C1=1, C2=0),
)

service_tickets_before = tag(
    Ticket.where(_ticket_before & Ticket.kind.is_in("service", "security")).count(),
    title="Tickets about service and security in the 120 days before churn",
    zh="离网前120天服务安全工单数",
    unit="ticket",
    owner="service",
    description="0 without one, and without churn.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|deactivated_on; L1|C1|2026-06-01; L2|C2|",
        Ticket="""customer|opened_on|kind
            C1|2026-02-01|service; C1|2026-05-01|security; C1|2026-05-01|network; C2|2026-10-01|service""",
    ).gives(C1=2, C2=0),
)

_churn_day = Bill.line.customer[churned_on]
_bill_before = (Bill.month.days_until(_churn_day) <= _cause_days) & (Bill.month <= _churn_day.month_end())

bills_below_fee_before = tag(
    Bill.where(_bill_before & (Bill.total < Bill.plan_fee)).count(),
    title="Bills below the plan fee in the 120 days before churn",
    zh="离网前120天消费低于套餐值账单数",
    unit="bill",
    owner="retention",
    description="Of all lines, the month of leaving included. 0 without one, and without churn.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer|deactivated_on; L1|C1|2026-06-15; L2|C2|; L3|C3|2026-08-31; L4|C3|",
        Bill="""line|month|plan_fee|total
            L1|2026-06|59|30; L1|2026-05|59|58.99; L1|2026-02|59|50; L1|2026-01|59|50; L1|2026-04|59|59; L2|2026-10|59|50
            L4|2026-08|59|50; L4|2026-09|59|50""",
    ).gives(C1=3, C2=0, C3=1),
)

_outdated = ((Line.service_type == "fixed") | (Line.network <= "3g")).or_false()
_left = churn_type.is_in("internal_transfer", "external")

outdated_technology = tag(
    when(_left)
    .then(Line.where(_left_last & ~_outdated).count() == 0)
    .otherwise((lines_active > 0) & (Line.where(line_is_active & ~_outdated).count() == 0)),
    title="Only lines of a technology that is being replaced",
    zh="技术替代",
    owner="retention",
    description="Fixed voice, or a network up to 3G as it was last known: all of the lines that left last, for who left; else all "
    "lines in service. No without one.",
    source="field sources (technology replaced); which ones ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5",
        Line="""line|customer|service_type|network|deactivated_on
            L1|C1|mobile|3g|2026-10-01; L2|C1|mobile|5g|; L3|C2|mobile|4g|2026-10-01; L4|C2|fixed||2026-10-01
            L5|C3|fixed||; L6|C3|mobile|5g|; L7|C4|mobile|2g|""",
    ).gives(C1=True, C2=False, C3=False, C4=True, C5=False),
)

_price, _fees = price_tickets_before, bills_below_fee_before >= param("churn.cause_bills_below_fee", 2)
_care = service_tickets_before + network_tickets_before

churn_cause = tag(
    first_match(
        none=churn_type == "none",
        passive=(_how == "non_payment").or_false() | (invoices_overdue >= param("churn.passive_invoices", 2)),
        technology=outdated_technology & (_price == 0) & (service_tickets_before == 0) & ~_fees,
        service=_care > _price,
        tariff=(_price > 0) | _fees | (competitor_hotline_calls_30d > 0),
        otherwise="unexplained",
    ),
    title="Cause of churn",
    zh="离网原因",
    owner="retention",
    description="Of those with a type of churn, first that holds, by the 120 days before. Passive: cancelled for non-payment, or "
    "two invoices overdue. Technology: only lines of replaced technology, no ticket about price or service, not two bills below "
    "the fee. Service: more tickets about service, security and network than about price. Tariff: a ticket about price, two "
    "bills below the plan fee, or a call to a competitor's hotline in the 30 days to D. 'unexplained' when nothing tells.",
    source="field sources (the four causes); their evidence ours",
    levels_zh={
        "none": "无", "passive": "被动", "technology": "技术替代", "service": "服务", "tariff": "资费", "unexplained": "原因不明",
        "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="customer; unpaid; owes; served_badly; on_2g; too_dear; paid_too_much; who_knows; stays; once",
        Account="account|customer; A1|owes; A2|who_knows",
        Payment="account|due_on|amount_due; A1|2026-10-01|60; A1|2026-09-01|60; A2|2026-10-01|60",
        Line="""line|customer|service_type|network|deactivated_on
            L1|unpaid|mobile|5g|2026-10-01; L2|owes|mobile|5g|2026-10-01; L3|served_badly|mobile|2g|2026-10-01
            L4|on_2g|mobile|2g|2026-10-01; L5|too_dear|mobile|2g|2026-10-01; L6|paid_too_much|mobile|5g|2026-10-01
            L7|who_knows|mobile|5g|2026-10-01; L8|stays|mobile|2g|; L9|once|mobile|5g|2026-10-01""",
        ChurnEvent="line|churned_on|kind; L1|2026-10-01|non_payment; L7|2026-10-01|left",
        Bill="line|month|plan_fee|total; L6|2026-08|59|50; L6|2026-09|59|50; L9|2026-09|59|50",
        Ticket="""customer|opened_on|kind
            served_badly|2026-09-01|service; on_2g|2026-09-01|network; too_dear|2026-09-01|price; too_dear|2026-09-01|network
            unpaid|2026-09-01|price; who_knows|2026-01-01|price""",
    ).gives(
        unpaid="passive", owes="passive", served_badly="service", on_2g="technology", too_dear="tariff", paid_too_much="tariff",
        who_knows="unexplained", stays="none", once="unexplained",
    ),
)  # fmt: skip
