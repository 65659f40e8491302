"""Whatever list is asked for: asked for again it has the same bytes, under the contact policy too, and `verify` says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from c360.workspace import Workspace
from contacting import Contacting

POLICY = """
[policy]
never = ["left_alone", "minors"]
caps = [{ most = 2, days = 30 }]

[policy.purposes.offer]
consent = "offer_channels"
[policy.purposes.care]

[policy.channels.sms]
capacity = 2
cost = 0.1
[policy.channels.call]

[policy.contacts]
channel = "way"
where = "direction = 'out'"
"""
FORMATS = ("csv", "xlsx", "parquet", "jsonl", "duckdb")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Seven customers, four contacts."""
    made = Contacting(tmp_path_factory.mktemp("again"), policy=POLICY)
    made.make()
    made.add("contact", "C1 2026-10-20 sms out offer a", "C1 2026-10-25 call out care b", "C2 2026-10-20 sms out offer a")
    opened = made.opened()
    yield opened
    opened.close()


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """Return the options of a list."""
    purpose = draw(st.sampled_from(["offer", "care", "analysis"]))
    orders = st.lists(st.sampled_from(["age", "-age", "-asked_alone"]), unique_by=lambda name: name.strip("-"), max_size=2)
    told: dict[str, Any] = {
        "segment": draw(st.sampled_from(["everybody", "northern", "minors"])), "purpose": purpose,
        "columns": tuple(draw(st.lists(st.sampled_from(["age", "asked_alone", "joined_on"]), unique=True))),
        "order": tuple(draw(orders)),
        "limit": draw(st.none() | st.integers(1, 4)), "holdout": draw(st.sampled_from([0.0, 0.3])),
        "lang": draw(st.sampled_from(["en", "zh"])), "kind": draw(st.sampled_from(FORMATS)),
    }  # fmt: skip
    if purpose != "analysis":
        told["channels"] = draw(st.sampled_from([(), ("sms",), ("call", "sms")]))
        told["one_per"] = draw(st.sampled_from(["", "city"]))
        told["strata"] = draw(st.sampled_from(["", "grown"]))
    if told["kind"] in ("csv", "xlsx"):
        told["headers"] = draw(st.sampled_from(["names", "titles"]))
    return told


@pytest.mark.thorough
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=requests())
def test_asked_for_again_a_list_has_the_same_bytes(workspace: Workspace, tmp_path: Path, asked: dict[str, Any]) -> None:
    segment, kind = asked.pop("segment"), asked.pop("kind")
    path = tmp_path / f"list.{kind}"
    made = []
    for _ in range(2):
        result = workspace.export(segment, path, **asked, allow_empty=True, force=True)
        made.append((result.run_id, path.read_bytes()))
    assert made[0] == made[1]
    told = workspace.verify(path)
    assert told.ok and told.remade is not None and told.remade.is_same, told.lines()
    for record in workspace.records.ledger.lists():
        workspace.records.ledger.remove(record.list_id)  # so that no example is in another's way
