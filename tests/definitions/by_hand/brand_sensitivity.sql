-- Of 100 points: the premium brand or a line on a premium plan 10, a device of 5000 yuan 15, three years with less than 3 %
-- discount 15, referrals in a year 25, points redeemed in a year 30, a VIP club 5.
WITH lines AS (
    SELECT customer_id, BOOL_OR(plan_tier = 'premium') AS premium_plan, MAX(device_price) AS dearest
    FROM hand__line_in_use
    GROUP BY customer_id
)

SELECT
    customer.customer_id,
    CASE WHEN customer.brand = 'premium' OR lines.premium_plan THEN 10 ELSE 0 END
    + CASE WHEN lines.dearest >= 5000 THEN 15 ELSE 0 END
    + CASE WHEN tenure.value >= 36 AND money.discount_share < 0.03 THEN 15 ELSE 0 END
    + CASE WHEN year.referrals > 0 THEN 25 ELSE 0 END
    + CASE WHEN year.redeemed > 0 THEN 30 ELSE 0 END
    + CASE WHEN customer.vip_level IN ('silver', 'gold', 'diamond') THEN 5 ELSE 0 END AS value
FROM customer
JOIN hand_tenure_months AS tenure USING (customer_id)
JOIN hand__discounts AS money USING (customer_id)
JOIN hand__year AS year USING (customer_id)
LEFT JOIN lines USING (customer_id)
