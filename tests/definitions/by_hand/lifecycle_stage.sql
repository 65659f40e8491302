-- The main line's stage, first that holds: left; onboarding in the first three months; by a contract that runs or ended within
-- 90 days: decline from 30 days before its end, warning from 90, growth in the first half of its term; without one: decline when
-- minutes fell by 30 % or no call went out for 7 days, warning on a strong signal, growth in the first year; else mature.
WITH term AS (
    SELECT line_id, MAX(start_on) AS start_on, MAX(end_on) AS end_on
    FROM contract
    WHERE start_on <= as_of()
    GROUP BY line_id
),

main AS (
    SELECT
        main.customer_id,
        date_diff('month', main.activated_on, as_of())
        - CASE WHEN day(as_of()) < day(main.activated_on) THEN 1 ELSE 0 END AS months_here,
        COALESCE(term.end_on >= as_of() - 90, FALSE) AS by_contract,
        term.end_on - as_of() AS days_left,
        as_of() - term.start_on AS days_run,
        term.end_on - term.start_on AS days_in_all,
        signal.strong,
        signal.minutes_fall >= 0.3 AS minutes_fell,
        -- A line younger than seven days has not been silent for seven.
        line.service_type IN ('mobile', 'fixed')
        AND COALESCE(signal.last_call_out <= as_of() - 7, TRUE)
        AND main.activated_on <= as_of() - 6 AS silent
    FROM hand__main_line AS main
    JOIN hand__line_in_use AS line USING (line_id)
    JOIN hand__line_signal AS signal USING (line_id)
    LEFT JOIN term USING (line_id)
)

SELECT
    active.customer_id,
    CASE
        WHEN active.lines = 0 THEN 'unknown'
        WHEN NOT active.is_active THEN 'left'
        WHEN main.months_here < 3 THEN 'onboarding'
        WHEN main.by_contract AND main.days_left <= 30 THEN 'decline'
        WHEN main.by_contract AND main.days_left <= 90 THEN 'warning'
        WHEN main.by_contract AND main.days_run * 2 <= main.days_in_all THEN 'growth'
        WHEN main.by_contract THEN 'mature'
        WHEN main.minutes_fell OR main.silent THEN 'decline'
        WHEN main.strong THEN 'warning'
        WHEN main.months_here < 12 THEN 'growth'
        ELSE 'mature'
    END AS value
FROM hand__active AS active
LEFT JOIN main USING (customer_id)
