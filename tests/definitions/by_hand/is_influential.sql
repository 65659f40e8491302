-- Two points or more of: decision maker 3, key person 2, household head 1, leads a group of 50 members 1, three referrals in a
-- year 2, 3000 yuan of a year's charges of those ever referred 0.5, top decile of the active customers by people spoken with a
-- day 0.5.
WITH roles AS (
    SELECT
        membership.customer_id,
        BOOL_OR(membership.role = 'decision_maker') AS decides,
        BOOL_OR(membership.role = 'key_person') AS is_key,
        BOOL_OR(membership.role = 'head') AS heads,
        MAX(size.members) FILTER (WHERE membership.role IN ('decision_maker', 'key_person')) AS led
    FROM membership
    LEFT JOIN (
        SELECT membership.customer_group_id, COUNT(*) AS members
        FROM membership
        JOIN customer_group USING (customer_group_id)
        WHERE membership.since_on <= as_of() AND customer_group.founded_on <= as_of()
        GROUP BY membership.customer_group_id
    ) AS size USING (customer_group_id)
    WHERE membership.since_on <= as_of()
    GROUP BY membership.customer_id
),

brought AS (
    SELECT
        referral.customer_id,
        COUNT(*) FILTER (WHERE referral.referred_on > as_of() - 365) AS within_year,
        SUM(spent.revenue) AS revenue
    FROM referral
    LEFT JOIN (
        SELECT line.customer_id, SUM(bill.total) AS revenue
        FROM bill
        JOIN line USING (line_id)
        WHERE bill.month >= date_trunc('month', as_of() + 1) - INTERVAL 12 MONTH AND bill.month < date_trunc('month', as_of() + 1)
        GROUP BY line.customer_id
    ) AS spent ON spent.customer_id = referral.referred_id
    WHERE referral.referred_on <= as_of()
    GROUP BY referral.customer_id
),

peers AS (
    SELECT customer_id, 100 * (RANK() OVER (ORDER BY a_day) - 1)::DOUBLE / COUNT(*) OVER () AS percentile
    FROM (
        SELECT line.customer_id, SUM(usage.distinct_peers)::DOUBLE / COUNT(*) AS a_day
        FROM usage
        JOIN line USING (line_id)
        JOIN hand__active AS active ON active.customer_id = line.customer_id AND active.is_active
        WHERE usage.day >= date_trunc('month', as_of() + 1) - INTERVAL 3 MONTH AND usage.day < date_trunc('month', as_of() + 1)
            AND usage.distinct_peers > 0
        GROUP BY line.customer_id
    )
)

SELECT
    customer.customer_id,
    (
        CASE WHEN roles.decides THEN 3 ELSE 0 END
        + CASE WHEN roles.is_key THEN 2 ELSE 0 END
        + CASE WHEN roles.heads THEN 1 ELSE 0 END
        + CASE WHEN roles.led >= 50 THEN 1 ELSE 0 END
        + CASE WHEN brought.within_year >= 3 THEN 2 ELSE 0 END
        + CASE WHEN brought.revenue >= 3000 THEN 0.5 ELSE 0 END
        + CASE WHEN peers.percentile >= 90 THEN 0.5 ELSE 0 END
    ) >= 2 AS value
FROM customer
LEFT JOIN roles USING (customer_id)
LEFT JOIN brought USING (customer_id)
LEFT JOIN peers USING (customer_id)
