"""Every tag whose name is fixed equals SQL written by hand from the domain's prose, on all rows of the demo operator.

A file of `by_hand/` is one SELECT of customer_id and value over the demo's own tables, as of `as_of()`; it may read what
other files say, as `hand_<name>`, and nothing of `tags/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from c360 import Workspace
from c360.demo import AS_OF, write_demo
from project import ROOT

pytestmark = pytest.mark.thorough
FOLDER = Path(__file__).parent / "by_hand"
CUSTOMERS = 20_000
FIXED = (
    "arpu_3m", "arpu_trend_3m", "mou_3m", "dou_3m", "tenure_months", "value_tier", "pareto_class", "is_influential",
    "customer_type", "lifecycle_stage", "relationship_stage", "price_sensitivity", "service_sensitivity", "brand_sensitivity",
    "security_sensitivity", "sensitivity_type", "revenue_12m", "cost_12m", "profit_12m", "margin_12m", "customer_grid",
    "bleeding_cause", "days_to_contract_end", "usage_drop", "zero_call_days", "competitor_hotline_calls_30d",
    "below_plan_fee_months", "arrears_amount", "open_complaints", "tenure_cluster", "churn_signals", "churn_risk_score",
    "churn_risk_level", "churn_type", "churn_cause", "save_priority", "stickiness", "loyalty_level", "growth_potential",
    "subsidy_payback", "service_preferences", "product_preferences", "brand_segment", "age_band", "preferred_channels",
    "is_reachable",
)  # fmt: skip
# A rate is rounded to six decimals; its last digit hangs on the order of a division.
LAST_DIGIT = 1.5e-6


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("fixed") / "c360-demo", customers=CUSTOMERS, seed=42).folder


@pytest.fixture(scope="module")
def by_c360(data: Path) -> Iterator[pl.DataFrame]:
    workspace = Workspace(ROOT, data_folder=data)
    yield workspace.table(*FIXED, as_of=AS_OF)
    workspace.close()


@pytest.fixture(scope="module")
def by_hand(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        connection.execute("SET async_threads = 0")
        connection.execute(f"CREATE MACRO as_of() AS DATE '{AS_OF}'")
        for path in sorted(data.glob("*.parquet")):
            connection.read_parquet(str(path)).create_view(path.stem)
        connection.read_parquet(str(data / "usage" / "**" / "*.parquet")).create_view("usage")
        waiting = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.sql"))}
        while waiting:
            ready = [n for n, sql in waiting.items() if not any(f"hand_{other}" in sql for other in waiting if other != n)]
            assert ready, f"these read each other in a circle: {sorted(waiting)}"
            for name in ready:
                connection.execute(f"CREATE TABLE hand_{name} AS {waiting.pop(name)}")
        yield connection


def test_each_fixed_name_has_its_query() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.sql") if not path.stem.startswith("_")) == sorted(FIXED)


@pytest.mark.parametrize("name", FIXED)
def test_a_fixed_tag_is_what_hand_written_sql_says(name: str, by_c360: pl.DataFrame, by_hand: duckdb.DuckDBPyConnection) -> None:
    expected = dict(by_hand.execute(f"SELECT customer_id, value FROM hand_{name}").fetchall())
    found = dict(by_c360.select("customer_id", name).iter_rows())
    assert len(expected) == len(found) == CUSTOMERS
    wrong = [key for key, value in found.items() if not alike(value, expected.get(key))]
    told = [(found[key], expected.get(key)) for key in wrong[:5]]
    assert not wrong, f"{name}: {len(wrong):,} of {len(found):,} differ, as (c360, by hand): {told}"


def alike(found: Any, expected: Any) -> bool:
    if isinstance(found, float) and expected is not None:
        return abs(found - float(expected)) <= LAST_DIGIT
    if isinstance(found, (pl.Series, list)):
        return list(found) == list(expected or [])
    return bool(found == expected)
