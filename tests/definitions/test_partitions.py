"""Partitions of the catalogue are complete and disjoint: every customer is in exactly one class, and the classes add up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from c360 import Workspace
from c360.demo import AS_OF, write_demo
from project import ROOT

PARTITIONS = ("customer_grid", "value_tier", "pareto_class", "lifecycle_stage", "relationship_stage", "brand_segment", "age_band",
              "customer_type", "tenure_cluster", "churn_risk_level")  # fmt: skip
TREATMENTS = ("treat_large_premium", "treat_average", "treat_small_premium", "treat_small_ordinary", "treat_bleeding")


def on(folder: Path, customers: int) -> Iterator[Workspace]:
    workspace = Workspace(ROOT, data_folder=write_demo(folder / "c360-demo", customers=customers, seed=5).folder)
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    yield from on(tmp_path_factory.mktemp("small"), 2_000)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    yield from on(tmp_path_factory.mktemp("large"), 100_000)


def check(workspace: Workspace, tag: str, customers: int, *, as_segments: bool = False) -> None:
    """Every customer has one class of those declared; *as_segments* the classes are disjoint and add up to all."""
    values = workspace.table(tag, as_of=AS_OF)
    levels = workspace.catalog.definition(tag).type.all_levels
    assert values.height == values["customer_id"].n_unique() == customers
    assert values[tag].null_count() == 0
    assert set(values[tag].unique()) <= set(levels)
    if not as_segments:
        return
    sizes = {level: workspace.size(where=f"{tag} = '{level}'", as_of=AS_OF) for level in levels}
    assert sum(size.members for size in sizes.values()) == customers
    counted = dict(values.group_by(tag).len().iter_rows())
    assert {level: size.members for level, size in sizes.items() if size.members} == counted


@pytest.mark.thorough
@pytest.mark.parametrize("tag", PARTITIONS)
def test_every_customer_is_in_one_class(small: Workspace, tag: str) -> None:
    check(small, tag, 2_000)


@pytest.mark.thorough
@pytest.mark.parametrize("tag", PARTITIONS)
def test_every_customer_of_a_hundred_thousand_is_in_one_class(large: Workspace, tag: str) -> None:
    check(large, tag, 100_000, as_segments=True)


@pytest.mark.thorough
def test_the_grid_leaves_out_only_who_cannot_be_placed(small: Workspace) -> None:
    rows = small.table("customer_grid", "is_active", "bills_12m", as_of=AS_OF)
    placed = rows.filter(pl.col("customer_grid") != "unknown")
    assert placed["is_active"].all() and (placed["bills_12m"] > 0).all()
    rest = rows.filter(pl.col("customer_grid") == "unknown")
    assert (~rest["is_active"] | (rest["bills_12m"] == 0)).all()
