-- What is still owed of the invoices due by today, all accounts; an invoice paid too much pays for no other.
SELECT customer.customer_id, COALESCE(SUM(invoice.owed), 0) AS value
FROM customer
LEFT JOIN hand__invoice_overdue AS invoice ON invoice.customer_id = customer.customer_id
GROUP BY customer.customer_id
