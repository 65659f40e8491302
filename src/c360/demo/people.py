"""The numbers 1..n go in, customers with what each was made as come out; knows no line and no fact.

What a customer is made as is drawn here, before any noise: grid class, sensitivity, stage, churn and its cause.
"""

from __future__ import annotations

_NUMBERS = "CREATE TEMP TABLE customer_number AS SELECT range + 1 AS c FROM range(getvariable('customers'))"

# Grid class and kind first. plain marks average customers of high revenue without strategic meaning. The yearly mean of
# a month's spend, in yuan, leaves gaps: the top of plain and the bleeding stand where the population is cut at 80 and 50.
_CLASS = """
CREATE TEMP TABLE customer_class AS
WITH drawn AS (
    SELECT c, draw(c, 1, 1000) AS place, draw(c, 2, 100) AS kind_draw, draw(c, 3, 1000) AS amount_draw FROM customer_number
),
classed AS (
    SELECT
        *,
        CASE
            WHEN place < 110 THEN 'large_premium'
            WHEN place < 470 THEN 'average'
            WHEN place < 530 THEN 'bleeding'
            WHEN place < 680 THEN 'small_premium'
            ELSE 'small_ordinary'
        END AS grid,
        place BETWEEN 110 AND 239 AS plain,
        CASE
            WHEN place < 110 THEN CASE WHEN kind_draw < 45 THEN 'organisation' WHEN kind_draw < 60 THEN 'family'
                ELSE 'person' END
            WHEN place < 240 THEN CASE WHEN kind_draw < 8 THEN 'organisation' WHEN kind_draw < 30 THEN 'family'
                ELSE 'person' END
            WHEN place < 470 THEN CASE WHEN kind_draw < 4 THEN 'organisation' WHEN kind_draw < 24 THEN 'family'
                ELSE 'person' END
            ELSE CASE WHEN kind_draw < 2 THEN 'organisation' WHEN kind_draw < 8 THEN 'family' ELSE 'person' END
        END AS kind
    FROM drawn
)
SELECT
    c, grid, plain, kind,
    grid = 'small_premium' AND draw(c, 4, 100) < 35 AS small_strategic,
    CASE
        WHEN grid = 'large_premium' AND kind = 'organisation' THEN
            ([640, 1350, 3050, 6100, 12200])[1 + len(list_filter([35, 64, 86, 96], lambda bound: bound <= amount_draw // 10))]
            + amount_draw * 7 % 280
        WHEN grid = 'large_premium' THEN 210 + amount_draw * amount_draw // 4500
        WHEN place < 155 THEN 112 + amount_draw * 26 // 1000
        WHEN place < 200 THEN 168 + amount_draw * 22 // 1000
        WHEN place < 240 THEN 84 + amount_draw * 8 // 1000
        WHEN place < 470 THEN 59 + amount_draw * 20 // 1000
        WHEN grid = 'bleeding' THEN
            CASE WHEN amount_draw < 160 THEN 29 + amount_draw // 25 WHEN amount_draw < 320 THEN 60 + amount_draw // 20
                ELSE 42 + amount_draw % 10 END
        WHEN amount_draw < 250 THEN 9 + amount_draw * 6 // 250
        ELSE 29 + amount_draw * 8 // 1000
    END AS yuan
FROM classed
ORDER BY c
"""

# When they came. Only small and bleeding customers are new: what a new one has brought in a year is small as yet.
# The fraudulent come in batches on three days, through a few channels (see groups).
_ARRIVAL = """
CREATE TEMP TABLE customer_arrival AS
WITH drawn AS (
    SELECT *, grid IN ('small_ordinary', 'small_premium', 'bleeding') AS may_be_new, draw(c, 5, 1000) AS age_draw
    FROM customer_class
),
young AS (
    SELECT
        *,
        CASE WHEN NOT may_be_new OR age_draw >= 250 THEN 'old' WHEN age_draw < 85 THEN 'onboarding'
            ELSE 'young' END AS age_class,
        may_be_new AND age_draw < 250 AND kind = 'person' AND draw(c, 7, 1000) < 60 AS fraud
    FROM drawn
)
SELECT
    * EXCLUDE (may_be_new, age_draw, grid),
    CASE WHEN fraud THEN 'bleeding' ELSE grid END AS grid,
    CASE
        WHEN fraud AND age_class = 'onboarding' THEN as_of() - 52
        WHEN fraud THEN as_of() - 125 - 75 * draw(c, 9, 2)
        WHEN age_class = 'onboarding' THEN as_of() - draw(c, 6, 88)
        WHEN age_class = 'young' THEN as_of() - 96 - draw(c, 6, 260)
        WHEN grid = 'large_premium' OR plain THEN as_of() - 1150 - draw(c, 6, 3200)
        ELSE as_of() - 385 - draw(c, 6, 3900)
    END AS joined_on,
    grid <> 'large_premium' AND NOT fraud AND draw(c, 8, 1000) < 12 AS lineless
FROM young
"""

