-- Days up to today on which no voice line in service had a call; 90 at most, and no more than since the oldest was activated.
WITH voice_line AS (
    SELECT line.customer_id, line.line_id, line.activated_on
    FROM line
    JOIN hand__line_state AS state USING (line_id)
    WHERE state.in_service AND line.service_type IN ('mobile', 'fixed')
),

last_call AS (
    SELECT line_id, MAX(day) AS on_day
    FROM usage
    WHERE calls_out + calls_in > 0 AND day BETWEEN as_of() - 89 AND as_of()
    GROUP BY line_id
)

SELECT
    customer.customer_id,
    CASE
        WHEN COUNT(voice_line.line_id) > 0 THEN LEAST(
            COALESCE(as_of() - MAX(last_call.on_day), 90),
            as_of() - MIN(voice_line.activated_on) + 1
        )
    END AS value
FROM customer
LEFT JOIN voice_line ON voice_line.customer_id = customer.customer_id
LEFT JOIN last_call ON last_call.line_id = voice_line.line_id
GROUP BY customer.customer_id
