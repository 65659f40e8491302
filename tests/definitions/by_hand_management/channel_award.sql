WITH parts AS (
    SELECT
        channel_id,
        COUNT(*) FILTER (WHERE stands AND months >= 3) * any_value(coalesce(unit_award, 30)) AS quantity,
        coalesce(SUM(billed) FILTER (WHERE stands AND months >= 6), 0) * 0.02 AS revenue,
        coalesce(SUM(CASE
            WHEN device = 0 AND months >= 12 THEN 2 * billed
            WHEN device = 0 THEN 0
            WHEN months >= 24 THEN billed - device
            WHEN arrears > 0 THEN -device
            ELSE 0
        END), 0) * 0.05 AS profit,
        coalesce(SUM(arrears), 0) AS arrears,
        SUM(arrears) / NULLIF(SUM(billed), 0) AS rate
    FROM channel
    LEFT JOIN hand__3_awarded USING (channel_id)
    GROUP BY channel_id
)
SELECT
    channel_id,
    quantity + revenue + profit - CASE
        WHEN rate <= 0.05 OR (SELECT COUNT(*) FROM parts AS o WHERE o.rate < p.rate) < 0.5 * (SELECT COUNT(rate) FROM parts) THEN 0
        ELSE arrears
    END AS value
FROM parts AS p
