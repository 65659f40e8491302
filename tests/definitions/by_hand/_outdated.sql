-- Whether all lines that count are fixed voice or at most 3G: the lines that left last, for who left; else those in service.
SELECT
    line.customer_id,
    BOOL_AND(COALESCE(line.service_type = 'fixed' OR line.network IN ('2g', '3g'), FALSE)) AS outdated
FROM line
JOIN hand__line_state AS state USING (line_id)
JOIN hand_churn_type AS kind ON kind.customer_id = line.customer_id
LEFT JOIN hand__last_left AS left_last ON left_last.customer_id = line.customer_id
WHERE CASE
        WHEN kind.value IN ('internal_transfer', 'external') THEN line.deactivated_on = left_last.left_on
        ELSE state.in_service
    END
GROUP BY line.customer_id
