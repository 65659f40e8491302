-- Whole months from the day of joining: the months begun since, less one while the day of the month is not reached.
SELECT
    customer_id,
    date_diff('month', joined_on, as_of()) - CASE WHEN day(as_of()) < day(joined_on) THEN 1 ELSE 0 END AS value
FROM customer
