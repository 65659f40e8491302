-- Outgoing minutes, data and messages of each line in the last three complete months, and in the three before them.
SELECT
    line_id,
    SUM(minutes_out) FILTER (WHERE recent) AS minutes,
    SUM(data_mb) FILTER (WHERE recent) AS data_mb,
    SUM(sms_out) FILTER (WHERE recent) AS sms,
    SUM(minutes_out) FILTER (WHERE NOT recent) AS minutes_before,
    SUM(data_mb) FILTER (WHERE NOT recent) AS data_mb_before
FROM (
    SELECT *, day >= date_trunc('month', as_of() + 1) - INTERVAL 3 MONTH AS recent
    FROM usage
    WHERE day >= date_trunc('month', as_of() + 1) - INTERVAL 6 MONTH AND day < date_trunc('month', as_of() + 1)
)
GROUP BY line_id
