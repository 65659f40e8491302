-- What the reference catalogue should say of the demo on 2026-10-31, written by hand from the meanings, not from c360's SQL.
CREATE TABLE line_by_hand AS
WITH use AS (
    SELECT
        line_id,
        coalesce(sum(minutes_out) FILTER (day >= '2026-10-01'), 0) AS minutes,
        coalesce(sum(data_mb) FILTER (day >= '2026-10-01'), 0) AS data,
        nullif(sum(minutes_out) FILTER (day BETWEEN '2026-07-01' AND '2026-09-30'), 0) / 3 AS minutes_before,
        nullif(sum(data_mb) FILTER (day BETWEEN '2026-07-01' AND '2026-09-30'), 0) / 3 AS data_before,
        coalesce(sum(competitor_hotline_calls) FILTER (day >= '2026-10-02'), 0) AS hotline,
        coalesce(sum(competitor_number_calls) FILTER (day >= '2026-10-01'), 0) AS rivals,
        coalesce(sum(competitor_number_calls) FILTER (day BETWEEN '2026-07-01' AND '2026-09-30'), 0) / 3 AS rivals_before,
        max(day) FILTER (calls_out + calls_in > 0 AND day >= '2026-08-03') AS last_call,
        max(day) FILTER (calls_out > 0 AND day >= '2026-08-03') AS last_call_out
    FROM usage
    GROUP BY line_id
),
agreed AS (
    SELECT line_id, max(end_on) AS ends, max(start_on) AS starts FROM contract GROUP BY line_id
),
billed AS (
    SELECT
        line_id,
        sum(total) FILTER (month >= '2026-08-01') AS revenue,
        coalesce(bool_or(total < plan_fee) FILTER (month = '2026-10-01'), false) AS below_now,
        coalesce(bool_or(total < plan_fee) FILTER (month = '2026-09-01'), false) AS below_before
    FROM bill
    GROUP BY line_id
),
going AS (
    SELECT customer_id FROM ticket WHERE kind = 'port_out' AND opened_on >= '2026-08-03'
    UNION
    SELECT customer_id FROM contact WHERE "on" >= '2026-08-03' AND purpose = 'retention' AND outcome = 'refused'
),
joined AS (
    SELECT
        *,
        customer_id IN (FROM going) AS going,
        deactivated_on IS NULL AS active,
        service_type IN ('mobile', 'fixed') AS voice,
        date_diff('day', DATE '2026-10-31', ends) AS days_left,
        -- whole months: the 31st is the last day of the month, so no month is cut short
        date_diff('month', activated_on, DATE '2026-10-31') AS months,
        coalesce(revenue, 0) AS earned,
        date_diff('day', greatest(coalesce(last_call, '2026-08-02'), activated_on - 1), DATE '2026-10-31') AS silent,
        date_diff('day', greatest(coalesce(last_call_out, '2026-08-02'), activated_on - 1), DATE '2026-10-31') AS mute
    FROM line LEFT JOIN use USING (line_id) LEFT JOIN agreed USING (line_id) LEFT JOIN billed USING (line_id)
)
SELECT
    *,
    CASE
        WHEN NOT active THEN 'left'
        WHEN months < 3 THEN 'onboarding'
        WHEN days_left BETWEEN -90 AND 30 THEN 'decline'
        WHEN days_left BETWEEN 31 AND 90 THEN 'warning'
        WHEN days_left > 90 AND 2 * (DATE '2026-10-31' - starts) <= ends - starts THEN 'growth'
        WHEN days_left > 90 THEN 'mature'
        WHEN coalesce(minutes, 0) <= 0.7 * minutes_before OR (voice AND mute >= 7) THEN 'decline'
        WHEN hotline > 0 OR (below_now AND below_before) OR going THEN 'warning'
        WHEN (minutes_before > 0 OR data_before > 0)
            AND (minutes_before IS NULL OR minutes <= 0.5 * minutes_before)
            AND (data_before IS NULL OR data <= 0.5 * data_before) THEN 'warning'
        WHEN months < 12 THEN 'growth'
        ELSE 'mature'
    END AS stage
FROM joined;

