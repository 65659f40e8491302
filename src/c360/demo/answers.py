"""The generator's own tables go in, counts of the planted behaviours come out; knows no file.

An answer about a cohort counts the plan (the line was made to fall silent), not the rows that follow from it: a tag
that finds the same number from the files has found the cohort. Active means not deactivated at the as-of date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# dropped: minutes and megabytes of the last month at or below half of the mean of the three before. voice_down_30: minutes
# at or below 70 %. silent: no call in or out on the last 7 days; no_outgoing: no call out, calls in or not.
_LINES = """
SELECT
    count_if(deactivated_on IS NULL) AS lines_active,
    count_if(deactivated_on BETWEEN as_of() - 180 AND as_of() - 30) AS lines_left_30_180_days_ago,
    count_if(deactivated_on > as_of() - 30) AS lines_left_within_30_days,
    count_if(dropped) AS lines_usage_dropped_50,
    count_if(voice_fell) AS lines_voice_down_30,
    count_if(quiet) AS voice_lines_silent_7_days,
    count_if(quiet OR deactivated_on IS NULL AND voice AND muted_from <= today() - 6) AS voice_lines_no_outgoing_7_days,
    count_if(last_hot > today() - 30) AS lines_competitor_hotline_30_days,
    count_if(last_hot > today() - 90) AS lines_competitor_hotline_90_days,
    count_if(dropped AND quiet AND last_hot > today() - 30) AS lines_dropped_silent_and_hotline
FROM (SELECT *, deactivated_on IS NULL AND voice AND silent_from <= today() - 6 AS quiet FROM line_story)
"""

_CUSTOMERS = """
WITH lines AS (
    SELECT
        c,
        count_if(deactivated_on IS NULL) AS active,
        count_if(deactivated_on IS NULL AND voice AND silent_from > today() - 6) AS calling,
        count_if(dropped) AS dropped
    FROM line_story
    GROUP BY c
)
SELECT
    count_if(kind = 'person') AS customers_person,
    count_if(kind = 'family') AS customers_family,
    count_if(kind = 'organisation') AS customers_organisation,
    count_if(joined_on > (as_of() - INTERVAL 3 MONTH)::DATE) AS customers_joined_last_3_months,
    count_if(active IS NULL) AS customers_without_line,
    count_if(active > 0) AS customers_active,
    count_if(active > 0 AND calling = 0) AS active_customers_silent_7_days,
    count_if(kind = 'organisation' AND dropped >= 2) AS organisations_with_2_dropped_lines,
    count_if(over_contacted) AS customers_over_contacted,
    count_if(fraud) AS customers_of_abnormal_batches
FROM customer_story
LEFT JOIN lines USING (c)
"""

# A return: a mobile line activated on one of the 60 days after another line of the same customer was given up.
_RETURNS = """
SELECT count(DISTINCT later.n) AS lines_returned_within_60_days
FROM line_story AS later
JOIN line_story AS earlier ON later.c = earlier.c AND later.activated_on - earlier.deactivated_on BETWEEN 1 AND 60
WHERE later.service_type = 'mobile'
"""

_CONTRACTS = """
WITH latest AS (
    SELECT n, max(end_on) AS end_on FROM contract_story GROUP BY n
)
SELECT
    count_if(end_on IS NULL) AS active_lines_without_contract,
    count_if(end_on BETWEEN as_of() AND as_of() + 30) AS active_lines_contract_ends_0_30_days,
    count_if(end_on BETWEEN as_of() + 31 AND as_of() + 90) AS active_lines_contract_ends_31_90_days,
    count_if(end_on < as_of()) AS active_lines_contract_expired,
    count_if(end_on BETWEEN as_of() - 90 AND as_of() - 1) AS active_lines_contract_expired_1_90_days
FROM line_story
LEFT JOIN latest USING (n)
WHERE deactivated_on IS NULL
"""

# Bills below the fee are planned by month: those of the last month, and those of both last months.
_BILLS = """
SELECT
    count_if(billed_15 AND below_from <= 15) AS lines_below_plan_fee_last_month,
    count_if(billed_15 AND billed_14 AND below_from <= 14) AS lines_below_plan_fee_last_2_months
