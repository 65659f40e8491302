"""Eighteen aggregates of monthly bills over 1, 3, 6 and 12 complete months, and five of payments."""

from c360 import days, months, tag
from tags.sources import Bill, Payment

_month, _quarter, _half, _year = (Bill.last(months(n)) for n in (1, 3, 6, 12))
_quarter_before, _half_before = Bill.last(months(3).before(months(3))), Bill.last(months(6).before(months(6)))
_late = Payment.where(Payment.paid_on > Payment.due_on)
_unpaid = Payment.where(Payment.paid_on.is_null())

revenue_1m = tag(_month.total.sum().or_zero(), title="Revenue, last complete month")
revenue_3m = tag(_quarter.total.sum().or_zero(), title="Revenue, last 3 months")
revenue_6m = tag(_half.total.sum().or_zero(), title="Revenue, last 6 months")
revenue_12m = tag(_year.total.sum().or_zero(), title="Revenue, last 12 months")
revenue_before_3m = tag(_quarter_before.total.sum().or_zero(), title="Revenue, the 3 months before the last 3")
revenue_before_6m = tag(_half_before.total.sum().or_zero(), title="Revenue, the 6 months before the last 6")
bill_max_12m = tag(_year.total.max(), title="Largest bill, last 12 months")
bill_min_12m = tag(_year.total.min(), title="Smallest bill, last 12 months")
plan_fee_3m = tag(_quarter.plan_fee.sum().or_zero(), title="Plan fees, last 3 months")
voice_fee_3m = tag(_quarter.voice.sum().or_zero(), title="Voice charges, last 3 months")
data_fee_3m = tag(_quarter.data.sum().or_zero(), title="Data charges, last 3 months")
vas_fee_3m = tag(_quarter.vas.sum().or_zero(), title="Charges for services, last 3 months")
discount_3m = tag(_quarter.discount.sum().or_zero(), title="Discounts, last 3 months")
discount_12m = tag(_year.discount.sum().or_zero(), title="Discounts, last 12 months")
over_plan_12m = tag(
    Bill.where(Bill.total > Bill.plan_fee).last(months(12)).count(),
    title="Bills above the plan fee, last 12 months",
)
bills_12m = tag(_year.count(), title="Bills, last 12 months")
bill_mean_12m = tag(_year.total.mean(), title="Mean bill, last 12 months")
margin_12m = tag(_year[Bill.total - Bill.interconnect].sum().or_zero(), title="Revenue less interconnection, last 12 months")
paid_90d = tag(Payment.last(days(90)).amount_paid.sum().or_zero(), title="Paid of what fell due in the last 90 days")
invoices_180d = tag(Payment.last(days(180)).count(), title="Invoices due in the last 180 days")
late_payments_180d = tag(_late.last(days(180)).count(), title="Invoices of the last 180 days paid after the due date")
arrears = tag(_unpaid.amount_due.sum().or_zero(), title="Due and not paid yet")
invoice_max_180d = tag(Payment.last(days(180)).amount_due.max(), title="Largest invoice, last 180 days")
