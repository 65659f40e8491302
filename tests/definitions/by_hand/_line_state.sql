-- Each line: in service at the end of the day or not, and the last day of its latest contract that has begun.
SELECT
    line.line_id,
    line.customer_id,
    ANY_VALUE(line.deactivated_on IS NULL OR line.deactivated_on > as_of()) AS in_service,
    MAX(contract.end_on) AS contract_end_on
FROM line
LEFT JOIN contract ON contract.line_id = line.line_id AND contract.start_on <= as_of()
WHERE line.activated_on <= as_of()
GROUP BY line.line_id, line.customer_id
