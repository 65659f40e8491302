-- Money (the high tier) and influence: both is dual, money alone high-value, influence alone key, neither ordinary.
SELECT
    tier.customer_id,
    CASE
        WHEN tier.value = 'high' AND influence.value THEN 'dual'
        WHEN tier.value = 'high' THEN 'high_value'
        WHEN influence.value THEN 'key'
        ELSE 'ordinary'
    END AS value
FROM hand_value_tier AS tier
JOIN hand_is_influential AS influence USING (customer_id)
