"""Fifty segments over the tags: counted at once, and how much they overlap."""

from c360 import segment
from tags.derived import (
    arpu_12m,
    calling_share_30d,
    days_to_contract_end,
    dropped_rate_30d,
    late_share_180d,
    night_rate_30d,
    peak_data_share_30d,
    revenue_percentile,
)
from tags.money import arrears, bill_max_12m, bill_min_12m, bills_12m
from tags.rules import (
    calls_fell,
    churn_risk,
    churn_score,
    complains,
    contract_state,
    data_tier,
    data_trend,
    in_arrears,
    is_caller,
    is_dissatisfied,
    is_silent_7d,
    is_tired_of_contacts,
    is_to_renew,
    payment_habit,
    responds,
    revenue_class,
    spend_trend,
    takes_discounts,
    takes_services,
    value_tier,
    voice_tier,
    voice_trend,
)
from tags.service import customer_kind, days_since_contact, days_with_us, subscriptions, tickets_90d
from tags.usage import calls_out_30d, data_mb_30d

high_value = segment(value_tier == "high", title="High value")
mid_or_high_value = segment(value_tier >= "mid", title="Mid or high value")
top_revenue = segment(revenue_class == "top", title="Top revenue")
lower_revenue = segment(revenue_class == "lower", title="Lower revenue")
heavy_voice = segment(voice_tier == "heavy", title="Heavy voice")
heavy_data = segment(data_tier == "heavy", title="Heavy data")
light_on_all = segment((voice_tier == "light") & (data_tier == "light"), title="Light on all")
spends_less = segment(spend_trend == "falling", title="Spends less")
spends_more = segment(spend_trend == "rising", title="Spends more")
talks_less = segment(voice_trend == "falling", title="Talks less")
surfs_more = segment(data_trend == "rising", title="Surfs more")
silent_week = segment(is_silent_7d, title="Silent week")
no_caller = segment(~is_caller, title="No caller")
fell_by_half = segment(calls_fell, title="Fell by half")
owes = segment(in_arrears, title="Owes")
owes_much = segment(arrears > 200, title="Owes much")
always_late = segment(payment_habit == "late", title="Always late")
pays_in_time = segment(payment_habit == "in_time", title="Pays in time")
contract_expiring = segment(contract_state == "expiring", title="Contract expiring")
no_contract = segment(contract_state == "none", title="No contract")
complained = segment(complains, title="Complained")
unhappy = segment(is_dissatisfied, title="Unhappy")
tired = segment(is_tired_of_contacts, title="Tired")
responsive = segment(responds, title="Responsive")
on_discount = segment(takes_discounts, title="On discount")
several_services = segment(takes_services, title="Several services")
critical_churn = segment(churn_risk == "critical", title="Critical churn")
high_churn = segment(churn_risk >= "high", title="High churn")
to_renew = segment(is_to_renew, title="To renew")
one_bill_a_month = segment(bills_12m <= 12, title="One bill a month")
large_bill = segment(bill_max_12m > 200, title="Large bill")
steady_bill = segment(bill_max_12m - bill_min_12m < 50, title="Steady bill")
many_tickets = segment(tickets_90d >= 3, title="Many tickets")
never_contacted = segment(days_since_contact.is_null(), title="Never contacted")
young_customer = segment(days_with_us < 365, title="Young customer")
old_customer = segment(days_with_us >= 3000, title="Old customer")
families = segment(customer_kind == "family", title="Families")
organisations = segment(customer_kind == "organisation", title="Organisations")
subscribes = segment(subscriptions >= 1, title="Subscribes")
night_callers = segment(night_rate_30d > 0.3, title="Night callers")
bad_calls = segment(dropped_rate_30d > 0.05, title="Bad calls")
peaky_data = segment(peak_data_share_30d > 0.2, title="Peaky data")
valued_and_leaving = segment((value_tier >= "mid") & (churn_risk >= "high"), title="Valued and leaving")
valued_and_owing = segment((value_tier >= "mid") & in_arrears, title="Valued and owing")
offer_data = segment((data_tier == "heavy") & (data_trend == "rising") & ~is_tired_of_contacts, title="Offer data")
offer_voice = segment((voice_tier == "heavy") & (calling_share_30d > 0.8) & responds, title="Offer voice")
call_back = segment(complains & is_dissatisfied & (value_tier >= "low"), title="Call back")
win_over = segment((churn_score >= 30) & (revenue_percentile >= 50) & ~in_arrears, title="Win over")
care_for = segment((days_with_us >= 1000) & (arpu_12m >= 100) & (late_share_180d == 0) & (tickets_90d == 0), title="Care for")
five_conditions = segment(
    (value_tier >= "mid") & (calls_out_30d > 20) & (arrears == 0) & (days_to_contract_end.between(0, 400)) & (data_mb_30d > 1000),
    title="Five conditions",
)
