-- Each customer: in service now, a month ago, a year ago.
SELECT
    customer_id,
    bool_or(in_service) AS now,
    bool_or(activated_on <= DATE '2026-09-30' AND (deactivated_on IS NULL OR deactivated_on > DATE '2026-09-30')) AS month_ago,
    bool_or(activated_on <= DATE '2025-10-31' AND (deactivated_on IS NULL OR deactivated_on > DATE '2025-10-31')) AS year_ago
FROM hand__1_lines
GROUP BY customer_id
