-- Of 100 points: tickets about service or network in a year 20, three or more of them 15, reopened tickets 20, mean satisfaction
-- of 2.5 or less 20, two contacts with hotline or store in 90 days 14, visits 11.
WITH came AS (
    SELECT customer_id, COUNT(*) AS times
    FROM contact
    WHERE direction = 'in' AND channel IN ('call', 'store') AND "on" BETWEEN as_of() - 89 AND as_of()
    GROUP BY customer_id
)

SELECT
    year.customer_id,
    CASE WHEN year.service_tickets > 0 THEN 20 ELSE 0 END
    + CASE WHEN year.service_tickets >= 3 THEN 15 ELSE 0 END
    + CASE WHEN year.reopened > 0 THEN 20 ELSE 0 END
    + CASE WHEN year.satisfaction <= 2.5 THEN 20 ELSE 0 END
    + CASE WHEN came.times >= 2 THEN 14 ELSE 0 END
    + CASE WHEN year.visits > 0 THEN 11 ELSE 0 END AS value
FROM hand__year AS year
LEFT JOIN came USING (customer_id)