# Who leaves and when, over the year before and the 90 days after the as-of date: the same mechanism before and after.
# wavers: one who shows what churners show and stays. moved: a person who gave the number up and took another of ours
# within 60 days.
_CHURN = """
CREATE TEMP TABLE customer_churn AS
WITH drawn AS (
    SELECT
        *,
        draw(c, 11, 10000) * 100 // CASE WHEN grid = 'large_premium' THEN 55 WHEN grid = 'average' THEN 90
            ELSE 125 END AS churn_draw
    FROM customer_arrival
),
leaving AS (
    SELECT
        *,
        CASE
            WHEN lineless OR fraud THEN NULL
            WHEN churn_draw < 1030 THEN as_of() - draw(c, 12, 365)
            WHEN churn_draw < 1370 THEN as_of() + 1 + draw(c, 12, 90)
        END AS wanted_on,
        churn_draw >= 1290 AS wavers
    FROM drawn
),
left_or_not AS (
    SELECT *, CASE WHEN wanted_on >= joined_on + 45 THEN wanted_on END AS churn_on FROM leaving
)
SELECT
    * EXCLUDE (wanted_on, wavers, churn_draw),
    wavers AND churn_on IS NOT NULL AS wavers,
    CASE WHEN churn_on IS NOT NULL THEN
        CASE WHEN draw(c, 13, 100) < 40 THEN 'tariff' WHEN draw(c, 13, 100) < 66 THEN 'service'
            WHEN draw(c, 13, 100) < 80 THEN 'technology' ELSE 'passive' END
    END AS churn_cause,
    churn_on IS NULL AND kind = 'person' AND age_class = 'old' AND NOT lineless AND draw(c, 14, 1000) < 22 AS moved,
    as_of() - 60 - draw(c, 15, 270) AS moved_on,
    3 + draw(c, 16, 50) AS back_after
FROM left_or_not
"""

