-- The three channels a customer answers on most in 365 days: an offer accepted 3, coming to us 2, being reached 1; of equal ones
-- in the order SMS, call, app, store, web, visit, kiosk.
WITH answers AS (
    SELECT
        customer_id,
        channel,
        SUM(CASE WHEN outcome = 'accepted' THEN 3 WHEN direction = 'in' THEN 2 WHEN outcome = 'reached' THEN 1 ELSE 0 END) AS weight
    FROM contact
    WHERE "on" BETWEEN as_of() - 364 AND as_of()
    GROUP BY customer_id, channel
    HAVING weight > 0
)

SELECT
    customer.customer_id,
    COALESCE(
        LIST(
            answers.channel
            ORDER BY answers.weight DESC, LIST_POSITION(['sms', 'call', 'app', 'store', 'web', 'visit', 'kiosk'], answers.channel)
        ) FILTER (WHERE answers.channel IS NOT NULL),
        []
    )[:3] AS value
FROM customer
LEFT JOIN answers ON answers.customer_id = customer.customer_id
GROUP BY customer.customer_id
