WITH early AS (
    SELECT DISTINCT account_id
    FROM hand__2_invoices
    WHERE date_diff('month', opened_on, due_on) - (day(opened_on) > day(due_on))::INTEGER <= 3
)
SELECT
    channel_id,
    AVG((date_diff('day', account.opened_on, as_of()) < 180 AND early.account_id IS NOT NULL)::INTEGER)
        FILTER (WHERE recent) AS value
FROM channel
LEFT JOIN hand__1_lines AS l USING (channel_id)
LEFT JOIN account ON account.account_id = l.account_id
LEFT JOIN early ON early.account_id = l.account_id
GROUP BY channel_id
