-- A line left within 180 days: an internal transfer when the last event says it moved, or an own line of that service in use
-- today began within 60 days of it, else external; without a line in service external too. Else revenue loss when ARPU fell 30 %.
WITH active AS (
    SELECT DISTINCT customer_id
    FROM hand__line_state
    WHERE in_service
),

reentered AS (
    SELECT DISTINCT left_last.customer_id
    FROM hand__last_left AS left_last
    JOIN line ON line.customer_id = left_last.customer_id AND line.service_type = left_last.service_type
    JOIN hand__line_state AS state ON state.line_id = line.line_id AND state.in_service
    WHERE line.activated_on BETWEEN left_last.left_on - 60 AND left_last.left_on + 60
)

SELECT
    customer.customer_id,
    CASE
        WHEN left_last.left_on >= as_of() - 180 AND (event.kind = 'moved' OR reentered.customer_id IS NOT NULL)
            THEN 'internal_transfer'
        WHEN left_last.left_on >= as_of() - 180 THEN 'external'
        WHEN left_last.left_on IS NOT NULL AND active.customer_id IS NULL THEN 'external'
        WHEN active.customer_id IS NOT NULL AND trend.value <= -0.3 THEN 'revenue_loss'
        ELSE 'none'
    END AS value
FROM customer
JOIN hand_arpu_trend_3m AS trend USING (customer_id)
LEFT JOIN active USING (customer_id)
LEFT JOIN reentered USING (customer_id)
LEFT JOIN hand__last_left AS left_last USING (customer_id)
LEFT JOIN hand__last_churn_event AS event USING (customer_id)
