"""The demo command's own rules: the day c360.toml says bills go up to, and progress that only a person at a terminal sees."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from c360.cli.progress import making
from c360.errors import UsageError
from c360.starting import demo, init
from c360.workspace import Workspace

EARLIER = date(2026, 8, 31)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    init(tmp_path / "operator")
    return Workspace.find(tmp_path / "operator")


@pytest.mark.thorough
def test_another_day_than_the_settings_say_is_refused_before_anything_is_written(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="bill covers up to 2026-10-31") as refused:
        demo(workspace, customers=40, seed=1, as_of=EARLIER)
    assert refused.value.hint == "write covers_to = 2026-08-31 under [sources.bill], then run this again"
    assert not workspace.data_folder.exists()


@pytest.mark.thorough
def test_with_the_day_in_the_settings_the_demo_ends_there(workspace: Workspace) -> None:
    settings = workspace.folder / "c360.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("covers_to = 2026-10-31", f"covers_to = {EARLIER}"))
    again = Workspace.find(workspace.folder)
    made = demo(again, customers=300, seed=1, as_of=EARLIER, noise=0.2)
    assert (made.data.as_of, made.data.noise) == (EARLIER, 0.2)
    assert again.size("active_customers").as_of == EARLIER == again.size("churn_warning").as_of


@pytest.mark.thorough
def test_a_demo_of_other_customers_forgets_the_lists_of_the_one_before(workspace: Workspace) -> None:
    first = demo(workspace, customers=400, seed=1)
    assert demo(Workspace.find(workspace.folder), customers=400, seed=1).listed.run_id == first.listed.run_id
    assert len(workspace.records.ledger.lists()) == 1, "the same list again is the same list"
    second = demo(Workspace.find(workspace.folder), customers=40, seed=1)
    again = demo(Workspace.find(workspace.folder), customers=400, seed=1)
    assert again.listed.run_id != second.listed.run_id
    assert again.listed.frame.equals(first.listed.frame)
    assert [record.list_id for record in workspace.records.ledger.lists()] == [again.listed.run_id]


def test_no_progress_is_shown_where_nobody_looks() -> None:
    with making("demo", quiet=False) as told:
        assert told is None, "stderr is no terminal here"


def test_progress_names_the_step_and_the_rows_a_second(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("c360.cli.progress.is_wanted", lambda *, quiet: not quiet)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with making("demo", quiet=True) as silent:
        assert silent is None
    with making("demo", quiet=False) as told:
        assert told is not None
        told("usage/2026-10", 1_000_000, 0.5)
    shown = capsys.readouterr()
    assert "making demo: usage/2026-10" in shown.err and "rows/s" in shown.err
    assert shown.out == ""
