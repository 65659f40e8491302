-- Bills of the last twelve complete months, all lines of a customer: how many, what was billed, and each cost; 0 without one.
SELECT
    customer.customer_id,
    COUNT(bill.line_id) AS bills,
    COALESCE(SUM(bill.total), 0) AS revenue,
    COALESCE(SUM(bill.discount), 0) AS discount,
    COALESCE(SUM(bill.interconnect), 0) AS interconnect,
    COALESCE(SUM(bill.network_share), 0) AS network_share,
    COALESCE(SUM(bill.staff), 0) AS staff,
    COALESCE(SUM(bill.promotion), 0) AS promotion,
    COALESCE(SUM(bill.device_subsidy_amortised), 0) AS device_subsidy,
    COALESCE(SUM(bill.fee_subsidy), 0) AS fee_subsidy,
    COALESCE(SUM(bill.service_cost), 0) AS service_cost,
    COALESCE(SUM(bill.commission), 0) AS commission
FROM customer
LEFT JOIN line ON line.customer_id = customer.customer_id
LEFT JOIN bill ON bill.line_id = line.line_id
    AND bill.month >= date_trunc('month', as_of() + 1) - INTERVAL 12 MONTH
    AND bill.month < date_trunc('month', as_of() + 1)
GROUP BY customer.customer_id
