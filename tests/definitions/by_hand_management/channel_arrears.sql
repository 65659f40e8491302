SELECT channel_id, coalesce(SUM(arrears), 0) AS value FROM channel LEFT JOIN hand__3_awarded USING (channel_id) GROUP BY channel_id
