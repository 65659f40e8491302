-- Of 100 points: a year here 15, three years 20 more, stickiness of 40 or more 25, content (rates 4 or more, or did not complain
-- in a year) 15, refers others 15, redeems points 10; high from 60, medium from 33, unknown without a line in service.
WITH scored AS (
    SELECT
        active.customer_id,
        CASE
            WHEN active.is_active THEN
                CASE WHEN tenure.value >= 12 THEN 15 ELSE 0 END
                + CASE WHEN tenure.value >= 36 THEN 20 ELSE 0 END
                + CASE WHEN stickiness.value >= 40 THEN 25 ELSE 0 END
                + CASE WHEN year.satisfaction >= 4 OR year.complaints = 0 THEN 15 ELSE 0 END
                + CASE WHEN year.referrals > 0 THEN 15 ELSE 0 END
                + CASE WHEN year.redeemed > 0 THEN 10 ELSE 0 END
        END AS points
    FROM hand__active AS active
    JOIN hand_tenure_months AS tenure USING (customer_id)
    JOIN hand_stickiness AS stickiness USING (customer_id)
    JOIN hand__year AS year USING (customer_id)
)

SELECT
    customer_id,
    CASE WHEN points IS NULL THEN 'unknown' WHEN points >= 60 THEN 'high' WHEN points >= 33 THEN 'medium' ELSE 'low' END AS value
FROM scored
