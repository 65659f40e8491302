-- Of each customer with a type of churn the day it counts from (revenue loss: today), and tickets and bills of the 120 days before.
WITH churned AS (
    SELECT kind.customer_id, CASE WHEN kind.value = 'revenue_loss' THEN as_of() ELSE left_last.left_on END AS on_day
    FROM hand_churn_type AS kind
    LEFT JOIN hand__last_left AS left_last USING (customer_id)
    WHERE kind.value <> 'none'
),

tickets AS (
    SELECT
        churned.customer_id,
        COUNT(*) FILTER (WHERE ticket.kind IN ('price', 'billing')) AS price,
        COUNT(*) FILTER (WHERE ticket.kind IN ('service', 'security')) AS service,
        COUNT(*) FILTER (WHERE ticket.kind = 'network') AS network
    FROM churned
    JOIN ticket ON ticket.customer_id = churned.customer_id
        AND ticket.opened_on BETWEEN churned.on_day - 120 AND churned.on_day
    GROUP BY churned.customer_id
),

bills AS (
    SELECT churned.customer_id, COUNT(*) AS below_fee
    FROM churned
    JOIN line ON line.customer_id = churned.customer_id
    JOIN bill ON bill.line_id = line.line_id
        AND last_day(bill.month) >= churned.on_day - 120
        AND bill.month <= churned.on_day
        AND last_day(bill.month) <= as_of()
    WHERE bill.total < bill.plan_fee
    GROUP BY churned.customer_id
)

SELECT
    churned.customer_id,
    COALESCE(tickets.price, 0) AS price_tickets,
    COALESCE(tickets.service, 0) AS service_tickets,
    COALESCE(tickets.network, 0) AS network_tickets,
    COALESCE(bills.below_fee, 0) AS bills_below_fee
FROM churned
LEFT JOIN tickets USING (customer_id)
LEFT JOIN bills USING (customer_id)
