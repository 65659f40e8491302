-- What was put into each line in twelve months (both subsidies, promotion, commission), whether a contract binds it, and whether it
-- was taken for its subsidy: subsidised and idle, given up inside the term, or its subsidised phone went elsewhere.
WITH billed AS (
    SELECT
        line_id,
        SUM(total) AS total,
        SUM(device_subsidy_amortised + fee_subsidy) AS subsidies,
        SUM(device_subsidy_amortised + fee_subsidy + promotion + commission) AS put_in
    FROM bill
    WHERE month >= date_trunc('month', as_of() + 1) - INTERVAL 12 MONTH AND month < date_trunc('month', as_of() + 1)
    GROUP BY line_id
),

running AS (
    SELECT line_id, SUM(device_cost + fee_subsidy) AS subsidy, MAX(device_cost) AS device_cost
    FROM contract
    WHERE start_on <= as_of() AND end_on >= as_of()
    GROUP BY line_id
),

judged AS (
    SELECT
        state.line_id,
        state.customer_id,
        state.in_service,
        state.in_service AND COALESCE(state.contract_end_on >= as_of(), FALSE) AS under_contract,
        COALESCE(billed.put_in, 0) AS put_in,
        COALESCE(running.subsidy > 0, FALSE) AS subsidy_runs,
        COALESCE(running.device_cost > 0, FALSE) AS device_runs,
        COALESCE(ROUND(billed.subsidies::DOUBLE / NULLIF(billed.total, 0)::DOUBLE, 6) >= 0.1, FALSE) AS much_billed,
        line.service_type,
        line.activated_on < date_trunc('month', as_of() + 1) - INTERVAL 1 MONTH AS was_here,
        COALESCE(used.minutes_last, 0) <= 0.05 * COALESCE(plan.included_minutes, 0) AS hardly_called,
        COALESCE(used.data_last, 0) <= 0.05 * COALESCE(plan.included_mb, 0) AS hardly_surfed
    FROM hand__line_state AS state
    JOIN line USING (line_id)
    LEFT JOIN plan USING (plan_id)
    LEFT JOIN hand__line_usage AS used USING (line_id)
    LEFT JOIN billed USING (line_id)
    LEFT JOIN running USING (line_id)
)

SELECT
    line_id,
    customer_id,
    put_in,
    under_contract,
    (
        (subsidy_runs OR much_billed)
        AND in_service AND was_here AND service_type <> 'iptv' AND hardly_called AND hardly_surfed
    )
    OR (NOT in_service AND subsidy_runs)
    OR (in_service AND was_here AND service_type = 'mobile' AND device_runs AND hardly_surfed) AS speculative
FROM judged