CREATE TABLE customer_by_hand AS
WITH over_lines AS (
    SELECT
        customer_id,
        count_if(active) AS lines_active,
        sum(earned) AS revenue,
        sum(minutes) AS minutes, sum(data) AS data,
        bool_or(active AND activated_on < '2026-07-01' AND rivals >= 10 AND rivals >= 1.5 * rivals_before) AS rivals_rise,
        bool_or(active AND data_before >= 500 AND data <= 0.5 * data_before AND minutes >= 0.8 * minutes_before) AS data_moved,
        sum(minutes_before) AS minutes_before, sum(data_before) AS data_before,
        coalesce(sum(hotline), 0) AS hotline,
        min(CASE WHEN active AND voice THEN silent END) AS silent,
        min(CASE WHEN active AND days_left >= 0 THEN days_left END) AS days_left,
        count_if(active AND days_left < 0) AS expired,
        max(CASE WHEN active THEN CASE WHEN below_now AND below_before THEN 2 WHEN below_now THEN 1 ELSE 0 END END) AS below,
        -- the main line: highest revenue, then the oldest, then by its key
        first(stage ORDER BY active DESC, earned DESC, activated_on, line_id) AS main_stage
    FROM line_by_hand
    GROUP BY customer_id
),
tickets AS (
    SELECT
        customer_id,
        count_if(kind NOT IN ('retention', 'port_out', 'real_name') AND closed_on IS NULL) AS open_complaints,
        count_if(kind NOT IN ('retention', 'port_out', 'real_name') AND opened_on >= '2026-08-03') AS complaints,
        count_if(kind = 'port_out' AND opened_on >= '2026-08-03') AS port_out
    FROM ticket
    GROUP BY customer_id
),
contacts AS (
    SELECT
        customer_id,
        count_if("on" >= '2026-10-02') AS contacts,
        count_if("on" >= '2026-08-03' AND purpose = 'retention' AND outcome = 'refused') AS refusals
    FROM contact
    GROUP BY customer_id
),
owing AS (
    SELECT customer_id, sum(greatest(amount_due - coalesce(amount_paid, 0), 0)) AS owed
    FROM payment JOIN account USING (account_id)
    GROUP BY customer_id
),
judged AS (
    SELECT
        *,
        coalesce(lines_active, 0) > 0 AS active,
        coalesce(days_left <= 90, false)::INT + coalesce(expired > 0, false)::INT + coalesce(silent >= 7, false)::INT
        + coalesce(hotline > 0, false)::INT + coalesce(below > 0, false)::INT + coalesce(port_out > 0, false)::INT
        + coalesce(owed >= 1, false)::INT + coalesce(rivals_rise, false)::INT + coalesce(data_moved, false)::INT
        + coalesce(refusals > 0, false)::INT + coalesce(open_complaints > 0 OR complaints > 1, false)::INT
        + coalesce((minutes_before > 0 OR data_before > 0)
            AND (minutes_before IS NULL OR minutes <= 0.5 * minutes_before)
            AND (data_before IS NULL OR data <= 0.5 * data_before), false)::INT AS signals
    FROM customer LEFT JOIN over_lines USING (customer_id) LEFT JOIN tickets USING (customer_id)
    LEFT JOIN contacts USING (customer_id) LEFT JOIN owing USING (customer_id)
)
SELECT
    customer_id AS customer_id,
    date_diff('month', joined_on, DATE '2026-10-31') AS tenure_months,
    coalesce(lines_active, 0) AS lines_active,
    coalesce(revenue, 0) AS revenue_3m,
    days_left AS days_to_contract_end,
    CASE
        WHEN days_left <= 90 THEN 'ending' WHEN days_left > 90 THEN 'in_force' WHEN expired > 0 THEN 'expired' ELSE 'none'
    END AS contract_state,
    CASE WHEN active THEN main_stage WHEN lines_active = 0 THEN 'left' ELSE 'unknown' END AS lifecycle_stage,
    silent AS zero_call_days,
    coalesce(hotline, 0) AS competitor_hotline_calls_30d,
    coalesce(below, 0) AS below_plan_fee_months,
    coalesce(open_complaints, 0) AS open_complaints,
    signals AS churn_signals,
    active AND main_stage = 'onboarding' AS care_only,
    active AND main_stage <> 'onboarding' AS open_to_offers,
    active AND revenue >= 300 AS worth_keeping,
    coalesce(active AND revenue >= 300 AND days_left <= 60, false) AS renewal_due,
    coalesce(active AND revenue >= 300 AND days_left <= 60 AND signals >= 2, false) AS renewal_at_risk,
    active AND signals >= 2 AS churn_warning,
    coalesce(contacts, 0) > 0 AS recently_contacted,
    active AND signals >= 2 AND coalesce(contacts, 0) = 0 AS churn_warning_list
FROM judged;
