-- Of a bleeding customer the cause with the largest loss beyond its normal share, of equal ones the first; none for the rest.
WITH largest AS (
    SELECT customer_id, cause
    FROM hand__losses
    QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY amount DESC, place) = 1
)

SELECT customer_id, CASE WHEN grid.value = 'bleeding' THEN largest.cause ELSE 'none' END AS value
FROM hand_customer_grid AS grid
JOIN largest USING (customer_id)
