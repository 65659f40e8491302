WITH ends AS (
    SELECT
        l.line_id, customer_id,
        bool_or(date_diff('day', end_on, as_of()) BETWEEN 1 AND 90 AND (in_service OR deactivated_on >= end_on)) AS came_due,
        bool_or(in_service) AND MAX(end_on) >= as_of() AS bound
    FROM hand__1_lines AS l
    JOIN contract ON contract.line_id = l.line_id AND start_on <= as_of()
    GROUP BY ALL
)
SELECT unit_id, AVG(bound::INTEGER) FILTER (WHERE came_due) AS value
FROM unit
LEFT JOIN customer USING (unit_id)
LEFT JOIN ends USING (customer_id)
GROUP BY unit_id
