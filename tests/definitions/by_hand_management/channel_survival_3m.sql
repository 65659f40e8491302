SELECT channel_id, AVG((months >= 3)::INTEGER) FILTER (WHERE age_months BETWEEN 3 AND 14) AS value
FROM channel
LEFT JOIN hand__1_lines USING (channel_id)
GROUP BY channel_id
