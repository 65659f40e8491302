"""Customers go in; plans, lines with their planted behaviours, and contracts come out; knows no bill and no call."""

from __future__ import annotations

_PLAN = """
CREATE TEMP TABLE plan_story AS
SELECT printf('P%02d', p) AS plan_id, *
FROM (VALUES
    (1, 19, 100, 1024, 'basic'), (2, 29, 150, 3072, 'basic'), (3, 39, 200, 5120, 'basic'),
    (4, 59, 300, 10240, 'standard'), (5, 79, 400, 20480, 'standard'), (6, 99, 500, 30720, 'standard'),
    (7, 129, 800, 40960, 'premium'), (8, 169, 1000, 61440, 'premium'), (9, 199, 1200, 81920, 'premium'),
    (10, 239, 1500, 102400, 'premium'), (11, 299, 2000, 153600, 'premium'),
    (12, 19, 100, 0, 'basic'), (13, 39, 500, 0, 'standard'),
    (14, 49, 0, 204800, 'basic'), (15, 89, 0, 512000, 'standard'), (16, 129, 0, 1024000, 'premium'),
    (17, 19, 0, 204800, 'basic'), (18, 39, 0, 409600, 'standard')
) AS listed (p, fee, included_minutes, included_mb, tier)
"""

# The first line of a customer carries voice; further lines are what its kind adds. Who comes back gave the first line
# up 60 to 180 days ago and took the second, a mobile number again, 3 to 52 days after.
_START = """
CREATE TEMP TABLE line_start AS
WITH numbered AS (
    SELECT row_number() OVER (ORDER BY c, nth) AS n, *, as_of() - 60 - draw(c, 44, 121) AS given_up_on
    FROM (SELECT *, unnest(range(1, line_count + 1)) AS nth FROM customer_story)
)
SELECT
    n, c, nth, trait, together, comes_back, given_up_on,
    CASE
        WHEN nth = 1 THEN CASE WHEN draw(n, 41, 100) < 94 THEN 'mobile' ELSE 'fixed' END
        WHEN comes_back THEN 'mobile'
        WHEN kind = 'person' THEN (['mobile', 'mobile', 'broadband', 'broadband', 'fixed'])[1 + draw(n, 41, 5)]
        WHEN kind = 'family' THEN (['mobile', 'broadband', 'broadband', 'iptv'])[1 + draw(n, 41, 4)]
        ELSE (['mobile', 'mobile', 'fixed', 'broadband'])[1 + draw(n, 41, 4)]
    END AS service_type,
    CASE
        WHEN nth = 1 THEN joined_on
        WHEN comes_back THEN given_up_on + 3 + draw(c, 45, 50)
        ELSE joined_on + draw(n, 42, as_of() - joined_on + 1)
    END AS activated_on
FROM numbered
"""

# Some leave: 30 to 180 days ago, earlier in the year, or just now; only after 60 days.
_LIFE = """
CREATE TEMP TABLE line_life AS
WITH leaving AS (
    SELECT
        *,
        CASE
            WHEN draw(n, 43, 1000) < 30 THEN 30 + draw(n, 46, 151)
            WHEN draw(n, 43, 1000) < 50 THEN 181 + draw(n, 46, 150)
            WHEN draw(n, 43, 1000) < 56 THEN 8 + draw(n, 46, 22)
        END AS left_ago
    FROM line_start
)
SELECT
    n, c, trait, together, service_type, activated_on,
    CASE
        WHEN comes_back THEN CASE WHEN nth = 1 THEN given_up_on END
        WHEN activated_on + left_ago + 60 <= as_of() THEN as_of() - left_ago
    END AS deactivated_on
FROM leaving
"""

