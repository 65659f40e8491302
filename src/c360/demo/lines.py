"""Customers go in; plans and lines with what happens to them come out; knows no bill and no call."""

from __future__ import annotations

_PLAN = """
CREATE TEMP TABLE plan_story AS
SELECT printf('P%02d', p) AS plan_id, *
FROM (VALUES
    (1, 9, 30, 512, 'basic', '2g'), (2, 19, 100, 1024, 'basic', '3g'), (3, 29, 150, 3072, 'basic', '4g'),
    (4, 39, 200, 5120, 'basic', '4g'), (5, 49, 260, 8192, 'standard', '4g'), (6, 59, 300, 10240, 'standard', '4g'),
    (7, 79, 400, 20480, 'standard', '4g'), (8, 99, 500, 30720, 'standard', '5g'), (9, 129, 800, 40960, 'premium', '5g'),
    (10, 169, 1000, 61440, 'premium', '5g'), (11, 199, 1200, 81920, 'premium', '5g'), (12, 299, 2000, 153600, 'premium', '5g'),
    (13, 599, 3000, 204800, 'premium', '5g'), (14, 1299, 6000, 307200, 'premium', '5g'),
    (15, 2999, 12000, 409600, 'premium', '5g'), (16, 5999, 24000, 512000, 'premium', '5g'),
    (17, 11999, 48000, 614400, 'premium', '5g'),
    (18, 19, 100, 0, 'basic', '2g'), (19, 39, 500, 0, 'standard', '2g'),
    (20, 49, 0, 204800, 'basic', '4g'), (21, 89, 0, 512000, 'standard', '5g'),
    (22, 19, 0, 204800, 'basic', '4g'), (23, 39, 0, 409600, 'standard', '4g')
) AS listed (p, fee, included_minutes, included_mb, tier, networks)
"""

# A customer's main line is the first; who changed the number has the new one as second. Further lines are cheap beside it.
_START = """
CREATE TEMP TABLE line_start AS
WITH numbered AS (
    SELECT row_number() OVER (ORDER BY c, nth) AS n, *
    FROM (SELECT *, unnest(range(1, line_count + 1))::INTEGER AS nth FROM customer_story WHERE line_count > 0)
),
served AS (
    SELECT
        *,
        nth = CASE WHEN moved THEN 2 ELSE 1 END AS main,
        CASE
            WHEN nth = 1 OR moved THEN CASE WHEN yuan BETWEEN 18 AND 45 AND trait = 'none'
                AND draw(n, 201, 100) < 8 THEN 'fixed' ELSE 'mobile' END
            WHEN yuan < 100 THEN (['mobile', 'iptv', 'fixed'])[1 + draw(n, 201, 3)]
            WHEN kind = 'organisation' THEN (['mobile', 'fixed', 'broadband'])[1 + draw(n, 201, 3)]
            ELSE (['broadband', 'mobile', 'iptv'])[1 + (nth - 2) % 3]
        END AS service_type
    FROM numbered
)
SELECT
    *,
    CASE
        WHEN moved AND nth = 2 THEN moved_on + back_after
        WHEN nth = 1 THEN joined_on
        WHEN draw(n, 202, 100) < 12 THEN as_of() - draw(n, 203, least(300, as_of() - joined_on)::INTEGER)
        ELSE greatest(joined_on, as_of() - 1 - 500 - draw(n, 203, 2500))
    END AS activated_on,
    CASE
        WHEN moved AND nth = 1 THEN moved_on
        WHEN churn_on <= as_of() THEN churn_on
        WHEN nth > 1 AND NOT moved AND NOT together AND churn_on IS NULL
            AND draw(n, 204, 100) < 4 THEN as_of() - 8 - draw(n, 205, 350)
    END AS wanted_end
FROM served
"""

