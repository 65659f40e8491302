-- By the share of the active customers' charges of three months which those with higher ones bring: A below 80 %, B below 95 %,
-- C the rest.
WITH ranked AS (
    SELECT
        money.customer_id,
        ROUND(
            (SUM(money.revenue) OVER (ORDER BY money.revenue DESC, money.customer_id) - money.revenue)::DOUBLE
            / NULLIF(SUM(money.revenue) OVER (), 0)::DOUBLE,
            6
        ) AS share_above
    FROM hand__quarter_money AS money
    JOIN hand__active AS active USING (customer_id)
    WHERE active.is_active
)

SELECT
    customer.customer_id,
    CASE
        WHEN ranked.share_above IS NULL THEN 'unknown'
        WHEN ranked.share_above < 0.8 THEN 'A'
        WHEN ranked.share_above < 0.95 THEN 'B'
        ELSE 'C'
    END AS value
FROM customer
LEFT JOIN ranked USING (customer_id)
