WITH counted AS (
    SELECT
        channel_id,
        COUNT(*) OVER (PARTITION BY channel_id, activated_on) AS that_day,
        COUNT(*) OVER (PARTITION BY channel_id) AS all_days
    FROM hand__1_lines
    WHERE recent
)
SELECT channel_id, AVG((that_day >= 10 AND that_day >= 0.25 * all_days)::INTEGER) AS value
FROM channel
LEFT JOIN counted USING (channel_id)
GROUP BY channel_id
