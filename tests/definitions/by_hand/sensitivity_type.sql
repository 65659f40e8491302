-- The score that reaches 50 and leads every other by 10; mixed when one reaches 50 and none leads so; none when none reaches it.
SELECT
    customer_id,
    CASE
        WHEN GREATEST(price.value, service.value, brand.value, security.value) < 50 THEN 'none'
        WHEN price.value - GREATEST(service.value, brand.value, security.value) >= 10 THEN 'price'
        WHEN service.value - GREATEST(price.value, brand.value, security.value) >= 10 THEN 'service'
        WHEN brand.value - GREATEST(price.value, service.value, security.value) >= 10 THEN 'brand'
        WHEN security.value - GREATEST(price.value, service.value, brand.value) >= 10 THEN 'security'
        ELSE 'mixed'
    END AS value
FROM hand_price_sensitivity AS price
JOIN hand_service_sensitivity AS service USING (customer_id)
JOIN hand_brand_sensitivity AS brand USING (customer_id)
JOIN hand_security_sensitivity AS security USING (customer_id)
