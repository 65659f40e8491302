"""A number of customers in, the benchmark's Parquet files out, the same for every machine; knows no tag.

Values come from integer mixing of the key, so that a day of 1.2 million rows takes a second. Files are what an operator's lake
has: usage a file a day in order of the line, bills a file a month, the other facts one file and one more for each late day.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

AS_OF = date(2026, 10, 31)
BEFORE = AS_OF - timedelta(days=1)
NEXT_DAY = AS_OF + timedelta(days=1)
USAGE_DAYS = 90
BILL_MONTHS = 13
LINES_PER_5_CUSTOMERS = 6
VERSION = "1"

MACROS = """
CREATE MACRO low32(x) AS x & 4294967295;
CREATE MACRO stirred(x) AS low32(xor(x, x >> 15) * 739982445);
CREATE MACRO mixed(key, salt) AS stirred(stirred(low32(key::BIGINT * 2654435761 + salt::BIGINT * 2246822519)));
CREATE MACRO draw(key, salt, n) AS ((mixed(key, salt) >> 7) % n)::INTEGER;
CREATE MACRO cents(amount) AS (amount::DECIMAL(16, 0) * 0.01)::DECIMAL(18, 2);
CREATE MACRO thousandths(amount) AS (amount::DECIMAL(15, 0) * 0.001)::DECIMAL(18, 3);
"""

# range() runs on one thread, what stands in a table on all.
CUSTOMERS = """
CREATE TABLE customers AS SELECT
    range::INTEGER AS c, printf('C%08d', range) AS customer_id, DATE '2026-11-01' - draw(range, 1, 4000) AS joined_on
FROM range({customers})
"""
LINES = """
CREATE TABLE lines AS
WITH numbered AS (SELECT range::INTEGER AS n, CASE WHEN range < {customers} THEN range ELSE (range - {customers}) * 5 END AS c
    FROM range({lines}))
SELECT n, printf('L%09d', n) AS line_id, customer_id, joined_on AS activated_on, c,
    mixed(n, 2) & 1073741823 AS h, 2 + draw(n, 3, 30) AS talks, 1 + draw(n, 4, 60) AS surfs,
    -- One line in twelve has fallen silent some days ago, one in six spends less by the month, one in six more.
    CASE WHEN draw(n, 5, 12) = 0 THEN draw(n, 6, 120) ELSE -1 END AS silent_for, 2000 + draw(n, 7, 16000) AS fee,
    CASE draw(n, 8, 6) WHEN 0 THEN -4 WHEN 1 THEN 4 ELSE 0 END AS trend
FROM numbered JOIN customers USING (c) ORDER BY n
"""
CUSTOMER = (
    """SELECT customer_id, joined_on, (['person', 'family', 'organisation'])[1 + draw(c, 9, 20) // 9] AS kind FROM customers"""
)
LINE = "SELECT line_id, customer_id, activated_on FROM lines"

USAGE = """
WITH days AS (
    SELECT *, stirred(low32(h + {number} * 2654435761)) AS a, stirred(low32(h + {number} * 2246822519 + 1)) AS b
    FROM lines WHERE activated_on <= DATE '{day}'
),
spoken AS (
    SELECT *, CASE WHEN DATE '2026-11-01' - silent_for < DATE '{day}' AND silent_for >= 0 OR (a & 7) < 2 THEN 0
        ELSE 1 + ((a >> 3) & 31) * talks // 32 END AS calls
    FROM days
)
SELECT line_id, DATE '{day}' AS day, calls::SMALLINT AS calls_out, (((a >> 8) & 15) * talks // 12)::SMALLINT AS calls_in,
    (calls * ((b >> 2) & 7) // 12)::SMALLINT AS night_calls, (CASE WHEN (b & 31) = 0 THEN least(calls, 2) ELSE 0 END)::SMALLINT
    AS dropped_calls, ((a >> 13) & 3)::SMALLINT AS sms_out, thousandths(calls * (250 + ((b >> 5) & 511) * 10)) AS minutes_out,
    thousandths(((a >> 8) & 15) * (250 + ((b >> 14) & 255) * 10)) AS minutes_in,
    thousandths(CASE WHEN (b & 63) = 9 THEN 0 ELSE ((a >> 10) & 16383) * surfs END) AS data_mb
FROM spoken
"""

