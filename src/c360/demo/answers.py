"""The generator's own tables go in, counts of the planted behaviours come out; knows no file.

An answer about a cohort counts the plan (the line was made to fall silent), not the rows that follow from it: a tag
that finds the same number from the files has found the cohort. Active means not deactivated at the as-of date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# dropped: minutes and megabytes of October at or below half of the mean of July to September. voice_down_30: minutes
# at or below 70 %. silent: no call in or out on the last 7 days; no_outgoing: no call out, calls in or not.
_LINES = """
SELECT
    count_if(deactivated_on IS NULL) AS lines_active,
    count_if(deactivated_on BETWEEN as_of() - 180 AND as_of() - 30) AS lines_left_30_180_days_ago,
    count_if(deactivated_on > as_of() - 30) AS lines_left_within_30_days,
    count_if(dropped) AS lines_usage_dropped_50,
    count_if(voice AND (dropped OR faded)) AS lines_voice_down_30,
    count_if(silent_days > 0) AS voice_lines_silent_7_days,
    count_if(silent_days + muted_days > 0) AS voice_lines_no_outgoing_7_days,
    count_if(hotline_ago < 30) AS lines_competitor_hotline_30_days,
    count_if(hotline_ago < 90) AS lines_competitor_hotline_90_days,
    count_if(dropped AND silent_days > 0 AND hotline_ago < 30) AS lines_dropped_silent_and_hotline
FROM line_story
"""

_CUSTOMERS = """
WITH lines AS (
    SELECT
        c,
        count_if(deactivated_on IS NULL) AS active,
        count_if(deactivated_on IS NULL AND voice AND silent_days = 0) AS calling,
        count_if(dropped) AS dropped
    FROM line_story
    GROUP BY c
)
SELECT
    count_if(kind = 'person') AS customers_person,
    count_if(kind = 'family') AS customers_family,
    count_if(kind = 'organisation') AS customers_organisation,
    count_if(joined_on >= DATE '2026-08-01') AS customers_joined_last_3_months,
    count_if(active IS NULL) AS customers_without_line,
    count_if(active > 0) AS customers_active,
    count_if(active > 0 AND calling = 0) AS active_customers_silent_7_days,
    count_if(kind = 'organisation' AND dropped >= 2) AS organisations_with_2_dropped_lines,
    count_if(over_contacted) AS customers_over_contacted
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

_BILLS = """
SELECT
    count_if(month = 11 AND below_from <= 11) AS lines_below_plan_fee_last_month,
    count_if(month = 11 AND below_from <= 10 AND n IN (SELECT n FROM bill_story WHERE month = 10))
        AS lines_below_plan_fee_last_2_months
FROM bill_story
"""

# Tiers by the mean of three months' totals in cents: 150, 100 and 20 yuan are 45,000, 30,000 and 6,000 over the three.
_TIERS = """
WITH sums AS (
    SELECT
        c,
        joined_on,
        coalesce(sum(CASE WHEN month >= 9 THEN total END), 0) AS last_quarter,
        coalesce(sum(CASE WHEN month BETWEEN 6 AND 8 THEN total END), 0) AS quarter_before
    FROM customer_story
    LEFT JOIN (SELECT n, c FROM line_story) USING (c)
    LEFT JOIN bill_story USING (n)
    GROUP BY c, joined_on
),
ranks AS (
    SELECT
        joined_on,
        len(list_filter([6000, 30000, 45000], lambda bound: bound <= last_quarter)) AS now,
        len(list_filter([6000, 30000, 45000], lambda bound: bound <= quarter_before)) AS before
    FROM sums
)
SELECT
    count_if(now = 3) AS customers_tier_high,
    count_if(now = 2) AS customers_tier_mid,
    count_if(now = 1) AS customers_tier_low,
    count_if(now = 0) AS customers_tier_minimal,
    count_if(now < before AND joined_on < DATE '2026-08-01') AS customers_tier_declined_3_months
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

QUESTIONS = (_LINES, _CUSTOMERS, _RETURNS, _CONTRACTS, _BILLS, _TIERS, _TICKETS, _CONTACTS, _ROLES)


def known_answers(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Count the planted behaviours on the tables that the demo's steps have made."""
    answers: dict[str, int] = {}
    for question in QUESTIONS:
        cursor = connection.execute(question)
        row = cursor.fetchone()
        assert row is not None
        answers |= {column[0]: int(count or 0) for column, count in zip(cursor.description, row, strict=True)}
    return answers
