"""The whole reference catalogue of 50,000 customers: the same tag values with one thread and two, in one part and in many."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from c360.builds import building, memory
from c360.demo import write_demo
from c360.snapshots.content import content_of
from c360.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("operator")
    write_demo(folder, customers=50_000)
    return folder


def content(folder: Path, data: Path, *, threads: int, memory: str | None = None, parts: int | None = None) -> dict[str, str]:
    """Build in a workspace of its own and return the digest of each entity's tags."""
    for name in ("tags", "segments"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "c360.toml", folder)
    opened = Workspace(folder, data_folder=data, threads=threads, memory=memory)
    try:
        opened.build(parts=parts)
        snapshot = opened.snapshots.current()
        assert snapshot is not None
        with snapshot:
            return content_of(opened.engine, snapshot)
    finally:
        opened.close()


@pytest.mark.thorough
def test_threads_and_parts_change_no_value(tmp_path: Path, data: Path) -> None:
    one = content(tmp_path / "one", data, threads=1)
    assert set(one) == {"customer", "line", "account", "channel", "customer_group", "unit", "manager"}
    assert content(tmp_path / "two", data, threads=2) == one
    assert content(tmp_path / "parts", data, threads=2, parts=5) == one


@pytest.mark.thorough
def test_an_estimate_over_the_limit_makes_parts_and_changes_no_value(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = content(tmp_path / "whole", data, threads=2)
    seen: list[int] = []
    parts_for = building.parts_for
    monkeypatch.setattr(memory, "SHARE", 0.05)
    monkeypatch.setattr(building, "parts_for", lambda *given: seen.append(parts_for(*given)) or seen[-1])
    assert content(tmp_path / "parts", data, threads=2, memory="2GB") == whole
    assert seen and seen[-1] > 1
