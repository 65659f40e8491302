SELECT
    channel_id,
    coalesce(SUM(0.4 + 0.3 * (months >= 3)::INTEGER + 0.3 * (months >= 6)::INTEGER), 0) * any_value(coalesce(unit_award, 30)) AS value
FROM channel
LEFT JOIN hand__1_lines USING (channel_id)
GROUP BY channel_id
