-- Lines in service with what they are today: service type, plan, device, way of paying, contract.
SELECT
    line.line_id,
    line.customer_id,
    line.service_type,
    line.is_sub_card,
    line.activated_on,
    line.device_price,
    plan.tier AS plan_tier,
    plan.included_minutes,
    plan.included_mb,
    account.payment_method,
    COALESCE(state.contract_end_on >= as_of(), FALSE) AS under_contract,
    state.contract_end_on
FROM hand__line_state AS state
JOIN line USING (line_id)
LEFT JOIN plan USING (plan_id)
LEFT JOIN account USING (account_id)
WHERE state.in_service
