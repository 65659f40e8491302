"""Lines go in, their monthly bills and what accounts paid of them come out; knows no usage."""

from __future__ import annotations

# One row a line: how its bills go. rise is a month's growth and fall a month's loss, in tenths of a percent of the yearly
# mean; cost is what the line costs us, in percent of its bill, and fault the part of the cost that is out of measure.
_HABIT = """
CREATE TEMP TABLE bill_habit AS
SELECT
    n, c, line_id, activated_on, deactivated_on, trait, grid, plain, strategic, together, bleeding_cause, below_from,
        target, main, voice, CASE WHEN voice THEN 1 ELSE 0 END AS spoken,
    100 * line_story.fee AS fee_now, coalesce(100 * former_fee, 100 * line_story.fee) AS fee_before,
    coalesce(month_number(changed_on), -1) AS changed_in,
    greatest(0, month_number(activated_on)) AS from_month,
    month_number(activated_on) AS opened_in,
    CASE WHEN deactivated_on IS NULL THEN 99 ELSE month_number(deactivated_on - 1) END AS to_month,
    CASE WHEN NOT wavers THEN month_number(churn_on) END AS leaves_in,
    CASE
        WHEN grid = 'large_premium' OR (grid = 'average' AND NOT plain) THEN 8 + draw(n, 401, 8)
        WHEN grid = 'small_premium' THEN 5 + draw(n, 401, 8)
        ELSE -draw(n, 401, 5)
    END AS rise,
    main AND grid IN ('average', 'small_ordinary') AND trait <> 'price' AND churn_on IS NULL
        AND draw(n, 402, 100) < 4 AS sinking,
    CASE
        WHEN grid = 'large_premium' THEN 48 + draw(n, 403, 8)
        WHEN grid = 'average' AND plain THEN 58 + draw(n, 403, 8)
        WHEN grid = 'average' THEN 52 + draw(n, 403, 8)
        WHEN grid = 'small_premium' THEN 20 + draw(n, 403, 9)
        WHEN grid = 'small_ordinary' THEN 79 + draw(n, 403, 8)
        ELSE 40
    END + CASE WHEN slips(n, 404) THEN draw(n, 405, 41) - 20 ELSE 0 END AS cost,
    CASE WHEN grid = 'bleeding' THEN 85 + draw(n, 406, 50) ELSE 0 END AS fault,
    main AND opened_in >= 4 AND trait <> 'price' AND draw(n, 408, 100) < 10 AS dear_start,
    70 + draw(n, 412, 15) AS low_percent,
    CASE
        WHEN trait = 'brand' THEN 0
        WHEN CASE WHEN trait = 'price' THEN shows(true, c, 407) ELSE shows(false, c, 407) END THEN 18 + draw(n, 414, 12)
        WHEN brand = 'premium' AND draw(c, 410, 100) < 95 THEN 6 + draw(n, 414, 5)
        WHEN draw(n, 415, 100) < 8 THEN 3
        ELSE 0
    END AS discount_percent,
    draw(n, 409, 100) AS mix
FROM line_story
LEFT JOIN (SELECT n, any_value(former_fee) AS former_fee, any_value(changed_on) AS changed_on
    FROM plan_change_story GROUP BY n) USING (n)
"""

# A month's total is the target with growth around the middle of the year, never by chance below the fee; a discount takes
# from the extras. What is billed beyond the fee is told apart by what the line uses.
_TOTALS = """
CREATE OR REPLACE TEMP MACRO bills(first, last) AS TABLE
WITH months AS (
    SELECT *, unnest(range(greatest(from_month, first), least(to_month, last) + 1))::INTEGER AS month
    FROM bill_habit
    WHERE from_month <= last AND to_month >= first
),
wanted AS (
    SELECT
        *,
        CASE WHEN month < changed_in THEN fee_before ELSE fee_now END AS fee,
        target * (1000 + CASE WHEN opened_in < 3 THEN (month * 2 - 19) * rise // 2 ELSE 0 END) // 1000
            * (97 + draw(32 * n + month, 411, 7)) // 100
            * CASE WHEN sinking AND month >= 12 THEN 100 - 5 * (month - 11) ELSE 100 END // 100 AS usual
    FROM months
),
totals AS (
    SELECT
        *,
        CASE
            WHEN month >= below_from THEN fee * low_percent // 100
            WHEN trait = 'price' AND NOT sinking THEN fee * (100 + draw(32 * n + month, 413, 4)) // 100
            WHEN dear_start AND month = opened_in THEN greatest(usual, fee) + 2 * fee
            ELSE greatest(usual, fee)
        END AS total
    FROM wanted
),
discounts AS (
    SELECT
        *,
        CASE WHEN bleeding_cause = 'discount_too_deep' THEN total * 80 // 100 ELSE fee * discount_percent // 100 END AS granted
    FROM totals
)
SELECT
    * EXCLUDE (granted),
    greatest(granted, fee - total) AS discount,
    total + greatest(granted, fee - total) - fee AS extras,
    CASE WHEN grid = 'bleeding' THEN greatest(total, target * 8 // 10) ELSE total END * cost // 100 AS costs,
    target * fault // 100 AS excess
FROM discounts
"""

