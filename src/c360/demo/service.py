"""Customers go in; their tickets, the contacts with them, what they look at and their points come out; knows no line."""

from __future__ import annotations

# Three sources of tickets: what a sensitivity complains of, the months before leaving, and anybody's rare trouble. Those
# that are open, or many at once, are of people who are not calm.
_TICKET = """
CREATE TEMP TABLE ticket_story AS
WITH chances AS (
    SELECT
        c, customer_id, trait, joined_on, calm, churn_on, churn_cause, stage,
        unnest(range(0, 9))::INTEGER AS nth
    FROM customer_story
),
drawn AS (SELECT *, 16 * c + nth AS t FROM chances),
opened AS (
    SELECT
        *,
        CASE WHEN nth < 5 THEN 'trait' WHEN nth < 8 THEN 'leaving' ELSE 'any' END AS origin,
        CASE
            WHEN nth < 5 THEN as_of() - 20 - CASE WHEN nth = 0 THEN 0 ELSE 75 END - draw(t, 602, 60) - 62 * greatest(0, nth - 1)
            WHEN nth < 8 THEN churn_on - 8 - draw(t, 602, 60)
            ELSE as_of() - draw(t, 602, CASE WHEN calm THEN 360 ELSE 365 END)
        END AS opened_on
    FROM drawn
    WHERE CASE
        WHEN nth < 5 THEN CASE trait WHEN 'service' THEN shows(true, t, 601) WHEN 'security' THEN nth < 4
            AND shows(true, t, 601)
            WHEN 'price' THEN nth IN (0, 2, 3) AND shows(true, t, 601) ELSE draw(t, 601, 2000) < getvariable('noise') // 100 END
        WHEN nth < 8 THEN churn_on IS NOT NULL AND draw(t, 601, 100) < CASE churn_cause WHEN 'service' THEN 80
            WHEN 'tariff' THEN 40 ELSE 12 END
        ELSE draw(t, 601, 100) < 8
    END
),
handled AS (
    SELECT
        *,
        CASE WHEN origin = 'trait' OR calm OR draw(t, 603, 100) >= CASE origin WHEN 'leaving' THEN 55 ELSE 5 END
            THEN opened_on + draw(t, 604, CASE WHEN trait = 'service' THEN 21 ELSE 9 END) END AS would_close_on,
        CASE origin
            WHEN 'trait' THEN CASE trait
                WHEN 'service' THEN (['service', 'service', 'network'])[1 + nth % 3]
                WHEN 'security' THEN (['security', 'security', 'real_name'])[1 + nth % 3]
                WHEN 'price' THEN (['price', 'price', 'price', 'billing'])[1 + nth]
                ELSE (['service', 'price', 'security'])[1 + draw(t, 605, 3)] END
            WHEN 'leaving' THEN CASE churn_cause
                WHEN 'service' THEN (['service', 'network', 'port_out'])[nth - 4]
                WHEN 'tariff' THEN (['port_out', 'price', 'retention'])[nth - 4]
                WHEN 'technology' THEN (['network', 'port_out', 'network'])[nth - 4]
                ELSE (['billing', 'billing', 'service'])[nth - 4] END
            ELSE (['price', 'billing', 'service', 'network', 'security', 'real_name', 'network', 'billing'])[1 + draw(t,
                605, 8)]
        END AS kind
    FROM opened
    WHERE opened_on BETWEEN joined_on AND as_of() AND (churn_on IS NULL OR opened_on < churn_on)
),
closed AS (
    SELECT *, CASE WHEN would_close_on <= as_of() THEN would_close_on WHEN calm THEN as_of() END AS closed_on FROM handled
)
SELECT
    c, customer_id, opened_on, closed_on, kind, t,
    (['low', 'medium', 'medium', 'high'])[1 + draw(t, 606, 4)] AS severity,
    (CASE WHEN closed_on IS NOT NULL AND draw(t, 607, 100) < 85 THEN
        CASE WHEN trait = 'service' OR origin = 'leaving' THEN 1 + draw(t, 608, 2) ELSE 3 + draw(t, 608, 3) END
    END)::TINYINT AS satisfaction,
    draw(t, 609, 100) < CASE WHEN trait = 'service' THEN 50 WHEN origin = 'leaving' THEN 25 ELSE 4 END AS reopened
FROM closed
ORDER BY c, opened_on, nth
"""

