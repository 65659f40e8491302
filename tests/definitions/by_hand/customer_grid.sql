-- First of the five classes that holds, among customers with a line in service and a bill in twelve months; unknown outside.
SELECT
    profit.customer_id,
    CASE
        WHEN place.customer_id IS NULL THEN 'unknown'
        WHEN profit.value <= 0 THEN 'bleeding'
        WHEN margin.value < 0.05 AND place.service_cost >= 80 AND trend.value <= 0 THEN 'bleeding'
        WHEN place.revenue >= 80 AND place.meaning >= 50 THEN 'large_premium'
        WHEN place.revenue < 50 AND (place.margin >= 60 OR place.meaning >= 80) THEN 'small_premium'
        WHEN place.revenue >= 50 THEN 'average'
        ELSE 'small_ordinary'
    END AS value
FROM hand_profit_12m AS profit
JOIN hand_margin_12m AS margin USING (customer_id)
JOIN hand_arpu_trend_3m AS trend USING (customer_id)
LEFT JOIN hand__grid_place AS place USING (customer_id)
