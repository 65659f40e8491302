SELECT unit_id, AVG((NOT now)::INTEGER) FILTER (WHERE month_ago) AS value
FROM unit
LEFT JOIN customer USING (unit_id)
LEFT JOIN hand__4_states USING (customer_id)
GROUP BY unit_id
