SELECT
    manager_id,
    AVG((visited_on IS NOT NULL AND visited_on <= as_of())::INTEGER) FILTER (WHERE planned_on BETWEEN as_of() - 89 AND as_of())
        AS value
FROM manager
LEFT JOIN visit USING (manager_id)
GROUP BY manager_id
