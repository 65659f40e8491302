-- Three bonds of 100 points each, weighed 40, 25, 35; 0 without a line in service. Financial: contract 30, more than 180 days
-- left 15, 500 points 20, money paid ahead 15, a discount of a tenth 20. Social: household 30, organisation 20, family number
-- 15, VIP club 15, own manager 20. Structural: mobile with services at home 30, all of them 15, two lines 10, sub-cards 10,
-- group products 15, a device bought with a contract that runs 10, three products 10.
WITH bonds AS (
    SELECT
        customer.customer_id,
        CASE WHEN held.under_contract THEN 30 ELSE 0 END
        + CASE WHEN held.days_to_end > 180 THEN 15 ELSE 0 END
        + CASE WHEN held.points >= 500 THEN 20 ELSE 0 END
        + CASE WHEN held.paid_ahead THEN 15 ELSE 0 END
        + CASE WHEN money.discount_share >= 0.1 THEN 20 ELSE 0 END AS financial,
        CASE WHEN held.household THEN 30 ELSE 0 END
        + CASE WHEN held.organisation THEN 20 ELSE 0 END
        + CASE WHEN held.family_number THEN 15 ELSE 0 END
        + CASE WHEN customer.vip_level IN ('silver', 'gold', 'diamond') THEN 15 ELSE 0 END
        + CASE WHEN customer.manager_id IS NOT NULL THEN 20 ELSE 0 END AS social,
        CASE WHEN held.converged THEN 30 ELSE 0 END
        + CASE WHEN held.fully_converged THEN 15 ELSE 0 END
        + CASE WHEN held.lines >= 2 THEN 10 ELSE 0 END
        + CASE WHEN held.sub_cards > 0 THEN 10 ELSE 0 END
        + CASE WHEN held.group_product THEN 15 ELSE 0 END
        + CASE WHEN held.handset_contract THEN 10 ELSE 0 END
        + CASE WHEN held.products >= 3 THEN 10 ELSE 0 END AS structural
    FROM customer
    JOIN hand__holdings AS held USING (customer_id)
    JOIN hand__discounts AS money USING (customer_id)
)

SELECT
    bonds.customer_id,
    CASE WHEN active.is_active THEN (40 * financial + 25 * social + 35 * structural) / 100.0::DOUBLE ELSE 0 END AS value
FROM bonds
JOIN hand__active AS active USING (customer_id)