# The stage of the main line and what shows it. Without a contract, decline and warning show in usage and bills.
# A churner without a contract who leaves late shows nothing yet, so those have one that ends.
_STAGE = """
CREATE TEMP TABLE customer_stage AS
WITH drawn AS (
    SELECT
        *,
        draw(c, 21, 100) AS s,
        draw(c, 22, 100) AS e,
        churn_on > as_of() AS leaving,
        date_diff('month', joined_on, as_of()) AS months_here
    FROM customer_churn
),
staged AS (
    SELECT
        *,
        CASE
            WHEN lineless THEN NULL
            WHEN churn_on <= as_of() THEN 'left'
            WHEN age_class = 'onboarding' THEN 'onboarding'
            WHEN moved THEN CASE WHEN moved_on + back_after > (as_of() - INTERVAL 3 MONTH)::DATE THEN 'onboarding'
                ELSE 'growth' END
            WHEN fraud THEN 'decline'
            WHEN leaving AND age_class = 'old' THEN
                CASE WHEN s < 50 THEN 'decline' WHEN s < 75 THEN 'warning' WHEN s < 85 THEN 'growth' ELSE 'mature' END
            WHEN age_class = 'young' THEN
                CASE WHEN s < 88 OR leaving THEN 'growth' WHEN s < 94 THEN 'decline' ELSE 'warning' END
            WHEN s < 9 THEN 'decline'
            WHEN s < 19 THEN 'warning'
            WHEN s < 46 THEN 'growth'
            ELSE 'mature'
        END AS stage
    FROM drawn
)
SELECT
    * EXCLUDE (s, e),
    CASE
        WHEN stage IS NULL OR moved THEN 'none'
        WHEN fraud THEN 'unused'
        WHEN stage IN ('left', 'onboarding') THEN
            CASE WHEN e < 30 THEN 'none' WHEN e < 70 AND stage = 'left' AND age_class = 'old' THEN 'ending' ELSE 'running' END
        WHEN stage = 'decline' AND age_class = 'young' THEN (['silent', 'muted'])[1 + e % 2]
        WHEN stage = 'warning' AND age_class = 'young' THEN (['hotline', 'below'])[1 + e % 2]
        WHEN stage = 'decline' THEN
            CASE WHEN e < 42 THEN 'ending' WHEN e < 62 THEN 'lapsed' WHEN leaving THEN
                CASE WHEN churn_on < as_of() + 40 AND churn_cause <> 'technology' THEN 'dropped' ELSE 'ending' END
            ELSE (['silent', 'muted', 'faded', 'faded', 'dropped'])[1 + e % 5] END
        WHEN stage = 'warning' THEN CASE WHEN e < 75 OR leaving THEN 'ending' ELSE (['hotline', 'below'])[1 + e % 2] END
        WHEN stage = 'growth' OR leaving THEN CASE WHEN age_class = 'young' AND e < 40 AND NOT leaving THEN 'none'
            ELSE 'running' END
        ELSE CASE WHEN e < 60 THEN 'running' ELSE 'none' END
    END AS evidence
FROM staged
"""

_TRAIT = """
CREATE TEMP TABLE customer_trait AS
WITH drawn AS (
    SELECT *, draw(c, 31, 100) AS t, grid = 'large_premium' OR (plain AND yuan >= 110) AS dear FROM customer_stage
)
SELECT
    *,
    CASE
        WHEN age_class <> 'old' OR moved OR lineless THEN 'none'
        WHEN dear AND kind <> 'organisation' AND t < 45 THEN 'brand'
        WHEN dear AND t < 62 THEN CASE WHEN t % 2 = 0 OR kind = 'organisation' THEN 'security' ELSE 'none' END
        WHEN dear AND t < 70 THEN 'service'
        WHEN plain AND dear AND yuan < 150 AND t < 95 THEN 'price'
        WHEN dear THEN 'none'
        WHEN t < 25 AND yuan >= 20 THEN 'price'
        WHEN t < 36 THEN 'service'
        WHEN t < 43 THEN 'security'
        ELSE 'none'
    END AS trait,
    CASE WHEN grid = 'bleeding' THEN
        CASE WHEN fraud THEN 'speculative_buying'
        WHEN evidence IN ('ending', 'lapsed', 'running')
            THEN (['price_too_low', 'discount_too_deep', 'product_mix', 'service_cost', 'speculative_buying',
                'subsidy_not_recovered',
                'subsidy_not_recovered'])[1 + draw(c, 32, 7)]
        ELSE (['price_too_low', 'discount_too_deep', 'product_mix', 'service_cost', 'no_commitment',
            'no_commitment'])[1 + draw(c, 32, 6)]
        END
    END AS bleeding_cause
FROM drawn
"""

