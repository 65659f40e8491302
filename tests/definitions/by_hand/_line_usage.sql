-- Each line's minutes, data and calls with competitors' numbers: the last complete month, and the three before together.
SELECT
    line_id,
    SUM(minutes_out) FILTER (WHERE day >= date_trunc('month', as_of() + 1) - INTERVAL 1 MONTH) AS minutes_last,
    SUM(minutes_out) FILTER (WHERE day < date_trunc('month', as_of() + 1) - INTERVAL 1 MONTH) AS minutes_before,
    SUM(data_mb) FILTER (WHERE day >= date_trunc('month', as_of() + 1) - INTERVAL 1 MONTH) AS data_last,
    SUM(data_mb) FILTER (WHERE day < date_trunc('month', as_of() + 1) - INTERVAL 1 MONTH) AS data_before,
    SUM(competitor_number_calls) FILTER (WHERE day >= date_trunc('month', as_of() + 1) - INTERVAL 1 MONTH) AS rival_calls_last,
    SUM(competitor_number_calls) FILTER (WHERE day < date_trunc('month', as_of() + 1) - INTERVAL 1 MONTH) AS rival_calls_before
FROM usage
WHERE day >= date_trunc('month', as_of() + 1) - INTERVAL 4 MONTH AND day < date_trunc('month', as_of() + 1)
GROUP BY line_id
