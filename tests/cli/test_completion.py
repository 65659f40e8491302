"""Completion: names come from the index that commands leave behind, and asking for them loads no definition and no engine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tiny import CommandLine, Workspace


def completed(folder: Path, line: str) -> list[str]:
    """Return what bash would be offered at the end of *line*."""
    words = line.split(" ")
    asked = {"_C360_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    code = "import sys; sys.argv[:] = ['c360']; from c360.cli.faults import run; code = 70\ntry: code = run([])\n"
    code += "finally: print(sorted({'duckdb', 'polars', 'sqlglot', 'c360.catalog'} & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stderr.strip().splitlines()[-1] == "[]", done.stderr
    return done.stdout.split()


@pytest.mark.thorough
def test_names_are_offered_once_a_command_has_run(c360: CommandLine, workspace: Workspace) -> None:
    assert completed(workspace.folder, "c360 size ") == []
    assert c360("size", "active").code == 0
    assert completed(workspace.folder, "c360 size ") == ["active", "worth_keeping"]
    assert completed(workspace.folder, "c360 tags v") == ["value_tier", "visits"]
    assert completed(workspace.folder, "c360 sql wo") == ["worth_keeping"]
    assert completed(workspace.folder, "c360 export active -c arpu_3m,val") == ["arpu_3m,value_tier"]


@pytest.mark.thorough
def test_a_workspace_named_by_option_is_the_one_asked(c360: CommandLine, workspace: Workspace, tmp_path: Path) -> None:
    assert c360("tags").code == 0
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert completed(elsewhere, f"c360 -w {workspace.folder} size act") == ["active"]
    assert completed(elsewhere, "c360 size act") == []


@pytest.mark.thorough
def test_a_definition_that_is_gone_is_offered_no_more(c360: CommandLine, workspace: Workspace) -> None:
    assert c360("tags").code == 0
    workspace.replace(
        "tags/value.py", 'visits = tag(Customer.visits, title="Visits"', 'calls = tag(Customer.visits, title="Visits"'
    )
    assert c360("tags").code == 0
    assert completed(workspace.folder, "c360 tags vis") == []
    assert completed(workspace.folder, "c360 tags cal") == ["called", "calls"]


@pytest.mark.thorough
def test_a_broken_index_offers_nothing_and_is_mended(c360: CommandLine, workspace: Workspace) -> None:
    index = workspace.folder / ".c360" / "names.json"
    assert c360("tags").code == 0
    index.write_text("{", encoding="utf-8")
    assert completed(workspace.folder, "c360 size act") == []
    assert c360("tags").code == 0
    assert completed(workspace.folder, "c360 size act") == ["active"]
    assert index.stat().st_mode & 0o777 == 0o600
