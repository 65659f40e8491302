WITH load AS (
    SELECT manager_id, any_value(manager.unit_id) AS unit_id, COUNT(*) FILTER (WHERE now) AS customers
    FROM manager
    LEFT JOIN customer USING (manager_id)
    LEFT JOIN hand__4_states USING (customer_id)
    GROUP BY manager_id
)
SELECT manager_id, customers / NULLIF(AVG(customers) OVER (PARTITION BY unit_id), 0) AS value FROM load
