-- Services by how much they are used a month, of three months, against 200 minutes, 10,000 MB, 30 messages, 10 yuan each; one
-- not used is left out, of equal ones the first of voice, data, messages, long distance, roaming, added services.
WITH used AS (
    SELECT
        quarter.customer_id,
        -- Exact: of 600 minutes, 30,000 MB, 90 messages, 30 yuan in three months, each as ninety-thousandths.
        UNNEST([
            {'place': 1, 'service': 'voice', 'strength': (quarter.minutes * 150)::DECIMAL(30, 3)},
            {'place': 2, 'service': 'data', 'strength': (quarter.data_mb * 3)::DECIMAL(30, 3)},
            {'place': 3, 'service': 'sms', 'strength': (quarter.sms * 1000)::DECIMAL(30, 3)},
            {'place': 4, 'service': 'long_distance', 'strength': (money.long_distance_fees * 3000)::DECIMAL(30, 3)},
            {'place': 5, 'service': 'roaming', 'strength': (money.roaming_fees * 3000)::DECIMAL(30, 3)},
            {'place': 6, 'service': 'vas', 'strength': (money.vas_fees * 3000)::DECIMAL(30, 3)}
        ], recursive := TRUE)
    FROM hand__quarter_usage AS quarter
    JOIN hand__quarter_money AS money USING (customer_id)
)

SELECT
    customer_id,
    COALESCE(LIST(service ORDER BY strength DESC, place) FILTER (WHERE strength > 0), []) AS value
FROM used
GROUP BY customer_id
