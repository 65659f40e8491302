-- Charges of the last three complete months (August to October), all lines of a customer, by three; 0 without a bill.
SELECT
    customer.customer_id,
    COALESCE(SUM(bill.total), 0)::DOUBLE / 3 AS value
FROM customer
LEFT JOIN line ON line.customer_id = customer.customer_id
LEFT JOIN bill ON bill.line_id = line.line_id
    AND bill.month >= date_trunc('month', as_of() + 1) - INTERVAL 3 MONTH
    AND bill.month < date_trunc('month', as_of() + 1)
GROUP BY customer.customer_id
