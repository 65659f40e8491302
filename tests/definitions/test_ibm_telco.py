"""IBM's telco sample: every number also comes out of a query written by hand over the raw files."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

import c360
from c360.errors import AsOfError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def ibm(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> c360.Workspace:
    """The example's workspace, copied so that nothing is written beside it."""
    folder = tmp_path_factory.mktemp("ibm") / "ibm_telco"
    shutil.copytree(ROOT / "examples" / "ibm_telco", folder, ignore=shutil.ignore_patterns(".c360", "__pycache__"))
    return c360.Workspace.find(folder, data_folder=shared_data)


@pytest.fixture(scope="module")
def by_hand(shared_data: Path) -> Any:
    """Ask the raw files with SQL written by hand."""
    connection = duckdb.connect()
    for name in ("services", "status", "demographics", "location", "population"):
        file = shared_data / "ibm_telco" / f"ibm_ext_{name}.csv"
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_csv('{file}', header = true, all_varchar = true)")

    def ask(sql: str) -> Any:
        rows = connection.execute(sql).fetchall()
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows

    return ask


def test_check_finds_nothing_wrong(ibm: c360.Workspace) -> None:
    report = ibm.check()
    assert report.ok
    assert report.unavailable == {}


def test_customers_and_leavers(ibm: c360.Workspace, by_hand: Any) -> None:
    size = ibm.size("still_here")
    assert size.universe == by_hand("SELECT COUNT(*) FROM demographics") == 7_043
    assert size.outside == by_hand("SELECT COUNT(*) FROM status WHERE \"Churn Label\" = 'Yes'") == 1_869
    assert size.unknown == 0


def test_month_to_month_contracts_and_their_churn(ibm: c360.Workspace, by_hand: Any) -> None:
    joined = 'services JOIN status USING ("Customer ID")'
    size = ibm.size("left_month_to_month")
    assert size.universe == by_hand("SELECT COUNT(*) FROM services WHERE Contract = 'Month-to-Month'") == 3_610
    expected = by_hand(
        f"SELECT AVG(CASE WHEN \"Churn Label\" = 'Yes' THEN 100.0 ELSE 0 END) FROM {joined} WHERE Contract = 'Month-to-Month'"
    )
    assert size.share is not None
    assert round(size.share * 100, 2) == round(expected, 2) == 45.84


def test_charge_tiers(ibm: c360.Workspace, by_hand: Any) -> None:
    frame = ibm.table("charge_tier")
    found = dict(frame.group_by("charge_tier").len().iter_rows())
    expected = dict(
        by_hand(
            "SELECT CASE WHEN m >= 90 THEN 'high' WHEN m >= 60 THEN 'mid' WHEN m >= 25 THEN 'low' ELSE 'minimal' END, COUNT(*) "
            'FROM (SELECT CAST("Monthly Charge" AS DECIMAL(10, 2)) AS m FROM services) GROUP BY 1'
        )
    )
    assert found == expected


def test_revenue_is_explained_by_its_parts(ibm: c360.Workspace) -> None:
    assert set(ibm.table("accounts_unexplained")["accounts_unexplained"]) == {0}


def test_population_follows_the_zip_code(ibm: c360.Workspace, by_hand: Any) -> None:
    found = ibm.table("area_population")
    joined = 'location LEFT JOIN population USING ("Zip Code")'
    assert found["area_population"].sum() == by_hand(f"SELECT SUM(CAST(Population AS BIGINT)) FROM {joined}")
    assert found.height == 7_043


def test_literal_none_is_an_offer_not_a_missing_value(ibm: c360.Workspace, by_hand: Any) -> None:
    reader = ibm.bindings.get("services")
    assert reader.columns["offer"].binding.recode["None"] == "none"
    assert by_hand("SELECT COUNT(*) FROM services WHERE Offer = 'None'") == 3_877


@pytest.mark.parametrize("tag", ["churn_reason", "satisfaction"])
def test_what_is_known_only_afterwards_is_refused_for_a_past_date(ibm: c360.Workspace, tag: str) -> None:
    from datetime import date

    assert ibm.table(tag).height == 7_043
    with pytest.raises(AsOfError, match=f"status.{tag}: current values") as refused:
        ibm.table(tag, as_of=date(2017, 6, 30))
    assert refused.value.exit_code == 3
    marked = ibm.size("worth_saving", as_of=date(2017, 6, 30), allow_current=True)
    assert any("current values" in mark for mark in marked.marks)


def test_reason_is_known_for_those_who_left(ibm: c360.Workspace, by_hand: Any) -> None:
    frame = ibm.table("churn_reason", "has_left")
    known = frame.filter(frame["churn_reason"].is_not_null())
    assert known.height == by_hand("SELECT COUNT(*) FROM status WHERE \"Churn Reason\" <> ''") == 1_869
    assert known["has_left"].all()


def test_list_and_waterfall_equal_a_query(ibm: c360.Workspace, by_hand: Any, tmp_path: Path) -> None:
    result = ibm.export("worth_saving", tmp_path / "save.csv", columns=("monthly_charge",), order=("-monthly_charge",))
    keys = by_hand(
        'SELECT "Customer ID" FROM services JOIN status USING ("Customer ID") '
        "WHERE Contract = 'Month-to-Month' AND CAST(\"Tenure in Months\" AS INT) <= 12 AND \"Internet Type\" = 'Fiber Optic' "
        'AND "Premium Tech Support" = \'No\' AND "Churn Label" = \'No\' AND CAST("Monthly Charge" AS DOUBLE) >= 60 '
        'AND CAST("Satisfaction Score" AS INT) <= 3 ORDER BY CAST("Monthly Charge" AS DOUBLE) DESC, "Customer ID"'
    )
    assert result.frame["customer_id"].to_list() == [key for (key,) in keys]
    stages = result.waterfall.stages
    assert all(stage.entered - stage.removed == stage.left for stage in stages)
    assert all(before.left == after.entered for before, after in zip(stages, stages[1:], strict=False))
    assert (stages[0].entered, stages[-1].left) == (7_043, len(keys))
