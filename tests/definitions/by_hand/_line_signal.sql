-- Lines in service that show a strong signal of churn: minutes and data both down by half against the mean of the three months
-- before, a call to a rival's hotline in 30 days, the last two bills below fee or commitment; or whose customer asked about
-- porting out, or refused to stay, in 90 days. Beside it the fall of the minutes, and the last day in 90 with a call out.
WITH fallen AS (
    SELECT
        line_id,
        ROUND(1 - COALESCE(minutes_last, 0)::DOUBLE / NULLIF(minutes_before::DOUBLE / 3, 0), 6) AS minutes,
        ROUND(1 - COALESCE(data_last, 0)::DOUBLE / NULLIF(data_before::DOUBLE / 3, 0), 6) AS data
    FROM hand__line_usage
),

called AS (
    SELECT
        line_id,
        SUM(competitor_hotline_calls) FILTER (WHERE day > as_of() - 30) AS hotline_calls,
        MAX(day) FILTER (WHERE calls_out > 0) AS last_call_out
    FROM usage
    WHERE day BETWEEN as_of() - 89 AND as_of()
    GROUP BY line_id
),

short_bill AS (
    SELECT bill.line_id, COUNT(DISTINCT bill.month) AS months
    FROM bill
    LEFT JOIN contract ON contract.line_id = bill.line_id AND contract.start_on < bill.month AND contract.end_on >= as_of()
    WHERE bill.month >= date_trunc('month', as_of() + 1) - INTERVAL 2 MONTH
        AND bill.month < date_trunc('month', as_of() + 1)
        AND (bill.total < bill.plan_fee OR bill.total < contract.committed_monthly)
    GROUP BY bill.line_id
),

going AS (
    SELECT customer_id FROM ticket WHERE kind = 'port_out' AND opened_on BETWEEN as_of() - 89 AND as_of()
    UNION
    SELECT customer_id
    FROM contact
    WHERE purpose = 'retention' AND outcome = 'refused' AND "on" BETWEEN as_of() - 89 AND as_of()
)

SELECT
    line.line_id,
    COALESCE(LEAST(fallen.minutes, fallen.data) >= 0.5, FALSE)
    OR COALESCE(called.hotline_calls, 0) >= 1
    OR COALESCE(short_bill.months, 0) >= 2
    OR going.customer_id IS NOT NULL AS strong,
    fallen.minutes AS minutes_fall,
    called.last_call_out
FROM hand__line_in_use AS line
LEFT JOIN fallen USING (line_id)
LEFT JOIN called USING (line_id)
LEFT JOIN short_bill USING (line_id)
LEFT JOIN going ON going.customer_id = line.customer_id
