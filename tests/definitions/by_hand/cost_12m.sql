-- The eight costs of the stack on the bills of the last twelve complete months.
SELECT
    customer_id,
    interconnect + network_share + staff + device_subsidy + fee_subsidy + promotion + service_cost + commission AS value
FROM hand__money_12m
