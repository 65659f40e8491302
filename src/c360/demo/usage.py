"""Lines go in, a row per line and day with usage comes out; knows no bill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from c360.demo.mixing import first_usage_day

A_FILE_A_DAY = 200_000
"""From this many customers on a file holds one day, below it a month: see docs/decisions/0012-usage-by-day.md."""

# One row a line: what a usual day holds (quarters of a minute, megabytes), and the numbers of the days on which something
# planted begins. A line is used on fixed weekdays, the lighter ones on fewer: weekdays is a mask. From step_from on its use
# is another one, in percent: it has fallen, or rises before a silence so that the silence alone is not a fall of the month.
_LEVEL = """
CREATE TEMP TABLE usage_level AS
WITH steps AS (
    SELECT
        *,
        drop_from = 9999 AND silent_from BETWEEN 0 AND 9998 AS hushed,
        drop_from = 9999 AND muted_from < 9999 AS calls_less
    FROM line_story
    WHERE first_day <= last_day AND evidence <> 'unused'
)
SELECT
    n, line_id, first_day, last_day, hot_from, last_hot,
    (mixed(n, 501) & 1073741823)::INTEGER AS h,
    (CASE WHEN voice THEN ([18, 36, 72, 10, 20, 40, 73])[1 + draw(n, 502, 7)]
            | (CASE WHEN draw(n, 503, 10) < 1 THEN ([4, 16, 64])[1 + draw(n, 504, 3)] ELSE 0 END)
        ELSE ([17, 34, 64, 8])[1 + draw(n, 502, 4)] END)::UTINYINT AS weekdays,
    voice::INTEGER AS voiced,
    CASE WHEN hushed THEN silent_from - 30 WHEN calls_less THEN muted_from - 30 ELSE drop_from END AS step_from,
    CASE WHEN hushed OR calls_less THEN 135 ELSE voice_kept END AS step_voice,
    CASE WHEN hushed THEN 135 WHEN calls_less THEN 100 ELSE data_kept END AS step_data,
    CASE WHEN voice THEN least(silent_from, muted_from) ELSE -9999 END AS speaks_until,
    CASE WHEN voice THEN silent_from ELSE -9999 END AS rings_until,
    silent_from,
    5 + draw(n, 505, 10) AS call_quarters,
    6 + draw(n, 506, 14) AS in_ratio,
    CASE WHEN bleeding_cause = 'speculative_buying' THEN 12
        ELSE 20 + draw(n, 507, 100) * draw(n, 507, 100) * (60 + least(included_minutes, 4000)) // 12000 END::BIGINT AS quarters,
    (included_mb * CASE WHEN bleeding_cause = 'speculative_buying' THEN 1 WHEN bleeding_cause = 'price_too_low' THEN 160
        ELSE 30 + draw(n, 508, 9) * 12 END // 1400)::BIGINT AS megabytes,
    CASE WHEN strategic OR grid = 'small_premium' THEN 2 + draw(n, 509, 3)
        WHEN grid = 'average' AND NOT plain THEN 1 + draw(n, 509, 2) ELSE 0 END AS rising,
    CASE WHEN churn_cause = 'service' AND churn_day IS NOT NULL THEN 9 WHEN trait = 'service' THEN 5 ELSE 1 END AS dropping,
    CASE WHEN churn_day IS NOT NULL AND churn_cause IN ('tariff', 'technology') AND NOT slips(n, 510)
        THEN churn_day - 62 ELSE 9999 END AS rival_from,
    CASE WHEN draw(n, 511, 100) < 15 THEN 45 ELSE 3 + draw(n, 511, 15) END AS night,
    CASE WHEN activated_on >= day_of(0) THEN first_day ELSE -1 END AS opening_day
FROM steps
JOIN (SELECT p, included_minutes FROM plan_story) USING (p)
ORDER BY n
"""

# The season is that of the month; February is low, the summer high. Only a planted silence lasts seven days.
_USAGE = """
WITH days AS (SELECT unnest(range({first}, {last} + 1))::INTEGER AS day),
seasons AS (
    SELECT day, day_of(day) AS date, (1 << (day % 7))::UTINYINT AS weekday,
        ([98, 90, 98, 100, 101, 103, 104, 104, 102, 101, 99, 100])[month(day_of(day))] AS season,
        month_number(day_of(day)) - 11 AS month_here
    FROM days
),
present AS (
    SELECT *, low32(h + day * 2654435761) AS a, (day >= hot_from AND day <= last_hot AND (day - hot_from) % 5 = 0)::INTEGER AS hot
    FROM usage_level, seasons
    WHERE day BETWEEN first_day AND last_day
        AND ((weekdays & weekday) <> 0 OR day = opening_day OR (day >= hot_from AND day <= last_hot AND (day - hot_from) % 5 = 0))
        AND (day < silent_from OR megabytes > 20 AND n % 2 = 0)
),
stirring AS (
    SELECT *, (stirred(a) & 1073741823)::INTEGER AS b, season * (100 + rising * month_here) AS level, day >= step_from AS stepped
    FROM present
),
spoken AS (
    SELECT
        *,
        CASE WHEN day < speaks_until
            THEN greatest(1, quarters * level * CASE WHEN stepped THEN step_voice ELSE 100 END * (29 + ((b >> 20) & 7)) // 32000000)
            ELSE 0 END::INTEGER AS spoken_quarters,
        (megabytes * level * CASE WHEN stepped THEN step_data ELSE 100 END * (29 + ((b >> 8) & 7)) // 32000000) AS data
    FROM stirring
),
called AS (
    SELECT *, (spoken_quarters + call_quarters - 1) // call_quarters + hot * (1 + (h & 1)) AS calls FROM spoken
),
answered AS (
    SELECT
        *,
        CASE WHEN day >= rings_until THEN 0 WHEN calls = 0 THEN 1 + ((b >> 14) & 3)
            ELSE (calls * in_ratio + ((b >> 14) & 15)) >> 4 END AS calls_back
    FROM called
)
SELECT
    line_id,
    date AS day,
    calls::SMALLINT AS calls_out,
    calls_back::SMALLINT AS calls_in,
    (spoken_quarters::DECIMAL(8, 0) * 0.250)::DECIMAL(18, 3) AS minutes_out,
    ((calls_back * call_quarters)::DECIMAL(8, 0) * 0.250)::DECIMAL(18, 3) AS minutes_in,
    (voiced * ((b >> 11) & 3))::SMALLINT AS sms_out,
    data::DECIMAL(18, 3) AS data_mb,
    ((((b >> 5) & 31) < dropping)::INTEGER * least(calls, 1 + (b & 1)))::SMALLINT AS dropped_calls,
    (hot * (1 + (h & 1)))::SMALLINT AS competitor_hotline_calls,
    (CASE WHEN day >= rival_from THEN (calls + 1) // 2 ELSE calls * ((b >> 25) & 7) // 40 END)::SMALLINT AS competitor_number_calls,
    (calls - calls // 3)::SMALLINT AS distinct_peers,
    (CASE WHEN calls + calls_back > 0 THEN night + ((b >> 17) & 7) ELSE 0 END / 100)::DOUBLE AS night_share
FROM answered
"""


def usage_files(as_of: date, customers: int) -> Iterator[tuple[str, str]]:
    """Yield a name and the query of the rows for each file of usage: one a day, or one a month where days are small."""
    first_day = first_usage_day(as_of)
    start = first_day
    while start <= as_of:
        if customers >= A_FILE_A_DAY:
            end, name, order = start, f"{start:%Y-%m-%d}", "ORDER BY n"
        else:
            end = min(as_of, (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1))
            name, order = f"{start:%Y-%m}", "ORDER BY day, n"
        query = _USAGE.format(first=(start - first_day).days, last=(end - first_day).days)
        yield f"usage/{name}.parquet", query if customers >= A_FILE_A_DAY else f"{query} {order}"
        start = end + timedelta(days=1)


STEPS = (_LEVEL,)