# first_day and last_day are the line's days of usage by number. Churners, and lines that only look like it, show signs:
# drop_from is when use falls, silent_from the calls end, hot_from to hot_to the competitor's hotline is called,
# below_from the month from which bills stay below the plan fee, bar_from the day of a suspension.
_BEHAVIOUR = """
CREATE TEMP TABLE line_behaviour AS
WITH ended AS (
    SELECT
        * EXCLUDE (wanted_end),
        CASE WHEN wanted_end > activated_on THEN wanted_end END AS deactivated_on,
        service_type IN ('mobile', 'fixed') AS voice,
        CASE WHEN moved THEN NULL WHEN activated_on < churn_on THEN day_number(churn_on) END AS churn_day
    FROM line_start
    WHERE wanted_end IS NULL OR wanted_end > activated_on
),
settled AS (
    SELECT
        *,
        deactivated_on IS NULL AND activated_on < (month_start(12)) AND churn_on IS NULL AS settled,
        main AND evidence NOT IN ('none') OR NOT main AS free,
        CASE WHEN main THEN evidence ELSE 'second' END AS sign,
        draw(n, 211, 1000) AS stray_draw,
        draw(n, 212, 1000) AS stray_hot
    FROM ended
),
churners AS (
    SELECT
        *,
        churn_day IS NOT NULL AND NOT slips(n, 213) AND activated_on < month_start(month_number(churn_on - 45) - 3) AS falling,
        churn_day IS NOT NULL AND churn_cause IN ('tariff', 'service') AND service_type = 'mobile' AND NOT slips(n, 214)
            AND draw(n, 214, 100) < CASE WHEN churn_cause = 'tariff' THEN 95 ELSE 55 END AS shopping
    FROM settled
),
strays AS (
    SELECT
        *,
        settled AND evidence <> 'unused' AND (together OR (sign = 'dropped')
            OR (sign IN ('ending', 'lapsed', 'running', 'second') AND stray_draw < 25)) AS drops,
        settled AND voice AND (sign = 'faded' OR (service_type = 'mobile'
            AND sign IN ('ending', 'lapsed', 'running', 'second') AND stray_draw BETWEEN 25 AND 54)) AND NOT together AS faded,
        deactivated_on IS NULL AND churn_on IS NULL AND voice AND (sign = 'silent' OR (settled
            AND sign IN ('ending', 'lapsed', 'running') AND stray_draw BETWEEN 55 AND 69)) AS silent,
        deactivated_on IS NULL AND churn_on IS NULL AND voice AND (sign = 'muted' OR (settled
            AND sign IN ('ending', 'lapsed', 'running') AND stray_draw BETWEEN 70 AND 84)) AS muted,
        CASE
            WHEN service_type <> 'mobile' OR churn_day IS NOT NULL OR fraud THEN NULL
            WHEN deactivated_on IS NULL AND sign = 'hotline' THEN today() - draw(n, 215, 26)
            WHEN deactivated_on IS NULL AND free AND sign NOT IN ('below', 'silent', 'muted', 'dropped', 'faded')
                AND stray_hot < 18 THEN today() - 12 - draw(n, 215, 16)
            WHEN stray_hot < 150 THEN today() - 31 - draw(n, 215, 200)
        END AS stray_hot_day
    FROM churners
)
SELECT
    *,
    greatest(0, day_number(activated_on)) AS first_day,
    least(today(), day_number(coalesce(deactivated_on, as_of() + 1)) - 1) AS last_day,
    CASE
        WHEN falling THEN day_number(month_start(month_number(churn_on - 45)))
        WHEN drops OR faded THEN day_number(month_start(15))
        ELSE 9999
    END AS drop_from,
    CASE WHEN falling AND churn_cause = 'technology' OR NOT falling AND NOT drops AND NOT faded THEN 100
        WHEN falling THEN 18 + draw(n, 216, 10)
        WHEN drops THEN 30 ELSE 52 END AS voice_kept,
    CASE WHEN falling THEN 15 + draw(n, 217, 10) WHEN drops THEN 30 ELSE 100 END AS data_kept,
    CASE
        WHEN evidence = 'unused' THEN -9999
        WHEN churn_day IS NOT NULL AND voice AND NOT slips(n, 213) AND churn_cause <> 'technology' AND draw(n, 218, 100) < 75
            -- silent for a week or not at all, so that what is planted can be counted
            THEN CASE WHEN churn_day - 16 - draw(n, 218, 5) BETWEEN today() - 5 AND today() THEN 9999
                ELSE churn_day - 16 - draw(n, 218, 5) END
        WHEN silent THEN today() + 1 - 7 - draw(n, 219, 4)
        ELSE 9999
    END AS silent_from,
    CASE WHEN muted AND NOT silent THEN today() + 1 - 7 - draw(n, 220, 4) ELSE 9999 END AS muted_from,
    CASE WHEN shopping THEN churn_day - 56 - draw(n, 221, 15) ELSE coalesce(stray_hot_day, 9999) END AS wanted_hot_from,
    CASE WHEN shopping THEN churn_day - 22 ELSE coalesce(stray_hot_day, -9999) END AS hot_to,
    CASE
        WHEN churn_day IS NOT NULL AND churn_cause IN ('tariff', 'passive') AND NOT slips(n, 222)
            AND draw(n, 222, 100) < CASE WHEN churn_cause = 'tariff' THEN 88 ELSE 55 END THEN month_number(churn_on - 70)
        WHEN churn_on IS NOT NULL THEN 99
        WHEN sign = 'below' THEN 14
        WHEN sign IN ('ending', 'lapsed', 'running', 'second') AND (trait = 'price' AND draw(n, 223, 100) < 8
            OR draw(n, 223, 1000) = 999)
            THEN 14 + draw(n, 224, 2)
        ELSE 99
    END AS below_from,
    CASE
        WHEN churn_day IS NOT NULL AND churn_cause = 'passive' AND NOT slips(n, 225) THEN churn_on - 38
        WHEN fraud THEN activated_on + 60
    END AS wanted_bar
FROM strays
"""

