"""The README's tour in a workspace of the demo as it comes: the list that it prints is the list that a reader gets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_pages import Reader, terminal  # noqa: F401 - a fixture

from project import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
DEMO = "c360 demo"


def commands(block: str) -> list[str]:
    """Return the c360 commands of a block, as they are typed in the repository."""
    return [line for line in block.splitlines() if line.startswith("c360 ")]


def test_the_readme_shows_commands_and_what_one_prints() -> None:
    assert any(DEMO in block for block in BLOCKS)
    assert sum(bool(commands(block)) for block in BLOCKS) > 3
    assert sum("rows in the list" in block for block in BLOCKS) == 1


@pytest.mark.thorough
def test_every_command_of_the_tour_works_and_prints_what_it_says(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    reader.type("$ c360 init operator\n$ cd operator\n$ c360 demo\n")
    shown = ""
    for block in BLOCKS:
        for command in commands(block):
            shown = reader.do(command)
            assert reader.code == 0, f"{command}\n{shown}"
        if "rows in the list" in block:
            printed = [" ".join(line.split()) for line in shown.splitlines()]
            for line in block.splitlines()[1:]:
                assert " ".join(line.split()) in printed, line