_BILL = """
SELECT
    line_id,
    month_start(month) AS month,
    cents(fee) AS plan_fee,
    cents(extras - data - voice_long_distance - voice_roaming - sms - vas - other) AS voice_local,
    cents(voice_long_distance) AS voice_long_distance,
    cents(voice_roaming) AS voice_roaming,
    cents(data) AS data,
    cents(sms) AS sms,
    cents(vas) AS vas,
    cents(other) AS other,
    cents(discount) AS discount,
    cents(total) AS total,
    cents(costs * 16 // 100 + CASE WHEN bleeding_cause = 'product_mix' THEN excess ELSE 0 END) AS interconnect,
    cents(costs * 34 // 100 + CASE WHEN bleeding_cause IN ('price_too_low', 'discount_too_deep') THEN excess
        ELSE 0 END) AS network_share,
    cents(costs * 15 // 100) AS staff,
    cents(costs * 8 // 100 + CASE WHEN bleeding_cause = 'no_commitment' THEN excess * 6 // 10 ELSE 0 END) AS promotion,
    cents(costs * 5 // 100 + CASE WHEN bleeding_cause IN ('speculative_buying', 'subsidy_not_recovered')
        THEN excess * 8 // 10 ELSE 0 END)
        AS device_subsidy_amortised,
    cents(costs * 4 // 100 + CASE WHEN bleeding_cause IN ('speculative_buying', 'subsidy_not_recovered')
        THEN excess * 2 // 10 ELSE 0 END)
        AS fee_subsidy,
    cents(costs * CASE WHEN plain OR grid = 'small_ordinary' THEN 14 ELSE 4 END // 100
        + CASE WHEN bleeding_cause = 'service_cost' THEN excess ELSE 0 END) AS service_cost,
    cents(costs * 4 // 100 + CASE WHEN bleeding_cause = 'no_commitment' THEN excess * 4 // 10 ELSE 0 END) AS commission
FROM (
    SELECT
        *,
        CASE WHEN voice THEN extras * (mix % 40) // 100 ELSE extras END AS data,
        extras * spoken * (5 + mix % 11) // 100 AS voice_long_distance,
        CASE WHEN mix % 7 = 0 THEN extras * spoken * 15 // 100 ELSE 0 END AS voice_roaming,
        extras * spoken * (mix % 5) // 100 AS sms,
        extras * spoken * CASE WHEN bleeding_cause = 'product_mix' THEN 20 ELSE 3 + mix % 13 END // 100 AS vas,
        extras * spoken * (mix % 3) // 100 AS other
    FROM bills({first}, {last})
)
"""

# One invoice an account and month, due on the 20th of the next. Who watches prices pays on the last day; churners for want
# of money stop paying two invoices before they leave, the fraudulent never pay.
_PAYMENT = """
WITH invoices AS (
    SELECT c, month, sum(total) AS amount FROM bills(0, 15) GROUP BY c, month
),
habits AS (
    SELECT
        account_id, amount, c, fraud, trait, calm, 32 * c + month AS t,
        month_start(month + 1) + 19 AS due_on,
        churn_cause = 'passive' AND month >= month_number(churn_on - 85) AND NOT slips(c, 421) AS stops
    FROM invoices
    JOIN customer_story USING (c)
    WHERE month_start(month + 1) + 19 <= as_of()
),
paying AS (
    SELECT
        *,
        CASE
            WHEN fraud OR stops THEN NULL
            WHEN trait = 'price' AND shows(true, t, 422) THEN due_on
            WHEN draw(t, 423, 1000) < 6 AND NOT calm THEN NULL
            WHEN draw(t, 423, 1000) < 60 THEN due_on + 1 + draw(t, 424, 25)
            ELSE due_on - draw(t, 424, 18)
        END AS pays_on
    FROM habits
),
settled AS (
    SELECT *, CASE WHEN pays_on <= as_of() THEN pays_on END AS paid_on FROM paying
)
SELECT
    account_id, due_on, cents(amount) AS amount_due, paid_on,
    CASE WHEN paid_on IS NOT NULL THEN cents(amount) END AS amount_paid,
    CASE WHEN paid_on IS NULL THEN NULL WHEN trait = 'price' THEN (['cash', 'prepaid', 'wallet'])[1 + draw(c, 81, 3)]
        ELSE (['direct_debit', 'wallet', 'direct_debit', 'cash', 'prepaid'])[1 + draw(c, 81, 5)] END AS payment_method
FROM settled
"""

STEPS = (_HABIT, _TOTALS)

FILES = {"bill": _BILL.format(first=0, last=15), "payment": _PAYMENT}
FUTURE_BILL = _BILL.format(first=16, last=18) + " WHERE leaves_in IS NULL OR month <= leaves_in"