# The plan of the main line is the dearest one that the customer's spend, less the other lines', pays for.
_STORY = """
CREATE TEMP TABLE line_story AS
WITH planned AS (
    SELECT
        *,
        CASE
            WHEN main OR moved THEN NULL
            WHEN service_type = 'mobile' THEN 1 + draw(n, 231, 2)
            WHEN service_type = 'fixed' THEN 18
            WHEN service_type = 'broadband' THEN CASE WHEN yuan < 300 THEN 20 ELSE 20 + draw(n, 231, 2) END
            ELSE 22 + CASE WHEN yuan < 160 THEN 0 ELSE draw(n, 231, 2) END
        END AS second_p
    FROM line_behaviour
),
priced AS (
    SELECT *, CASE WHEN second_p IS NULL THEN 0 ELSE fee END * 100 AS second_cents
    FROM planned LEFT JOIN (SELECT p AS second_p, fee FROM plan_story) USING (second_p)
),
shared AS (
    SELECT
        *,
        CASE WHEN main OR moved
            THEN spend - sum(CASE WHEN activated_on < as_of() - 400 THEN second_cents ELSE 0 END) OVER (PARTITION BY c)
            ELSE second_cents + second_cents * draw(n, 232, 12) // 100 END::BIGINT AS target
    FROM priced
),
chosen AS (
    SELECT
        *,
        coalesce(second_p, CASE
            WHEN service_type = 'fixed' THEN CASE WHEN target < 3900 THEN 18 ELSE 19 END
            ELSE greatest(1, len(list_filter([9, 19, 29, 39, 49, 59, 79, 99, 129, 169, 199, 299, 599, 1299, 2999, 5999, 11999],
                lambda price: price * 100 <= target))) END) AS p
    FROM shared
)
SELECT
    printf('L%07d', n) AS line_id,
    chosen.* EXCLUDE (fee, second_p, second_cents, wanted_hot_from, wanted_bar, stray_draw, stray_hot, stray_hot_day),
    plan_id, plan_story.fee, included_mb, networks,
    CASE WHEN wanted_hot_from BETWEEN first_day AND last_day THEN wanted_hot_from ELSE 9999 END AS hot_from,
    CASE WHEN wanted_hot_from BETWEEN first_day AND last_day THEN least(hot_to, last_day) - (least(hot_to,
        last_day) - wanted_hot_from) % 5 ELSE -9999 END AS last_hot,
    CASE WHEN wanted_bar BETWEEN activated_on AND as_of() THEN wanted_bar END AS bar_from,
    drop_from <= day_number(month_start(15)) AND deactivated_on IS NULL AND voice AND voice_kept < 60
        AND evidence <> 'unused' AS voice_fell,
    drop_from <= day_number(month_start(15)) AND deactivated_on IS NULL AND (voice_kept < 45 OR NOT voice)
        AND (data_kept < 45 OR included_mb = 0)
        AND evidence <> 'unused' AS dropped
FROM chosen
JOIN plan_story USING (p)
ORDER BY n
"""

