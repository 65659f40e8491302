"""Care triggers: birthdays, anniversaries, holidays, founding days, first bills, reminders of contracts and money owed."""

from datetime import date
from typing import Any

from c360 import as_of, given, months, param, tag, when
from tags.base import is_active, tenure_months
from tags.churn_evidence import arrears_amount, lines_suspended
from tags.contract import days_to_contract_end
from tags.sources import Bill, Customer, Membership


def _days_to_next(day: Any) -> Any:
    """Days from D to the next return of *day*'s month and day, when that is in this month or the next; else null."""
    left_in_month = as_of().days_until(as_of().month_end())
    in_days = day.day_of_month() - as_of().day_of_month()
    this_month = (day.month_of_year() == as_of().month_of_year()) & (in_days >= 0)
    next_month = day.month_of_year() == as_of().month_of_year() % 12 + 1
    return when(this_month).then(in_days).when(next_month).then(left_in_month + day.day_of_month()).or_null()


days_to_birthday = tag(
    _days_to_next(Customer.birth_date),
    title="Days to the next birthday",
    zh="距生日天数",
    unit="day",
    owner="service",
    description="0 on the day; missing when it is later than the end of next month, or not known. Who was born on 29 February "
    "has it on 1 March where there is none.",
    source="field sources",
    sensitivity="personal",
    example=given(
        "2026-12-20",
        Customer="customer|birth_date; C1|1990-12-20; C2|1990-12-31; C3|1990-01-05; C4|1990-12-19; C5|1990-02-01; C6|",
    ).gives(C1=0, C2=11, C3=11 + 5, C4=None, C5=None, C6=None),
)

birthday_due = tag(
    is_active & (days_to_birthday <= param("care.birthday_days", 7)).or_false(),
    title="Care: birthday",
    zh="关怀：生日",
    owner="service",
    description="Within 7 days, D included; no where the birth date is not known, or without a line in service.",
    source="field sources; days ours",
    sensitivity="internal",
    example=given(
        "2026-10-31",
        Customer="customer|birth_date; C1|1990-11-07; C2|1990-11-08; C3|1990-10-31; C4|1990-11-01",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
    ).gives(C1=True, C2=False, C3=True, C4=False),
)

days_to_anniversary = tag(
    _days_to_next(Customer.joined_on),
    title="Days to the next anniversary of joining",
    zh="距入网纪念日天数",
    unit="day",
    owner="service",
    description="0 on the day; missing when it is later than the end of next month, or not known.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer|joined_on; C1|2020-10-31; C2|2020-11-15; C3|2020-10-30; C4|",
    ).gives(C1=0, C2=15, C3=None, C4=None),
)

anniversary_due = tag(
    is_active & (days_to_anniversary <= param("care.anniversary_days", 7)).or_false() & (tenure_months > 0),
    title="Care: anniversary of joining",
    zh="关怀：入网纪念日",
    owner="service",
    description="Within 7 days, D included, from the first year on; no without a line in service.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        Customer="customer|joined_on; C1|2025-11-07; C2|2025-11-08; C3|2026-10-31; C4|2020-11-01",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
    ).gives(C1=True, C2=False, C3=False, C4=False),
)

_to_holiday = as_of().days_until(param("care.next_holiday", date(2027, 2, 6)))

days_to_holiday = tag(
    when(_to_holiday >= 0).then(_to_holiday).or_null(),
    entity=Customer,
    title="Days to the next holiday",
    zh="距节日天数",
    unit="day",
    owner="service",
    description="The holiday that is cared for next is a parameter, to be set anew after each: the Spring Festival of 2027. 0 on "
    "the day, missing once it is past. The same for everyone.",
    source="field sources; which holiday ours",
    example=given("2027-01-30", Customer="customer; C1").gives(C1=7),
)

holiday_due = tag(
    is_active & (days_to_holiday <= param("care.holiday_days", 7)).or_false(),
    title="Care: holiday",
    zh="关怀：节日",
    owner="service",
    description="Within 7 days, D included; no without a line in service.",
    source="field sources; days ours",
    example=given("2027-01-30", Customer="customer; C1; C2", Line="line|customer; L1|C1").gives(C1=True, C2=False),
)

_founding = _days_to_next(Membership.customer_group.founded_on)

organisation_day_due = tag(
    (Membership.where(Membership.group_kind == "organisation")[_founding].min() <= param("care.founding_days", 14)).or_false(),
    title="Care: founding day of the organisation",
    zh="关怀：集团成立纪念日",
    owner="sales",
    description="An organisation the customer belongs to was founded on a day that returns within 14 days, D included; no where "
    "it is not known.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        CustomerGroup="customer_group|founded_on; G1|1999-11-14; G2|1999-11-15; G3|",
        Membership="""customer|customer_group|since_on|group_kind
            C1|G1|2020-01-01|organisation; C2|G2|2020-01-01|organisation; C3|G3|2020-01-01|organisation
            C3|G1|2020-01-01|household""",
    ).gives(C1=True, C2=False, C3=False),
)

