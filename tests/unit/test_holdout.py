"""Buckets: frozen for ever, equal in SQL, stable when shares and bases grow, independent between salts."""

from __future__ import annotations

from math import erfc, sqrt

import polars as pl
import pytest

from c360.deliver.holdout import bucket, buckets, held_out, limit, sql
from c360.engines.duckdb import DuckDBEngine
from c360.errors import UsageError

# The buckets of C00000 to C00099 under the salt "frozen". A change here moves customers between arms of running campaigns.
FROZEN = (
    568, 8489, 9291, 1248, 655, 4629, 4124, 195, 80, 2895, 2895, 9816, 5242, 8254, 8960, 5226, 4265, 6938, 253, 275,
    7914, 2311, 4794, 8489, 4919, 5502, 3838, 7974, 1636, 4399, 639, 1993, 822, 2144, 3029, 7260, 976, 9946, 8566, 982,
    5151, 6261, 4078, 3975, 6651, 1953, 4223, 6995, 5539, 7597, 4540, 457, 1926, 530, 277, 4933, 1459, 557, 7486, 8135,
    7263, 7694, 2175, 4613, 7055, 4218, 9527, 4159, 1, 2191, 2868, 2589, 9598, 9415, 4284, 9957, 4057, 4320, 9522, 5402,
    7761, 5929, 1671, 5716, 5856, 2004, 6388, 8132, 5706, 1608, 4634, 7176, 3951, 375, 6715, 5622, 4176, 509, 1912, 9861,
)  # fmt: skip
MANY = pl.Series("customer", [f"K{number}" for number in range(20_000)])


def test_a_hundred_buckets_stay_what_they_are() -> None:
    assert tuple(bucket("frozen", f"C{number:05d}") for number in range(100)) == FROZEN


@pytest.mark.parametrize("salt", ["spring", "it's", "春季 2026", ""])
def test_sql_gives_the_same_buckets(duckdb_engine: DuckDBEngine, salt: str) -> None:
    keys = ["C1", "00017", "张伟", "a'b", "", *MANY.head(500).to_list()]
    values = ", ".join("('" + key.replace("'", "''") + "')" for key in keys)
    found = duckdb_engine.rows(f"SELECT k, {sql('k', salt)} FROM (VALUES {values}) AS t(k)")
    assert dict(found) == {key: bucket(salt, key) for key in keys}


def test_a_null_key_has_no_bucket(duckdb_engine: DuckDBEngine) -> None:
    assert buckets("s", pl.Series("k", ["C1", None])).to_list() == [bucket("s", "C1"), None]
    assert duckdb_engine.rows(f"SELECT {sql('k', 's')} FROM (SELECT NULL::VARCHAR AS k)") == [(None,)]


def test_a_larger_share_keeps_whom_the_smaller_held_out() -> None:
    tenth, fifth = held_out("s", MANY, 0.1), held_out("s", MANY, 0.2)
    assert (tenth & ~fifth).sum() == 0 and tenth.sum() < fifth.sum()


def test_growth_of_the_base_moves_nobody() -> None:
    assert held_out("s", MANY.head(100), 0.1).to_list() == held_out("s", MANY, 0.1).head(100).to_list()


def test_the_share_is_kept_within_chance() -> None:
    meant, found = 20_000 * 0.1, held_out("s", MANY, 0.1).sum()
    square = (found - meant) ** 2 / meant + (found - meant) ** 2 / (20_000 - meant)
    assert erfc(sqrt(square / 2)) > 0.001


def test_two_salts_are_independent() -> None:
    one, two = held_out("one", MANY, 0.5), held_out("two", MANY, 0.5)
    # Of independent halves a quarter is in both: 5,000 with a standard deviation of about 61.
    assert abs((one & two).sum() - 5000) < 4 * 61.3


def test_a_share_of_nobody_holds_out_nobody() -> None:
    assert held_out("s", MANY, 0.0).sum() == 0 and limit(0.0) == 0


@pytest.mark.parametrize("share", [-0.1, 1.0, 2])
def test_a_share_that_cannot_be_is_refused(share: float) -> None:
    with pytest.raises(UsageError, match="from 0 to below 1"):
        held_out("s", MANY, share)
