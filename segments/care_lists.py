"""Care through all stages: days to greet, bills to explain, reminders, help in trouble, a word after service; nothing is sold."""

from c360 import given, segment
from segments.suppression import not_for_care
from segments.universe import active_customers
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
from tags.care_moments import (
    moment_after_use,
    moment_arrears_stop,
    moment_lost_phone,
    moment_new_product,
    moment_service_handled,
    moment_trouble,
    moment_visit,
)
from tags.managers import is_neglected_key_customer

_CONSENT = """customer|since_on|purpose|channel_kind|status
    C1|2026-01-01|care|sms|granted; C2|2026-01-01|care|sms|granted"""
_LINES = "line|customer|service_type|activated_on; L1|C1|iptv|2020-01-01; L2|C2|iptv|2020-01-01; L3|C3|iptv|2020-01-01"

greetings = segment(
    (birthday_due | anniversary_due | holiday_due | organisation_day_due) & ~not_for_care,
    universe=active_customers,
    title="Greetings: birthday, anniversary, holiday, founding day",
    zh="节日与纪念日关怀",
    owner="service",
    description="In the coming days.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="""customer|joined_on|birth_date
            C1|2020-01-01|1990-11-03; C2|2020-11-04|; C3|2020-01-01|1990-11-03; C4|2020-01-01|""",
        CustomerGroup="customer_group|founded_on",
        Line=f"{_LINES}; L4|C4|iptv|2020-01-01",
        Consent=f"{_CONSENT}; C4|2026-01-01|care|sms|granted",
    ).gives(C1=True, C2=True, C3=False, C4=False),
)

bill_care = segment(
    (first_bill_due | abnormal_first_bill | abnormal_bill) & ~not_for_care,
    universe=active_customers,
    title="Bills to explain",
    zh="账单关怀",
    owner="service",
    description="The first bill, and one that is far above what the customer is used to.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer|joined_on; C1|2020-01-01; C2|2020-01-01; C3|2020-01-01; C4|2020-01-01",
        Line=f"{_LINES}; L4|C4|iptv|2020-01-01",
        Bill="""line|month|plan_fee|total
            L1|2026-10|59|59; L3|2026-10|59|59; L2|2026-07|59|59; L2|2026-08|59|59; L2|2026-09|59|59; L2|2026-10|59|199
            L4|2026-07|59|59; L4|2026-08|59|59; L4|2026-09|59|59; L4|2026-10|59|59""",
        Consent=f"{_CONSENT}; C4|2026-01-01|care|sms|granted",
    ).gives(C1=True, C2=True, C3=False, C4=False),
)

reminders = segment(
    (balance_reminder_due | contract_reminder_due) & ~not_for_care,
    universe=active_customers,
    title="Reminders: an invoice unpaid, a contract that ends",
    zh="缴费与到期提醒",
    owner="service",
    description="Before a line is barred, and in the last 30 days of a contract.",
    source="field sources",
    example=given(
        "2026-10-31",
        Account="account|customer; A1|C1",
        Line=f"{_LINES}; L4|C4|iptv|2020-01-01",
        Payment="account|due_on|amount_due; A1|2026-10-20|60",
        Contract="line|start_on|end_on; L2|2025-11-16|2026-11-15; L3|2025-11-16|2026-11-15",
        Consent=f"{_CONSENT}; C4|2026-01-01|care|sms|granted",
    ).gives(C1=True, C2=True, C3=False, C4=False),
)

help_in_trouble = segment(
    (moment_trouble | moment_lost_phone | moment_arrears_stop) & ~not_for_care,
    universe=active_customers,
    title="In trouble: help now",
    zh="困难时刻感动服务",
    owner="service",
    description="A ticket open, a phone lost, a line barred for arrears.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line=f"{_LINES}; L4|C4|iptv|2020-01-01",
        Suspension="line|from_on|reason; L2|2026-10-30|lost; L3|2026-10-30|lost; L4|2026-10-30|asked",
        Ticket="customer|opened_on|kind; C1|2026-10-30|network",
        Consent=f"{_CONSENT}; C4|2026-01-01|care|sms|granted",
    ).gives(C1=True, C2=True, C3=False, C4=False),
)

after_service = segment(
    (moment_service_handled | moment_new_product | moment_after_use) & ~not_for_care,
    universe=active_customers,
    title="After service and first use: ask how it went",
    zh="服务与使用后回访",
    owner="service",
    description="A ticket closed in 7 days, a product just taken, or used for a month.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line=f"{_LINES}; L4|C4|iptv|2020-01-01",
        Subscription="line|product|started_on; L2|Cloud|2026-10-30; L3|Cloud|2026-10-30; L4|Cloud|2026-08-01",
        Ticket="customer|opened_on|closed_on|kind; C1|2026-10-01|2026-10-30|network",
        Consent=f"{_CONSENT}; C4|2026-01-01|care|sms|granted",
    ).gives(C1=True, C2=True, C3=False, C4=False),
)

key_customers_to_visit = segment(
    is_neglected_key_customer & ~not_for_care,
    universe=active_customers,
    title="Key customers to visit",
    zh="重点客户待走访",
    owner="sales",
    description="Not contacted in 90 days; a list to managers.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line=_LINES,
        Bill="line|month|total; L1|2026-10|450; L2|2026-10|450; L3|2026-10|450",
        Contact="customer|on|direction|outcome; C2|2026-10-01|out|reached",
        Consent=_CONSENT,
    ).gives(C1=True, C2=False, C3=False),
)

came_to_store = segment(
    moment_visit & ~not_for_care,
    universe=active_customers,
    title="Came to a store",
    zh="近期到店客户",
    owner="service",
    description="Within the last 7 days.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        Line=_LINES,
        Contact="customer|on|channel|direction; C1|2026-10-30|store|in; C2|2026-10-01|store|in; C3|2026-10-30|store|in",
        Consent=_CONSENT,
    ).gives(C1=True, C2=False, C3=False),
)
