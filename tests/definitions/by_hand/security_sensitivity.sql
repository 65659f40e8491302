-- Of 100 points: a security product that runs 35, tickets about fraud, privacy or the real name in a year 25, a number lock that
-- runs 15, an organisation with secrets 15, a role of authority 10.
WITH products AS (
    SELECT
        line.customer_id,
        BOOL_OR(subscription.category = 'security') AS security,
        BOOL_OR(subscription.product LIKE '%锁%' OR subscription.product LIKE '%lock%') AS number_lock
    FROM subscription
    JOIN line USING (line_id)
    WHERE subscription.started_on <= as_of() AND (subscription.ended_on IS NULL OR subscription.ended_on > as_of())
    GROUP BY line.customer_id
),

roles AS (
    SELECT
        membership.customer_id,
        BOOL_OR(customer_group.secrecy_level IN ('confidential', 'secret')) AS secrets,
        BOOL_OR(membership.role IN ('decision_maker', 'key_person')) AS authority
    FROM membership
    LEFT JOIN customer_group ON customer_group.customer_group_id = membership.customer_group_id
        AND customer_group.founded_on <= as_of()
    WHERE membership.since_on <= as_of()
    GROUP BY membership.customer_id
)

SELECT
    year.customer_id,
    CASE WHEN products.security THEN 35 ELSE 0 END
    + CASE WHEN year.security_tickets > 0 THEN 25 ELSE 0 END
    + CASE WHEN products.number_lock THEN 15 ELSE 0 END
    + CASE WHEN roles.secrets THEN 15 ELSE 0 END
    + CASE WHEN roles.authority THEN 10 ELSE 0 END AS value
FROM hand__year AS year
LEFT JOIN products USING (customer_id)
LEFT JOIN roles USING (customer_id)
