-- The twelve churn signals of a customer, each true or false: what is not known does not show; and whether a line is in service.
WITH of_lines AS (
    SELECT
        state.customer_id,
        BOOL_OR(state.in_service) AS is_active,
        BOOL_OR(state.in_service AND state.contract_end_on < as_of()) AS contract_expired,
        BOOL_OR(
            state.in_service
            -- Here through all four months; 1.5 times the mean of three, in whole numbers.
            AND line.activated_on < date_trunc('month', as_of() + 1) - INTERVAL 4 MONTH
            AND used.rival_calls_last >= 10
            AND used.rival_calls_last * 2 >= COALESCE(used.rival_calls_before, 0)
        ) AS competitor_calls_rising,
        BOOL_OR(
            state.in_service
            AND used.data_before / 3 >= 500
            AND COALESCE(used.data_last, 0) * 2 * 3 <= used.data_before
            AND used.minutes_before > 0
            AND COALESCE(used.minutes_last, 0) * 3 >= used.minutes_before * 0.8
        ) AS dual_sim
    FROM hand__line_state AS state
    JOIN line USING (line_id)
    LEFT JOIN hand__line_usage AS used USING (line_id)
    GROUP BY state.customer_id
),

asked AS (
    SELECT
        customer_id,
        COUNT(*) FILTER (WHERE kind IN ('price', 'billing', 'service', 'network', 'security')) AS complaints,
        COUNT(*) FILTER (WHERE kind = 'port_out') AS port_out
    FROM ticket
    WHERE opened_on BETWEEN as_of() - 89 AND as_of()
    GROUP BY customer_id
),

refused AS (
    SELECT DISTINCT customer_id
    FROM contact
    WHERE purpose = 'retention' AND outcome = 'refused' AND "on" BETWEEN as_of() - 89 AND as_of()
)

SELECT
    customer.customer_id,
    COALESCE(of_lines.is_active, FALSE) AS is_active,
    COALESCE(contract_end.value <= 90, FALSE) AS contract_ending,
    COALESCE(of_lines.contract_expired, FALSE) AS contract_expired,
    COALESCE(usage_drop.value >= 0.5, FALSE) AS usage_drop,
    COALESCE(silence.value >= 7, FALSE) AS zero_calls,
    hotline.value >= 1 AS competitor_hotline,
    COALESCE(of_lines.competitor_calls_rising, FALSE) AS competitor_calls_rising,
    below.value >= 1 AS below_plan_fee,
    below.value >= 2 AS below_plan_fee_again,
    arrears.value >= 1 AS arrears,
    opened.value >= 1 OR COALESCE(asked.complaints, 0) >= 2 AS complaints,
    COALESCE(asked.port_out, 0) >= 1 AS port_out,
    refused.customer_id IS NOT NULL AS refused_retention,
    COALESCE(of_lines.dual_sim, FALSE) AS dual_sim
FROM customer
JOIN hand_days_to_contract_end AS contract_end USING (customer_id)
JOIN hand_usage_drop AS usage_drop USING (customer_id)
JOIN hand_zero_call_days AS silence USING (customer_id)
JOIN hand_competitor_hotline_calls_30d AS hotline USING (customer_id)
JOIN hand_below_plan_fee_months AS below USING (customer_id)
JOIN hand_arrears_amount AS arrears USING (customer_id)
JOIN hand_open_complaints AS opened USING (customer_id)
LEFT JOIN of_lines USING (customer_id)
LEFT JOIN asked USING (customer_id)
LEFT JOIN refused USING (customer_id)
