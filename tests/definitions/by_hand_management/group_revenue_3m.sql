WITH latest AS (
    SELECT *, MAX(since_on) OVER (PARTITION BY customer_id, group_kind) AS last_since FROM membership WHERE since_on <= as_of()
),
revenue AS (
    SELECT customer_id, SUM(total) AS billed
    FROM bill
    JOIN line USING (line_id)
    WHERE last_day(month) BETWEEN DATE '2026-08-31' AND as_of()
    GROUP BY customer_id
)
SELECT g.customer_group_id, coalesce(SUM(billed), 0) AS value
FROM customer_group AS g
LEFT JOIN latest ON latest.customer_group_id = g.customer_group_id AND since_on = last_since
LEFT JOIN revenue ON revenue.customer_id = latest.customer_id
WHERE founded_on IS NULL OR founded_on <= as_of()
GROUP BY g.customer_group_id
