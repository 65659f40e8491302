SELECT unit_id, AVG(satisfaction) FILTER (WHERE opened_on BETWEEN as_of() - 89 AND as_of() AND closed_on <= as_of()) AS value
FROM unit
LEFT JOIN customer USING (unit_id)
LEFT JOIN ticket USING (customer_id)
GROUP BY unit_id
