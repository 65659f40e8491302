"""Every tag of the reference catalogue a month ago is what a run at the earlier date gives, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from test_telecom_on_demo import unmasked, with_history, workspace_on

from c360.demo import AS_OF, write_demo
from c360.expr.nodes import Shifted
from c360.workspace import Workspace

pytestmark = pytest.mark.thorough
MID_MONTH = date(2026, 10, 15)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder: Path = tmp_path_factory.mktemp("ago")
    data = write_demo(folder / "c360-demo", customers=400, seed=7).folder
    (folder / "workspace").mkdir()
    yield workspace_on(data, folder / "workspace")


@pytest.mark.parametrize("entity", ["customer", "line"])
@pytest.mark.parametrize(
    ("day", "month_before"), [(AS_OF, date(2026, 9, 30)), (MID_MONTH, date(2026, 9, 15))], ids=["month end", "mid-month"]
)
def test_a_tag_a_month_ago_equals_a_run_at_that_date(workspace: Workspace, entity: str, day: date, month_before: date) -> None:
    nodes = {name: workspace.reference(name) for name in with_history(workspace, entity)}
    shifted = unmasked(workspace, {name: Shifted(node.type, node, 1, 0) for name, node in nodes.items()}, entity, day)
    run_then = unmasked(workspace, nodes, entity, month_before)
    assert set(run_then) <= set(shifted)
    assert len(run_then) < len(shifted), "the data holds rows that were not there a month before"
    for key, values in shifted.items():
        assert values == run_then.get(key, (None,) * len(nodes)), key
