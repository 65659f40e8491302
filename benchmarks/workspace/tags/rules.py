"""Twenty-two rules: tiers, first matches, conditions and a score, over aggregates and what is derived from them."""

from c360 import first_match, scorecard, tag, tiers
from tags.derived import (
    acceptance_90d,
    arpu_3m,
    calling_share_30d,
    calls_trend_30d,
    data_a_month,
    data_trend_30d,
    days_to_contract_end,
    discount_share_3m,
    dropped_rate_30d,
    late_share_180d,
    minutes_a_month,
    minutes_trend_30d,
    revenue_percentile,
    revenue_trend_3m,
)
from tags.money import arrears, over_plan_12m
from tags.service import (
    contacts_30d,
    contracts_running,
    refused_90d,
    satisfaction_365d,
    severe_tickets_90d,
    subscriptions,
    tickets_90d,
)
from tags.usage import calls_out_7d, calls_out_90d, data_mb_7d

value_tier = tag(tiers(arpu_3m, high=150, mid=100, low=20, otherwise="minimal"), title="Value tier")
voice_tier = tag(tiers(minutes_a_month, heavy=500, medium=100, otherwise="light"), title="Voice tier")
data_tier = tag(tiers(data_a_month, heavy=20000, medium=5000, otherwise="light"), title="Data tier")
revenue_class = tag(tiers(revenue_percentile, top=80, upper=50, otherwise="lower"), title="Class of revenue among all")
spend_trend = tag(first_match(falling=revenue_trend_3m < -0.1, rising=revenue_trend_3m > 0.1, otherwise="stable"), title="Spend")
voice_trend = tag(first_match(falling=minutes_trend_30d < -0.3, rising=minutes_trend_30d > 0.3, otherwise="stable"), title="Voice")
data_trend = tag(first_match(falling=data_trend_30d < -0.3, rising=data_trend_30d > 0.3, otherwise="stable"), title="Data")
is_silent_7d = tag((calls_out_7d == 0) & (data_mb_7d == 0), title="No call and no data in 7 days")
is_caller = tag(calls_out_90d > 0, title="Called in 90 days")
calls_fell = tag((calls_trend_30d < -0.5).or_false(), title="Calls fell by half")
in_arrears = tag(arrears > 0, title="In arrears")
payment_habit = tag(
    first_match(arrears=arrears > 100, late=late_share_180d > 0.5, sometimes_late=late_share_180d > 0, otherwise="in_time"),
    title="How bills are paid",
)
contract_state = tag(
    first_match(none=contracts_running == 0, expiring=days_to_contract_end <= 90, otherwise="running"),
    title="State of the contract",
)
complains = tag((tickets_90d >= 2) | (severe_tickets_90d > 0), title="Complained")
is_dissatisfied = tag((satisfaction_365d < 3).or_false(), title="Dissatisfied")
is_tired_of_contacts = tag((contacts_30d >= 2) | (refused_90d >= 2), title="Contacted too often")
responds = tag((acceptance_90d >= 0.3).or_false(), title="Responds to offers")
takes_discounts = tag((discount_share_3m >= 0.1) & (over_plan_12m < 6), title="Lives on discounts")
takes_services = tag(
    (subscriptions >= 2) | (dropped_rate_30d > 0.05) & (calling_share_30d > 0.5), title="Several services, or bad calls"
)
churn_score = tag(
    scorecard(
        silent=(is_silent_7d, 30), calls_fell=(calls_fell, 20), complains=(complains, 15), dissatisfied=(is_dissatisfied, 15),
        arrears=(in_arrears, 10), expiring=(contract_state == "expiring", 10),
    ),
    title="Score of churn",
)  # fmt: skip
churn_risk = tag(tiers(churn_score, critical=50, high=30, medium=15, otherwise="low"), title="Risk of churn")
is_to_renew = tag(
    (value_tier >= "mid") & days_to_contract_end.between(0, 60) & churn_risk.is_in("high", "critical"), title="Worth renewing"
)