# What the other tables ask about a customer. spend is in cents a month; who is new brings in few months what is small in
# a year. calm: nothing that a retention team would call a signal may show by chance.
_STORY = """
CREATE TEMP TABLE customer_story AS
WITH aged AS (
    SELECT
        *,
        CASE WHEN age_class = 'old' THEN 100
            ELSE least(300, 1200 // greatest(1, date_diff('month', joined_on, as_of()))) END AS hurry,
        CASE WHEN kind = 'person' THEN
            CASE WHEN NOT dear AND yuan < 82 AND draw(c, 41, 100) < 38 THEN 15 + draw(c, 42, 11) ELSE 26 + draw(c, 42, 52) END
        END AS years
    FROM customer_trait
),
spending AS (
    SELECT *, yuan::BIGINT * hurry + draw(c, 43, 100) AS exact_spend FROM aged
)
SELECT
    * EXCLUDE (exact_spend, hurry),
    printf('C%07d', c) AS customer_id,
    printf('A%07d', c) AS account_id,
    exact_spend * (20000 + draw(c, 44, 2 * getvariable('noise') + 1) - getvariable('noise')) // 20000 AS spend,
    evidence = 'none' AND stage IN ('growth', 'mature', 'onboarding') AS calm,
    (grid = 'large_premium' OR small_strategic) AND draw(c, 45, 40000) >= getvariable('noise') AS strategic,
    CASE
        WHEN dear AND yuan >= 110 THEN 'premium'
        WHEN kind = 'person' AND years <= 25 THEN 'youth'
        WHEN yuan < 20 AND draw(c, 46, 100) < 40 THEN 'local'
        ELSE 'mass'
    END AS brand,
    CASE
        WHEN lineless THEN 0
        WHEN moved THEN 2
        WHEN age_class <> 'old' OR yuan < 55 THEN 1
        WHEN grid = 'large_premium' AND kind = 'organisation' THEN 3 + draw(c, 47, 4)
        WHEN kind = 'organisation' THEN 2
        WHEN yuan < 160 AND dear THEN CASE WHEN kind = 'family' THEN 2 ELSE 1 + draw(c, 47, 2) END
        WHEN kind = 'family' THEN 2 + CASE WHEN yuan < 100 THEN 0 ELSE draw(c, 47, 2) END
        WHEN dear THEN 1 + draw(c, 47, 3)
        ELSE 1 + draw(c, 47, 2)
    END AS line_count,
    kind = 'organisation' AND grid <> 'bleeding' AND evidence = 'running' AND churn_on IS NULL
        AND draw(c, 48, 100) < 15 AS together,
    age_class = 'old' AND NOT calm AND churn_on IS NULL AND draw(c, 49, 100) < 6 AS over_contacted
FROM spending
ORDER BY c
"""

