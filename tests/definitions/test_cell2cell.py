"""Cell2Cell: every number also comes out of a query written by hand over the raw file; what breaks a contract is counted."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

import c360
from c360.errors import BadValues

ROOT = Path(__file__).resolve().parents[2]
BELOW_ZERO = {
    "monthly_revenue": "MonthlyRevenue",
    "recurring_charge": "TotalRecurringCharge",
    "handset_days": "CurrentEquipmentDays",
}
VALUES = {
    "has_left": "Churn = 'Yes'",
    "age": "TRY_CAST(NULLIF(AgeHH1, '0') AS INT)",
    "credit_rating": "replace(lower(split_part(CreditRating, '-', 2)), 'verylow', 'very_low')",
    "monthly_revenue": "TRY_CAST(MonthlyRevenue AS DECIMAL(18, 2))",
    "revenue_tier": """CASE WHEN MonthlyRevenue = 'NA' THEN 'unknown'
        WHEN TRY_CAST(MonthlyRevenue AS DECIMAL(18, 2)) >= 100 THEN 'high'
        WHEN TRY_CAST(MonthlyRevenue AS DECIMAL(18, 2)) >= 50 THEN 'mid'
        WHEN TRY_CAST(MonthlyRevenue AS DECIMAL(18, 2)) >= 25 THEN 'low' ELSE 'minimal' END""",
    "above_plan": "TRY_CAST(MonthlyRevenue AS DECIMAL(18, 2)) - TRY_CAST(TotalRecurringCharge AS DECIMAL(18, 2))",
    "minutes_change": "TRY_CAST(PercChangeMinutes AS INT)",
    "handset_cluster": """CASE WHEN CurrentEquipmentDays = 'NA' THEN 'unknown' WHEN TRY_CAST(CurrentEquipmentDays AS INT) < 0
        THEN 'not_delivered' WHEN TRY_CAST(CurrentEquipmentDays AS INT) <= 365 THEN 'up_to_a_year' ELSE 'over_a_year' END""",
    "handset_price": "TRY_CAST(HandsetPrice AS DECIMAL(18, 2))",
    "failed_calls": "CAST(DroppedCalls AS DECIMAL(18, 3)) + CAST(BlockedCalls AS DECIMAL(18, 3))",
}  # fmt: skip
LESS = "Churn = 'No' AND TRY_CAST(PercChangeMinutes AS INT) <= -200"
MEMBERS = {
    "still_here": "Churn = 'No'",
    "using_less": LESS,
    "offer_handset": f"{LESS} AND TRY_CAST(MonthlyRevenue AS DECIMAL(18, 2)) >= 50 "
    "AND TRY_CAST(CurrentEquipmentDays AS INT) > 365 AND RetentionCalls = '0'",
    "credited": "TRY_CAST(MonthlyRevenue AS DECIMAL(18, 2)) < 0",
}

Ask = Callable[[str], Any]


def opened(folder: Path, data: Path, strict: bool = False, bad_rows: int = 0) -> c360.Workspace:
    """Open a copy of the example in *folder*; *strict* writes min=0 into its contract, where the example leaves it out."""
    shutil.copytree(ROOT / "examples/cell2cell", folder, ignore=shutil.ignore_patterns(".c360", "__pycache__"))
    contract, settings = folder / "tags/sources.py", folder / "c360.toml"
    if strict:
        text = contract.read_text(encoding="utf-8")
        for name in BELOW_ZERO:
            before = next(line for line in text.splitlines() if line.startswith(f"    {name}:"))
            text = text.replace(before, before.replace("current(", "current(min=0, "))
        contract.write_text(text, encoding="utf-8")
    if bad_rows:
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace('nulls = ["NA"]', f'nulls = ["NA"]\nmax_bad_rows = {bad_rows}'), encoding="utf-8")
    return c360.Workspace.find(folder, data_folder=data)


@pytest.fixture(scope="module")
def cells(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> c360.Workspace:
    """The example's workspace, copied so that nothing is written beside it."""
    return opened(tmp_path_factory.mktemp("cells") / "cell2cell", shared_data)


@pytest.fixture(scope="module")
def by_hand(shared_data: Path) -> Ask:
    """Ask the raw file, all of it text, with SQL written by hand."""
    connection = duckdb.connect()
    file = shared_data / "cell2cell/cell2celltrain.csv"
    connection.execute(f"CREATE TABLE cell AS SELECT * FROM read_csv('{file}', header = true, all_varchar = true)")

    def ask(sql: str) -> Any:
        rows = connection.execute(sql).fetchall()
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows

    return ask


