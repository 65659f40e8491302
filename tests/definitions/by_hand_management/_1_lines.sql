-- Each line that was activated by D: its months alive, what it was billed, what its devices cost.
SELECT
    line.*,
    deactivated_on IS NULL OR deactivated_on > as_of() AS in_service,
    least(coalesce(deactivated_on, as_of()), as_of()) AS lived_until,
    date_diff('month', activated_on, lived_until) - (day(activated_on) > day(lived_until))::INTEGER AS months,
    date_diff('month', activated_on, as_of()) - (day(activated_on) > day(as_of()))::INTEGER AS age_months,
    date_diff('day', activated_on, as_of()) < 180 AS recent,
    coalesce((SELECT SUM(total) FROM bill WHERE bill.line_id = line.line_id AND last_day(month) <= as_of()), 0) AS billed,
    coalesce((SELECT SUM(device_cost) FROM contract WHERE contract.line_id = line.line_id AND start_on <= as_of()), 0) AS device
FROM line
WHERE activated_on <= as_of()
