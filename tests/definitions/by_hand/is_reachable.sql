-- Active, with a phone, not asked to be left alone in the latest answer that says anything of it, and a yes as the latest answer
-- to some purpose on some channel; of two answers on one day the no counts.
WITH answered AS (
    SELECT
        customer_id,
        BOOL_OR(last_to_say AND do_not_contact) AS leave_alone,
        BOOL_OR(consents) AS consents
    FROM (
        SELECT
            customer_id,
            do_not_contact,
            since_on = MAX(since_on) FILTER (WHERE do_not_contact IS NOT NULL) OVER (PARTITION BY customer_id) AS last_to_say,
            since_on = MAX(since_on) OVER (PARTITION BY customer_id, purpose, channel_kind)
            AND BOOL_AND(status = 'granted') OVER (PARTITION BY customer_id, purpose, channel_kind, since_on) AS consents
        FROM consent
        WHERE since_on <= as_of()
    )
    GROUP BY customer_id
)

SELECT
    customer.customer_id,
    active.is_active
    AND customer.phone IS NOT NULL
    AND NOT COALESCE(answered.leave_alone, FALSE)
    AND COALESCE(answered.consents, FALSE) AS value
FROM customer
JOIN hand__active AS active USING (customer_id)
LEFT JOIN answered USING (customer_id)
