"""Lines and customers go in; subscriptions, offers, campaigns and what competitors do come out; knows no bill."""

from __future__ import annotations

_PRODUCTS = """
CREATE TEMP TABLE product_story AS
FROM (VALUES
    (0, '手机早报', 'newspaper', 300), (1, '139邮箱', 'mailbox', 500), (2, '随身无线', 'wifi', 1000),
    (3, '国内长途包', 'long_distance', 1000), (4, '国际漫游包', 'roaming', 3000), (5, '彩铃', 'ring_tone', 500),
    (6, '天气通', 'weather', 200), (7, '来电助手', 'assistant', 300), (8, '短信百条包', 'sms_pack', 500),
    (9, '流量加油包', 'data_pack', 1500), (10, '亲情号', 'family_number', 300), (11, '集团专网', 'group_network', 1000),
    (12, '集团彩铃', 'group_ring_tone', 500), (13, '骚扰拦截', 'security', 300), (14, '号码保护锁', 'security', 500),
    (15, '云盘', 'cloud', 900), (16, '视频会员', 'video', 1500)
) AS listed (k, product, category, price)
"""

# Who cares for security holds both security products; strategic customers hold many products, the plain few.
_SUBSCRIPTION = """
WITH chances AS (
    SELECT n, c, line_id, kind, trait, strategic, plain, grid, activated_on, deactivated_on, service_type, main, k,
        product, category, price, 32 * n + k AS t
    FROM line_story CROSS JOIN product_story
    WHERE service_type = 'mobile' AND NOT fraud
),
taken AS (
    SELECT
        *,
        activated_on + draw(t, 702, greatest(1, coalesce(deactivated_on, as_of()) - activated_on)) AS started_on
    FROM chances
    WHERE CASE
        WHEN k IN (13, 14) THEN CASE WHEN main AND trait = 'security' THEN shows(true, t, 701)
            ELSE draw(t, 701, 10000) < 60 + getvariable('noise') // 5 END
        WHEN k IN (11, 12) THEN kind = 'organisation' AND draw(t, 701, 100) < CASE WHEN strategic THEN 85 ELSE 15 END
        WHEN k = 10 THEN kind = 'family' AND draw(t, 701, 100) < 60 OR draw(t, 701, 100) < 3
        WHEN strategic THEN draw(t, 701, 100) < 42
        WHEN grid = 'small_premium' OR grid = 'average' AND NOT plain THEN draw(t, 701, 100) < 12
        ELSE draw(t, 701, 100) < 3
    END
)
SELECT
    line_id, product, category, started_on,
    CASE WHEN deactivated_on IS NOT NULL THEN deactivated_on
        WHEN NOT (main AND trait = 'security' AND k IN (13, 14)) AND draw(t, 703, 100) < 15
            AND started_on + 30 + draw(t, 704, 300) <= as_of()
            THEN started_on + 30 + draw(t, 704, 300) END AS ended_on,
    cents(price) AS price
FROM taken
ORDER BY n, k
"""

_OFFERS = """
CREATE TEMP TABLE offer_story AS
FROM (VALUES
    (1, '升档礼包', 'offer', 'upgrade', 'high', 3000, 1000, 0.0, '4g', false),
    (2, '流量加倍', 'offer', 'data', 'low', 1000, 300, 0.0, '4g', true),
    (3, '视频会员三月', 'offer', 'vas', 'low', 1500, 800, 0.0, '3g', true),
    (4, '月费八折', 'offer', 'discount', 'low', 1000, 1200, 0.2, '2g', true),
    (5, '五代手机直降', 'offer', 'device', 'high', 5000, 60000, 0.1, '2g', false),
    (6, '两年合约立减', 'retention', 'contract', 'middle', 2000, 6000, 0.15, '2g', false),
    (7, '老客回馈话费', 'retention', 'discount', 'middle', 1500, 4000, 0.3, '2g', true),
    (8, '挽留流量包', 'retention', 'data', 'low', 500, 1000, 0.0, '3g', true),
    (9, '生日祝福礼', 'care', 'gift', 'low', 0, 500, 0.0, '2g', true),
    (10, '安全守护体验', 'care', 'vas', 'low', 300, 100, 0.0, '2g', true)
) AS listed (k, name, purpose, category, price_band, value, cost, discount, needs, allowed)
"""

_OFFER = """
SELECT
    printf('O%02d', k) AS offer_id, name, purpose, category, price_band, cents(value) AS monthly_value, cents(cost) AS cost,
    discount::DOUBLE AS discount, needs AS needs_device_network, allowed AS allowed_in_contract
FROM offer_story
ORDER BY k
"""

# One campaign an offer and month of the year behind; the last month's run on into the next.
_CAMPAIGN = """
SELECT
    printf('K%s%d', strftime(starts_on, '%Y%m'), k) AS campaign_id,
    name || strftime(starts_on, '%Y%m') AS name,
    purpose, starts_on, (starts_on + to_months(CASE WHEN k % 2 = 0 THEN 2
        ELSE 1 END))::DATE - 1 AS ends_on, printf('O%02d', k) AS offer_id
FROM offer_story
CROSS JOIN (SELECT unnest(range(0, 14))::INTEGER AS m)
CROSS JOIN LATERAL (SELECT (date_trunc('month', as_of())::DATE - to_months(m))::DATE AS starts_on)
ORDER BY starts_on, k
"""

# A competitor is strong in few cells at a time; weaker campaigns are common.
_COMPETITOR = """
SELECT
    unit_id, as_of() - 20 - draw(4 * k + nth, 712, 330) AS starts_on, as_of() - 20 - draw(4 * k + nth, 712,
        330) + 20 + draw(4 * k + nth, 713, 60) AS ends_on,
    (['东信', '北联', '南通'])[1 + draw(4 * k + nth, 714, 3)] AS operator,
    (['weak', 'weak', 'medium', 'medium', 'strong'])[1 + draw(4 * k + nth, 715, 5)] AS strength
FROM (SELECT k, unit_id, unnest(range(0, 3))::INTEGER AS nth FROM cell)
WHERE draw(4 * k + nth, 711, 100) < 30
ORDER BY k, nth
"""

STEPS = (_PRODUCTS, _OFFERS)

FILES = {"subscription": _SUBSCRIPTION, "offer": _OFFER, "campaign": _CAMPAIGN, "competitor_campaign": _COMPETITOR}