def test_check_finds_nothing_wrong(cells: c360.Workspace) -> None:
    report = cells.check()
    assert report.ok and report.unavailable == {} and report.findings == ()


@pytest.mark.thorough
def test_every_tag_of_every_customer_equals_a_query(cells: c360.Workspace, by_hand: Ask) -> None:
    rows = cells.table(*VALUES).sort("customer_id").rows()
    expected = by_hand(f"SELECT CustomerID, {', '.join(VALUES.values())} FROM cell ORDER BY CustomerID")
    assert len(rows) == 51_047
    assert rows == expected


def test_members_equal_a_query(cells: c360.Workspace, by_hand: Ask) -> None:
    frame = cells.table(*MEMBERS)
    for segment, rule in MEMBERS.items():
        found = sorted(frame.filter(frame[segment])["customer_id"])
        assert found == [key for (key,) in by_hand(f"SELECT CustomerID FROM cell WHERE {rule} ORDER BY 1")], segment
    counts = {segment: frame[segment].sum() for segment in MEMBERS}
    assert counts == {"still_here": 36_336, "using_less": 3_934, "offer_handset": 729, "credited": 3}


def test_every_definition_is_held_against_a_query(cells: c360.Workspace) -> None:
    assert set(cells.catalog.definitions) == {*VALUES, *MEMBERS}


def test_texts_that_mean_null(cells: c360.Workspace, by_hand: Ask) -> None:
    known = "SELECT COUNT(*) FROM cell WHERE"
    assert by_hand(f"{known} AgeHH1 = '0'") == 13_917
    assert by_hand(f"{known} HandsetPrice = 'Unknown'") == 28_982
    assert cells.size("still_here").outside == by_hand(f"{known} Churn = 'Yes'") == 14_711
    frame = cells.table("age", "handset_price")
    assert frame["age"].null_count() == 13_917 + 909
    assert frame["handset_price"].null_count() == 28_982


@pytest.mark.thorough
def test_a_contract_without_negative_amounts_is_broken_by_counted_rows(shared_data: Path, by_hand: Ask, tmp_path: Path) -> None:
    strict = opened(tmp_path / "strict", shared_data, strict=True)
    report = strict.check()
    assert not report.ok
    (source,) = report.broken_sources
    below = {name: by_hand(f"SELECT COUNT(*) FROM cell WHERE TRY_CAST({text} AS DOUBLE) < 0") for name, text in BELOW_ZERO.items()}
    assert below == {"monthly_revenue": 3, "recurring_charge": 8, "handset_days": 76}
    faults = strict.bindings.facts("customer").faults
    assert {fault.column: (fault.kind, fault.count) for fault in faults} == {
        name: ("below", count) for name, count in below.items()
    }
    for name, text in BELOW_ZERO.items():
        assert any(f"column {text}: below 0; {below[name]} bad rows of 51,047" in problem for problem in source.problems)
    with pytest.raises(BadValues, match="below 0; 3 bad rows of 51,047"):
        strict.size("credited")
    assert strict.size("still_here").outside == 14_711, "what does not read these columns is answered"


@pytest.mark.thorough
def test_broken_rows_may_be_left_out_and_are_counted(by_hand: Ask, tmp_path: Path) -> None:
    broken = " OR ".join(f"TRY_CAST({text} AS DOUBLE) < 0" for text in BELOW_ZERO.values())
    kept = f"FROM cell WHERE CustomerID LIKE '%50' AND ({broken}) IS NOT TRUE"
    (tmp_path / "cell2cell").mkdir()
    by_hand(f"COPY (SELECT * FROM cell WHERE {broken} OR CustomerID LIKE '%50') TO '{tmp_path}/cell2cell/cell2celltrain.csv'")
    size = opened(tmp_path / "lenient", tmp_path, strict=True, bad_rows=85).size("still_here")
    assert size.universe == by_hand(f"SELECT COUNT(*) {kept}") > 400
    assert size.members == by_hand(f"SELECT COUNT(*) {kept} AND Churn = 'No'")
    assert by_hand(f"SELECT COUNT(*) FROM cell WHERE {broken}") == 85
    assert size.marks == (f"customer: 85 bad rows of {size.universe + 85:,} left out (.c360/rejects/customer.csv)",)
