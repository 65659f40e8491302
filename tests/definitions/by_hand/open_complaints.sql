-- Complaints opened by today and not closed; asking to stay, to port out or to register a name is no complaint.
SELECT customer.customer_id, COUNT(ticket.customer_id) AS value
FROM customer
LEFT JOIN ticket ON ticket.customer_id = customer.customer_id
    AND ticket.kind NOT IN ('retention', 'port_out', 'real_name')
    AND ticket.opened_on <= as_of()
    AND (ticket.closed_on IS NULL OR ticket.closed_on > as_of())
GROUP BY customer.customer_id
