-- Months running, the last complete one first, two at most, in which a line in service was billed less than the fee on the bill
-- or than the commitment of a contract in force now that began before that month; of several lines the longest run.
WITH month AS (
    SELECT back, (date_trunc('month', as_of() + 1) - back * INTERVAL 1 MONTH)::DATE AS starts_on
    FROM (VALUES (1), (2)) AS months (back)
),

charged AS (
    SELECT line_id, month AS starts_on, SUM(total) AS total, BOOL_OR(total < plan_fee) AS below_fee
    FROM bill
    GROUP BY line_id, month
),

commitment AS (
    SELECT contract.line_id, month.back, MAX(contract.committed_monthly) AS committed
    FROM contract
    JOIN month ON contract.start_on < month.starts_on
    WHERE contract.end_on >= as_of()
    GROUP BY contract.line_id, month.back
),

run AS (
    SELECT
        state.customer_id,
        state.line_id,
        BOOL_OR(month.back = 1 AND (charged.below_fee OR charged.total < COALESCE(commitment.committed, 0))) AS below_last,
        BOOL_OR(month.back = 2 AND (charged.below_fee OR charged.total < COALESCE(commitment.committed, 0))) AS below_before
    FROM hand__line_state AS state
    JOIN charged USING (line_id)
    JOIN month USING (starts_on)
    LEFT JOIN commitment ON commitment.line_id = state.line_id AND commitment.back = month.back
    WHERE state.in_service
    GROUP BY state.customer_id, state.line_id
)

SELECT
    customer.customer_id,
    MAX(CASE WHEN run.below_last AND run.below_before THEN 2 WHEN run.below_last THEN 1 ELSE 0 END) AS value
FROM customer
LEFT JOIN run ON run.customer_id = customer.customer_id
GROUP BY customer.customer_id
