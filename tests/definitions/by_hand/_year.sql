-- What a customer did in the last 365 days: tickets, contacts, referrals, points; 0 of what there is none, satisfaction missing
-- without a rating.
WITH tickets AS (
    SELECT
        customer_id,
        COUNT(*) FILTER (WHERE kind = 'price') AS price_tickets,
        COUNT(*) FILTER (WHERE kind IN ('service', 'network')) AS service_tickets,
        COUNT(*) FILTER (WHERE kind IN ('security', 'real_name')) AS security_tickets,
        COUNT(*) FILTER (WHERE kind IN ('price', 'billing', 'service', 'network', 'security')) AS complaints,
        COUNT(*) FILTER (WHERE reopened) AS reopened,
        AVG(satisfaction) FILTER (WHERE closed_on <= as_of()) AS satisfaction
    FROM ticket
    WHERE opened_on BETWEEN as_of() - 364 AND as_of()
    GROUP BY customer_id
),

contacts AS (
    SELECT
        contact.customer_id,
        COUNT(*) FILTER (WHERE contact.channel = 'visit') AS visits,
        COUNT(*) FILTER (WHERE contact.outcome = 'accepted' AND offer.discount > 0) AS accepted_with_discount,
        COUNT(*) FILTER (WHERE contact.outcome = 'accepted' AND offer.discount = 0) AS accepted_without
    FROM contact
    LEFT JOIN offer USING (offer_id)
    WHERE contact."on" BETWEEN as_of() - 364 AND as_of()
    GROUP BY contact.customer_id
),

brought AS (
    SELECT customer_id, COUNT(*) AS referrals
    FROM referral
    WHERE referred_on BETWEEN as_of() - 364 AND as_of()
    GROUP BY customer_id
),

moved AS (
    SELECT customer_id, SUM(redeemed) AS redeemed
    FROM points
    WHERE moved_on BETWEEN as_of() - 364 AND as_of()
    GROUP BY customer_id
)

SELECT
    customer.customer_id,
    COALESCE(tickets.price_tickets, 0) AS price_tickets,
    COALESCE(tickets.service_tickets, 0) AS service_tickets,
    COALESCE(tickets.security_tickets, 0) AS security_tickets,
    COALESCE(tickets.complaints, 0) AS complaints,
    COALESCE(tickets.reopened, 0) AS reopened,
    tickets.satisfaction,
    COALESCE(contacts.visits, 0) AS visits,
    COALESCE(contacts.accepted_with_discount, 0) AS accepted_with_discount,
    COALESCE(contacts.accepted_without, 0) AS accepted_without,
    COALESCE(brought.referrals, 0) AS referrals,
    COALESCE(moved.redeemed, 0) AS redeemed
FROM customer
LEFT JOIN tickets USING (customer_id)
LEFT JOIN contacts USING (customer_id)
LEFT JOIN brought USING (customer_id)
LEFT JOIN moved USING (customer_id)
