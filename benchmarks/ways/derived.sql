-- What all ways in SQL share: the aggregates of `base`, by customer_id, become the wide table. A rate of an exact amount is rounded
-- to six decimals, half up, whenever it comes out of a division; a ratio of counts is not. Nulls are unknown, not false.
derived AS (
    SELECT *,
        rate(revenue_3m::DOUBLE / 3) AS arpu_3m,
        rate(revenue_6m::DOUBLE / 6) AS arpu_6m,
        rate(revenue_12m::DOUBLE / 12) AS arpu_12m,
        rate(rate(ratio(revenue_3m, revenue_before_3m)) - 1) AS revenue_trend_3m,
        rate(rate(ratio(revenue_6m, revenue_before_6m)) - 1) AS revenue_trend_6m,
        rate(ratio(discount_3m, revenue_3m + discount_3m)) AS discount_share_3m,
        rate(ratio(data_fee_3m, revenue_3m)) AS data_fee_share_3m,
        rate(ratio(voice_fee_3m, revenue_3m)) AS voice_fee_share_3m,
        rate(ratio(vas_fee_3m, revenue_3m)) AS vas_fee_share_3m,
        ratio(calls_out_30d, calls_out_before_30d) - 1 AS calls_trend_30d,
        rate(rate(ratio(minutes_out_30d, minutes_out_before_30d)) - 1) AS minutes_trend_30d,
        rate(rate(ratio(data_mb_30d, data_mb_before_30d)) - 1) AS data_trend_30d,
        rate(minutes_out_90d::DOUBLE / 3) AS minutes_a_month,
        rate(data_mb_90d::DOUBLE / 3) AS data_a_month,
        rate(ratio(minutes_out_30d, calls_out_30d)) AS call_length_30d,
        ratio(calls_in_30d, calls_out_30d) AS in_by_out_30d,
        ratio(dropped_calls_30d, calls_out_30d + calls_in_30d) AS dropped_rate_30d,
        ratio(night_calls_30d, calls_out_30d) AS night_rate_30d,
        rate(ratio(data_mb_max_30d, data_mb_30d)) AS peak_data_share_30d,
        calling_days_30d::DOUBLE / 30 AS calling_share_30d,
        ratio(late_payments_180d, invoices_180d) AS late_share_180d,
        contract_end - DATE '2026-10-31' AS days_to_contract_end,
        ratio(accepted_90d, contacts_90d) AS acceptance_90d,
        calls_out_7d = 0 AND data_mb_7d = 0 AS is_silent_7d,
        calls_out_90d > 0 AS is_caller,
        arrears > 0 AS in_arrears,
        tickets_90d >= 2 OR severe_tickets_90d > 0 AS complains,
        coalesce(satisfaction_365d < 3, false) AS is_dissatisfied,
        contacts_30d >= 2 OR refused_90d >= 2 AS is_tired_of_contacts,
        CASE WHEN revenue_percentile IS NULL THEN 'unknown' WHEN revenue_percentile >= 80 THEN 'top'
            WHEN revenue_percentile >= 50 THEN 'upper' ELSE 'lower' END AS revenue_class
    FROM base
), judged AS (
    SELECT *,
        CASE WHEN arpu_3m IS NULL THEN 'unknown' WHEN arpu_3m >= 150 THEN 'high' WHEN arpu_3m >= 100 THEN 'mid'
            WHEN arpu_3m >= 20 THEN 'low' ELSE 'minimal' END AS value_tier,
        CASE WHEN minutes_a_month IS NULL THEN 'unknown' WHEN minutes_a_month >= 500 THEN 'heavy'
            WHEN minutes_a_month >= 100 THEN 'medium' ELSE 'light' END AS voice_tier,
        CASE WHEN data_a_month IS NULL THEN 'unknown' WHEN data_a_month >= 20000 THEN 'heavy'
            WHEN data_a_month >= 5000 THEN 'medium' ELSE 'light' END AS data_tier,
        CASE WHEN revenue_trend_3m IS NULL THEN 'unknown' WHEN revenue_trend_3m < -0.1 THEN 'falling'
            WHEN revenue_trend_3m > 0.1 THEN 'rising' ELSE 'stable' END AS spend_trend,
        CASE WHEN minutes_trend_30d IS NULL THEN 'unknown' WHEN minutes_trend_30d < -0.3 THEN 'falling'
            WHEN minutes_trend_30d > 0.3 THEN 'rising' ELSE 'stable' END AS voice_trend,
        CASE WHEN data_trend_30d IS NULL THEN 'unknown' WHEN data_trend_30d < -0.3 THEN 'falling'
            WHEN data_trend_30d > 0.3 THEN 'rising' ELSE 'stable' END AS data_trend,
        coalesce(calls_trend_30d < -0.5, false) AS calls_fell,
        CASE WHEN arrears > 100 THEN 'arrears' WHEN late_share_180d IS NULL THEN 'unknown' WHEN late_share_180d > 0.5 THEN 'late'
            WHEN late_share_180d > 0 THEN 'sometimes_late' ELSE 'in_time' END AS payment_habit,
        CASE WHEN contracts_running = 0 THEN 'none' WHEN days_to_contract_end IS NULL THEN 'unknown'
            WHEN days_to_contract_end <= 90 THEN 'expiring' ELSE 'running' END AS contract_state,
        coalesce(acceptance_90d >= 0.3, false) AS responds,
        discount_share_3m >= 0.1 AND over_plan_12m < 6 AS takes_discounts,
        subscriptions >= 2 OR (dropped_rate_30d > 0.05 AND calling_share_30d > 0.5) AS takes_services
    FROM derived
), scored AS (
    SELECT *,
        (CASE WHEN is_silent_7d THEN 30 ELSE 0 END + CASE WHEN calls_fell THEN 20 ELSE 0 END + CASE WHEN complains THEN 15 ELSE 0 END
            + CASE WHEN is_dissatisfied THEN 15 ELSE 0 END + CASE WHEN in_arrears THEN 10 ELSE 0 END
            + CASE WHEN contract_state = 'expiring' THEN 10 ELSE 0 END)::DOUBLE AS churn_score
    FROM judged
), ranked AS (
    SELECT *,
        CASE WHEN churn_score >= 50 THEN 'critical' WHEN churn_score >= 30 THEN 'high' WHEN churn_score >= 15 THEN 'medium'
            ELSE 'low' END AS churn_risk
    FROM scored
)
SELECT *,
    CASE WHEN value_tier IN ('mid', 'high') THEN true WHEN value_tier IN ('minimal', 'low') THEN false END
        AND days_to_contract_end BETWEEN 0 AND 60 AND churn_risk IN ('high', 'critical') AS is_to_renew
FROM ranked
