"""Customers go in; units, managers, channels, groups with their members, interests and consents come out; knows no line."""

from __future__ import annotations

# A cell, its city, the province. Cells are filled evenly; some have a competitor's campaign (see market).
_PLACE = """
CREATE TEMP TABLE cell AS
SELECT
    k, 1 + k % 8 AS city_number, printf('U1%05d', k) AS unit_id,
    ['东江市', '西岭市', '南湖市', '北原市', '云州市', '星海市', '金沙市', '平安市'][1 + k % 8] AS city
FROM (SELECT unnest(range(greatest(8, getvariable('customers') // 250)))::INTEGER AS k)
"""

# Two managers a cell look after the organisations, the large and some others of it.
_MANAGED = """
CREATE TEMP TABLE customer_place AS
WITH placed AS (
    SELECT
        c, draw(c, 101, (SELECT count(*) FROM cell)) AS k,
        kind = 'organisation' OR grid = 'large_premium' OR draw(c, 102, 100) < 8 AS managed
    FROM customer_story
)
SELECT c, city, unit_id, CASE WHEN managed THEN printf('M%05d%d', k, draw(c, 103, 2)) END AS manager_id
FROM placed JOIN cell USING (k)
"""

_UNIT = """
SELECT 'U0' AS unit_id, '华江省' AS name, 'province' AS kind, NULL::VARCHAR AS parent_unit_id
UNION ALL
SELECT printf('U00%d', city_number), any_value(city), 'city', 'U0' FROM cell GROUP BY city_number
UNION ALL
SELECT unit_id, city || printf('网格%d', k), 'cell', printf('U00%d', city_number) FROM cell
ORDER BY unit_id
"""

_MANAGER = """
SELECT
    printf('M%05d%d', k, m) AS manager_id,
    ['李', '王', '陈', '周', '许', '何'][1 + draw(2 * k + m, 104, 6)]
        || ['明', '芳', '强', '丽', '静', '伟'][1 + draw(2 * k + m, 105, 6)] AS name,
    unit_id
FROM (SELECT k, unit_id, unnest([0, 1]) AS m FROM cell)
ORDER BY manager_id
"""

# Channels 0 and 1 are dealers that brought batches of lines nobody uses.
_CHANNELS = """
CREATE TEMP TABLE channel_story AS
SELECT
    k, printf('N%04d', k) AS channel_id,
    CASE WHEN k < 2 THEN 'dealer' ELSE (['own_store', 'dealer', 'online', 'direct', 'telesales',
        'dealer'])[1 + k % 6] END AS kind,
    printf('U1%05d', draw(k, 106, (SELECT count(*) FROM cell))) AS unit_id
FROM (SELECT unnest(range(greatest(12, least(2000, getvariable('customers') // 500))))::INTEGER AS k)
"""

_CHANNEL = """
SELECT
    channel_id, printf('%s%d号', CASE kind WHEN 'own_store' THEN '营业厅' WHEN 'online' THEN '网厅' ELSE '代理' END, k) AS name,
    kind, unit_id, cents(2000 + 500 * draw(k, 107, 9)) AS unit_award, kind IN ('own_store', 'dealer') AS handset_sales
FROM channel_story
ORDER BY k
"""

# Every organisation is a group of its own, which may have persons of ours among its people. Every family is a household;
# some persons share one with their neighbours in number.
_EMPLOYER = """
CREATE TEMP TABLE employer AS
SELECT c AS g, strategic AS important, joined_on AS employer_joined_on,
    row_number() OVER (PARTITION BY strategic ORDER BY c) - 1 AS place, count(*) OVER (PARTITION BY strategic) AS places
FROM customer_story
WHERE kind = 'organisation'
"""

_MEMBERSHIP = """
CREATE TEMP TABLE membership_story AS
WITH asked AS (
    SELECT
        c, strategic AS important,
        CASE
            WHEN strategic THEN (['decision_maker', 'key_person'])[1 + draw(c, 112, 2)]
            WHEN draw(c, 112, 1000) < 2 THEN 'key_person'
            WHEN draw(c, 112, 1000) < 60 THEN 'member'
        END AS role
    FROM customer_story
    WHERE kind <> 'organisation'
),
sized AS (
    SELECT a.*, places FROM asked AS a
    JOIN (SELECT important, any_value(places)::BIGINT AS places FROM employer GROUP BY important) USING (important)
    WHERE role IS NOT NULL
),
employed AS (
    SELECT c, g AS owner, printf('G%07d', g) AS customer_group_id, 'organisation' AS group_kind, role
    FROM sized JOIN employer ON employer.important = sized.important AND employer.place = draw(c, 113, sized.places)
),
own AS (
    SELECT c, c, printf('G%07d', c), 'organisation', CASE WHEN strategic THEN 'decision_maker' ELSE 'member' END
    FROM customer_story WHERE kind = 'organisation'
    UNION ALL
    SELECT c, c, printf('H%07d', c), 'household', 'head' FROM customer_story WHERE kind = 'family'
),
neighbours AS (
    SELECT c, NULL, printf('HP%06d', c // 6), 'household', CASE WHEN row_number() OVER (PARTITION BY c // 6
        ORDER BY c) = 1 THEN 'head' ELSE 'member' END
    FROM customer_story WHERE kind = 'person' AND draw(c, 114, 100) < 34
)
SELECT m.*, customer_id, joined_on + draw(c, CASE WHEN group_kind = 'household' THEN 115
    ELSE 116 END, as_of() - joined_on + 1) AS since_on
FROM (SELECT * FROM employed UNION ALL SELECT * FROM own UNION ALL SELECT * FROM neighbours) AS m
JOIN customer_story USING (c)
ORDER BY c, group_kind DESC
"""

