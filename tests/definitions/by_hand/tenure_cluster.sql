-- By the whole months since the main line was activated: up to 6, up to 12, more; unknown without a line in service.
WITH tenure AS (
    SELECT customer.customer_id, datesub('month', main.activated_on, as_of()) AS months
    FROM customer
    LEFT JOIN hand__main_line AS main USING (customer_id)
)

SELECT
    customer_id,
    CASE
        WHEN months <= 6 THEN 'to_6_months'
        WHEN months <= 12 THEN 'to_12_months'
        WHEN months > 12 THEN 'over_12_months'
        ELSE 'unknown'
    END AS value
FROM tenure
