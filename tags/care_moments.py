"""Key moments of a person and of an organisation: what has just happened that calls for a word from us."""

from c360 import as_of, days, given, listed, param, tag
from tags._examples import many
from tags._words import MOMENTS
from tags.base import is_active, line_is_active
from tags.care import (
    abnormal_bill,
    abnormal_first_bill,
    anniversary_due,
    balance_reminder_due,
    birthday_due,
    contract_reminder_due,
    first_bill_due,
    holiday_due,
    organisation_day_due,
)
from tags.churn import port_out_inquiries_90d
from tags.sources import Contact, CustomerGroup, Line, Membership, Subscription, Suspension, Ticket

_barred = Suspension.where(Suspension.to_on.is_null())

moment_arrears_stop = tag(
    Line.where(line_is_active)[_barred[Suspension.reason == "arrears"].any()].any(),
    title="Moment: barred for arrears",
    zh="时刻：欠费停机",
    owner="service",
    description="A line in service is barred for arrears at the end of D.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Suspension="line|from_on|to_on|reason; L1|2026-10-01||arrears; L2|2026-10-01|2026-10-30|arrears; L3|2026-10-01||lost",
    ).gives(C1=True, C2=False, C3=False),
)

moment_lost_phone = tag(
    Line.where(line_is_active)[_barred[Suspension.reason == "lost"].any()].any(),
    title="Moment: phone lost",
    zh="时刻：手机丢失",
    owner="service",
    description="A line in service is barred because its phone was lost.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Suspension="line|from_on|to_on|reason; L1|2026-10-01||lost; L2|2026-10-01|2026-10-30|lost; L3|2026-10-01||arrears",
    ).gives(C1=True, C2=False, C3=False),
)

_recent_days = param("moment.days", 7)

moment_visit = tag(
    Contact.where((Contact.direction == "in") & Contact.channel.is_in("store", "visit")).last(days(_recent_days)).count() > 0,
    title="Moment: came to a store",
    zh="时刻：到店",
    owner="service",
    description="Within the last 7 days.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Contact="customer|on|channel|direction; C1|2026-10-25|store|in; C2|2026-10-24|store|in; C3|2026-10-31|call|in",
    ).gives(C1=True, C2=False, C3=False),
)