BILL = """
WITH levels AS (
    SELECT *, mixed(h, 100 + {number}) AS a, mixed(h, 200 + {number}) AS b, greatest(fee + trend * {number} * 100, 500) AS level
    FROM lines WHERE activated_on <= DATE '{last}'
),
parts AS (
    SELECT *, CASE WHEN (a & 3) = 0 THEN (a >> 3) & 4095 ELSE 0 END AS voice, CASE WHEN (b & 3) = 0 THEN (b >> 3) & 8191 ELSE 0 END
        AS data, ((a >> 16) & 3) * 500 AS vas, CASE WHEN (b & 28) = 4 THEN level // 5 ELSE 0 END AS discount
    FROM levels
)
SELECT line_id, DATE '{last}' AS month, cents(level) AS plan_fee, cents(voice) AS voice, cents(data) AS data, cents(vas) AS vas,
    cents(discount) AS discount, cents(level + voice + data + vas - discount) AS total, cents((a >> 20) & 1023) AS interconnect
FROM parts
"""

# Each of these has a column `on_day`, by which its rows fall into files; it is not written.
FACTS = {
    "payment": """
        SELECT customer_id, due_on, cents(1500 + mixed(c, 300 + m) % 20000) AS amount_due, due_on + late AS paid_on,
            CASE WHEN late IS NOT NULL THEN cents(1500 + mixed(c, 300 + m) % 20000) END AS amount_paid, due_on AS on_day
        FROM (SELECT customer_id, c, m, joined_on, (DATE '2025-11-01' + to_months(m::INTEGER) + to_days(c % 28))::DATE AS due_on,
            CASE WHEN draw(c, 320 + m, 40) = 0 THEN NULL ELSE -8 + draw(c, 340 + m, 16) END AS late
            FROM customers, months) WHERE due_on >= joined_on""",
    "ticket": """
        SELECT customer_id, opened_on, (['low', 'medium', 'high'])[1 + draw(c, 402, 3)] AS severity, closed_on,
            CASE WHEN closed_on IS NOT NULL AND draw(c, 403 + m, 3) > 0 THEN 1 + draw(c, 420 + m, 5) END::TINYINT AS satisfaction,
            opened_on AS on_day
        FROM (SELECT *, CASE WHEN draw(c, 440 + m, 9) > 0 THEN opened_on + draw(c, 460 + m, 20) END AS closed_on
            FROM (SELECT customer_id, c, m, joined_on, DATE '2026-11-01' - draw(c, 480 + m, 400) AS opened_on
                FROM customers, months WHERE draw(c, 400 + m, 24) = 0)) WHERE opened_on >= joined_on""",
    "contact": """
        SELECT customer_id, contacted_on, CASE WHEN draw(c, 520 + m, 3) = 0 THEN 'in' ELSE 'out' END AS direction,
            (['reached', 'accepted', 'refused', 'no_answer'])[1 + draw(c, 540 + m, 4)] AS outcome, contacted_on AS on_day
        FROM (SELECT customer_id, c, m, joined_on, DATE '2026-11-01' - draw(c, 560 + m, 200) AS contacted_on
            FROM customers, months WHERE draw(c, 500 + m, 6) = 0) WHERE contacted_on >= joined_on""",
    "contract": """
        SELECT line_id, start_on, (start_on + to_months(12 * (1 + draw(n, 602, 2))))::DATE AS end_on, start_on AS on_day
        FROM (SELECT *, DATE '2026-11-01' - draw(n, 601, 900) AS start_on FROM lines WHERE draw(n, 600, 10) < 6)
        WHERE start_on >= activated_on""",
    "subscription": """
        SELECT line_id, started_on, CASE WHEN draw(n, 720 + m, 3) = 0 THEN started_on + draw(n, 740 + m, 300) END AS ended_on,
            cents(500 + 500 * draw(n, 760 + m, 6)) AS price, started_on AS on_day
        FROM (SELECT n, m, line_id, activated_on, DATE '2026-11-01' - draw(n, 780 + m, 700) AS started_on
            FROM lines, months WHERE draw(n, 700 + m, 12) = 0) WHERE started_on >= activated_on""",
}


