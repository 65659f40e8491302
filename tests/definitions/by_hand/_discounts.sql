-- Discounts of the last three complete months as a share of the charges before them, six decimals; missing without charges.
SELECT
    customer_id,
    revenue,
    plan_fees,
    ROUND(discounts::DOUBLE / NULLIF(charges, 0), 6) AS discount_share
FROM hand__quarter_money
