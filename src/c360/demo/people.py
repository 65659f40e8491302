"""The numbers 1..n go in, customers with their traits and roles come out; knows no line and no fact."""

from __future__ import annotations

_NUMBERS = "CREATE TEMP TABLE customer_number AS SELECT range + 1 AS c FROM range(getvariable('customers'))"

# What the other tables ask about a customer. trait steers discounts, tickets and contacts; together marks the
# organisations whose lines all go quiet at once, comes_back the persons who gave up a line and took another soon after.
_STORY = """
CREATE TEMP TABLE customer_story AS
WITH drawn AS (
    SELECT
        c,
        draw(c, 1, 100) AS kind_draw,
        draw(c, 2, 1000) AS age_draw,
        draw(c, 3, 100) AS trait_draw,
        draw(c, 4, 100) AS lines_draw
    FROM customer_number
),
kinds AS (
    SELECT
        *,
        CASE WHEN kind_draw < 84 THEN 'person' WHEN kind_draw < 95 THEN 'family' ELSE 'organisation' END AS kind,
        CASE
            WHEN age_draw < 45 THEN as_of() - draw(c, 5, 92)
            WHEN age_draw < 120 THEN as_of() - 92 - draw(c, 5, 273)
            ELSE DATE '2015-01-01' + draw(c, 5, 3956)
        END AS joined_on
    FROM drawn
),
leavers AS (
    SELECT *, kind = 'person' AND joined_on <= as_of() - 240 AND draw(c, 8, 1000) < 15 AS comes_back FROM kinds
)
SELECT
    c,
    printf('C%07d', c) AS customer_id,
    kind,
    joined_on,
    CASE
        WHEN trait_draw < 14 THEN 'price'
        WHEN trait_draw < 22 THEN 'service'
        WHEN trait_draw < 27 THEN 'security'
        WHEN trait_draw < 35 THEN 'brand'
        ELSE 'none'
    END AS trait,
    kind = 'organisation' AND draw(c, 6, 100) < 12 AS together,
    joined_on <= as_of() - 60 AND draw(c, 7, 100) < 3 AS over_contacted,
    comes_back,
    CASE
        WHEN comes_back THEN 2
        WHEN kind = 'person' THEN CASE WHEN lines_draw < 3 THEN 0 WHEN lines_draw < 92 THEN 1 ELSE 2 END
        WHEN kind = 'family' THEN CASE WHEN lines_draw < 35 THEN 1 WHEN lines_draw < 80 THEN 2 ELSE 3 END
        ELSE 1 + lines_draw % 5
    END AS line_count
FROM leavers
ORDER BY c
"""

# Names come from short lists, cities are made up, a phone is 13, 15 or 18 and then the customer's number.
_CUSTOMER = """
WITH words AS (
    SELECT
        *,
        ['王', '李', '张', '刘', '陈', '杨', '黄', '赵', '吴', '周', '徐', '孙', '马', '朱', '胡', '林'
        ][1 + draw(c, 11, 16)] AS surname,
        ['伟', '芳', '娜', '敏', '静', '磊', '洋', '艳', '勇', '军', '杰', '涛', '明', '超', '霞', '平',
         '建国', '桂英', '子涵', '雨桐', '浩然', '欣怡', '志强', '海燕'
        ][1 + draw(c, 12, 24)] AS given,
        ['东江市', '西岭市', '南湖市', '北原市', '云州市', '星海市', '金沙市', '平安市'][1 + draw(c, 13, 8)] AS city,
        ['恒信', '远航', '天成', '瑞丰', '博雅', '新元', '华光', '同德'][1 + draw(c, 14, 8)] AS firm,
        ['贸易', '科技', '物流', '餐饮', '建材', '教育'][1 + draw(c, 15, 6)] AS trade
    FROM customer_story
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
    CASE WHEN draw(c, 16, 100) > 0 THEN (['13', '15', '18'])[1 + draw(c, 17, 3)] || printf('%09d', c) END AS phone,
    CASE WHEN kind = 'person' THEN (['female', 'male'])[1 + draw(c, 18, 2)] END AS gender,
    CASE WHEN kind = 'person' AND draw(c, 19, 100) > 1 THEN
        as_of() - 365 * CASE WHEN draw(c, 20, 100) < 24 THEN 14 + draw(c, 21, 12) ELSE 26 + draw(c, 21, 56) END
            - draw(c, 22, 365)
    END AS birth_date,
    city AS region
FROM words
ORDER BY c
"""

_MEMBERSHIP = """
WITH places AS (
    SELECT c, customer_id, joined_on, kind, 'organisation' AS group_kind, draw(c, 31, 1000) AS place
    FROM customer_story
    WHERE kind = 'person'
    UNION ALL
    SELECT c, customer_id, joined_on, kind, 'household', draw(c, 32, 1000)
    FROM customer_story
    WHERE kind <> 'organisation'
),
roles AS (
    SELECT
        *,
        CASE
            WHEN group_kind = 'organisation' THEN
                CASE
                    WHEN place < 15 THEN 'decision_maker'
                    WHEN place < 45 THEN 'key_person'
                    WHEN place < 110 THEN 'member'
                END
            WHEN kind = 'family' THEN CASE WHEN place < 700 THEN 'head' END
            WHEN place < 90 THEN 'head'
            WHEN place < 220 THEN 'member'
        END AS role
    FROM places
)
SELECT c, customer_id, joined_on + draw(c, 33, as_of() - joined_on + 1) AS since_on, group_kind, role
FROM roles
WHERE role IS NOT NULL
ORDER BY c, group_kind DESC
"""

STEPS = (_NUMBERS, _STORY, f"CREATE TEMP TABLE membership_story AS {_MEMBERSHIP}")

FILES = {
    "customer": _CUSTOMER,
    "membership": "SELECT customer_id, since_on, group_kind, role FROM membership_story ORDER BY c, group_kind DESC",
}
