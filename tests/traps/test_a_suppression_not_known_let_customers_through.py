"""A segment as such is never unknown, so a list that must leave minors out kept customers of unknown age: unknown is no."""

from __future__ import annotations

from pathlib import Path

import pytest

from contacting import ON, Contacting, D

POLICY = """
[policy]

[policy.purposes.offer]
suppress = ["minors"]

[policy.channels.sms]
"""


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("rule", "entity", "left"),
    [
        ("customer is not null", "customer", ["C1", "C2", "C3", "C4", "SILENT"]),
        ("line is not null", "line", ["L1", "L2"]),
    ],
)
def test_who_may_be_suppressed_is_left_out(tmp_path: Path, rule: str, entity: str, left: list[str]) -> None:
    made = Contacting(tmp_path / "work", policy=POLICY).make()
    made.add("line", "L3 MINOR", "L4 AGELESS", "L5 -")
    result = made.opened().export(where=rule, entity=entity, as_of=D, on=ON, purpose="offer", dry_run=True)
    assert result.frame[f"{entity}_id"].to_list() == left
