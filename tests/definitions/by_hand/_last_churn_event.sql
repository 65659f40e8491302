-- How the latest event of churn among the lines of a customer came about.
SELECT line.customer_id, ARG_MAX(churn_event.kind, churn_event.churned_on) AS kind
FROM churn_event
JOIN line USING (line_id)
WHERE churn_event.churned_on <= as_of()
GROUP BY line.customer_id
