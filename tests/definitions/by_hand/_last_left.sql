-- The day the last line of a customer left, and the service most lines that left on that day were, of equally many the first of
-- mobile, fixed, broadband, television; who lost none is absent.
WITH gone AS (
    SELECT
        customer_id,
        service_type,
        deactivated_on,
        COUNT(*) AS lines,
        MAX(deactivated_on) OVER (PARTITION BY customer_id) AS last_on
    FROM line
    WHERE deactivated_on <= as_of()
    GROUP BY customer_id, service_type, deactivated_on
)

SELECT customer_id, deactivated_on AS left_on, service_type
FROM gone
WHERE deactivated_on = last_on
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY customer_id
    ORDER BY lines DESC, list_position(['mobile', 'fixed', 'broadband', 'iptv'], service_type)
) = 1
