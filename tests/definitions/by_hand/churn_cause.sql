-- Of those with a type of churn the first of passive, technology, service, tariff for which the 120 days before tell.
WITH overdue AS (
    SELECT customer_id, COUNT(*) AS invoices
    FROM hand__invoice_overdue
    GROUP BY customer_id
)

SELECT
    kind.customer_id,
    CASE
        WHEN kind.value = 'none' THEN 'none'
        WHEN event.kind = 'non_payment' OR overdue.invoices >= 2 THEN 'passive'
        WHEN outdated.outdated AND price_tickets = 0 AND service_tickets = 0 AND bills_below_fee < 2 THEN 'technology'
        WHEN service_tickets + network_tickets > price_tickets THEN 'service'
        WHEN price_tickets > 0 OR bills_below_fee >= 2 OR hotline.value > 0 THEN 'tariff'
        ELSE 'unexplained'
    END AS value
FROM hand_churn_type AS kind
JOIN hand_competitor_hotline_calls_30d AS hotline USING (customer_id)
LEFT JOIN hand__before_churn AS before_churn USING (customer_id)
LEFT JOIN hand__last_churn_event AS event USING (customer_id)
LEFT JOIN hand__outdated AS outdated USING (customer_id)
LEFT JOIN overdue USING (customer_id)
