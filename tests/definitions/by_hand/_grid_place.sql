-- Places among the customers with a line in service and a bill in twelve months: percent of them with a lower revenue, margin,
-- service cost and strategic meaning, which weighs focus 40, fit of our services 15, growth potential 20, low cost to serve 25.
WITH fit AS (
    SELECT line.customer_id, 25 * COUNT(DISTINCT line.service_type) AS points
    FROM line
    JOIN hand__line_state AS state USING (line_id)
    WHERE state.in_service
    GROUP BY line.customer_id
),

placed AS (
    SELECT
        money.customer_id,
        money.revenue,
        margin.value AS margin,
        money.service_cost,
        focus.points AS focus,
        fit.points AS fit,
        growth.value AS growth,
        ROUND((RANK() OVER (ORDER BY money.service_cost + money.staff) - 1) * 100 / COUNT(*) OVER (), 6) AS cost_to_serve
    FROM hand__money_12m AS money
    JOIN fit USING (customer_id)
    JOIN hand__strategic_focus AS focus USING (customer_id)
    JOIN hand_margin_12m AS margin USING (customer_id)
    JOIN hand_growth_potential AS growth USING (customer_id)
    WHERE money.bills > 0
),

meant AS (
    SELECT *, ROUND((40 * focus + 15 * fit + 20 * growth + 25 * (100 - cost_to_serve)) / 100, 6) AS meaning
    FROM placed
)

SELECT
    customer_id,
    (RANK() OVER (ORDER BY revenue) - 1) * 100 / COUNT(*) OVER () AS revenue,
    CASE WHEN margin IS NOT NULL THEN (RANK() OVER (ORDER BY margin NULLS LAST) - 1) * 100 / COUNT(margin) OVER () END AS margin,
    (RANK() OVER (ORDER BY service_cost) - 1) * 100 / COUNT(*) OVER () AS service_cost,
    (RANK() OVER (ORDER BY meaning) - 1) * 100 / COUNT(*) OVER () AS meaning
FROM meant
