-- By the risk score: low from 1, medium from 10, high from 20, critical from 35; unknown without a line in service.
SELECT
    customer_id,
    CASE
        WHEN value IS NULL THEN 'unknown'
        WHEN value >= 35 THEN 'critical'
        WHEN value >= 20 THEN 'high'
        WHEN value >= 10 THEN 'medium'
        WHEN value >= 1 THEN 'low'
        ELSE 'none'
    END AS value
FROM hand_churn_risk_score
