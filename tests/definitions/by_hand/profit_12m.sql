-- Revenue of twelve months less its full cost.
SELECT revenue.customer_id, revenue.value - cost.value AS value
FROM hand_revenue_12m AS revenue
JOIN hand_cost_12m AS cost USING (customer_id)