# What the customer holds in hand. The lines of a fraudulent batch share a few devices.
_LINE = """
WITH devices AS (
    SELECT
        *,
        CASE WHEN trait = 'brand' AND main THEN shows(true, n, 241) WHEN yuan >= 110 THEN draw(n, 241,
            100) < CASE kind WHEN 'organisation' THEN 2 ELSE 7 END ELSE draw(n, 241, 100) < 2 END AS premium_device,
        CASE WHEN trait = 'price' THEN shows(true, n, 242) ELSE draw(n, 242, 100) < 12 END AS cheap_device,
        churn_cause = 'technology' AND draw(n, 243, 100) < 80 AS old_network
    FROM line_story
)
SELECT
    line_id, customer_id, account_id, plan_id,
    CASE WHEN fraud THEN printf('N%04d', (joined_on - DATE '2000-01-01') % 2)
        ELSE printf('N%04d', draw(n, 244, (SELECT count(*) - 2 FROM channel_story)) + 2) END AS channel_id,
    CASE WHEN service_type = 'mobile' AND NOT main AND NOT moved THEN first(line_id) OVER (PARTITION BY c
        ORDER BY nth) END AS main_line_id,
    service_type,
    CASE WHEN voice THEN (['13', '15', '17', '18'])[1 + draw(n, 245, 4)] || printf('%09d', n) END AS phone,
    service_type = 'mobile' AND NOT main AND NOT moved AS is_sub_card,
    CASE WHEN old_network THEN (['2g', '3g'])[1 + draw(n, 246, 2)] WHEN draw(n, 246, 100) < 4 THEN '3g'
        ELSE networks END AS network,
    CASE WHEN fraud THEN printf('D-%d-%d', joined_on - DATE '2000-01-01', draw(n, 247, 1 + getvariable('customers') // 20000))
        WHEN service_type = 'mobile' THEN printf('D%07d', n) END AS device_id,
    CASE WHEN service_type <> 'mobile' THEN NULL WHEN premium_device THEN (['Apple', 'Huawei'])[1 + draw(n, 248, 2)]
        ELSE (['Xiaomi', 'OPPO', 'vivo', 'Honor', 'Huawei'])[1 + draw(n, 248, 5)] END AS device_brand,
    CASE WHEN service_type <> 'mobile' THEN NULL WHEN premium_device THEN cents(600000 + 10000 * draw(n, 249, 50))
        WHEN cheap_device THEN cents(40000 + 5000 * draw(n, 249, 9)) ELSE cents(120000 + 10000 * draw(n, 249,
            25)) END AS device_price,
    CASE WHEN service_type <> 'mobile' THEN NULL WHEN old_network THEN '3g' WHEN premium_device THEN '5g'
        WHEN cheap_device THEN '4g' ELSE (['4g', '5g', '5g'])[1 + draw(n, 250, 3)] END AS device_network,
    service_type = 'mobile' AND draw(n, 251, 100) < 7 AS ported_in,
    CASE WHEN deactivated_on IS NOT NULL THEN 'left' WHEN bar_from IS NOT NULL THEN 'suspended' ELSE 'active' END AS status,
    activated_on,
    deactivated_on
FROM devices
ORDER BY n
"""

_PLAN_FILE = """
SELECT plan_id, cents(fee * 100) AS monthly_fee, included_minutes, included_mb, tier, networks FROM plan_story ORDER BY p
"""

STEPS = (_PLAN, _START, _BEHAVIOUR, _STORY)

FILES = {"plan": _PLAN_FILE, "line": _LINE}
