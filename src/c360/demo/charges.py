"""Lines go in, their monthly bills and what accounts paid of them come out; knows no usage."""

from __future__ import annotations

# One row a line: how its bills go, in numbers, because texts are dear to carry through twenty million rows. rise is a month's
# growth in tenths of a percent; cost is what the line costs us, in percent of its bill, and fault what it costs beyond all
# measure, which over_… tell apart.
_HABIT = """
CREATE TEMP TABLE bill_habit AS
WITH faults AS (
    SELECT p, cause, over_interconnect, over_network, over_promotion, over_device, over_fee, over_service, over_commission
    FROM (VALUES
        (1, 'product_mix', 100, 0, 0, 0, 0, 0, 0),
        (2, 'price_too_low', 0, 100, 0, 0, 0, 0, 0),
        (3, 'discount_too_deep', 0, 100, 0, 0, 0, 0, 0),
        (4, 'no_commitment', 0, 0, 60, 0, 0, 0, 40),
        (5, 'speculative_buying', 0, 0, 0, 80, 20, 0, 0),
        (6, 'subsidy_not_recovered', 0, 0, 0, 80, 20, 0, 0),
        (7, 'service_cost', 0, 0, 0, 0, 0, 100, 0)
    ) AS listed (p, cause, over_interconnect, over_network, over_promotion, over_device, over_fee, over_service, over_commission)
),
changed AS (
    SELECT n, any_value(former_fee) AS former_fee, any_value(changed_on) AS changed_on FROM plan_change_story GROUP BY n
)
SELECT
    n, c, line_id, below_from, target::BIGINT AS target, voice, CASE WHEN voice THEN 1 ELSE 0 END AS spoken,
    100 * line_story.fee AS fee_now, coalesce(100 * former_fee, 100 * line_story.fee) AS fee_before,
    coalesce(month_number(changed_on), -1) AS changed_in,
    greatest(0, month_number(activated_on)) AS from_month,
    month_number(activated_on) AS opened_in,
    CASE WHEN deactivated_on IS NULL THEN 99 ELSE month_number(deactivated_on - 1) END AS to_month,
    CASE WHEN NOT wavers THEN month_number(churn_on) END AS leaves_in,
    CASE
        WHEN opened_in >= 3 THEN 0
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
    CASE WHEN plain OR grid = 'small_ordinary' THEN 14 ELSE 4 END AS care,
    trait = 'price' AS hugs_fee,
    grid = 'bleeding' AS bleeds,
    main AND opened_in >= 4 AND trait <> 'price' AND draw(n, 408, 100) < 10 AS dear_start,
    70 + draw(n, 412, 15) AS low_percent,
    bleeding_cause IS NOT DISTINCT FROM 'discount_too_deep' AS deep,
    CASE
        WHEN trait = 'brand' THEN 0
        WHEN CASE WHEN trait = 'price' THEN shows(true, c, 407) ELSE shows(false, c, 407) END THEN 18 + draw(n, 414, 12)
        WHEN brand = 'premium' AND draw(c, 410, 100) < 95 THEN 6 + draw(n, 414, 5)
        WHEN draw(n, 415, 100) < 8 THEN 3
        ELSE 0
    END AS discount_percent,
    (draw(n, 409, 100) % 40) AS data_percent,
    5 + draw(n, 416, 11) AS far_percent,
    CASE WHEN draw(n, 417, 7) = 0 THEN 15 ELSE 0 END AS roaming_percent,
    draw(n, 418, 5) AS sms_percent,
    CASE WHEN bleeding_cause = 'product_mix' THEN 20 ELSE 3 + draw(n, 419, 13) END AS vas_percent,
    coalesce(over_interconnect, 0) AS over_interconnect, coalesce(over_network, 0) AS over_network,
    coalesce(over_promotion, 0) AS over_promotion, coalesce(over_device, 0) AS over_device, coalesce(over_fee, 0) AS over_fee,
    coalesce(over_service, 0) AS over_service, coalesce(over_commission, 0) AS over_commission
FROM line_story
LEFT JOIN changed USING (n)
LEFT JOIN (SELECT * EXCLUDE (p) FROM faults) ON cause = bleeding_cause
ORDER BY n
"""

