-- What is still owed at D of each invoice that was due by then.
SELECT
    payment.account_id, due_on, opened_on,
    amount_due - coalesce(CASE WHEN paid_on <= as_of() THEN amount_paid END, 0) AS owed
FROM payment
JOIN account USING (account_id)
WHERE due_on <= as_of() AND owed > 0
