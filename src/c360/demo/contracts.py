"""Lines go in; their contracts, changes of plan and suspensions come out; knows no bill and no call."""

from __future__ import annotations

# ends_in counts days from the as-of date, for those who left from the day they did. What is meant stands well inside a
# stage; noise moves an end by days. Terms that would begin before the line do not exist.
_TERMS = """
CREATE TEMP TABLE contract_story AS
WITH meant AS (
    SELECT
        n, c, line_id, fee, activated_on, deactivated_on, main, stage, trait, grid, bleeding_cause, service_type, age_class,
        CASE WHEN main AND NOT moved THEN evidence WHEN draw(n, 301, 100) < 45 THEN 'running' ELSE 'none' END AS sign,
        coalesce(CASE WHEN churn_on <= as_of() THEN churn_on END, as_of()) AS anchor,
        date_diff('day', activated_on, anchor) AS days_here,
        draw(n, 302, 100) AS part
    FROM line_story
    WHERE NOT fraud
),
termed AS (
    SELECT
        *,
        CASE WHEN sign = 'ending' OR sign = 'lapsed' THEN CASE WHEN days_here > 800 AND part % 2 = 0 THEN 24 ELSE 12 END
            WHEN stage = 'mature' AND main AND days_here < 500 THEN 12
            ELSE 24 END AS term
    FROM meant
    WHERE sign IN ('ending', 'lapsed', 'running') AND (sign = 'running' OR days_here > 380)
),
ends AS (
    SELECT
        *,
        CASE
            WHEN sign = 'lapsed' THEN -5 - part * 77 // 100
            WHEN sign = 'ending' AND stage = 'left' THEN part * 70 // 100 - 40
            WHEN sign = 'ending' AND stage = 'decline' THEN 2 + part * 26 // 100
            WHEN sign = 'ending' THEN 35 + part * 50 // 100
            WHEN stage IN ('left', 'onboarding') OR age_class = 'young' OR NOT main THEN greatest(120, 730 - days_here)
            WHEN stage = 'growth' THEN 730 - least(days_here, 40 + part * 260 // 100)
            WHEN term = 12 THEN 365 - 218 - part * 35 // 100
            ELSE 730 - least(days_here, 430 + part * 150 // 100)
        END + CASE WHEN main AND stage <> 'left' AND slips(n, 303)
            THEN draw(n, 304, 1 + getvariable('noise') * 8 // 100) - getvariable('noise') * 4 // 100 ELSE 0 END AS ends_in
    FROM termed
),
dated AS (
    SELECT *, (anchor + ends_in::INTEGER)::DATE AS end_on,
        greatest(activated_on, (anchor + ends_in::INTEGER + 1 - to_months(term))::DATE) AS start_on FROM ends
),
both_terms AS (
    SELECT *, false AS former FROM dated
    UNION ALL BY NAME
    SELECT * REPLACE (start_on - 1 AS end_on, (start_on - to_months(12))::DATE AS start_on, 12 AS term), true AS former
    FROM dated
    WHERE activated_on < start_on - 370 AND draw(n, 305, 100) < 55
)
SELECT
    n, c, line_id, start_on, end_on, former,
    term AS term_months,
    cents(fee * 70) AS committed_monthly,
    CASE WHEN service_type = 'broadband' THEN 'broadband'
        WHEN bleeding_cause IN ('speculative_buying', 'subsidy_not_recovered') THEN 'handset'
        WHEN service_type = 'mobile' AND part < 34 THEN 'handset' WHEN part < 60 THEN 'prepaid_fee' ELSE 'sim_only' END AS kind,
    CASE WHEN bleeding_cause IN ('speculative_buying', 'subsidy_not_recovered') THEN 30 WHEN part < 34 THEN 5 ELSE 0 END
        * fee AS subsidy_yuan
FROM both_terms
WHERE start_on <= as_of() AND (deactivated_on IS NULL OR start_on < deactivated_on) AND end_on > start_on
ORDER BY n, start_on
"""

_CONTRACT = """
SELECT
    line_id, kind, start_on, end_on, term_months, committed_monthly,
    cents(CASE WHEN kind = 'handset' THEN subsidy_yuan * 100 ELSE 0 END) AS device_cost,
    cents(CASE WHEN kind = 'prepaid_fee' THEN fee_cents * 2 WHEN kind = 'handset' THEN subsidy_yuan * 20
        ELSE 0 END) AS fee_subsidy
FROM contract_story
JOIN (SELECT n, fee * 100 AS fee_cents FROM line_story) USING (n)
ORDER BY n, start_on
"""

# Who watches prices took a cheaper plan some eight to eleven months ago; some others a dearer one.
_CHANGES = """
CREATE TEMP TABLE plan_change_story AS
WITH asked AS (
    SELECT n, line_id, p, activated_on, main, trait, service_type, deactivated_on,
        main AND trait = 'price' AND p < 12 AND shows(true, n, 311) AS down, draw(n, 312, 100) < 5 AND p BETWEEN 2 AND 12 AS up,
        draw(n, 313, 100) AS part
    FROM line_story
    WHERE service_type = 'mobile'
),
dated AS (
    SELECT *, as_of() - CASE WHEN down THEN 235 + part ELSE 100 + 3 * part END AS changed_on FROM asked WHERE down OR up
)
SELECT n, line_id, changed_on, down, 'P' || printf('%02d', CASE WHEN down THEN p + 1 ELSE p - 1 END) AS from_plan_id,
    'P' || printf('%02d', p) AS to_plan_id, former.fee AS former_fee
FROM dated
JOIN (SELECT p AS former_p, fee FROM plan_story) AS former ON former_p = CASE WHEN down THEN p + 1 ELSE p - 1 END
WHERE changed_on > activated_on AND (deactivated_on IS NULL OR changed_on < deactivated_on)
"""

_PLAN_CHANGE = """
SELECT line_id, changed_on, from_plan_id, to_plan_id, down OR draw(n, 314, 100) < 80 AS asked_by_customer
    FROM plan_change_story ORDER BY n
"""

# Arrears bar a line until it is paid or ends; a few lines were barred for other reasons and came back.
_SUSPENSION = """
SELECT line_id, from_on, CASE WHEN to_on <= as_of() THEN to_on END AS to_on, reason
FROM (
    SELECT n, line_id, bar_from AS from_on, deactivated_on AS to_on, CASE WHEN fraud AND n % 3 = 0 THEN 'fraud'
        ELSE 'arrears' END AS reason
    FROM line_story WHERE bar_from IS NOT NULL
    UNION ALL
    SELECT n, line_id, as_of() - 130 - draw(n, 321, 200) AS from_on, as_of() - 125 - draw(n, 321, 200) AS to_on,
        (['asked', 'lost', 'arrears'])[1 + draw(n, 322, 3)]
    FROM line_story
    WHERE service_type = 'mobile' AND bar_from IS NULL AND deactivated_on IS NULL AND draw(n, 323, 100) < 2
        AND activated_on < as_of() - 130 - draw(n, 321, 200)
)
ORDER BY n
"""

STEPS = (_TERMS, _CHANGES)

FILES = {"contract": _CONTRACT, "plan_change": _PLAN_CHANGE, "suspension": _SUSPENSION}