_bills_last = Bill.last(months(1))

_bills_before = Bill.last(months(param("care.first_bill_months", 12)).before(months(1)))

first_bill_due = tag(
    (_bills_last.count() > 0) & (_bills_before.count() == 0),
    title="Care: first bill",
    zh="关怀：首张账单",
    owner="service",
    description="The bill of the last complete month is the customer's first, or the first after 12 months without one: explain "
    "it. Bills must reach back that far, else everybody's would be the first.",
    source="field sources; how far back ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4; L5|C5",
        Bill="""line|month|total
            L1|2026-10|60; L2|2026-09|20; L2|2026-10|60; L4|2025-10|60; L4|2026-10|60; L5|2025-09|60; L5|2026-10|60""",
    ).gives(C1=True, C2=False, C3=False, C4=False, C5=True),
)

abnormal_first_bill = tag(
    first_bill_due & (_bills_last.total.sum() >= param("care.first_bill_ratio", 1.5) * _bills_last.plan_fee.sum()).or_false(),
    title="Care: abnormal first bill",
    zh="关怀：首单异常",
    owner="service",
    description="The first bill is half as much again as the plan fees on it, or more; no without plan fees known.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="line|month|plan_fee|total; L1|2026-10|60|90; L2|2026-10|60|89.99; L3|2026-09|60|60; L3|2026-10|60|900",
    ).gives(C1=True, C2=False, C3=False),
)

_mean_before = Bill.last(months(3).before(months(1))).total.sum() / 3

abnormal_bill = tag(
    (
        (_bills_last.total.sum() >= param("care.bill_ratio", 1.5) * _mean_before)
        & (_bills_last.total.sum() - _mean_before >= param("care.bill_rise", 20))
        & (tenure_months >= param("care.bill_from_months", 4))
    ).or_false(),
    title="Care: abnormal bill",
    zh="关怀：账单异常",
    owner="service",
    description="The bills of the last complete month are half as much again as the mean of the 3 months before, and 20 yuan "
    "more; no for a customer of less than 4 months.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="""customer|joined_on
            C1|2020-01-01; C2|2020-01-01; C3|2020-01-01; C4|2026-09-01; C5|2020-01-01
            C6|2026-06-30; C7|2026-07-01""",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4; L5|C5; L6|C6; L7|C7",
        Bill="""line|month|total
            L1|2026-07|60; L1|2026-08|60; L1|2026-09|60; L1|2026-10|90
            L2|2026-07|60; L2|2026-08|60; L2|2026-09|60; L2|2026-10|89.99
            L3|2026-07|10; L3|2026-08|10; L3|2026-09|10; L3|2026-10|29; L4|2026-09|60; L4|2026-10|90
            L5|2026-07|10; L5|2026-08|10; L5|2026-09|10; L5|2026-10|30
            L6|2026-07|60; L6|2026-08|60; L6|2026-09|60; L6|2026-10|90
            L7|2026-07|60; L7|2026-08|60; L7|2026-09|60; L7|2026-10|90""",
    ).gives(C1=True, C2=False, C3=False, C4=False, C5=True, C6=True, C7=False),
)

contract_reminder_due = tag(
    (days_to_contract_end <= param("care.contract_days", 30)).or_false(),
    title="Care: contract ends soon",
    zh="关怀：合约到期提醒",
    owner="service",
    description="The nearest contract in force ends within 30 days, D included; no without one.",
    source="field sources; days ours",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Contract="line|start_on|end_on; L1|2025-01-01|2026-11-30; L2|2025-01-01|2026-12-01",
    ).gives(C1=True, C2=False, C3=False),
)

balance_reminder_due = tag(
    is_active & (arrears_amount > 0) & (lines_suspended == 0),
    title="Care: invoice unpaid, not yet barred",
    zh="关怀：余额提醒",
    owner="service",
    description="Something is owed after its due date and no line is barred yet: a reminder now saves the bar.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Account="account|customer; A1|C1; A2|C2; A3|C3",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Payment="""account|due_on|amount_due|paid_on|amount_paid
            A1|2026-10-20|60||; A2|2026-10-20|60||; A3|2026-10-20|60|2026-10-20|60""",
        Suspension="line|from_on|to_on|reason; L2|2026-10-25||arrears",
    ).gives(C1=True, C2=False, C3=False),
)
