"""Customers go in, their tickets and the contacts with them come out; knows no line."""

from __future__ import annotations

_TICKET = """
CREATE TEMP TABLE ticket_story AS
WITH chances AS (
    SELECT *, unnest(range(0, 4))::INTEGER AS nth FROM customer_story
),
opened AS (
    SELECT
        c, customer_id, trait, joined_on, nth,
        8 * c + nth AS t,
        as_of() - draw(8 * c + nth, 102, 365) AS opened_on
    FROM chances
    WHERE draw(8 * c + nth, 101, 100) < CASE trait WHEN 'service' THEN 55 WHEN 'price' THEN 30 ELSE 8 END
),
handled AS (
    SELECT
        *,
        CASE WHEN draw(t, 103, 100) >= 5 THEN opened_on + draw(t, 104, 21) END AS would_close_on,
        (CASE trait
            WHEN 'price' THEN ['price', 'price', 'price', 'billing', 'port_out', 'retention']
            WHEN 'service' THEN ['service', 'service', 'service', 'network', 'network', 'port_out']
            WHEN 'security' THEN ['security', 'security', 'security', 'security', 'billing', 'service']
            ELSE ['price', 'billing', 'service', 'network', 'security', 'retention']
        END)[1 + draw(t, 105, 6)] AS kind
    FROM opened
    WHERE opened_on >= joined_on
),
closed AS (
    SELECT *, CASE WHEN would_close_on <= as_of() THEN would_close_on END AS closed_on FROM handled
)
SELECT
    c,
    customer_id,
    opened_on,
    closed_on,
    kind,
    (CASE WHEN closed_on IS NOT NULL AND draw(t, 106, 100) < 80 THEN
        CASE WHEN trait = 'service' THEN 1 + draw(t, 107, 3) ELSE 2 + draw(t, 107, 4) END
    END)::TINYINT AS satisfaction,
    draw(t, 108, 100) < CASE WHEN trait = 'service' THEN 25 ELSE 7 END AS reopened
FROM closed
ORDER BY c, opened_on, nth
"""

# The over-contacted are touched eight times in the last 60 days and never accept.
_CONTACT = """
CREATE TEMP TABLE contact_story AS
WITH chances AS (
    SELECT *, unnest(range(0, 8))::INTEGER AS nth FROM customer_story
),
touched AS (
    SELECT
        c, customer_id, trait, joined_on, nth, over_contacted,
        8 * c + nth AS t,
        as_of() - draw(8 * c + nth, 112, CASE WHEN over_contacted THEN 60 ELSE 365 END) AS touched_on
    FROM chances
    WHERE over_contacted OR draw(8 * c + nth, 111, 100) < 24
),
meant AS (
    SELECT
        *,
        CASE
            WHEN over_contacted THEN 'offer'
            WHEN draw(t, 113, 100) < 40 THEN 'care'
            WHEN draw(t, 113, 100) < 75 THEN 'offer'
            WHEN draw(t, 113, 100) < 90 THEN 'retention'
            ELSE 'warning'
        END AS purpose
    FROM touched
    WHERE touched_on >= joined_on
)
SELECT
    c,
    customer_id,
    touched_on,
    (['sms', 'sms', 'call', 'call', 'app', 'app', 'store', 'web'])[1 + draw(t, 114, 8)] AS channel,
    purpose,
    CASE
        WHEN over_contacted THEN (['refused', 'no_answer'])[1 + draw(t, 115, 2)]
        WHEN purpose IN ('care', 'warning') THEN (['reached', 'reached', 'no_answer'])[1 + draw(t, 115, 3)]
        WHEN trait = 'price' THEN (['reached', 'accepted', 'accepted', 'refused', 'no_answer'])[1 + draw(t, 115, 5)]
        ELSE (['reached', 'reached', 'accepted', 'refused', 'no_answer'])[1 + draw(t, 115, 5)]
    END AS outcome
FROM meant
ORDER BY c, touched_on, nth
"""

STEPS = (_TICKET, _CONTACT)

FILES = {
    "ticket": """
        SELECT customer_id, opened_on, closed_on, kind, satisfaction, reopened FROM ticket_story ORDER BY ALL
    """,
    "contact": """
        SELECT customer_id, touched_on AS "on", channel, purpose, outcome FROM contact_story ORDER BY ALL
    """,
}
