WITH used AS (
    SELECT DISTINCT line_id
    FROM usage
    WHERE day BETWEEN as_of() - 29 AND as_of() AND (calls_out > 0 OR calls_in > 0 OR sms_out > 0 OR data_mb > 0)
)
SELECT
    channel_id,
    AVG((
        in_service AND service_type IN ('mobile', 'fixed') AND date_diff('day', activated_on, as_of()) >= 30
        AND used.line_id IS NULL
    )::INTEGER) FILTER (WHERE recent) AS value
FROM channel
LEFT JOIN hand__1_lines AS l USING (channel_id)
LEFT JOIN used ON used.line_id = l.line_id
GROUP BY channel_id
