SELECT channel_id, (SELECT COUNT(*) FROM hand__1_lines AS l WHERE l.channel_id = c.channel_id AND recent) AS value FROM channel AS c
