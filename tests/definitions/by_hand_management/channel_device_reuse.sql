SELECT channel_id, (COUNT(device_id) - COUNT(DISTINCT device_id)) / NULLIF(COUNT(device_id), 0) AS value
FROM channel
LEFT JOIN (FROM hand__1_lines WHERE recent) USING (channel_id)
GROUP BY channel_id
