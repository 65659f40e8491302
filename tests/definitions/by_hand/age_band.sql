-- Completed years: child below 13, teenager below 19, student below 25, working below 36, then settled; unknown without a birth
-- date.
SELECT
    customer_id,
    CASE
        WHEN birth_date IS NULL THEN 'unknown'
        WHEN birth_date + INTERVAL 13 YEAR > as_of() THEN 'child'
        WHEN birth_date + INTERVAL 19 YEAR > as_of() THEN 'teenager'
        WHEN birth_date + INTERVAL 25 YEAR > as_of() THEN 'student'
        WHEN birth_date + INTERVAL 36 YEAR > as_of() THEN 'working'
        ELSE 'settled'
    END AS value
FROM customer
