"""Twenty-three values derived from the aggregates, and one rank among all customers."""

from c360 import as_of, tag
from tags.money import (
    data_fee_3m,
    discount_3m,
    invoices_180d,
    late_payments_180d,
    revenue_3m,
    revenue_6m,
    revenue_12m,
    revenue_before_3m,
    revenue_before_6m,
    vas_fee_3m,
    voice_fee_3m,
)
from tags.service import (
    accepted_90d,
    contacts_90d,
    contract_end,
)
from tags.usage import (
    calling_days_30d,
    calls_in_30d,
    calls_out_30d,
    calls_out_before_30d,
    data_mb_30d,
    data_mb_90d,
    data_mb_before_30d,
    data_mb_max_30d,
    dropped_calls_30d,
    minutes_out_30d,
    minutes_out_90d,
    minutes_out_before_30d,
    night_calls_30d,
)

arpu_3m = tag(revenue_3m / 3, title="Revenue a month, last 3 months")
arpu_6m = tag(revenue_6m / 6, title="Revenue a month, last 6 months")
arpu_12m = tag(revenue_12m / 12, title="Revenue a month, last 12 months")
revenue_trend_3m = tag(revenue_3m / revenue_before_3m - 1, title="Change of revenue against the 3 months before")
revenue_trend_6m = tag(revenue_6m / revenue_before_6m - 1, title="Change of revenue against the 6 months before")
discount_share_3m = tag(discount_3m / (revenue_3m + discount_3m), title="Share of discounts, last 3 months")
data_fee_share_3m = tag(data_fee_3m / revenue_3m, title="Share of data charges")
voice_fee_share_3m = tag(voice_fee_3m / revenue_3m, title="Share of voice charges")
vas_fee_share_3m = tag(vas_fee_3m / revenue_3m, title="Share of services")
calls_trend_30d = tag(calls_out_30d / calls_out_before_30d - 1, title="Change of outgoing calls")
minutes_trend_30d = tag(minutes_out_30d / minutes_out_before_30d - 1, title="Change of outgoing minutes")
data_trend_30d = tag(data_mb_30d / data_mb_before_30d - 1, title="Change of data")
minutes_a_month = tag(minutes_out_90d / 3, title="Outgoing minutes in 30 days")
data_a_month = tag(data_mb_90d / 3, title="Data in 30 days")
call_length_30d = tag(minutes_out_30d / calls_out_30d, title="Minutes an outgoing call")
in_by_out_30d = tag(calls_in_30d / calls_out_30d, title="Incoming by outgoing calls")
dropped_rate_30d = tag(dropped_calls_30d / (calls_out_30d + calls_in_30d), title="Share of calls dropped")
night_rate_30d = tag(night_calls_30d / calls_out_30d, title="Share of calls at night")
peak_data_share_30d = tag(data_mb_max_30d / data_mb_30d, title="Share of the busiest day in data")
calling_share_30d = tag(calling_days_30d / 30, title="Calling days by 30")
late_share_180d = tag(late_payments_180d / invoices_180d, title="Share of invoices paid late")
days_to_contract_end = tag(as_of().days_until(contract_end), title="Days to the end of the contract")
acceptance_90d = tag(accepted_90d / contacts_90d, title="Share of contacts accepted")
revenue_percentile = tag(revenue_12m.percentile(), title="Percent of customers with lower revenue")
