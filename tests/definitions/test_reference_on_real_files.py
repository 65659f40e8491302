"""The reference catalogue bound to two public samples, as the how-to page binds them: what is available computes, and is right."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from c360 import Workspace
from project import ROOT

pytestmark = pytest.mark.thorough
PAGE = ROOT / "docs" / "how-to" / "reference-on-your-files.md"
SETTINGS = re.compile(r"^```toml\n# file: (?:(\w+)/)?c360\.toml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PLAIN = "tenure_months customer_region accounts tenure_band days_to_anniversary days_to_holiday"
# What one dated bill a month and a known end of each line add.
BILLED = """
    lines_active is_active revenue_3m arpu_3m arpu_band value_tier pareto_class is_top_20 lines_watched churned_90d last_left_on
    highest_line_revenue_3m main_line main_line_since main_line_age_months tenure_cluster retained_12m churned_last_month
    anniversary_due holiday_due
"""
AVAILABLE = {
    "telco": f"{PLAIN} sex",
    "telco_assumed": f"{PLAIN} sex {BILLED}",
    "wireless": f"""{PLAIN} occupation {BILLED} plan_fees_3m hugs_plan_fee device_price_highest over_plan_spend_3m
        main_device_price""",
}
# Of each workspace: a tag that is not available, and why.
REASONS = {
    "telco": {
        "arpu_3m": "source bill starts on 2017-09-01, the request needs 2017-07-01",
        "is_active": "source line: column deactivated_on is not in the file (no 'deactivated_on') and not bound",
        "age_band": "source customer: column birth_date is not in the file (no 'birth_date') and not bound",
        "open_complaints": "source ticket is not bound",
    },
    "telco_assumed": {
        "revenue_12m": "source bill starts on 2017-07-01, the request needs 2016-10-01",
        "open_complaints": "source ticket is not bound",
    },
    "wireless": {"mou_3m": "source usage is not bound", "sex": "source customer: column gender is not in the file"},
}
TIERS = "CASE WHEN a >= 90 THEN 'high' WHEN a >= 60 THEN 'mid' WHEN a >= 25 THEN 'low' ELSE 'minimal' END"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the page's three workspaces."""
    folder = tmp_path_factory.mktemp("samples")
    found = {name or "telco": text for name, text in SETTINGS.findall(PAGE.read_text(encoding="utf-8"))}
    assert set(found) == set(AVAILABLE)
    for name, text in found.items():
        (folder / name).mkdir()
        (folder / name / "c360.toml").write_text(text, encoding="utf-8")
        for part in () if "extends" in text else ("tags", "segments"):
            shutil.copytree(ROOT / part, folder / name / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def rows_of(shared_data: Path, name: str, sql: str) -> list[tuple[Any, ...]]:
    """Ask a raw file with SQL written by hand."""
    file = {"telco": "ibm_telco/ibm_ext_services.csv", "wireless": "cell2cell/cell2celltrain.csv"}[name]
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW raw AS FROM read_csv('{shared_data / file}', nullstr = 'NA')")
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("name", AVAILABLE)
def test_what_is_available_is_known_and_the_rest_has_a_reason(folder: Path, shared_data: Path, name: str) -> None:
    with closing(Workspace(folder / name, data_folder=shared_data)) as workspace:
        report, missing = workspace.check(), workspace.unavailable()
        names = {n for n, d in workspace.tags.items() if d.entity == "customer" and n not in missing}
        sources = workspace.catalog.schema.sources
    assert report.ok
    assert names == set(AVAILABLE[name].split())
    told = re.compile(r"source (\w+)(?:: column (\w+) is not in the file .*| is not bound| starts on .*)")
    for reason in missing.values():
        found = told.fullmatch(reason)
        assert found, reason
        assert found[2] is None or found[2] in sources[found[1]].by_name
    for tag, reason in REASONS[name].items():
        assert missing[tag].startswith(reason)


@pytest.mark.parametrize(("name", "customers"), [("telco", 7_043), ("telco_assumed", 7_043), ("wireless", 51_047)])
def test_all_that_is_available_computes(folder: Path, shared_data: Path, name: str, customers: int) -> None:
    with closing(Workspace(folder / name, data_folder=shared_data)) as workspace:
        missing = workspace.unavailable()
        by_entity: dict[str, list[str]] = {}
        for definition in workspace.catalog.definitions.values():
            is_outcome = bool(workspace.plans((definition.name,))[definition.name].outcomes)
            if definition.name not in missing and not is_outcome:
                by_entity.setdefault(definition.entity, []).append(definition.name)
        assert set(by_entity) == {"customer", "line", "account"}
        for entity, names in by_entity.items():
            assert workspace.table(*names).shape == (customers, 1 + len(names)), entity


def test_tenure_is_the_file_s(folder: Path, shared_data: Path) -> None:
    with closing(Workspace(folder / "telco", data_folder=shared_data)) as workspace:
        found = list(workspace.table("tenure_months").iter_rows())
    assert found == rows_of(shared_data, "telco", 'SELECT "Customer ID", "Tenure in Months" FROM raw ORDER BY 1')


def test_arpu_and_tiers_of_the_telco(folder: Path, shared_data: Path) -> None:
    with closing(Workspace(folder / "telco_assumed", data_folder=shared_data)) as workspace:
        table = workspace.table("arpu_3m", "value_tier")
    # The charge of each month of the quarter from joining on, and its third.
    arpu = 'ROUND("Monthly Charge" * LEAST("Tenure in Months", 3) / 3, 6)'
    expected = rows_of(shared_data, "telco", f'SELECT "Customer ID", {arpu} FROM raw ORDER BY 1')
    assert list(table.select("customer_id", "arpu_3m").iter_rows()) == [(key, pytest.approx(value)) for key, value in expected]
    counts = rows_of(shared_data, "telco", f"SELECT {TIERS}, COUNT(*) FROM (SELECT {arpu} AS a FROM raw) GROUP BY 1")
    assert dict(table.group_by("value_tier").len().iter_rows()) == dict(counts)


def test_arpu_and_tiers_of_the_wireless_operator(folder: Path, shared_data: Path) -> None:
    with closing(Workspace(folder / "wireless", data_folder=shared_data)) as workspace:
        table = workspace.table("arpu_3m", "value_tier")
        arpus = dict(table.select("customer_id", "arpu_3m").iter_rows())
    # Bills with an amount below zero are left out; where nothing is known, ARPU is 0.
    arpu = "CASE WHEN MonthlyRevenue < 0 OR TotalRecurringCharge < 0 THEN 0 ELSE COALESCE(ROUND(MonthlyRevenue, 2), 0) END"
    counts = rows_of(shared_data, "wireless", f"SELECT {TIERS}, COUNT(*) FROM (SELECT {arpu} AS a FROM raw) GROUP BY 1")
    assert dict(table.group_by("value_tier").len().iter_rows()) == dict(counts)
    assert sum(n for _, n in counts) == len(arpus) == 51_047
    assert (arpus["3000002"], arpus["3000010"]) == (24.0, 16.99)
