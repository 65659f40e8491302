-- By ARPU of the last three complete months: high from 150 yuan, mid from 100, low from 20, minimal below.
SELECT
    customer_id,
    CASE
        WHEN revenue >= 3 * 150 THEN 'high'
        WHEN revenue >= 3 * 100 THEN 'mid'
        WHEN revenue >= 3 * 20 THEN 'low'
        ELSE 'minimal'
    END AS value
FROM hand__quarter_money
