-- Customers who show a signal that leads to churn in their tenure cluster.
SELECT
    signals.customer_id,
    COALESCE(CASE cluster.value
        WHEN 'to_6_months' THEN arrears OR zero_calls OR usage_drop OR port_out
        WHEN 'to_12_months' THEN complaints OR usage_drop OR competitor_hotline OR port_out OR below_plan_fee
        WHEN 'over_12_months' THEN refused_retention OR competitor_hotline OR usage_drop OR zero_calls OR port_out
    END, FALSE) AS shown
FROM hand__signals AS signals
JOIN hand_tenure_cluster AS cluster USING (customer_id)
