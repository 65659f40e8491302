-- Of the lines in service whose latest contract has not ended, the days to the nearest end; missing when there is none.
SELECT
    customer.customer_id,
    MIN(datediff('day', as_of(), state.contract_end_on)) AS value
FROM customer
LEFT JOIN hand__line_state AS state ON state.customer_id = customer.customer_id
    AND state.in_service AND state.contract_end_on >= as_of()
GROUP BY customer.customer_id
