"""A parameter changed in c360.toml changes what rests on it, and nothing else: neither another tag's values nor its hash."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from c360 import Workspace
from c360.demo import AS_OF, write_demo
from project import ROOT

NAME, CHANGED = "value_tier", "\n[params.value]\nhigh_arpu = 120\n"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Workspace]:
    """Return the catalogue as it is, and with another cut of the high tier, on the same data."""
    folder = tmp_path_factory.mktemp("parameter")
    data = write_demo(folder / "c360-demo", customers=1_500, seed=9).folder
    for part in ("tags", "segments"):
        shutil.copytree(ROOT / part, folder / "changed" / part, ignore=shutil.ignore_patterns("__pycache__"))
    settings = (ROOT / "c360.toml").read_text(encoding="utf-8")
    (folder / "changed" / "c360.toml").write_text(settings + CHANGED, encoding="utf-8")
    return Workspace(ROOT, data_folder=data), Workspace(Path(folder / "changed"), data_folder=data)


def with_dependents(workspace: Workspace, names: set[str]) -> set[str]:
    """Return *names* and all that builds on them."""
    found, waiting = set(names), list(names)
    while waiting:
        more = set(workspace.catalog.dependents(waiting.pop())) - found
        found |= more
        waiting += more
    return found


@pytest.mark.thorough
def test_hashes_of_those_that_rest_on_it_change_and_no_others(pair: tuple[Workspace, Workspace]) -> None:
    before, after = pair
    users = set(before.catalog.parameters["value.high_arpu"].used_by)
    changed = {name for name in before.catalog.definitions if before.catalog.hash_of(name) != after.catalog.hash_of(name)}
    assert changed == with_dependents(before, users)
    assert {"value_tier", "customer_type"} <= changed and "arpu_3m" not in changed


@pytest.mark.thorough
@pytest.mark.parametrize("entity", ["customer", "line", "manager", "unit", "channel", "customer_group", "account"])
def test_values_of_the_others_stay(pair: tuple[Workspace, Workspace], entity: str) -> None:
    before, after = pair
    names = [n for n, d in before.catalog.definitions.items() if d.entity == entity and not before.plans([n])[n].outcomes]
    old, new = before.table(*names, as_of=AS_OF), after.table(*names, as_of=AS_OF)
    different = {name for name in names if not old[name].equals(new[name])}
    changed = {name for name in names if before.catalog.hash_of(name) != after.catalog.hash_of(name)}
    assert different <= changed, f"another value under the same hash: {sorted(different - changed)}"
    if entity == "customer":
        assert NAME in different
