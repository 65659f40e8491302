"""A seed goes in, a DuckDB connection with the demo's macros comes out; knows no table.

Every "random" value is an integer mixing of a key, a salt (one number a property) and the seed: the same on every
machine and version, which neither random() nor hash() promises.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from c360.demo import AS_OF

if TYPE_CHECKING:
    import duckdb

# All products stay below 2**63: a 32-bit number times one below 2**30, a key below 2**31 times one below 2**32.
MACROS = (
    "CREATE TEMP MACRO low32(x) AS x & 4294967295",
    "CREATE TEMP MACRO stirred(x) AS low32(xor(x, x >> 15) * 739982445)",
    """
    CREATE TEMP MACRO mixed(key, salt) AS
        stirred(stirred(low32(key::BIGINT * 2654435761 + salt::BIGINT * 2246822519 + getvariable('seed'))))
    """,
    "CREATE TEMP MACRO draw(key, salt, n) AS ((mixed(key, salt) >> 7) % n)::INTEGER",
    # Months and days count from the first day of the history: month 11 ends on, and day 364 is, the as-of date.
    "CREATE TEMP MACRO history_start() AS DATE '2025-11-01'",
    "CREATE TEMP MACRO day_number(day) AS (day - history_start())::INTEGER",
    "CREATE TEMP MACRO month_start(month) AS (history_start() + to_months(month))::DATE",
    "CREATE TEMP MACRO cents(amount) AS (amount::DECIMAL(16, 0) * 0.01)::DECIMAL(18, 2)",
)


def connect(spill: Path, customers: int, seed: int) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that spills into *spill*, with the macros, the seed and the number of customers."""
    import duckdb

    connection = duckdb.connect(":memory:", config={"threads": 2})
    # DuckDB 2.0 can hang for ever when the query of a COPY fails while async threads run.
    connection.execute("SET async_threads = 0")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET temp_directory = $1", [str(spill)])
    connection.execute(f"SET VARIABLE seed = {seed % 2**32}::BIGINT")
    connection.execute(f"SET VARIABLE customers = {int(customers)}::BIGINT")
    connection.execute(f"CREATE TEMP MACRO as_of() AS DATE '{AS_OF.isoformat()}'")
    for macro in MACROS:
        connection.execute(macro)
    return connection
