-- What holds a customer: contracts, points, services and cards in service, products that run, memberships.
WITH lines AS (
    SELECT
        customer_id,
        COUNT(*) AS lines,
        COUNT(*) FILTER (WHERE service_type = 'mobile') AS mobile,
        COUNT(*) FILTER (WHERE service_type = 'broadband') AS broadband,
        COUNT(*) FILTER (WHERE service_type IN ('fixed', 'iptv')) AS other_home,
        COUNT(*) FILTER (WHERE is_sub_card) AS sub_cards,
        BOOL_OR(under_contract) AS under_contract,
        BOOL_OR(under_contract AND payment_method = 'prepaid') AS contract_on_prepaid,
        MIN(contract_end_on - as_of()) FILTER (WHERE under_contract) AS days_to_end
    FROM hand__line_in_use
    GROUP BY customer_id
),

contracts AS (
    SELECT
        line.customer_id,
        BOOL_OR(contract.kind = 'prepaid_fee') AS prepaid_fees,
        BOOL_OR(contract.kind = 'handset') AS handset
    FROM contract
    JOIN hand__line_in_use AS line USING (line_id)
    WHERE contract.start_on <= as_of() AND contract.end_on >= as_of()
    GROUP BY line.customer_id
),

last_day AS (
    SELECT customer_id, MAX(balance) AS balance
    FROM (
        SELECT customer_id, balance, RANK() OVER (PARTITION BY customer_id ORDER BY moved_on DESC) AS back
        FROM points
        WHERE moved_on <= as_of() AND balance IS NOT NULL
    )
    WHERE back = 1
    GROUP BY customer_id
),

products AS (
    SELECT
        line.customer_id,
        COUNT(*) AS running,
        BOOL_OR(subscription.category = 'family_number') AS family_number,
        BOOL_OR(subscription.category IN ('group_network', 'group_ring_tone')) AS group_product
    FROM subscription
    JOIN line USING (line_id)
    WHERE subscription.started_on <= as_of() AND (subscription.ended_on IS NULL OR subscription.ended_on > as_of())
    GROUP BY line.customer_id
),

groups AS (
    SELECT
        customer_id,
        BOOL_OR(group_kind = 'household') AS household,
        BOOL_OR(group_kind = 'organisation') AS organisation
    FROM membership
    WHERE since_on <= as_of()
    GROUP BY customer_id
)

SELECT
    customer.customer_id,
    COALESCE(lines.lines, 0) AS lines,
    COALESCE(lines.sub_cards, 0) AS sub_cards,
    COALESCE(lines.mobile > 0 AND lines.broadband + lines.other_home > 0, FALSE) AS converged,
    COALESCE(lines.mobile > 0 AND lines.broadband > 0 AND lines.other_home > 0, FALSE) AS fully_converged,
    COALESCE(lines.under_contract, FALSE) AS under_contract,
    lines.days_to_end,
    COALESCE(lines.contract_on_prepaid, FALSE) OR COALESCE(contracts.prepaid_fees, FALSE) AS paid_ahead,
    COALESCE(contracts.handset, FALSE) AS handset_contract,
    COALESCE(last_day.balance, 0) AS points,
    COALESCE(products.running, 0) AS products,
    COALESCE(products.family_number, FALSE) AS family_number,
    COALESCE(products.group_product, FALSE) AS group_product,
    COALESCE(groups.household, FALSE) AS household,
    COALESCE(groups.organisation, FALSE) AS organisation
FROM customer
LEFT JOIN lines USING (customer_id)
LEFT JOIN contracts USING (customer_id)
LEFT JOIN last_day USING (customer_id)
LEFT JOIN products USING (customer_id)
LEFT JOIN groups USING (customer_id)
