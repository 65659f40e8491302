"""Keys and a salt in, buckets and who is held out by them; the same in Python and in SQL; knows no list and no campaign."""

from __future__ import annotations

from hashlib import md5
from typing import TYPE_CHECKING

from c360.errors import UsageError
from c360.quoting import text

if TYPE_CHECKING:
    import polars

BUCKETS = 10_000
DIGITS = 7  # hexadecimal, so that the number fits the 32-bit integers of every engine


def bucket(salt: str, key: str) -> int:
    """Return the bucket of *key* under *salt*, 0 to 9999: the first 7 hex digits of md5("salt:key"), modulo 10,000.

    It depends on nothing else, so whoever is held out once stays held out however the list grows.

    >>> bucket("spring", "C1")
    4289
    """
    return int(md5(f"{salt}:{key}".encode(), usedforsecurity=False).hexdigest()[:DIGITS], 16) % BUCKETS


def buckets(salt: str, keys: polars.Series) -> polars.Series:
    """Return the bucket of each of *keys* as a 32-bit integer; null stays null."""
    import polars as pl

    found = (None if key is None else bucket(salt, key) for key in keys.cast(pl.String))
    return pl.Series(keys.name, list(found), dtype=pl.Int32)


def held_out(salt: str, keys: polars.Series, share: float) -> polars.Series:
    """Return for each of *keys* whether it is held out, where *share* (0 to below 1, to four decimals) of all are.

    A larger share holds out the same and others besides. Raises UsageError for a share that cannot be.
    """
    return (buckets(salt, keys) < limit(share)).rename(keys.name)


def limit(share: float) -> int:
    """Return the first bucket that is not held out; raises UsageError for a share outside 0 to below 1."""
    if not 0 <= share < 1:
        raise UsageError(f"a holdout is a share from 0 to below 1, found {share}", hint="0.1 holds out a tenth")
    return round(share * BUCKETS)


def sql(key_sql: str, salt: str) -> str:
    """Return `bucket` as an SQL expression over *key_sql*, in words that every engine knows; null stays null."""
    hashed = f"MD5(CONCAT({text(salt + ':')}, {key_sql}))"
    digits = [f"(STRPOS('0123456789abcdef', SUBSTRING({hashed}, {place}, 1)) - 1)" for place in range(1, DIGITS + 1)]
    number = digits[0]
    for digit in digits[1:]:
        number = f"({number} * 16 + {digit})"
    return f"CASE WHEN {key_sql} IS NOT NULL THEN {number} % {BUCKETS} END"