def write(folder: Path, customers: int, *, usage_days: int = USAGE_DAYS, only_bills: bool = False) -> None:
    """Write the data of *customers*: ``folder/data`` is what is there on AS_OF, ``folder/later`` what NEXT_DAY adds.

    Nothing is done where the folder holds that data already. With *only_bills* there are customers, lines and bills.
    """
    made = f"{VERSION} {customers} {usage_days} {only_bills}"
    mark = folder / "made.txt"
    if mark.is_file() and mark.read_text(encoding="utf-8") == made:
        return
    import duckdb

    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    with duckdb.connect(":memory:", config={"threads": os.cpu_count() or 2}) as connection:
        connection.execute("SET async_threads = 0; SET enable_progress_bar = false")
        connection.execute(MACROS)
        connection.execute("CREATE TABLE months AS SELECT range::INTEGER AS m FROM range(13)")
        connection.execute(CUSTOMERS.format(customers=customers))
        connection.execute(LINES.format(customers=customers, lines=customers * LINES_PER_5_CUSTOMERS // 5))
        for name, query in _files(usage_days, only_bills):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    mark.write_text(made, encoding="utf-8")


def _files(usage_days: int, only_bills: bool) -> Iterator[tuple[str, str]]:
    """Yield each file's name and query, in order of size the small ones first."""
    yield "data/customer.parquet", CUSTOMER
    yield "data/line.parquet", LINE
    for number in range(BILL_MONTHS):
        last = month_end(AS_OF, BILL_MONTHS - 1 - number)
        yield f"data/bill/{last:%Y-%m}.parquet", BILL.format(number=number, last=last)
    if only_bills:
        return
    for name, query in FACTS.items():
        rows = f"SELECT * EXCLUDE (on_day) FROM ({query}) WHERE on_day"
        yield f"data/{name}/to-{BEFORE}.parquet", f"{rows} <= DATE '{BEFORE}'"
        yield f"data/{name}/{AS_OF}.parquet", f"{rows} = DATE '{AS_OF}'"
        yield f"later/{name}/{NEXT_DAY}.parquet", f"{rows} = DATE '{NEXT_DAY}'"
    for number in range(usage_days + 2):
        day = NEXT_DAY - timedelta(days=number)
        yield f"{'data' if number else 'later'}/usage/{day}.parquet", USAGE.format(number=5000 - number, day=day)


def month_end(day: date, months_before: int) -> date:
    """Return the last day of the month so many months before the month of *day*."""
    count = day.year * 12 + day.month - months_before
    return date(count // 12, count % 12 + 1, 1) - timedelta(days=1)


def link(folder: Path, to: Path, day: date) -> None:
    """Make the folder *to*, with links to the files of *folder* that are there on BEFORE, AS_OF or NEXT_DAY; adds what lacks."""
    late = {BEFORE: (AS_OF, NEXT_DAY), AS_OF: (NEXT_DAY,), NEXT_DAY: ()}[day]
    not_yet = {f"{d}.parquet" for d in late} | ({f"{AS_OF:%Y-%m}.parquet"} if day == BEFORE else set())
    for part in ("data", "later"):
        for file in sorted((folder / part).rglob("*.parquet")):
            target = to / file.relative_to(folder / part)
            if file.name not in not_yet and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.link(file, target)
