"""Families of tags: by what moves them; the day, the data and the order of files do not matter."""

from __future__ import annotations

from pathlib import Path

import pytest

from c360.catalog import Catalog
from c360.plan import families as module
from c360.plan.families import families
from growing import Growing
from project import ROOT

TABLES = frozenset({"customer", "line", "usage", "bill", "ticket"})


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Growing(tmp_path / "w").make().opened().catalog


def of_customers(catalog: Catalog) -> list[str]:
    return [tag.name for tag in catalog.tags("customer")]


def test_few_tags_share_a_family_by_their_pace(catalog: Catalog) -> None:
    found = families(of_customers(catalog), catalog, TABLES)
    assert set(found) == {"daily", "daily_usage", "monthly", "still"}
    assert found["still"] == ("city",)
    assert found["monthly"] == ("arpu", "bills", "tier", "place")
    assert found["daily"] == ("rating",)


def test_many_tags_of_one_fact_have_their_own(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEWEST", 1)
    found = families(of_customers(catalog), catalog, TABLES)
    assert found["monthly_bill"] == ("arpu", "bills", "tier", "place")
    assert found["daily_ticket"] == ("rating",)


def test_every_tag_is_in_one_family_in_order(catalog: Catalog) -> None:
    names = of_customers(catalog)
    found = families(names, catalog, TABLES)
    assert sorted(name for tags in found.values() for name in tags) == sorted(names)
    assert all(list(tags) == [name for name in names if name in tags] for tags in found.values())


@pytest.mark.thorough
def test_the_reference_catalogue_has_a_dozen_families() -> None:
    from c360.workspace import Workspace

    catalog = Workspace(ROOT).catalog
    found = families([tag.name for tag in catalog.tags("customer")], catalog, frozenset(catalog.schema.sources))
    assert len(found) <= 12 and {"monthly_bill", "monthly_usage", "daily_usage", "daily_ticket", "still"} <= set(found)
