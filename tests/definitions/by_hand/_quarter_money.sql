-- Bills of the last three complete months, all lines of a customer, and the total of the three months before. 0 without one.
SELECT
    customer.customer_id,
    COALESCE(SUM(bill.total) FILTER (WHERE recent), 0) AS revenue,
    COALESCE(SUM(bill.total) FILTER (WHERE NOT recent), 0) AS revenue_before,
    COALESCE(SUM(bill.plan_fee) FILTER (WHERE recent), 0) AS plan_fees,
    COALESCE(SUM(bill.voice_long_distance) FILTER (WHERE recent), 0) AS long_distance_fees,
    COALESCE(SUM(bill.voice_roaming) FILTER (WHERE recent), 0) AS roaming_fees,
    COALESCE(SUM(bill.vas) FILTER (WHERE recent), 0) AS vas_fees,
    COALESCE(SUM(bill.discount) FILTER (WHERE recent), 0) AS discounts,
    COALESCE(SUM(
        bill.plan_fee + bill.voice_local + bill.voice_long_distance + bill.voice_roaming
        + bill.data + bill.sms + bill.vas + bill.other
    ) FILTER (WHERE recent), 0) AS charges
FROM customer
LEFT JOIN line ON line.customer_id = customer.customer_id
LEFT JOIN (
    SELECT *, month >= date_trunc('month', as_of() + 1) - INTERVAL 3 MONTH AS recent
    FROM bill
    WHERE month >= date_trunc('month', as_of() + 1) - INTERVAL 6 MONTH AND month < date_trunc('month', as_of() + 1)
) AS bill ON bill.line_id = line.line_id
GROUP BY customer.customer_id
