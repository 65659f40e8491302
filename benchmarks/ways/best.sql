-- The best SQL we could write by hand, for DuckDB: usage in disjoint stretches of days, each with plain aggregates in a branch of its
-- own, joined by line and then rolled up to the customer; bills with one row expression each and CASE; the rank over two columns.
WITH spine AS (
    SELECT customer_id, kind AS customer_kind, DATE '2026-10-31' - joined_on AS days_with_us
    FROM read_parquet('{data}/customer.parquet') WHERE joined_on <= DATE '2026-10-31'
), line AS (
    SELECT line_id, customer_id FROM read_parquet('{data}/line.parquet') WHERE activated_on <= DATE '2026-10-31'
), usage AS (
    SELECT *, CASE WHEN calls_out > 0 THEN day END AS call_day FROM read_parquet('{data}/usage/*.parquet')
), line_a AS (
    -- The last 7 days.
    SELECT line_id,
        sum(calls_out) AS calls_out, sum(minutes_out) AS minutes_out, sum(data_mb) AS data_mb, sum(calls_in) AS calls_in,
        sum(minutes_in) AS minutes_in, sum(sms_out) AS sms_out, sum(dropped_calls) AS dropped, sum(night_calls) AS night,
        max(data_mb) AS data_max, min(data_mb) AS data_min, max(minutes_out) AS minutes_max, count(*) AS n,
        count(call_day) AS calling, max(call_day) AS last_call
    FROM usage WHERE day BETWEEN DATE '2026-10-25' AND DATE '2026-10-31' GROUP BY line_id
), line_b AS (
    -- The 23 days before them: with those the last 30.
    SELECT line_id,
        sum(calls_out) AS calls_out, sum(minutes_out) AS minutes_out, sum(data_mb) AS data_mb, sum(calls_in) AS calls_in,
        sum(minutes_in) AS minutes_in, sum(sms_out) AS sms_out, sum(dropped_calls) AS dropped, sum(night_calls) AS night,
        max(data_mb) AS data_max, min(data_mb) AS data_min, max(minutes_out) AS minutes_max, count(*) AS n,
        count(call_day) AS calling, max(call_day) AS last_call
    FROM usage WHERE day BETWEEN DATE '2026-10-02' AND DATE '2026-10-24' GROUP BY line_id
), line_c AS (
    -- The 30 days before the last 30.
    SELECT line_id,
        sum(calls_out) AS calls_out, sum(minutes_out) AS minutes_out, sum(data_mb) AS data_mb, sum(calls_in) AS calls_in,
        sum(sms_out) AS sms_out, sum(dropped_calls) AS dropped, max(data_mb) AS data_max,
        count(call_day) AS calling, max(call_day) AS last_call
    FROM usage WHERE day BETWEEN DATE '2026-09-02' AND DATE '2026-10-01' GROUP BY line_id
), line_d AS (
    -- And the 30 before those.
    SELECT line_id,
        sum(calls_out) AS calls_out, sum(minutes_out) AS minutes_out, sum(data_mb) AS data_mb, sum(calls_in) AS calls_in,
        sum(sms_out) AS sms_out, sum(dropped_calls) AS dropped, max(data_mb) AS data_max,
        count(call_day) AS calling, max(call_day) AS last_call
    FROM usage WHERE day BETWEEN DATE '2026-08-03' AND DATE '2026-09-01' GROUP BY line_id
), use AS (
    -- One value a line and window, then one a customer.
    SELECT line.customer_id,
        sum(coalesce(a.calls_out, 0)) AS calls_out_7d,
        sum(coalesce(a.calls_out, 0) + coalesce(b.calls_out, 0)) AS calls_out_30d,
        sum(coalesce(a.calls_out, 0) + coalesce(b.calls_out, 0) + coalesce(c.calls_out, 0) + coalesce(d.calls_out, 0))
            AS calls_out_90d,
        sum(coalesce(c.calls_out, 0)) AS calls_out_before_30d,
        sum(coalesce(a.minutes_out, 0)) AS minutes_out_7d,
        sum(coalesce(a.minutes_out, 0) + coalesce(b.minutes_out, 0)) AS minutes_out_30d,
        sum(coalesce(a.minutes_out, 0) + coalesce(b.minutes_out, 0) + coalesce(c.minutes_out, 0) + coalesce(d.minutes_out, 0))
            AS minutes_out_90d,
        sum(coalesce(c.minutes_out, 0)) AS minutes_out_before_30d,
        sum(coalesce(a.data_mb, 0)) AS data_mb_7d,
        sum(coalesce(a.data_mb, 0) + coalesce(b.data_mb, 0)) AS data_mb_30d,
        sum(coalesce(a.data_mb, 0) + coalesce(b.data_mb, 0) + coalesce(c.data_mb, 0) + coalesce(d.data_mb, 0)) AS data_mb_90d,
        sum(coalesce(c.data_mb, 0)) AS data_mb_before_30d,
        sum(coalesce(a.calls_in, 0)) AS calls_in_7d,
        sum(coalesce(a.calls_in, 0) + coalesce(b.calls_in, 0)) AS calls_in_30d,
        sum(coalesce(a.calls_in, 0) + coalesce(b.calls_in, 0) + coalesce(c.calls_in, 0) + coalesce(d.calls_in, 0)) AS calls_in_90d,
        sum(coalesce(a.minutes_in, 0) + coalesce(b.minutes_in, 0)) AS minutes_in_30d,
        sum(coalesce(a.sms_out, 0) + coalesce(b.sms_out, 0)) AS sms_out_30d,
        sum(coalesce(a.sms_out, 0) + coalesce(b.sms_out, 0) + coalesce(c.sms_out, 0) + coalesce(d.sms_out, 0)) AS sms_out_90d,
        sum(coalesce(a.dropped, 0) + coalesce(b.dropped, 0)) AS dropped_calls_30d,
        sum(coalesce(a.dropped, 0) + coalesce(b.dropped, 0) + coalesce(c.dropped, 0) + coalesce(d.dropped, 0)) AS dropped_calls_90d,
        sum(coalesce(a.night, 0) + coalesce(b.night, 0)) AS night_calls_30d,
        max(greatest(a.data_max, b.data_max)) AS data_mb_max_30d,
        max(greatest(a.data_max, b.data_max, c.data_max, d.data_max)) AS data_mb_max_90d,
        min(least(a.data_min, b.data_min)) AS data_mb_min_30d,
        max(greatest(a.minutes_max, b.minutes_max)) AS minutes_out_max_30d,
        sum(coalesce(a.n, 0) + coalesce(b.n, 0)) AS days_30d,
        sum(coalesce(a.calling, 0)) AS calling_days_7d,
        sum(coalesce(a.calling, 0) + coalesce(b.calling, 0)) AS calling_days_30d,
        sum(coalesce(a.calling, 0) + coalesce(b.calling, 0) + coalesce(c.calling, 0) + coalesce(d.calling, 0)) AS calling_days_90d,
        max(greatest(a.last_call, b.last_call, c.last_call, d.last_call)) AS last_call
    FROM line LEFT JOIN line_a AS a USING (line_id) LEFT JOIN line_b AS b USING (line_id)
        LEFT JOIN line_c AS c USING (line_id) LEFT JOIN line_d AS d USING (line_id)
    GROUP BY line.customer_id
), bills AS (
    SELECT customer_id,
        sum(CASE WHEN month > DATE '2026-09-30' THEN total END) AS revenue_1m,
        sum(CASE WHEN month > DATE '2026-07-31' THEN total END) AS revenue_3m,
        sum(CASE WHEN month > DATE '2026-04-30' THEN total END) AS revenue_6m,
        sum(total) AS revenue_12m,
        max(total) AS bill_max_12m,
        min(total) AS bill_min_12m,
        sum(CASE WHEN month > DATE '2026-07-31' THEN plan_fee END) AS plan_fee_3m,
        sum(CASE WHEN month > DATE '2026-07-31' THEN voice END) AS voice_fee_3m,
        sum(CASE WHEN month > DATE '2026-07-31' THEN data END) AS data_fee_3m,
        sum(CASE WHEN month > DATE '2026-07-31' THEN vas END) AS vas_fee_3m,
        sum(CASE WHEN month > DATE '2026-07-31' THEN discount END) AS discount_3m,
        sum(discount) AS discount_12m,
        count(CASE WHEN total > plan_fee THEN 1 END) AS over_plan_12m,
        count(*) AS bills_12m,
        sum(margin) AS margin_12m
    FROM (
        SELECT line_id, month, plan_fee, voice, data, vas, discount, total, total - interconnect AS margin
        FROM read_parquet('{data}/bill/*.parquet') WHERE month BETWEEN DATE '2025-11-01' AND DATE '2026-10-31'
    ) JOIN line USING (line_id) GROUP BY customer_id
), payments AS (
    SELECT customer_id,
        sum(CASE WHEN due_on >= DATE '2026-08-03' THEN amount_paid END) AS paid_90d,
        count(CASE WHEN due_on >= DATE '2026-05-05' THEN 1 END) AS invoices_180d,
        count(CASE WHEN due_on >= DATE '2026-05-05' AND paid_on > due_on THEN 1 END) AS late_payments_180d,
        sum(CASE WHEN paid_on IS NULL THEN amount_due END) AS arrears,
        max(CASE WHEN due_on >= DATE '2026-05-05' THEN amount_due END) AS invoice_max_180d
    FROM (
        SELECT customer_id, due_on, amount_due, CASE WHEN paid_on <= DATE '2026-10-31' THEN paid_on END AS paid_on,
            CASE WHEN paid_on <= DATE '2026-10-31' THEN amount_paid END AS amount_paid
        FROM read_parquet('{data}/payment/*.parquet') WHERE due_on <= DATE '2026-10-31'
    ) GROUP BY customer_id
), tickets AS (
    SELECT customer_id,
        count(CASE WHEN opened_on >= DATE '2026-10-02' THEN 1 END) AS tickets_30d,
        count(CASE WHEN opened_on >= DATE '2026-08-03' THEN 1 END) AS tickets_90d,
        count(CASE WHEN opened_on >= DATE '2026-08-03' AND severity = 'high' THEN 1 END) AS severe_tickets_90d,
        ratio(sum(CASE WHEN closed_on <= DATE '2026-10-31' THEN satisfaction END),
            count(CASE WHEN closed_on <= DATE '2026-10-31' THEN satisfaction END)) AS satisfaction_365d,
        DATE '2026-10-31' - max(opened_on) AS days_since_ticket
    FROM read_parquet('{data}/ticket/*.parquet') WHERE opened_on BETWEEN DATE '2025-11-01' AND DATE '2026-10-31'
    GROUP BY customer_id
), contacts AS (
    SELECT customer_id,
        count(CASE WHEN is_out AND contacted_on >= DATE '2026-10-02' THEN 1 END) AS contacts_30d,
        count(CASE WHEN is_out AND contacted_on >= DATE '2026-08-03' THEN 1 END) AS contacts_90d,
        count(CASE WHEN is_out AND contacted_on >= DATE '2026-08-03' AND outcome = 'accepted' THEN 1 END) AS accepted_90d,
        count(CASE WHEN is_out AND contacted_on >= DATE '2026-08-03' AND outcome = 'refused' THEN 1 END) AS refused_90d,
        DATE '2026-10-31' - max(contacted_on) AS days_since_contact
    FROM (
        SELECT customer_id, contacted_on, outcome, direction = 'out' AS is_out
        FROM read_parquet('{data}/contact/*.parquet') WHERE contacted_on BETWEEN DATE '2026-05-05' AND DATE '2026-10-31'
    ) GROUP BY customer_id
), contracts AS (
    SELECT customer_id, count(*) AS contracts_running, max(end_on) AS contract_end
    FROM read_parquet('{data}/contract/*.parquet') JOIN line USING (line_id)
    WHERE start_on <= DATE '2026-10-31' AND end_on >= DATE '2026-10-31' GROUP BY customer_id
), subscribed AS (
    SELECT customer_id, count(*) AS subscriptions, sum(price) AS subscription_fee
    FROM read_parquet('{data}/subscription/*.parquet') JOIN line USING (line_id)
    WHERE started_on <= DATE '2026-10-31' AND (ended_on IS NULL OR ended_on > DATE '2026-10-31') GROUP BY customer_id
), places AS (
    SELECT customer_id, rate(ratio((rank() OVER (ORDER BY revenue) - 1) * 100, count(*) OVER ())) AS revenue_percentile
    FROM (SELECT customer_id, coalesce(revenue_12m, 0) AS revenue FROM spine LEFT JOIN bills USING (customer_id))
), base AS (
    SELECT
        spine.customer_id,
        coalesce(revenue_1m, 0)::DECIMAL(18, 2) AS revenue_1m,
        coalesce(revenue_3m, 0)::DECIMAL(18, 2) AS revenue_3m,
        coalesce(revenue_6m, 0)::DECIMAL(18, 2) AS revenue_6m,
        coalesce(revenue_12m, 0)::DECIMAL(18, 2) AS revenue_12m,
        (coalesce(bills.revenue_6m, 0) - coalesce(bills.revenue_3m, 0))::DECIMAL(18, 2) AS revenue_before_3m,
        (coalesce(bills.revenue_12m, 0) - coalesce(bills.revenue_6m, 0))::DECIMAL(18, 2) AS revenue_before_6m,
        bill_max_12m,
        bill_min_12m,
        coalesce(plan_fee_3m, 0)::DECIMAL(18, 2) AS plan_fee_3m,
        coalesce(voice_fee_3m, 0)::DECIMAL(18, 2) AS voice_fee_3m,
        coalesce(data_fee_3m, 0)::DECIMAL(18, 2) AS data_fee_3m,
        coalesce(vas_fee_3m, 0)::DECIMAL(18, 2) AS vas_fee_3m,
        coalesce(discount_3m, 0)::DECIMAL(18, 2) AS discount_3m,
        coalesce(discount_12m, 0)::DECIMAL(18, 2) AS discount_12m,
        coalesce(over_plan_12m, 0) AS over_plan_12m,
        coalesce(bills_12m, 0) AS bills_12m,
        rate(ratio(bills.revenue_12m, bills_12m)) AS bill_mean_12m,
        coalesce(margin_12m, 0)::DECIMAL(18, 2) AS margin_12m,
        coalesce(paid_90d, 0)::DECIMAL(18, 2) AS paid_90d,
        coalesce(invoices_180d, 0) AS invoices_180d,
        coalesce(late_payments_180d, 0) AS late_payments_180d,
        coalesce(arrears, 0)::DECIMAL(18, 2) AS arrears,
        invoice_max_180d,
        coalesce(tickets_30d, 0) AS tickets_30d,
        coalesce(tickets_90d, 0) AS tickets_90d,
        coalesce(severe_tickets_90d, 0) AS severe_tickets_90d,
        satisfaction_365d,
        days_since_ticket,
        coalesce(contacts_30d, 0) AS contacts_30d,
        coalesce(contacts_90d, 0) AS contacts_90d,
        coalesce(accepted_90d, 0) AS accepted_90d,
        coalesce(refused_90d, 0) AS refused_90d,
        days_since_contact,
        coalesce(contracts_running, 0) AS contracts_running,
        contract_end,
        coalesce(subscriptions, 0) AS subscriptions,
        coalesce(subscription_fee, 0)::DECIMAL(18, 2) AS subscription_fee,
        customer_kind,
        days_with_us,
        coalesce(calls_out_7d, 0)::BIGINT AS calls_out_7d,
        coalesce(calls_out_30d, 0)::BIGINT AS calls_out_30d,
        coalesce(calls_out_90d, 0)::BIGINT AS calls_out_90d,
        coalesce(calls_out_before_30d, 0)::BIGINT AS calls_out_before_30d,
        coalesce(minutes_out_7d, 0)::DECIMAL(18, 3) AS minutes_out_7d,
        coalesce(minutes_out_30d, 0)::DECIMAL(18, 3) AS minutes_out_30d,
        coalesce(minutes_out_90d, 0)::DECIMAL(18, 3) AS minutes_out_90d,
        coalesce(minutes_out_before_30d, 0)::DECIMAL(18, 3) AS minutes_out_before_30d,
        coalesce(data_mb_7d, 0)::DECIMAL(18, 3) AS data_mb_7d,
        coalesce(data_mb_30d, 0)::DECIMAL(18, 3) AS data_mb_30d,
        coalesce(data_mb_90d, 0)::DECIMAL(18, 3) AS data_mb_90d,
        coalesce(data_mb_before_30d, 0)::DECIMAL(18, 3) AS data_mb_before_30d,
        coalesce(calls_in_7d, 0)::BIGINT AS calls_in_7d,
        coalesce(calls_in_30d, 0)::BIGINT AS calls_in_30d,
        coalesce(calls_in_90d, 0)::BIGINT AS calls_in_90d,
        coalesce(minutes_in_30d, 0)::DECIMAL(18, 3) AS minutes_in_30d,
        coalesce(sms_out_30d, 0)::BIGINT AS sms_out_30d,
        coalesce(sms_out_90d, 0)::BIGINT AS sms_out_90d,
        coalesce(dropped_calls_30d, 0)::BIGINT AS dropped_calls_30d,
        coalesce(dropped_calls_90d, 0)::BIGINT AS dropped_calls_90d,
        coalesce(night_calls_30d, 0)::BIGINT AS night_calls_30d,
        data_mb_max_30d,
        data_mb_max_90d,
        data_mb_min_30d,
        minutes_out_max_30d,
        rate(ratio(use.data_mb_30d, days_30d)) AS data_mb_mean_30d,
        coalesce(calling_days_7d, 0)::BIGINT AS calling_days_7d,
        coalesce(calling_days_30d, 0)::BIGINT AS calling_days_30d,
        coalesce(calling_days_90d, 0)::BIGINT AS calling_days_90d,
        DATE '2026-10-31' - last_call AS days_since_call,
        revenue_percentile
    FROM spine
    LEFT JOIN use USING (customer_id)
    LEFT JOIN bills USING (customer_id)
    LEFT JOIN payments USING (customer_id)
    LEFT JOIN tickets USING (customer_id)
    LEFT JOIN contacts USING (customer_id)
    LEFT JOIN contracts USING (customer_id)
    LEFT JOIN subscribed USING (customer_id)
    LEFT JOIN places USING (customer_id)
), {derived}
