"""A seed, a size, a day and a noise go in, a DuckDB connection with the demo's macros comes out; knows no table.

Every "random" value is an integer mixing of a key, a salt (one number a property) and the seed: the same on every
machine and version, which neither random() nor hash() promises.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

BILL_MONTHS = 16  # a year of bills before a day four months ago
USAGE_MONTHS = 9
FUTURE_MONTHS = 3

# All products stay below 2**63: a 32-bit number times one below 2**30, a key below 2**31 times one below 2**32.
MACROS = (
    "CREATE TEMP MACRO low32(x) AS x & 4294967295",
    "CREATE TEMP MACRO stirred(x) AS low32(xor(x, x >> 15) * 739982445)",
    """
    CREATE TEMP MACRO mixed(key, salt) AS
        stirred(stirred(low32(key::BIGINT * 2654435761 + salt::BIGINT * 2246822519 + getvariable('seed'))))
    """,
    "CREATE TEMP MACRO draw(key, salt, n) AS ((mixed(key, salt) >> 7) % n)::INTEGER",
    # Noise: a slip is a thing gone astray; shows() is a sign that those made for it lack by noise, and others have by less.
    "CREATE TEMP MACRO slips(key, salt) AS draw(key, salt, 10000) < getvariable('noise')",
    """
    CREATE TEMP MACRO shows(meant, key, salt) AS
        draw(key, salt, 10000) * CASE WHEN meant THEN 1 ELSE 2 END < CASE WHEN meant THEN 10000 - getvariable('noise')
            ELSE getvariable('noise') END
    """,
    # Months count from the first bill: month 15 is the last complete one. Days count from the first day of usage.
    "CREATE TEMP MACRO month_start(month) AS (getvariable('first_month') + to_months(month::INTEGER))::DATE",
    "CREATE TEMP MACRO month_number(day) AS date_diff('month', getvariable('first_month'), day)::INTEGER",
    "CREATE TEMP MACRO as_of() AS getvariable('as_of')",
    "CREATE TEMP MACRO day_number(day) AS (day - getvariable('first_day'))::INTEGER",
    "CREATE TEMP MACRO day_of(number) AS getvariable('first_day') + number::INTEGER",
    "CREATE TEMP MACRO today() AS getvariable('today')",
    "CREATE TEMP MACRO cents(amount) AS (amount::DECIMAL(16, 0) * 0.01)::DECIMAL(18, 2)",
)


def month_add(day: date, months: int) -> date:
    """Return the first day of the month *months* after that of *day*."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def last_month(as_of: date) -> date:
    """Return the first day of the last month that is complete at the end of *as_of*."""
    return month_add(as_of + timedelta(days=1), -1)


def first_usage_day(as_of: date) -> date:
    """Return the first day of usage: that of the first of the nine last complete months."""
    return month_add(last_month(as_of), 1 - USAGE_MONTHS)


def connect(spill: Path, customers: int, seed: int, as_of: date, noise: float) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that spills into *spill*, with the macros and the settings of one demo."""
    import duckdb

    connection = duckdb.connect(":memory:", config={"threads": min(8, os.cpu_count() or 2)})
    # DuckDB 2.0 can hang for ever when the query of a COPY fails while async threads run.
    connection.execute("SET async_threads = 0")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET preserve_insertion_order = false")  # every file that needs an order says so
    connection.execute("SET memory_limit = '3GB'")
    connection.execute("SET temp_directory = $1", [str(spill)])
    first_day = first_usage_day(as_of)
    for name, value in (
        ("seed", f"{seed % 2**32}::BIGINT"),
        ("customers", f"{int(customers)}::BIGINT"),
        ("noise", f"{round(noise * 10_000)}::INTEGER"),
        ("as_of", f"DATE '{as_of}'"),
        ("first_month", f"DATE '{month_add(last_month(as_of), 1 - BILL_MONTHS)}'"),
        ("first_day", f"DATE '{first_day}'"),
        ("today", f"{(as_of - first_day).days}::INTEGER"),
    ):
        connection.execute(f"SET VARIABLE {name} = {value}")
    for macro in MACROS:
        connection.execute(macro)
    return connection
