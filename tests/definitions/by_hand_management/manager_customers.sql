SELECT manager_id, COUNT(*) FILTER (WHERE now) AS value
FROM manager
LEFT JOIN customer USING (manager_id)
LEFT JOIN hand__4_states USING (customer_id)
GROUP BY manager_id