_GROUP = """
WITH named AS (
    SELECT customer_group_id, any_value(group_kind) AS kind, count(*) AS members, min(c) AS first_c,
        any_value(owner) AS owner FROM membership_story GROUP BY customer_group_id
)
SELECT
    customer_group_id,
    named.kind,
    CASE WHEN named.kind = 'organisation' THEN printf('集团%d', first_c) ELSE printf('家庭%d', first_c) END AS name,
    CASE WHEN named.kind = 'organisation' THEN
        CASE WHEN s.strategic THEN (['government', 'finance', 'energy', 'healthcare'])[1 + draw(s.c, 67, 4)]
            ELSE (['retail', 'catering', 'logistics', 'construction', 'agriculture'])[1 + draw(s.c, 67, 5)] END
    END AS industry,
    DATE '1985-01-01' + draw(first_c, 117, 10000) AS founded_on,
    CASE WHEN named.kind = 'household' THEN NULL
        WHEN s.strategic AND s.trait = 'security' THEN 'secret'
        WHEN s.strategic AND draw(s.c, 118, 100) < 25 THEN 'confidential' ELSE 'none' END AS secrecy_level,
    CASE WHEN named.kind = 'organisation' AND (s.churn_cause = 'tariff' AND s.churn_on > as_of() OR draw(s.c, 119, 100) < 12)
        THEN as_of() + 10 + draw(s.c, 120, 200) END AS competitor_contract_end,
    CASE WHEN s.c IS NULL THEN members ELSE s.line_count * CASE WHEN s.strategic THEN 3
        ELSE 1 END + draw(s.c, 121, 2) END::INTEGER AS known_lines,
    p.manager_id
FROM named
LEFT JOIN customer_story AS s ON s.c = owner
LEFT JOIN customer_place AS p ON p.c = s.c
ORDER BY customer_group_id
"""

_INTEREST = """
WITH chances AS (SELECT *, unnest(range(0, 3))::INTEGER AS nth FROM customer_story WHERE kind <> 'organisation')
SELECT
    customer_id,
    joined_on + draw(4 * c + nth, 131, as_of() - joined_on + 1) AS noted_on,
    CASE WHEN trait = 'brand' AND nth = 0 THEN 'club' ELSE
        (['sports', 'music', 'film', 'games', 'travel', 'reading', 'food', 'photography', 'shopping',
            'news'])[1 + draw(4 * c + nth, 132, 10)]
    END AS interest
FROM chances
WHERE draw(4 * c + nth, 133, 100) < CASE WHEN trait = 'brand' THEN 80 ELSE 22 END
ORDER BY c, nth
"""

# Most say yes; who withdraws said yes before. Unknown is what has no row.
_CONSENT = """
WITH chances AS (SELECT *, unnest(range(0, 9))::INTEGER AS nth FROM customer_story),
answered AS (
    SELECT *, 16 * c + nth AS t, joined_on + draw(16 * c + nth, 141, as_of() - joined_on + 1) AS since_on
    FROM chances
    WHERE draw(16 * c + nth, 142, 100) < ([70, 65, 60, 55, 45, 45, 25, 20, 15])[1 + nth]
)
SELECT
    customer_id,
    since_on,
    (['care', 'offer', 'retention'])[1 + nth % 3] AS purpose,
    (['sms', 'call', 'app'])[1 + nth // 3] AS channel_kind,
    CASE WHEN draw(t, 143, 100) < 80 THEN 'granted' WHEN draw(t, 143, 100) < 93 THEN 'refused' ELSE 'withdrawn' END AS status,
    draw(c, 144, 100) < 3 AS do_not_contact
FROM answered
ORDER BY c, nth
"""

# Referrers are mostly those who care for the brand; who they bring came in the last three years.
_REFERRAL = """
WITH referrers AS (
    SELECT customer_id, row_number() OVER (ORDER BY c) - 1 AS place, count(*) OVER () AS places
    FROM customer_story
    WHERE joined_on < as_of() - 1100 AND shows(trait = 'brand', c, 151)
),
brought AS (
    SELECT c, customer_id AS referred_id, joined_on AS referred_on, draw(c, 153, (SELECT any_value(places)
        FROM referrers)) AS place
    FROM customer_story
    WHERE kind = 'person' AND joined_on > as_of() - 1100 AND draw(c, 152, 100) < 40
)
SELECT r.customer_id, referred_id, referred_on
FROM brought
JOIN referrers AS r USING (place)
ORDER BY c
"""

STEPS = (_PLACE, _MANAGED, _CHANNELS, _EMPLOYER, _MEMBERSHIP)

FILES = {
    "unit": _UNIT,
    "manager": _MANAGER,
    "channel": _CHANNEL,
    "customer_group": _GROUP,
    "membership": """
        SELECT customer_id, customer_group_id, since_on, group_kind, role FROM membership_story ORDER BY c, group_kind DESC
    """,
    "interest": _INTEREST,
    "consent": _CONSENT,
    "referral": _REFERRAL,
}
