-- The main line: in service, highest charges of the last three complete months; of equal ones the oldest, then the first by id.
SELECT customer_id, line_id, activated_on
FROM (
    SELECT
        line.customer_id,
        line.line_id,
        line.activated_on,
        ROW_NUMBER() OVER (
            PARTITION BY line.customer_id
            ORDER BY COALESCE(SUM(bill.total), 0) DESC, line.activated_on, line.line_id
        ) AS place
    FROM line
    JOIN hand__line_state AS state USING (line_id)
    LEFT JOIN bill ON bill.line_id = line.line_id
        AND bill.month >= date_trunc('month', as_of() + 1) - INTERVAL 3 MONTH
        AND bill.month < date_trunc('month', as_of() + 1)
    WHERE state.in_service
    GROUP BY line.customer_id, line.line_id, line.activated_on
)
WHERE place = 1
