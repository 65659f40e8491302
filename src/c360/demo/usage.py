"""Lines go in, a row per line and day with usage comes out; knows no bill."""

from __future__ import annotations

# One row a line: what a usual day holds (quarters of a minute, megabytes), and the numbers of the days on which
# something planted happens or begins (-1 and 999: never).
_LEVEL = """
CREATE TEMP TABLE usage_level AS
SELECT
    n, line_id, first_day, last_day, voice, service_type, dropped, faded, silent_days, muted_days,
    mixed(n, 91) AS h,
    CASE WHEN draw(n, 92, 10) < 7 THEN 7 ELSE 5 + draw(n, 93, 2) END AS weekly_days,
    draw(n, 94, 7) AS phase,
    5 + draw(n, 95, 10) AS call_quarters,
    6 + draw(n, 96, 14) AS in_ratio,
    CASE WHEN voice THEN 8 + draw(n, 97, 100) * draw(n, 97, 100) * 150 // 10000 ELSE 0 END::BIGINT AS quarters,
    included_mb::BIGINT * (30 + draw(n, 98, 9) * 12) // 3000 AS megabytes,
    draw(n, 99, 100) < 10 AS rising,
    CASE WHEN silent_days > 0 THEN 365 - silent_days ELSE 999 END AS silent_from,
    CASE WHEN muted_days > 0 THEN 365 - muted_days ELSE 999 END AS muted_from,
    service_type = 'mobile' AND draw(n, 100, 2) = 0 AS keeps_data,
    coalesce(364 - hotline_ago, -1) AS hotline_day,
    CASE WHEN activated_on >= history_start() THEN first_day ELSE -1 END AS opening_day
FROM line_story
WHERE first_day <= last_day
"""

# One row a line and month, so that both threads find work: DuckDB shares a table out by row groups.
# October carries the planted changes. Lines that only fall silent, or only stop calling, call more before it, so that
# a silence is not also a fall of the whole month.
_GRID = """
CREATE TEMP TABLE usage_grid AS
WITH months AS (
    SELECT *, unnest(range(0, 12))::INTEGER AS month FROM usage_level
),
bounded AS (
    SELECT
        *,
        greatest(first_day, day_number(month_start(month))) AS from_day,
        least(last_day, day_number(month_start(month + 1)) - 1) AS to_day,
        ([100, 103, 105, 112, 98, 100, 100, 101, 100, 100, 100, 100])[1 + month] AS season,
        CASE WHEN month = 11 AND dropped THEN 35 ELSE 100 END AS kept,
        CASE WHEN month = 11 AND silent_days + muted_days > 0 AND NOT dropped THEN 135 ELSE 100 END AS before_silence
    FROM months
)
SELECT
    line_id, from_day, to_day, voice, h, weekly_days, phase, call_quarters, in_ratio,
    silent_from, muted_from, keeps_data, hotline_day, opening_day,
    CASE WHEN voice THEN
        greatest(16, 16 * quarters * season * kept // 100 * before_silence // 100
            * CASE WHEN month = 11 AND faded THEN 55 ELSE 100 END // 10000)
    ELSE 0 END AS daily_quarters_16,
    megabytes * kept * CASE WHEN rising THEN 100 + 4 * month ELSE 100 END
        * CASE WHEN silent_days > 0 AND NOT keeps_data THEN before_silence ELSE 100 END // 1000000
        AS daily_megabytes
FROM bounded
WHERE from_day <= to_day
ORDER BY n, month
"""

# A line pauses on fixed weekdays, at most two running: only a planted silence lasts seven days.
_USAGE = """
WITH days AS (
    SELECT *, unnest(range(from_day, to_day + 1))::INTEGER AS day FROM usage_grid
),
present AS (
    SELECT *, low32(h + day * 2654435761) AS a
    FROM days
    WHERE ((day + phase) % 7 < weekly_days OR day = hotline_day OR day = opening_day)
        AND (day < silent_from OR keeps_data)
),
stirring AS (
    SELECT *, stirred(a) AS b FROM present
),
spoken AS (
    SELECT
        *,
        CASE WHEN voice AND day < silent_from AND day < muted_from
            THEN greatest(1, (daily_quarters_16 * (12 + ((b >> 20) & 7))) >> 8) ELSE 0 END AS quarters,
        CASE WHEN day = hotline_day THEN 1 + (h & 1) ELSE 0 END AS hotline
    FROM stirring
),
called AS (
    SELECT *, (quarters + call_quarters - 1) // call_quarters + hotline AS calls FROM spoken
)
SELECT
    line_id,
    history_start() + day AS day,
    calls::SMALLINT AS calls_out,
    (CASE
        WHEN NOT voice OR day >= silent_from THEN 0
        WHEN calls = 0 THEN 1 + ((b >> 14) & 3)
        ELSE (calls * in_ratio + ((b >> 14) & 15)) >> 4
    END)::SMALLINT AS calls_in,
    (quarters::DECIMAL(6, 0) * 0.250)::DECIMAL(18, 3) AS minutes_out,
    ((daily_megabytes * (11 + ((b >> 8) & 15))) >> 4)::DECIMAL(18, 3) AS data_mb,
    hotline::TINYINT AS competitor_hotline_calls
FROM called
"""

STEPS = (_LEVEL, _GRID)

FILES = {"usage": _USAGE}
