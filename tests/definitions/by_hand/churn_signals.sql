-- How many of the twelve signals show.
SELECT
    customer_id,
    contract_ending::INT + contract_expired::INT + usage_drop::INT + zero_calls::INT + competitor_hotline::INT
    + competitor_calls_rising::INT + below_plan_fee::INT + arrears::INT + complaints::INT + port_out::INT
    + refused_retention::INT + dual_sim::INT AS value
FROM hand__signals
