-- Calls to a competitor's hotline from any of the customer's lines, today and the 29 days before; 0 without one.
SELECT
    customer.customer_id,
    COALESCE(SUM(usage.competitor_hotline_calls), 0)::BIGINT AS value
FROM customer
LEFT JOIN line ON line.customer_id = customer.customer_id
LEFT JOIN usage ON usage.line_id = line.line_id AND usage.day BETWEEN as_of() - 29 AND as_of()
GROUP BY customer.customer_id