FROM (
    SELECT
        below_from,
        from_month <= 15 AND to_month >= 15 AS billed_15,
        from_month <= 14 AND to_month >= 14 AS billed_14
    FROM bill_habit
)
"""

# Tiers by the mean of three months' totals in cents: 150, 100 and 20 yuan are 45,000, 30,000 and 6,000 over the three.
_TIERS = """
WITH billed AS (
    SELECT c, sum(CASE WHEN month >= 13 THEN total END) AS last_quarter, sum(CASE WHEN month < 13 THEN total END) AS quarter_before
    FROM bills(10, 15)
    GROUP BY c
),
ranks AS (
    SELECT
        joined_on,
        len(list_filter([6000, 30000, 45000], lambda bound: bound <= coalesce(last_quarter, 0))) AS now,
        len(list_filter([6000, 30000, 45000], lambda bound: bound <= coalesce(quarter_before, 0))) AS before
    FROM customer_story
    LEFT JOIN billed USING (c)
)
SELECT
    count_if(now = 3) AS customers_tier_high,
    count_if(now = 2) AS customers_tier_mid,
    count_if(now = 1) AS customers_tier_low,
    count_if(now = 0) AS customers_tier_minimal,
    count_if(now < before AND joined_on < month_start(13)) AS customers_tier_declined_3_months
FROM ranks
"""

_TICKETS = """
WITH per_customer AS (
    SELECT
        count(*) AS tickets,
        count_if(closed_on IS NULL) AS open,
        count_if(reopened) AS reopened,
        count_if(opened_on > as_of() - 90) AS recent,
        count_if(opened_on > as_of() - 90 AND kind = 'port_out') AS port_out
    FROM ticket_story
    GROUP BY c
)
SELECT
    sum(open)::BIGINT AS tickets_open,
    sum(reopened)::BIGINT AS tickets_reopened,
    count_if(recent >= 2) AS customers_2_tickets_90_days,
    count_if(port_out > 0) AS customers_port_out_inquiry_90_days
FROM per_customer
"""

_CONTACTS = """
SELECT
    count(DISTINCT CASE WHEN touched_on > as_of() - 30 THEN c END) AS customers_contacted_30_days,
    count(DISTINCT CASE WHEN touched_on > as_of() - 90 AND purpose = 'retention' AND outcome = 'refused' THEN c END)
        AS customers_refused_retention_90_days
FROM contact_story
"""

_ROLES = """
SELECT
    count(DISTINCT CASE WHEN role IN ('decision_maker', 'key_person') THEN c END)
        AS customers_decision_maker_or_key_person,
    count(DISTINCT CASE WHEN role = 'head' THEN c END) AS customers_household_head
FROM membership_story
"""

# What was meant, before noise, and what comes after the as-of date.
_MEANT = """
SELECT
    count_if(stage = 'onboarding') AS made_onboarding,
    count_if(stage = 'decline') AS made_decline,
    count_if(stage = 'warning') AS made_warning,
    count_if(stage = 'growth') AS made_growth,
    count_if(stage = 'mature') AS made_mature,
    count_if(stage = 'left') AS made_left,
    count_if(stage <> 'left' AND grid = 'bleeding') AS made_bleeding,
    count_if(churn_on > as_of() AND NOT wavers) AS customers_leaving_within_90_days
FROM customer_story
"""

QUESTIONS = (_LINES, _CUSTOMERS, _RETURNS, _CONTRACTS, _BILLS, _TIERS, _TICKETS, _CONTACTS, _ROLES, _MEANT)


def known_answers(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Count the planted behaviours on the tables that the demo's steps have made."""
    answers: dict[str, int] = {}
    for question in QUESTIONS:
        cursor = connection.execute(question)
        row = cursor.fetchone()
        assert row is not None
        answers |= {column[0]: int(count or 0) for column, count in zip(cursor.description, row, strict=True)}
    return answers