# The over-contacted are touched eight times in the last 60 days and never accept. Before they leave, churners refuse.
_CONTACT = """
CREATE TEMP TABLE contact_story AS
WITH chances AS (
    SELECT c, customer_id, trait, joined_on, calm, churn_on, churn_cause, over_contacted, stage, yuan, unnest(range(0,
        14))::INTEGER AS nth
    FROM customer_story
),
touched AS (
    SELECT
        *, 16 * c + nth AS t,
        CASE WHEN nth < 8 THEN CASE WHEN over_contacted THEN 'press' ELSE 'usual' END WHEN nth < 10 THEN 'save'
            ELSE 'own' END AS origin,
        CASE
            WHEN nth < 8 THEN as_of() - draw(16 * c + nth, 612, CASE WHEN over_contacted THEN 60 ELSE 365 END)
            WHEN nth < 10 THEN churn_on - 4 - draw(16 * c + nth, 612, 55)
            ELSE as_of() - draw(16 * c + nth, 612, 330)
        END AS touched_on
    FROM chances
    WHERE CASE
        WHEN nth < 8 THEN over_contacted OR draw(16 * c + nth, 611, 100) < 17
        WHEN nth < 10 THEN churn_on IS NOT NULL AND draw(16 * c + nth, 611, 100) < CASE churn_cause
            WHEN 'tariff' THEN 55 ELSE 30 END
        ELSE CASE WHEN trait = 'service' THEN shows(true, 16 * c + nth, 611) ELSE draw(16 * c + nth, 611, 100) < 3 END
    END
),
meant AS (
    SELECT
        *,
        CASE
            WHEN origin = 'press' THEN 'offer'
            WHEN origin = 'save' THEN 'retention'
            WHEN origin = 'own' THEN 'care'
            WHEN draw(t, 613, 100) < 40 THEN 'care'
            WHEN draw(t, 613, 100) < 82 THEN 'offer'
            WHEN draw(t, 613, 100) < 92 THEN 'retention'
            ELSE 'warning'
        END AS purpose
    FROM touched
    WHERE touched_on BETWEEN joined_on AND as_of() AND (churn_on IS NULL OR touched_on < churn_on)
),
answered AS (
    SELECT
        *,
        CASE
            WHEN origin = 'press' THEN (['refused', 'no_answer'])[1 + draw(t, 615, 2)]
            WHEN origin = 'save' THEN (['refused', 'refused', 'no_answer'])[1 + draw(t, 615, 3)]
            WHEN origin = 'own' THEN 'reached'
            WHEN purpose IN ('care', 'warning') THEN (['reached', 'reached', 'no_answer'])[1 + draw(t, 615, 3)]
            WHEN trait = 'price' THEN (['accepted', 'accepted', 'refused', 'no_answer', 'reached'])[1 + draw(t, 615, 5)]
            WHEN purpose = 'retention' THEN CASE WHEN calm THEN 'reached'
                ELSE (['reached', 'accepted', 'reached', 'no_answer', 'refused'])[1 + draw(t, 615, 5)] END
            WHEN draw(t, 615, 200) = 0 AND NOT calm THEN 'complained'
            ELSE (['reached', 'reached', 'accepted', 'refused', 'no_answer'])[1 + draw(t, 615, 5)]
        END AS outcome
    FROM meant
)
SELECT
    c, customer_id, touched_on, purpose, outcome, t,
    CASE WHEN origin = 'own' THEN (['call', 'store', 'visit', 'store'])[1 + draw(t, 614, 4)]
        ELSE (['sms', 'sms', 'call', 'call', 'app', 'app', 'store', 'web', 'kiosk', 'visit'])[1 + draw(t, 614, CASE
            WHEN yuan >= 200 THEN 10 ELSE 9 END)] END
        AS channel,
    CASE WHEN origin = 'own' THEN 'in' ELSE 'out' END AS direction,
    CASE
        WHEN origin = 'own' OR purpose IN ('care', 'warning') THEN NULL
        WHEN purpose = 'retention' THEN 6 + draw(t, 616, 3)
        WHEN trait = 'price' AND outcome = 'accepted' THEN 4
        WHEN trait = 'price' THEN 1 + draw(t, 616, 3)
        ELSE 1 + draw(t, 616, 5)
    END AS offer_number
FROM answered
ORDER BY c, touched_on, nth
"""

_CONTACT_FILE = """
SELECT
    customer_id, touched_on AS "on", channel, direction, purpose,
    CASE WHEN offer_number IS NOT NULL
        THEN printf('K%s%d', strftime(touched_on, '%Y%m'), offer_number) END AS campaign_id,
    CASE WHEN offer_number IS NOT NULL THEN printf('O%02d', offer_number) END AS offer_id,
    outcome,
    cents(CASE channel WHEN 'sms' THEN 5 WHEN 'app' THEN 1 WHEN 'web' THEN 1 WHEN 'kiosk' THEN 10 WHEN 'call' THEN 300
        WHEN 'store' THEN 800 ELSE 5000 END)
        AS cost
FROM contact_story
ORDER BY c, touched_on, t
"""

