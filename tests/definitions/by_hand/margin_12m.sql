-- Profit of twelve months by revenue, to six decimals; missing without revenue.
SELECT profit.customer_id, ROUND(profit.value::DOUBLE / NULLIF(revenue.value, 0)::DOUBLE, 6) AS value
FROM hand_profit_12m AS profit
JOIN hand_revenue_12m AS revenue USING (customer_id)
