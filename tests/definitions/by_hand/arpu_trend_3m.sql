-- Charges of the last three complete months against the three before them: 0.5 is half as much again; missing without any
-- before.
SELECT customer_id, ROUND(revenue::DOUBLE / NULLIF(revenue_before, 0) - 1, 6) AS value
FROM hand__quarter_money