# Names come from short lists, cities are made up, a phone is 13, 15 or 18 and then the customer's number.
_CUSTOMER = """
WITH words AS (
    SELECT
        *,
        ['王', '李', '张', '刘', '陈', '杨', '黄', '赵', '吴', '周', '徐', '孙', '马', '朱', '胡', '林'
        ][1 + draw(c, 51, 16)] AS surname,
        ['伟', '芳', '娜', '敏', '静', '磊', '洋', '艳', '勇', '军', '杰', '涛', '明', '超', '霞', '平',
         '建国', '桂英', '子涵', '雨桐', '浩然', '欣怡', '志强', '海燕'
        ][1 + draw(c, 52, 24)] AS given,
        ['恒信', '远航', '天成', '瑞丰', '博雅', '新元', '华光', '同德'][1 + draw(c, 54, 8)] AS firm,
        ['贸易', '科技', '物流', '餐饮', '建材', '教育'][1 + draw(c, 55, 6)] AS trade
    FROM customer_story
    JOIN customer_place USING (c)
),
persons AS (
    SELECT *, kind = 'person' AS person, CASE WHEN years IS NULL THEN 40 ELSE years END AS age FROM words
)
SELECT
    customer_id,
    joined_on,
    kind,
    CASE kind
        WHEN 'person' THEN surname || given
        WHEN 'family' THEN surname || '氏家庭'
        ELSE city || firm || trade || '有限公司'
    END AS name,
    CASE WHEN draw(c, 56, 100) > 0 THEN (['13', '15', '18'])[1 + draw(c, 57, 3)] || printf('%09d', c) END AS phone,
    CASE WHEN person THEN (['female', 'male'])[1 + draw(c, 58, 2)] END AS gender,
    CASE WHEN person AND draw(c, 59, 100) > 1 THEN as_of() - (365.2425 * age)::INTEGER - 5 - draw(c, 60, 355) END AS birth_date,
    CASE WHEN person THEN CASE WHEN draw(c, 61, 100) < 98 THEN 'CN' ELSE (['KR', 'JP', 'US', 'VN'])[1 + draw(c, 62, 4)] END END
        AS nationality,
    city AS region,
    unit_id,
    manager_id,
    CASE WHEN person AND draw(c, 63, 100) < 80 THEN
        (['primary', 'secondary', 'college', 'bachelor', 'postgraduate'])[
            CASE WHEN age < 19 THEN 1 + draw(c, 64, 2) WHEN dear THEN 3 + draw(c, 64, 3) ELSE 1 + draw(c, 64, 4) END]
    END AS education,
    CASE WHEN person AND draw(c, 65, 100) < 85 THEN
        CASE WHEN age < 23 THEN 'student' WHEN age > 61 THEN 'retired'
            ELSE (['worker', 'clerk', 'sales', 'teacher', 'engineer', 'driver', 'self_employed',
                'civil_servant'])[1 + draw(c, 66, 8)] END
    END AS occupation,
    CASE WHEN kind = 'organisation' THEN
        CASE WHEN strategic THEN (['government', 'finance', 'energy', 'healthcare'])[1 + draw(c, 67, 4)]
            ELSE (['retail', 'catering', 'logistics', 'construction', 'agriculture'])[1 + draw(c, 67, 5)] END
    END AS industry,
    CASE WHEN person AND draw(c, 68, 100) < 80 THEN CASE WHEN dear THEN 'high' WHEN yuan >= 50 THEN 'middle' ELSE 'low' END END
        AS income_band,
    CASE WHEN person AND draw(c, 69, 100) < 60 THEN CASE WHEN dear THEN 'upper' WHEN yuan >= 50 THEN 'middle'
        ELSE 'basic' END END
        AS social_class,
    CASE WHEN person AND draw(c, 70, 100) < 60 THEN (['homely', 'sporty', 'social', 'frugal', 'trendy',
        'busy'])[1 + draw(c, 71, 6)] END
        AS lifestyle,
    CASE
        WHEN kind = 'organisation' THEN NULL
        WHEN kind = 'family' THEN (['couple', 'young_children', 'grown_children'])[1 + draw(c, 72, 3)]
        WHEN draw(c, 73, 100) < 15 THEN NULL
        WHEN age < 25 THEN 'single'
        WHEN age < 36 THEN (['single', 'couple', 'young_children'])[1 + draw(c, 72, 3)]
        WHEN age < 55 THEN (['young_children', 'grown_children'])[1 + draw(c, 72, 2)]
        ELSE (['grown_children', 'empty_nest'])[1 + draw(c, 72, 2)]
    END AS family_stage,
    CASE kind WHEN 'person' THEN CASE WHEN age < 25 THEN 1 ELSE 1 + draw(c, 74, 4) END
        WHEN 'family' THEN 2 + draw(c, 74, 4) END::TINYINT
        AS household_size,
    CASE WHEN person AND draw(c, 75, 100) < 50 THEN (['open', 'steady', 'lively', 'cautious'])[1 + draw(c, 76,
        4)] END AS personality,
    brand,
    CASE WHEN brand <> 'premium' OR trait <> 'brand' AND kind <> 'organisation' AND draw(c, 77, 100) < 65 THEN 'none'
        WHEN yuan >= 1000 THEN 'diamond' WHEN yuan >= 205 THEN 'gold' ELSE 'silver' END AS vip_level
FROM persons
ORDER BY c
"""

_ACCOUNT = """
SELECT
    account_id,
    customer_id,
    joined_on AS opened_on,
    CASE WHEN trait = 'price' THEN (['cash', 'prepaid', 'wallet'])[1 + draw(c, 81, 3)]
        ELSE (['direct_debit', 'wallet', 'direct_debit', 'cash', 'prepaid'])[1 + draw(c, 81, 5)] END AS payment_method,
    cents(CASE WHEN yuan >= 1000 THEN 5000000 WHEN yuan >= 100 THEN 100000 ELSE 20000 END) AS credit_limit,
    CASE WHEN churn_on <= as_of() THEN 'closed' WHEN barred THEN 'barred' ELSE 'open' END AS status
FROM customer_story
LEFT JOIN (SELECT c, true AS barred FROM line_story WHERE bar_from IS NOT NULL AND deactivated_on IS NULL GROUP BY c) USING (c)
ORDER BY c
"""

STEPS = (_NUMBERS, _CLASS, _ARRIVAL, _CHURN, _STAGE, _TRAIT, _STORY)

FILES = {"customer": _CUSTOMER}
ACCOUNT = {"account": _ACCOUNT}
