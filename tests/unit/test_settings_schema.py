"""The JSON schema of c360.toml takes what c360 takes, and marks what it refuses; held by an outside validator."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from c360.bindings.settings import settings_schema
from c360.cli.faults import run
from project import ROOT

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is of the extra 'oracles'")
pytestmark = pytest.mark.oracle

WORKSPACES = [ROOT, *sorted((ROOT / "examples").iterdir())]


def plain(value: Any) -> Any:
    """Return TOML's values as JSON has them: dates are texts there."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def faults(text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(settings_schema(), format_checker=jsonschema.FormatChecker())
    return [fault.message for fault in validator.iter_errors(plain(tomllib.loads(text)))]


@pytest.mark.parametrize("folder", WORKSPACES, ids=lambda folder: folder.name)
def test_every_workspace_of_ours_fits(folder: Path) -> None:
    assert faults((folder / "c360.toml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        'tiem_zone = "UTC"',
        '[sources.bill]\npath = "bill.csv"\ncoverage = "dens"',
        '[sources.bill]\npath = "bill.csv"\nmax_bad_rows = -1',
        "as_of = 31",
        '[sources.bill]\npath = "bill.csv"\ncolumns.total = { form = "FEE" }',
    ],
)
def test_slips_are_marked(text: str) -> None:
    assert faults(text)


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == settings_schema()
