-- Each customer: how many lines there ever were, and how many are in service.
SELECT
    customer.customer_id,
    COUNT(state.line_id) AS lines,
    COUNT(state.line_id) FILTER (WHERE state.in_service) AS lines_active,
    lines_active > 0 AS is_active
FROM customer
LEFT JOIN hand__line_state AS state ON state.customer_id = customer.customer_id
GROUP BY customer.customer_id