# A month's total is the target with growth around the middle of the year, never by chance below the fee; a discount takes
# from the extras. What is billed beyond the fee is told apart by what the line uses.
_TOTALS = """
CREATE OR REPLACE TEMP MACRO bills(first, last) AS TABLE
WITH months AS (
    SELECT *
    FROM bill_habit, (SELECT m AS month, month_start(m) AS starts_on FROM (SELECT unnest(range(first, last + 1))::INTEGER AS m))
    WHERE month BETWEEN from_month AND to_month
),
wanted AS (
    SELECT
        *,
        CASE WHEN month < changed_in THEN fee_before ELSE fee_now END AS fee,
        target * (1000 + (month * 2 - 19) * rise // 2) // 1000
            * (97 + draw(32 * n + month, 411, 7)) // 100
            * CASE WHEN sinking AND month >= 12 THEN 100 - 5 * (month - 11) ELSE 100 END // 100 AS usual
    FROM months
),
totals AS (
    SELECT
        *,
        CASE
            WHEN month >= below_from THEN fee * low_percent // 100
            WHEN hugs_fee THEN fee * (100 + ((n + month) & 3)) // 100
            WHEN dear_start AND month = opened_in THEN greatest(usual, fee) + 2 * fee
            ELSE greatest(usual, fee)
        END AS total
    FROM wanted
),
discounts AS (
    SELECT *, CASE WHEN deep THEN total * 80 // 100 ELSE fee * discount_percent // 100 END AS granted FROM totals
)
SELECT
    * EXCLUDE (granted),
    greatest(granted, fee - total) AS discount,
    total + greatest(granted, fee - total) - fee AS extras,
    CASE WHEN bleeds THEN greatest(total, target * 8 // 10) ELSE total END * cost // 100 AS costs,
    target * fault // 100 AS excess
FROM discounts
"""

_BILL = """
SELECT
    line_id,
    starts_on AS month,
    cents(fee) AS plan_fee,
    cents(extras - data - voice_long_distance - voice_roaming - sms - vas) AS voice_local,
    cents(voice_long_distance) AS voice_long_distance,
    cents(voice_roaming) AS voice_roaming,
    cents(data) AS data,
    cents(sms) AS sms,
    cents(vas - vas // 8) AS vas,
    cents(vas // 8) AS other,
    cents(discount) AS discount,
    cents(total) AS total,
    cents((costs * 16 + excess * over_interconnect) // 100) AS interconnect,
    cents((costs * 34 + excess * over_network) // 100) AS network_share,
    cents(costs * 15 // 100) AS staff,
    cents((costs * 8 + excess * over_promotion) // 100) AS promotion,
    cents((costs * 5 + excess * over_device) // 100) AS device_subsidy_amortised,
    cents((costs * 4 + excess * over_fee) // 100) AS fee_subsidy,
    cents((costs * care + excess * over_service) // 100) AS service_cost,
    cents((costs * 4 + excess * over_commission) // 100) AS commission
FROM (
    SELECT
        *,
        CASE WHEN voice THEN extras * data_percent // 100 ELSE extras END AS data,
        extras * spoken * far_percent // 100 AS voice_long_distance,
        extras * spoken * roaming_percent // 100 AS voice_roaming,
        extras * spoken * sms_percent // 100 AS sms,
        extras * spoken * vas_percent // 100 AS vas
    FROM bills({first}, {last})
)
"""

# One invoice an account and month, due on the 20th of the next. Who watches prices pays on the last day; churners for want
# of money stop paying two invoices before they leave, the fraudulent never pay.
_PAYMENT = """
WITH invoices AS (
    SELECT c, month, sum(total)::BIGINT AS amount, (any_value(starts_on) + INTERVAL 1 MONTH)::DATE + 19 AS due_on
    FROM bills(0, 15) GROUP BY c, month
),
payers AS (
    SELECT
        c, account_id, calm, trait = 'price' AS price,
        CASE WHEN fraud THEN 0 WHEN churn_cause = 'passive' AND NOT slips(c, 421) THEN month_number(churn_on - 85)
            ELSE 99 END AS stops_in,
        CASE WHEN trait = 'price' THEN (['cash', 'prepaid', 'wallet'])[1 + draw(c, 81, 3)]
            ELSE (['direct_debit', 'wallet', 'direct_debit', 'cash', 'prepaid'])[1 + draw(c, 81, 5)] END AS method
    FROM customer_story
),
habits AS (
    SELECT account_id, amount, price, calm, method, 32 * c + month AS t, due_on, month >= stops_in AS stops
    FROM invoices
    JOIN payers USING (c)
    WHERE due_on <= as_of()
),
paying AS (
    SELECT
        *,
        CASE
            WHEN stops THEN NULL
            WHEN price AND shows(true, t, 422) THEN due_on
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
    CASE WHEN paid_on IS NOT NULL THEN method END AS payment_method
FROM settled
"""

STEPS = (_HABIT, _TOTALS)

FILES = {"bill": _BILL.format(first=0, last=15), "payment": _PAYMENT}
FUTURE_BILL = _BILL.format(first=16, last=18) + " WHERE leaves_in IS NULL OR month <= leaves_in"
