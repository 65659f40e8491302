"""A list was adopted again with what a contact had cost: "unchanged", and its evaluations went on without the cost."""

from __future__ import annotations

from typing import Any

import pytest

from tiny import CommandLine, Workspace

LISTED = "customer_id,arm\n00017,treated\nC2,treated\nC3,holdout\n"
ADOPT = ("--name", "spring", "--on", "2026-11-10", "--channel", "call")


def adopted(c360: CommandLine, workspace: Workspace, *options: str) -> Any:
    path = workspace.folder.parent / "list.csv"
    path.write_text(LISTED, encoding="utf-8")
    return c360("outcomes", "adopt", str(path), *ADOPT, *options, "--json")


def test_what_is_told_later_is_kept(c360: CommandLine, workspace: Workspace) -> None:
    first = adopted(c360, workspace).json
    second = adopted(c360, workspace, "--cost", "2", "--value", "100", "--holdout", "0.34").json
    assert (second["list_id"], second["unchanged"]) == (first["list_id"], False)
    assert adopted(c360, workspace, "--cost", "2", "--value", "100", "--holdout", "0.34").json["unchanged"] is True
    told = c360("evaluate", first["list_id"], "--outcome", "tickets_90d > 0", "--json").json
    assert told["money"]["contacts"] == 2 * 2


@pytest.mark.thorough
@pytest.mark.parametrize(
    "options",
    [
        ("--holdout", "nan"),
        ("--holdout", "1.5"),
        ("--value", "nan"),
        ("--cost", "inf"),
        ("--cost", "2", "--channel", ""),
        ("--name", ""),
    ],
)
def test_what_is_no_share_worth_or_cost_is_refused(c360: CommandLine, workspace: Workspace, options: tuple[str, ...]) -> None:
    assert adopted(c360, workspace, *options).code == 2
    list_id = adopted(c360, workspace).json["list_id"]
    for wrong in (("--value", "nan"), ("--offer-cost", "inf")):
        assert c360("evaluate", list_id, "--outcome", "tickets_90d > 0", *wrong).code == 2
