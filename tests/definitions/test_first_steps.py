"""What newcomers stumbled over, held: a changed parameter, a date as text, a list without columns, a workspace without data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from test_telecom_on_demo import workspace_on

from c360.demo import AS_OF, write_demo
from c360.errors import MissingSource, UsageError
from c360.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("steps")
    data = write_demo(folder / "c360-demo", customers=300, seed=3).folder
    (folder / "workspace").mkdir()
    made = workspace_on(data, folder / "workspace")
    settings = made.folder / "c360.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n[params.renewal]\ndays = 30\n", encoding="utf-8")
    return Workspace(made.folder, data_folder=data)


def test_a_changed_parameter_changes_the_rule_and_breaks_no_example(workspace: Workspace) -> None:
    report = workspace.check(data=False)
    assert workspace.catalog.parameters["renewal.days"].is_overridden
    assert report.ok and not report.failed_examples


def test_a_date_may_be_written_as_text(workspace: Workspace) -> None:
    assert workspace.size("renewal_due", as_of=AS_OF.isoformat()) == workspace.size("renewal_due", as_of=AS_OF)
    assert workspace.table("value_tier", as_of="2026-09-30", limit=1).height == 1
    with pytest.raises(UsageError, match="as_of takes a date"):
        workspace.size("renewal_due", as_of="2026-13-01")


def test_a_list_without_columns_shows_what_its_rule_and_order_say(workspace: Workspace) -> None:
    shown = workspace.export("churn_warning_list", order=("-arpu_3m",), dry_run=True).frame.columns
    assert {"churn_signals", "arpu_3m"} <= set(shown)
    assert shown[0] == "customer_id"


def test_the_catalogue_without_its_data_says_how_to_make_it(workspace: Workspace, tmp_path: Path) -> None:
    empty = tmp_path / "c360-demo"
    empty.mkdir()
    with pytest.raises(MissingSource) as missing:
        Workspace(workspace.folder, data_folder=empty).size("renewal_due", as_of=date(2026, 10, 31))
    assert missing.value.hint is not None and "c360 demo" in missing.value.hint
