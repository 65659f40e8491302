"""The Complete Journey's campaigns as history: contacts count against caps, past lists are adopted, redemptions come back."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

import c360
from c360.lists.evaluating import results_of

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
MOST, DAYS = 2, 30


@pytest.fixture(scope="module")
def data(shared_data: Path) -> Path:
    """The folder of the files."""
    return shared_data / "complete_journey"


@pytest.fixture
def journey(shared_data: Path, tmp_path: Path) -> c360.Workspace:
    """A copy of the example, so that no record is written beside it."""
    ignored = shutil.ignore_patterns(".c360", "__pycache__")
    shutil.copytree(ROOT / "examples/complete_journey", tmp_path / "work", ignore=ignored)
    return c360.Workspace.find(tmp_path / "work", data_folder=shared_data)


@pytest.mark.thorough
def test_of_all_contacted_households_410_redeemed(journey: c360.Workspace, data: Path) -> None:
    adopted = journey.adopt_list(data / "campaigns.parquet", "all of 2017", date(2016, 11, 14))
    list_id = adopted.record.list_id
    assert (adopted.record.rows, adopted.repeated, adopted.strangers) == (1_559, 6_589 - 1_559, 0)
    columns = {"on": "redemption_date"}
    kept = journey.import_outcomes(data / "coupon_redemptions.parquet", list_id, columns=columns, outcome="accepted")
    assert (kept.record.rows, kept.record.persons, kept.record.left_out) == (2_102, 410, {})
    imported, computed = journey.evaluate(list_id), journey.evaluate(list_id, outcome="redeemed")
    for found in (imported, computed):
        assert (found.main.treated, found.main.of_treated) == (1_559, 410 / 1_559)
        # The shop held nobody out, so there is nothing to compare with.
        assert found.main.effect is None and found.main.told.startswith("no holdout: no effect can be told")
    results = results_of(journey, list_id)
    assert results is not None and (results["outcome"], results["contacted"], results["uplift"]) == ("redeemed", 1_559, None)


@pytest.mark.thorough
def test_one_campaign_is_one_list_and_its_redemptions_alone_are_its_outcomes(journey: c360.Workspace, data: Path) -> None:
    by_hand = duckdb.connect().execute(
        f"SELECT (SELECT COUNT(DISTINCT household_id) FROM '{data}/campaigns.parquet' WHERE campaign_id = 18), "
        f"(SELECT COUNT(DISTINCT household_id) FROM '{data}/coupon_redemptions.parquet' WHERE campaign_id = 18)"
    )
    told = by_hand.fetchone()
    only = {"campaign_id": "18"}
    record = journey.adopt_list(data / "campaigns.parquet", "campaign 18", date(2017, 10, 30), only=only).record
    columns = {"on": "redemption_date"}
    file = data / "coupon_redemptions.parquet"
    journey.import_outcomes(file, record.list_id, columns=columns, outcome="accepted", only=only)
    found = journey.evaluate(record.list_id)
    assert told is not None
    assert (found.main.treated, found.main.of_treated) == (told[0], told[1] / told[0])


def _too_often(data: Path, on: date) -> int:
    """Count by hand the households that a contact on a day would give more than two in some 30 days."""
    rows = duckdb.connect().execute(
        f"SELECT household_id, CAST(start_date AS DATE) FROM '{data}/campaigns.parquet' "
        f"JOIN '{data}/campaign_descriptions.parquet' USING (campaign_id)"
    )
    days: dict[int, list[date]] = {}
    for household, day in rows.fetchall():
        days.setdefault(household, []).append(day)
    windows = [(on - timedelta(days=back), on + timedelta(days=DAYS - 1 - back)) for back in range(DAYS)]
    return sum(any(sum(first <= day <= last for day in told) >= MOST for first, last in windows) for told in days.values())


@pytest.mark.thorough
@pytest.mark.parametrize("on", [date(2018, 1, 1), date(2017, 11, 20)])
def test_caps_count_the_campaigns_of_the_contact_source(journey: c360.Workspace, data: Path, on: date) -> None:
    made = journey.export("shoppers", dry_run=True, purpose="offer", on=on, as_of=on - timedelta(days=1))
    removed = [stage.removed for stage in made.waterfall.stages if stage.kind == "cap"]
    assert sum(removed) == _too_often(data, on) > 0


@pytest.mark.thorough
def test_an_adopted_campaign_is_not_counted_twice(journey: c360.Workspace, data: Path) -> None:
    on = date(2017, 11, 20)
    only = {"campaign_id": "18"}
    journey.adopt_list(data / "campaigns.parquet", "c18", date(2017, 10, 30), only=only, purpose="offer", channel="post")
    made = journey.export("shoppers", dry_run=True, purpose="offer", on=on, as_of=on - timedelta(days=1))
    assert sum(stage.removed for stage in made.waterfall.stages if stage.kind == "cap") == _too_often(data, on)
