"""The reference catalogue on the demo: every segment counted alone, together and from a snapshot; every tag from both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from c360.demo import write_demo
from c360.workspace import Workspace

pytestmark = pytest.mark.thorough
ROOT = Path(__file__).resolve().parents[2]
ALONE = 12  # of the segments, evenly taken: counting each by itself takes half a second and more


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The reference workspace over 400 customers, with a snapshot of everything."""
    folder = tmp_path_factory.mktemp("stored")
    for name in ("tags", "segments"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "c360.toml", folder)
    data = write_demo(folder / "c360-demo", customers=400, seed=42).folder
    opened = Workspace(folder, data_folder=data)
    opened.build()
    yield opened
    opened.close()


def test_every_segment_is_counted_alike_together_and_from_masks(workspace: Workspace) -> None:
    together, stored = workspace.sizes(snapshot=False), workspace.sizes()
    assert len(together.sizes) == len(workspace.segments) and not together.left_out
    assert together == stored
    assert all(size.origin is not None for size in stored.sizes)
    for size in together.sizes[:: len(together.sizes) // ALONE]:
        assert workspace.size(size.name, snapshot=False) == size


@pytest.mark.parametrize("entity", ["customer", "customer_group"])
def test_the_overlap_of_all_segments_adds_up(workspace: Workspace, entity: str) -> None:
    overlap = workspace.overlap(entity=entity)
    assert overlap == workspace.overlap(entity=entity, snapshot=False)
    sizes = {size.name: size.members for size in workspace.sizes(*overlap.names).sizes}
    assert {name: overlap.size(name) for name in overlap.names} == sizes
    for pair in overlap.pairs():
        assert pair.both <= min(sizes[pair.one], sizes[pair.other])


@pytest.mark.parametrize("entity", ["customer", "line", "customer_group", "unit", "manager", "channel", "account"])
def test_every_tag_is_stored_as_it_is_computed(workspace: Workspace, entity: str) -> None:
    table = workspace.snapshot(workspace.sizes("active_customers").sizes[0].as_of)
    assert table is not None
    stored = table.manifest.entity(entity)
    assert stored is not None
    names = [tag.name for tag in stored.tags]
    found, computed = workspace.table(*names), workspace.table(*names, snapshot=False)
    assert found.schema == computed.schema
    assert [name for name in names if not found[name].equals(computed[name])] == []


def test_lists_are_alike(workspace: Workspace) -> None:
    for name in ("churn_warning", "renewal_due", "worth_keeping"):
        stored, computed = workspace.export(name, dry_run=True), workspace.export(name, dry_run=True, snapshot=False)
        assert stored.origin is not None and computed.origin is None
        assert stored.waterfall == computed.waterfall and stored.frame.equals(computed.frame)