# Tariff pages and rivals' offers are read by those who watch prices and, before they leave, by those who leave for a tariff.
_BROWSE = """
WITH chances AS (SELECT c, customer_id, trait, joined_on, churn_on, churn_cause, calm, kind, unnest(range(0,
    8))::INTEGER AS nth FROM customer_story),
seen AS (
    SELECT
        *, 8 * c + nth AS t,
        CASE
            WHEN nth < 3 AND churn_on IS NOT NULL THEN churn_on - 3 - draw(8 * c + nth, 622, 60)
            WHEN nth < 3 AND trait = 'price' THEN as_of() - 85 + 28 * nth + draw(8 * c + nth, 622, 28)
            ELSE as_of() - draw(8 * c + nth, 622, 300)
        END AS day
    FROM chances
    WHERE draw(8 * c + nth, 621, 100) < CASE
        WHEN nth < 3 AND (trait = 'price' OR churn_cause IN ('tariff', 'technology')) THEN 90
            WHEN trait = 'brand' THEN 30 ELSE 9 END
)
SELECT
    customer_id, day,
    CASE
        WHEN nth < 3 AND churn_cause = 'tariff' THEN (['competitor_offer', 'tariff', 'tariff'])[1 + nth]
        WHEN nth < 3 AND churn_cause = 'technology' THEN 'device'
        WHEN nth < 3 AND trait = 'price' THEN 'tariff'
        WHEN trait = 'brand' THEN (['points_mall', 'device', 'points_mall', 'bill'])[1 + draw(t, 623, 4)]
        ELSE (['points_mall', 'device', 'bill', 'service', 'bill', 'service', 'tariff'])[1 + draw(t, 623, 7)]
    END AS page_group,
    1 + draw(t, 624, 6) AS views
FROM seen
WHERE day BETWEEN joined_on AND as_of() AND (churn_on IS NULL OR day < churn_on)
QUALIFY row_number() OVER (PARTITION BY c, day, page_group ORDER BY nth) = 1
"""

# One movement a quarter. Points lapse after 18 months; who cares for the brand redeems some.
_POINTS = """
WITH members AS (
    SELECT c, customer_id, joined_on, churn_on, 20 + least(spend // 400, 5000) AS earned, shows(trait = 'brand', c,
        631) AS active
    FROM customer_story
    WHERE kind <> 'organisation' AND NOT fraud AND (trait = 'brand' OR draw(c, 632, 100) < 30)
),
moves AS (
    SELECT *, unnest(range(0, 6))::INTEGER AS i FROM members
),
dated AS (
    SELECT *, as_of() - 90 * (5 - i) - draw(c, 633, 80) AS moved_on, CASE WHEN active
        AND i IN (2, 4, 5) THEN earned * 4 // 5 ELSE 0 END AS redeemed
    FROM moves
)
SELECT
    customer_id, moved_on, earned::INTEGER AS earned, redeemed::INTEGER AS redeemed,
    (sum(earned - redeemed) OVER (PARTITION BY c ORDER BY i))::INTEGER AS balance,
    (moved_on + to_months(18))::DATE AS lapses_on
FROM dated
WHERE moved_on >= joined_on AND (churn_on IS NULL OR moved_on < churn_on)
ORDER BY c, i
"""

# Managers plan a visit a quarter to those they look after; they make most of them, and fewer in some managers' case.
_VISIT = """
WITH plans AS (
    SELECT c, customer_id, manager_id, joined_on, churn_on, unnest(range(0, 4))::INTEGER AS nth
    FROM customer_story JOIN customer_place USING (c)
    WHERE manager_id IS NOT NULL AND yuan >= 100
),
dated AS (SELECT *, as_of() - 91 * nth - draw(4 * c + nth, 641, 91) AS planned_on FROM plans)
SELECT
    manager_id, customer_id, planned_on,
    CASE WHEN draw(4 * c + nth, 642, 100) < 78 AND planned_on + draw(4 * c + nth, 643, 15) <= as_of()
        THEN planned_on + draw(4 * c + nth, 643, 15) END AS visited_on
FROM dated
WHERE planned_on >= joined_on AND (churn_on IS NULL OR planned_on < churn_on)
ORDER BY c, nth
"""

STEPS = (_TICKET, _CONTACT)

FILES = {
    "ticket": """
        SELECT customer_id, opened_on, closed_on, kind, severity, satisfaction, reopened FROM ticket_story
            ORDER BY c, opened_on, t
    """,
    "contact": _CONTACT_FILE,
    "browse": _BROWSE,
    "points": _POINTS,
    "visit": _VISIT,
}
