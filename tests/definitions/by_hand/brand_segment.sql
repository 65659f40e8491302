-- ARPU of 100 yuan or more is premium, with gold or diamond premium VIP; else aged 25 or less is youth; a local tariff local;
-- the rest mass.
SELECT
    customer.customer_id,
    CASE
        WHEN money.revenue >= 3 * 100 AND customer.vip_level IN ('gold', 'diamond') THEN 'premium_vip'
        WHEN money.revenue >= 3 * 100 THEN 'premium'
        WHEN customer.birth_date + INTERVAL 26 YEAR > as_of() THEN 'youth'
        WHEN customer.brand = 'local' THEN 'local'
        ELSE 'mass'
    END AS value
FROM customer
JOIN hand__quarter_money AS money USING (customer_id)