moment_trouble = tag(
    Ticket.where(Ticket.kind.is_in("network", "service", "billing", "security") & Ticket.closed_on.is_null()).count() > 0,
    title="Moment: in trouble",
    zh="时刻：遇到困难",
    owner="service",
    description="A ticket about the network, service, the bill or security is open.",
    source="field sources; which kinds ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Ticket="""customer|opened_on|closed_on|kind
            C1|2026-10-01||network; C2|2026-10-01|2026-10-31|network; C3|2026-10-01||retention""",
    ).gives(C1=True, C2=False, C3=False),
)

moment_new_product = tag(
    Subscription.where(Subscription.ended_on.is_null()).last(days(_recent_days)).count() > 0,
    title="Moment: new product",
    zh="时刻：新业务开通",
    owner="service",
    description="Taken within the last 7 days and not ended: help to use it.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Subscription="line|product|started_on|ended_on; L1|Cloud|2026-10-25|; L2|Cloud|2026-10-24|; L3|Cloud|2026-10-25|2026-10-26",
    ).gives(C1=True, C2=False, C3=False),
)

_days_closed = Ticket.closed_on.days_until(as_of())

moment_service_handled = tag(
    Ticket.where(_days_closed < _recent_days).count() > 0,
    title="Moment: service handled",
    zh="时刻：业务办理后",
    owner="service",
    description="A ticket was closed within the last 7 days: ask whether all is well.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Ticket="customer|opened_on|closed_on; C1|2026-01-01|2026-10-25; C2|2026-01-01|2026-10-24; C3|2026-10-30|",
    ).gives(C1=True, C2=False, C3=False),
)

_after = Subscription.last(days(_recent_days).before(days(param("moment.after_use_days", 30))))

moment_after_use = tag(
    _after.where(Subscription.ended_on.is_null()).count() > 0,
    title="Moment: after the first use of a product",
    zh="时刻：使用后回访",
    owner="service",
    description="Taken 31 to 37 days ago and still running: ask how it serves.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4",
        Subscription="""line|product|started_on|ended_on
            L1|Cloud|2026-10-01|; L2|Cloud|2026-10-02|; L3|Cloud|2026-09-25|; L4|Cloud|2026-09-24|""",
    ).gives(C1=True, C2=False, C3=True, C4=False),
)

_days_gone = Line.deactivated_on.days_until(as_of())

moment_leaving = tag(
    (port_out_inquiries_90d > 0) | (Line.where(_days_gone < param("moment.leaving_days", 30)).count() > 0),
    title="Moment: leaving",
    zh="时刻：离网",
    owner="retention",
    description="Asked to port out in 90 days, or gave up a line in the last 30.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer|deactivated_on; L2|C2|2026-10-02; L3|C3|2026-10-01",
        Ticket="customer|opened_on|kind; C1|2026-10-01|port_out",
    ).gives(C1=True, C2=True, C3=False),
)

group_is_new = tag(
    (Membership.since_on.min().days_until(as_of()) < param("moment.group_new_days", 90)).or_false(),
    entity=CustomerGroup,
    title="Moment: organisation opened",
    zh="时刻：集团开通",
    owner="sales",
    description="Its first member joined it within the last 90 days; no without a member.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; G1; G2; G3",
        Membership="customer|customer_group|since_on; C1|G1|2026-08-03; C1|G2|2026-08-02; C2|G2|2026-10-01",
    ).gives(G1=True, G2=False, G3=False),
)

group_in_trouble = tag(
    (Membership.customer[moment_trouble].share() >= param("moment.group_trouble_share", 0.2)).or_false(),
    entity=CustomerGroup,
    title="Moment: organisation in trouble",
    zh="时刻：集团故障",
    owner="sales",
    description="A fifth of its members or more have a ticket about the network, service, the bill or security open.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        CustomerGroup="customer_group; G1; G2; G3",
        Customer="customer; " + many("C{n}", 1, 11),
        Membership="customer|customer_group|since_on; "
        + many("C{n}|G1|2020-01-01", 1, 5)
        + ";"
        + many("C{n}|G2|2020-01-01", 1, 11),
        Ticket="customer|opened_on|closed_on|kind; C1|2026-10-01||network; C6|2026-10-01||network",
    ).gives(G1=True, G2=False, G3=False),
)

care_moments = tag(
    listed(
        leaving=moment_leaving,
        lost_phone=moment_lost_phone,
        trouble=moment_trouble,
        arrears_stop=moment_arrears_stop,
        abnormal_first_bill=abnormal_first_bill,
        abnormal_bill=abnormal_bill,
        balance=balance_reminder_due,
        contract=contract_reminder_due,
        first_bill=first_bill_due,
        service_handled=moment_service_handled,
        visit=moment_visit,
        new_product=moment_new_product,
        after_use=moment_after_use,
        birthday=birthday_due,
        anniversary=anniversary_due,
        organisation_day=organisation_day_due,
        holiday=holiday_due,
    ),
    title="Key moments now, most pressing first",
    zh="关键时刻清单",
    levels_zh=MOMENTS,
    owner="service",
    description="Every care trigger and key moment of a person that holds on D, in the order in which they press; empty where "
    "none does.",
    source="field sources; the order ours",
    example=given(
        "2027-01-29",
        Customer="customer|birth_date; C1|1990-02-05; C2|",
        Line="line|customer|deactivated_on; L1|C1|; L2|C2|2020-01-01",
        Ticket="customer|opened_on|closed_on|kind; C1|2026-10-01||network",
    ).gives(C1=("trouble", "birthday"), C2=()),
)

stop_selling_now = tag(
    is_active & (moment_leaving | moment_lost_phone | moment_trouble | moment_arrears_stop | abnormal_first_bill),
    title="A moment to help, not to sell",
    zh="暂停营销时刻",
    owner="service",
    description="Leaving, a lost phone, trouble, barred, or an abnormal first bill: solve that first.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C2",
        Ticket="customer|opened_on|closed_on|kind; C1|2026-10-01||network",
    ).gives(C1=True, C2=False),
)
