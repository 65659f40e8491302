-- What all lines of a customer were billed in the last twelve complete months, those given up since included.
SELECT customer_id, revenue AS value
FROM hand__money_12m
