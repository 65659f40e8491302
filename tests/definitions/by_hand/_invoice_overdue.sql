-- Each invoice due by today that is not paid in full yet: what is still owed.
SELECT
    account.customer_id,
    payment.amount_due - CASE WHEN payment.paid_on <= as_of() THEN COALESCE(payment.amount_paid, 0) ELSE 0 END AS owed
FROM payment
JOIN account USING (account_id)
WHERE payment.due_on <= as_of() AND owed > 0
