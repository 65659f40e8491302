-- What lines under a running subsidised contract brought since the month it began, costs but the subsidies off, by the subsidy.
WITH subsidised AS (
    SELECT
        contract.line_id,
        SUM(COALESCE(contract.device_cost, 0) + COALESCE(contract.fee_subsidy, 0)) AS put_in,
        MIN(contract.start_on) AS since_on
    FROM contract
    WHERE contract.start_on <= as_of() AND contract.end_on >= as_of()
        AND COALESCE(contract.device_cost, 0) + COALESCE(contract.fee_subsidy, 0) > 0
    GROUP BY contract.line_id
),

recovered AS (
    SELECT
        bill.line_id,
        SUM(bill.total - bill.interconnect - bill.network_share - bill.staff - bill.promotion - bill.service_cost - bill.commission)
            AS amount
    FROM bill
    JOIN subsidised USING (line_id)
    WHERE bill.month >= date_trunc('month', subsidised.since_on) AND last_day(bill.month) <= as_of()
    GROUP BY bill.line_id
)

SELECT
    customer.customer_id,
    ROUND(COALESCE(SUM(recovered.amount), 0)::DOUBLE / SUM(subsidised.put_in)::DOUBLE, 6) AS value
FROM customer
LEFT JOIN line ON line.customer_id = customer.customer_id
LEFT JOIN subsidised ON subsidised.line_id = line.line_id
LEFT JOIN recovered ON recovered.line_id = line.line_id
GROUP BY customer.customer_id
