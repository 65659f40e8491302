-- The lesser fall of outgoing minutes and data, all lines, last complete month against the mean of the three before it.
WITH used AS (
    SELECT
        line.customer_id,
        COALESCE(SUM(used.minutes_last), 0)::DOUBLE AS minutes_last,
        SUM(used.minutes_before)::DOUBLE / 3 AS minutes_mean,
        COALESCE(SUM(used.data_last), 0)::DOUBLE AS data_last,
        SUM(used.data_before)::DOUBLE / 3 AS data_mean
    FROM line
    JOIN hand__line_usage AS used USING (line_id)
    GROUP BY line.customer_id
)

SELECT
    customer.customer_id,
    ROUND(LEAST(1 - used.minutes_last / NULLIF(used.minutes_mean, 0), 1 - used.data_last / NULLIF(used.data_mean, 0)), 6) AS value
FROM customer
LEFT JOIN used USING (customer_id)
