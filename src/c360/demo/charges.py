"""Lines go in, their monthly bills come out; knows no usage."""

from __future__ import annotations

# One row a line: how its bills go over the year. below_from is the first month whose total stays below the plan fee
# (12: none); in other months a discount never exceeds the extras, so that the total does not fall below by chance.
_HABIT = """
CREATE TEMP TABLE bill_habit AS
WITH drawn AS (
    SELECT n, line_id, p, fee, trait, leaving, first_day, last_day, activated_on, service_type,
        draw(n, 81, 1000) AS change_draw, draw(n, 82, 100) AS extras_draw, draw(n, 83, 1000) AS trend_draw,
        draw(n, 84, 100) AS below_draw
    FROM line_story
)
SELECT
    n, line_id, trait, drawn.fee AS fee_now, first_day, last_day, trend_draw,
    coalesce(former.fee, drawn.fee) AS fee_before,
    8 + draw(n, 85, 2) AS changed_in,
    CASE WHEN trait = 'price' THEN 15 ELSE 0 END + greatest(0, extras_draw - 40) * 6 // 10 AS extras_percent,
    CASE
        WHEN trait = 'price' AND below_draw < 10 THEN 0
        WHEN leaving OR (trait = 'price' AND below_draw < 22) OR below_draw = 99 THEN 10
        WHEN (trait = 'price' AND below_draw < 30) OR below_draw = 98 THEN 11
        ELSE 12
    END AS below_from,
    below_from = 12 AND activated_on >= history_start() AND draw(n, 86, 100) < 12 AS dear_start
FROM drawn
LEFT JOIN (SELECT p AS former_p, fee FROM plan_story) AS former
    ON service_type = 'mobile'
    AND former_p = CASE
        WHEN change_draw < 25 THEN least(drawn.p + 2, 11)
        WHEN change_draw < 50 THEN greatest(drawn.p - 2, 1)
    END
"""

# Extras are percents of the fee. Lines with a trend_draw below 30 fall four months running, those below 70 rise in the
# last quarter; some lines have a dear first bill.
_EXTRAS = """
CREATE TEMP TABLE bill_extras AS
WITH months AS (
    SELECT *, unnest(range(0, 12))::INTEGER AS month FROM bill_habit
),
billed AS (
    SELECT
        *,
        100 * CASE WHEN month < changed_in THEN fee_before ELSE fee_now END AS fee,
        first_day >= day_number(month_start(month)) AS starting
    FROM months
    WHERE first_day <= last_day
        AND first_day < day_number(month_start(month + 1))
        AND last_day >= day_number(month_start(month))
)
SELECT
    *,
    fee * CASE WHEN dear_start AND starting THEN 200 ELSE 0 END // 100
    + CASE
        WHEN trend_draw < 30 THEN fee * (9 * least(5, 12 - month)) // 100
        ELSE fee * (extras_percent + CASE WHEN trend_draw < 70 AND month >= 9 THEN 30 ELSE 0 END)
            * (85 + draw(16 * n + month, 87, 31)) // 10000
    END AS extras
FROM billed
"""

_BILL = """
CREATE TEMP TABLE bill_story AS
WITH discounts AS (
    SELECT
        *,
        CASE
            WHEN month >= below_from THEN extras + fee * (10 + draw(16 * n + month, 88, 21)) // 100
            WHEN trait = 'price' THEN least(extras, fee * (10 + draw(16 * n + month, 88, 16)) // 100)
            WHEN draw(n, 89, 100) < 10 THEN least(extras, fee * 5 // 100)
            ELSE 0
        END AS discount
    FROM bill_extras
)
SELECT n, line_id, month, below_from, fee, fee + extras - discount AS total, discount
FROM discounts
ORDER BY n, month
"""

STEPS = (_HABIT, _EXTRAS, _BILL)

FILES = {
    "bill": """
        SELECT
            line_id,
            month_start(month) AS month,
            cents(fee) AS plan_fee,
            cents(total) AS total,
            cents(discount) AS discount
        FROM bill_story
        ORDER BY n, month
    """,
}
