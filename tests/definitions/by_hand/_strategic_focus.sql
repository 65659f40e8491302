-- Of 100 points: an industry in focus, the own one or that of an organisation the customer is or stands for, 50; that organisation
-- confidential 15, secret 15 more; decision maker or key person of an organisation 20.
WITH stands_for AS (
    SELECT
        membership.customer_id,
        BOOL_OR(org.industry IN ('government', 'finance', 'energy', 'healthcare')) AS industry,
        BOOL_OR(org.secrecy_level IN ('confidential', 'secret')) AS confidential,
        BOOL_OR(org.secrecy_level = 'secret') AS secret,
        BOOL_OR(membership.role IN ('decision_maker', 'key_person')) AS key_person
    FROM membership
    JOIN customer USING (customer_id)
    LEFT JOIN customer_group AS org USING (customer_group_id)
    WHERE membership.group_kind = 'organisation' AND membership.since_on <= as_of()
        AND (membership.role IN ('decision_maker', 'key_person') OR customer.kind = 'organisation')
    GROUP BY membership.customer_id
)

SELECT
    customer.customer_id,
    CASE WHEN customer.industry IN ('government', 'finance', 'energy', 'healthcare') OR stands_for.industry THEN 50 ELSE 0 END
    + CASE WHEN stands_for.confidential THEN 15 ELSE 0 END
    + CASE WHEN stands_for.secret THEN 15 ELSE 0 END
    + CASE WHEN stands_for.key_person THEN 20 ELSE 0 END AS points
FROM customer
LEFT JOIN stands_for USING (customer_id)
