-- The same usage of all lines of a customer; 0 without any.
SELECT
    customer.customer_id,
    COALESCE(SUM(used.minutes), 0) AS minutes,
    COALESCE(SUM(used.data_mb), 0) AS data_mb,
    COALESCE(SUM(used.sms), 0) AS sms,
    COALESCE(SUM(used.minutes_before), 0) AS minutes_before,
    COALESCE(SUM(used.data_mb_before), 0) AS data_mb_before
FROM customer
LEFT JOIN line ON line.customer_id = customer.customer_id
LEFT JOIN hand__line_quarter_usage AS used ON used.line_id = line.line_id
GROUP BY customer.customer_id
