SELECT unit_id, AVG(now::INTEGER) FILTER (WHERE year_ago) AS value
FROM unit
LEFT JOIN customer USING (unit_id)
LEFT JOIN hand__4_states USING (customer_id)
GROUP BY unit_id
