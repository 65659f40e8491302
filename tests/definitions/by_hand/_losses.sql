-- Of each customer, by cause, what it took in twelve months beyond its normal share of revenue before discounts; in speculative
-- lines all that was put in. Causes in the order that settles equal losses.
-- Amounts are cast: a union of decimals of several scales would round them to cents.
WITH put_in AS (
    SELECT
        customer_id,
        SUM(put_in) FILTER (WHERE speculative) AS speculative,
        SUM(put_in) FILTER (WHERE NOT speculative AND under_contract) AS bound,
        SUM(put_in) FILTER (WHERE NOT speculative AND NOT under_contract) AS free
    FROM hand__line_put_in
    GROUP BY customer_id
),

account AS (
    SELECT money.*, revenue + discount AS gross, put_in.speculative, put_in.bound, put_in.free
    FROM hand__money_12m AS money
    LEFT JOIN put_in USING (customer_id)
)

SELECT customer_id, 1 AS place, 'price_too_low' AS cause, (network_share + staff - 0.6 * gross)::DECIMAL(18, 4) AS amount
FROM account
UNION ALL
SELECT customer_id, 2, 'discount_too_deep', (discount - 0.1 * gross)::DECIMAL(18, 4) FROM account
UNION ALL
SELECT customer_id, 3, 'no_commitment', (COALESCE(free, 0) - 0.05 * gross)::DECIMAL(18, 4) FROM account
UNION ALL
SELECT customer_id, 4, 'product_mix', (interconnect - 0.12 * gross)::DECIMAL(18, 4) FROM account
UNION ALL
SELECT customer_id, 5, 'speculative_buying', COALESCE(speculative, 0)::DECIMAL(18, 4) FROM account
UNION ALL
SELECT customer_id, 6, 'service_cost', (service_cost - 0.08 * gross)::DECIMAL(18, 4) FROM account
UNION ALL
SELECT customer_id, 7, 'subsidy_not_recovered', (COALESCE(bound, 0) - 0.05 * gross)::DECIMAL(18, 4) FROM account
