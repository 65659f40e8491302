-- First who came within 6 months and is at medium risk, then who shows a high-risk factor, then contracts ending after a year.
SELECT
    signals.customer_id,
    CASE
        WHEN NOT signals.is_active THEN 'unknown'
        WHEN cluster.value = 'to_6_months' AND score.value >= 10 THEN 'new_at_risk'
        WHEN factor.shown THEN 'high_risk_factor'
        WHEN cluster.value = 'over_12_months' AND (signals.contract_ending OR signals.contract_expired) THEN 'contract_ending'
        ELSE 'none'
    END AS value
FROM hand__signals AS signals
JOIN hand_tenure_cluster AS cluster USING (customer_id)
JOIN hand_churn_risk_score AS score USING (customer_id)
JOIN hand__high_risk_factor AS factor USING (customer_id)
