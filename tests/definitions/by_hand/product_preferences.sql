-- The five categories of products ever taken that count most, one that runs counting twice; of equal ones in the order of the
-- categories.
WITH taken AS (
    SELECT
        line.customer_id,
        subscription.category,
        SUM(CASE WHEN subscription.ended_on <= as_of() THEN 1 ELSE 2 END) AS weight
    FROM subscription
    JOIN line USING (line_id)
    WHERE subscription.started_on <= as_of()
    GROUP BY line.customer_id, subscription.category
)

SELECT
    customer.customer_id,
    COALESCE(
        LIST(
            taken.category
            ORDER BY taken.weight DESC, LIST_POSITION(
                [
                    'newspaper', 'mailbox', 'wifi', 'long_distance', 'roaming', 'ring_tone', 'weather', 'assistant', 'sms_pack',
                    'data_pack', 'family_number', 'group_network', 'group_ring_tone', 'security', 'cloud', 'video'
                ],
                taken.category
            )
        ) FILTER (WHERE taken.category IS NOT NULL),
        []
    )[:5] AS value
FROM customer
LEFT JOIN taken ON taken.customer_id = customer.customer_id
GROUP BY customer.customer_id
