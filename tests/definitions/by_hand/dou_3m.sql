-- Megabytes of all lines in the last three complete months, by three; 0 without usage.
SELECT customer_id, ROUND(data_mb::DOUBLE / 3, 6) AS value
FROM hand__quarter_usage
