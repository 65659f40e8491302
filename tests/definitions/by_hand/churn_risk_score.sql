-- Points of the signals that show, all together 100; missing without a line in service.
SELECT
    customer_id,
    CASE
        WHEN is_active THEN
            14 * port_out::INT + 11 * usage_drop::INT + 11 * zero_calls::INT + 9 * competitor_hotline::INT
            + 8 * contract_expired::INT + 8 * refused_retention::INT + 8 * arrears::INT + 7 * contract_ending::INT
            + 6 * complaints::INT + 6 * competitor_calls_rising::INT + 4 * below_plan_fee::INT
            + 4 * below_plan_fee_again::INT + 4 * dual_sim::INT
    END AS value
FROM hand__signals
