-- The main line's stage, first that holds: leaving (no line left, asked to port out in 90 days, critical risk); acquisition in
-- the first three months; decline when spend fell 15 % against the quarter before, or on a strong signal; uplift when spend rose
-- more than 15 % or products were gained, or the customer is not satisfied or held by fewer than two bonds; else maturity.
WITH spent AS (
    SELECT
        line_id,
        SUM(total) FILTER (WHERE recent) AS now,
        SUM(total) FILTER (WHERE NOT recent) AS before
    FROM (
        SELECT line_id, total, month >= date_trunc('month', as_of() + 1) - INTERVAL 3 MONTH AS recent
        FROM bill
        WHERE month >= date_trunc('month', as_of() + 1) - INTERVAL 6 MONTH AND month < date_trunc('month', as_of() + 1)
    )
    GROUP BY line_id
),

products AS (
    SELECT
        line_id,
        COUNT(*) FILTER (WHERE ended_on IS NULL OR ended_on > as_of())
        - COUNT(*) FILTER (WHERE started_on <= as_of() - 90 AND (ended_on IS NULL OR ended_on > as_of() - 90)) AS gained
    FROM subscription
    WHERE started_on <= as_of()
    GROUP BY line_id
),

asked AS (
    SELECT DISTINCT customer_id FROM ticket WHERE kind = 'port_out' AND opened_on BETWEEN as_of() - 89 AND as_of()
),

main AS (
    SELECT
        main.customer_id,
        date_diff('month', main.activated_on, as_of())
        - CASE WHEN day(as_of()) < day(main.activated_on) THEN 1 ELSE 0 END AS months_here,
        ROUND(COALESCE(spent.now, 0)::DOUBLE / NULLIF(spent.before, 0) - 1, 6) AS spend_change,
        COALESCE(products.gained, 0) AS gained,
        signal.strong
    FROM hand__main_line AS main
    JOIN hand__line_signal AS signal USING (line_id)
    LEFT JOIN spent USING (line_id)
    LEFT JOIN products USING (line_id)
)

SELECT
    active.customer_id,
    CASE
        WHEN active.lines = 0 THEN 'unknown'
        WHEN NOT active.is_active OR asked.customer_id IS NOT NULL OR risk.value = 'critical' THEN 'leaving'
        WHEN main.months_here < 3 THEN 'acquisition'
        WHEN main.spend_change <= -0.15 OR main.strong THEN 'decline'
        WHEN main.spend_change > 0.15 OR main.gained > 0 THEN 'uplift'
        WHEN complaints.value > 0 OR year.satisfaction < 3 THEN 'uplift'
        WHEN (held.under_contract OR held.points >= 500)::INTEGER
            + (held.household OR held.organisation)::INTEGER
            + (held.converged OR held.products >= 3)::INTEGER < 2 THEN 'uplift'
        ELSE 'maturity'
    END AS value
FROM hand__active AS active
JOIN hand_churn_risk_level AS risk USING (customer_id)
JOIN hand_open_complaints AS complaints USING (customer_id)
JOIN hand__year AS year USING (customer_id)
JOIN hand__holdings AS held USING (customer_id)
LEFT JOIN asked USING (customer_id)
LEFT JOIN main USING (customer_id)