# Behaviours are planted on lines that were there for the whole comparison: alive, and active before July.
# Each is a cohort of its own salt, so they overlap by chance; the leaving lines show most of them at once.
_BEHAVIOUR = """
CREATE TEMP TABLE line_behaviour AS
WITH settled AS (
    SELECT
        *,
        service_type IN ('mobile', 'fixed') AS voice,
        deactivated_on IS NULL AND activated_on < DATE '2026-07-01' AS settled
    FROM line_life
),
leaving AS (
    SELECT *, settled AND draw(n, 51, 1000) < 15 AS leaving FROM settled
),
quiet AS (
    SELECT
        *,
        settled AND (leaving OR together OR draw(n, 52, 1000) < 25) AS dropped,
        CASE WHEN settled AND voice AND (leaving OR draw(n, 53, 1000) < 25) THEN 7 + draw(n, 54, 4) ELSE 0 END
            AS silent_days
    FROM leaving
),
muted AS (
    SELECT
        *,
        CASE WHEN settled AND voice AND silent_days = 0 AND draw(n, 55, 1000) < 20 THEN 7 + draw(n, 56, 4) ELSE 0 END
            AS muted_days
    FROM quiet
)
SELECT
    *,
    settled AND service_type = 'mobile' AND NOT dropped AND silent_days + muted_days = 0 AND draw(n, 57, 1000) < 30
        AS faded,
    CASE
        WHEN NOT settled OR service_type <> 'mobile' THEN NULL
        WHEN leaving OR draw(n, 58, 1000) < 35 THEN
            CASE WHEN silent_days + muted_days = 0 THEN draw(n, 59, 30) ELSE 12 + draw(n, 59, 18) END
        WHEN draw(n, 58, 1000) < 55 THEN 31 + draw(n, 59, 60)
    END AS hotline_ago
FROM muted
"""

# Mobile plans are spread over the fees, cheap ones more often; who cares for the brand takes one two steps up.
_STORY = """
CREATE TEMP TABLE line_story AS
WITH planned AS (
    SELECT
        *,
        CASE service_type
            WHEN 'mobile' THEN least(11, CASE WHEN trait = 'brand' THEN 3 ELSE 1 END + len(list_filter(
                [14, 26, 40, 56, 69, 80, 88, 93, 96, 98], lambda bound: bound <= draw(n, 61, 100))))
            WHEN 'fixed' THEN 12 + draw(n, 61, 2)
            WHEN 'broadband' THEN 14 + draw(n, 61, 3)
            ELSE 17 + draw(n, 61, 2)
        END AS p
    FROM line_behaviour
)
SELECT
    printf('L%07d', n) AS line_id,
    customer_id,
    planned.*,
    plan_id,
    fee,
    included_mb,
    greatest(0, day_number(activated_on)) AS first_day,
    least(364, day_number(coalesce(deactivated_on, as_of() + 1)) - 1) AS last_day
FROM planned
JOIN plan_story USING (p)
JOIN customer_story USING (c)
ORDER BY n
"""

# ends_in counts days from the as-of date. A third of the lines has no contract; the renewed ones have a second row.
_TERMS = """
CREATE TEMP TABLE contract_story AS
WITH kinds AS (
    SELECT *, draw(n, 71, 100) AS kind_draw, 12 + 12 * draw(n, 72, 2) AS term FROM line_story
),
ends AS (
    SELECT
        *,
        kind_draw >= 91 AS renewed,
        CASE
            WHEN kind_draw < 41 THEN draw(n, 73, 31)
            WHEN kind_draw < 52 THEN 31 + draw(n, 73, 60)
            WHEN kind_draw < 79 THEN 91 + draw(n, 73, 30 * term - 91)
            WHEN kind_draw < 85 THEN -1 - draw(n, 73, 90)
            WHEN kind_draw < 91 THEN -91 - draw(n, 73, 310)
            ELSE -1 - draw(n, 73, 300)
        END AS ends_in
    FROM kinds
    WHERE kind_draw >= 33
),
first_terms AS (
    SELECT *, (as_of() + ends_in + 1 - to_months(term))::DATE AS wanted_on FROM ends
),
terms AS (
    SELECT n, line_id, fee, term, activated_on, deactivated_on, greatest(wanted_on, activated_on) AS start_on
    FROM first_terms
    WHERE NOT renewed OR wanted_on >= activated_on
    UNION ALL
    SELECT n, line_id, fee, term, activated_on, deactivated_on, greatest(as_of() + ends_in + 1, activated_on)
    FROM first_terms
    WHERE renewed
)
SELECT
    n,
    line_id,
    start_on,
    (start_on + to_months(term))::DATE - 1 AS end_on,
    term AS term_months,
    cents(fee * 70) AS committed_monthly
FROM terms
WHERE start_on < coalesce(deactivated_on, as_of() + 1)
ORDER BY n, start_on
"""

STEPS = (_PLAN, _START, _LIFE, _BEHAVIOUR, _STORY, _TERMS)

FILES = {
    "plan": """
        SELECT plan_id, cents(fee * 100) AS monthly_fee, included_minutes, included_mb, tier FROM plan_story ORDER BY p
    """,
    "line": """
        SELECT line_id, customer_id, plan_id, service_type, activated_on, deactivated_on FROM line_story ORDER BY n
    """,
    "contract": """
        SELECT line_id, start_on, end_on, term_months, committed_monthly FROM contract_story ORDER BY n, start_on
    """,
}
