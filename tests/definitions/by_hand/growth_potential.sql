-- Of 100 points, 0 without a line in service: less than 70 % of the household's known lines with us 20, less than 40 % 15 more;
-- usage up by a tenth on the quarter before 20, by 30 % 15 more; a plan used up by 80 % with a higher one left 20; bills of 1.2
-- times the fees 10.
WITH group_share AS (
    SELECT
        customer_group.customer_group_id,
        SUM(active.lines_active)::DOUBLE / NULLIF(ANY_VALUE(customer_group.known_lines), 0) AS share
    FROM customer_group
    JOIN membership USING (customer_group_id)
    JOIN hand__active AS active ON active.customer_id = membership.customer_id
    WHERE membership.since_on <= as_of() AND customer_group.founded_on <= as_of()
    GROUP BY customer_group.customer_group_id
),

customer_share AS (
    SELECT
        membership.customer_id,
        COALESCE(
            MIN(group_share.share) FILTER (WHERE membership.group_kind = 'household'),
            MIN(group_share.share) FILTER (WHERE membership.group_kind = 'organisation')
        ) AS share
    FROM membership
    JOIN group_share USING (customer_group_id)
    WHERE membership.since_on <= as_of()
    GROUP BY membership.customer_id
),

-- A customer of less than six months has no whole quarter before.
trend AS (
    SELECT
        used.customer_id,
        ROUND(GREATEST(
            used.minutes::DOUBLE / NULLIF(used.minutes_before, 0) - 1,
            used.data_mb::DOUBLE / NULLIF(used.data_mb_before, 0) - 1
        ), 6) AS rise
    FROM hand__quarter_usage AS used
    JOIN hand_tenure_months AS tenure USING (customer_id)
    WHERE tenure.value >= 6
),

full_plan AS (
    SELECT DISTINCT line.customer_id
    FROM hand__line_in_use AS line
    JOIN hand__line_quarter_usage AS used USING (line_id)
    WHERE line.plan_tier IN ('basic', 'standard')
        AND ROUND(GREATEST(
            used.minutes::DOUBLE / 3 / NULLIF(line.included_minutes, 0),
            used.data_mb::DOUBLE / 3 / NULLIF(line.included_mb, 0)
        ), 6) >= 0.8
)

SELECT
    active.customer_id,
    CASE
        WHEN NOT active.is_active THEN 0
        ELSE CASE WHEN customer_share.share < 0.7 THEN 20 ELSE 0 END
            + CASE WHEN customer_share.share < 0.4 THEN 15 ELSE 0 END
            + CASE WHEN trend.rise >= 0.1 THEN 20 ELSE 0 END
            + CASE WHEN trend.rise >= 0.3 THEN 15 ELSE 0 END
            + CASE WHEN full_plan.customer_id IS NOT NULL THEN 20 ELSE 0 END
            + CASE WHEN money.revenue > 0 AND money.revenue >= 1.2 * money.plan_fees THEN 10 ELSE 0 END
    END AS value
FROM hand__active AS active
JOIN hand__quarter_money AS money USING (customer_id)
LEFT JOIN customer_share USING (customer_id)
LEFT JOIN trend USING (customer_id)
LEFT JOIN full_plan USING (customer_id)
