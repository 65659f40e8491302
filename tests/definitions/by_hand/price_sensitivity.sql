-- Of 100 points: discounts of 15 % of the charges 20, own moves to a cheaper plan 20, price tickets 15, offers accepted only
-- with a discount 10, bills within 2 % of the plan fees 10, devices of 1000 yuan at most 10, three invoices of six months paid
-- on the due day or the day before 5, three tariff pages viewed in 90 days 5, calls to a rival's hotline in 30 days 5.
WITH downgraded AS (
    SELECT DISTINCT line.customer_id
    FROM plan_change
    JOIN line USING (line_id)
    JOIN plan AS before ON before.plan_id = plan_change.from_plan_id
    JOIN plan AS after ON after.plan_id = plan_change.to_plan_id
    WHERE plan_change.asked_by_customer
        AND after.monthly_fee < before.monthly_fee
        AND plan_change.changed_on BETWEEN as_of() - 364 AND as_of()
),

devices AS (
    SELECT customer_id, MAX(device_price) AS dearest FROM hand__line_in_use GROUP BY customer_id
),

paid AS (
    SELECT account.customer_id, COUNT(*) AS just_in_time
    FROM payment
    JOIN account USING (account_id)
    WHERE payment.due_on >= date_trunc('month', as_of() + 1) - INTERVAL 6 MONTH
        AND payment.due_on < date_trunc('month', as_of() + 1)
        AND payment.paid_on <= as_of()
        AND payment.paid_on BETWEEN payment.due_on - 1 AND payment.due_on
    GROUP BY account.customer_id
),

viewed AS (
    SELECT customer_id, SUM(views) AS views
    FROM browse
    WHERE page_group = 'tariff' AND day BETWEEN as_of() - 89 AND as_of()
    GROUP BY customer_id
)

SELECT
    customer.customer_id,
    CASE WHEN money.discount_share >= 0.15 THEN 20 ELSE 0 END
    + CASE WHEN downgraded.customer_id IS NOT NULL THEN 20 ELSE 0 END
    + CASE WHEN year.price_tickets > 0 THEN 15 ELSE 0 END
    + CASE WHEN year.accepted_with_discount > 0 AND year.accepted_without = 0 THEN 10 ELSE 0 END
    + CASE WHEN money.plan_fees > 0 AND money.revenue BETWEEN money.plan_fees * 0.98 AND money.plan_fees * 1.02 THEN 10 ELSE 0 END
    + CASE WHEN devices.dearest <= 1000 THEN 10 ELSE 0 END
    + CASE WHEN paid.just_in_time >= 3 THEN 5 ELSE 0 END
    + CASE WHEN viewed.views >= 3 THEN 5 ELSE 0 END
    + CASE WHEN hotline.value > 0 THEN 5 ELSE 0 END AS value
FROM customer
JOIN hand__discounts AS money USING (customer_id)
JOIN hand__year AS year USING (customer_id)
JOIN hand_competitor_hotline_calls_30d AS hotline USING (customer_id)
LEFT JOIN downgraded USING (customer_id)
LEFT JOIN devices USING (customer_id)
LEFT JOIN paid USING (customer_id)
LEFT JOIN viewed USING (customer_id)
