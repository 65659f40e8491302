"""Seven customers under a contact policy, and lists of them pulled through the command line: what is in each, and its account."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from contacting import Contacting
from tiny import Answer, CommandLine

POLICY = """
[policy]
never = ["left_alone", "minors"]
quiet_weekdays = ["sunday"]

[policy.purposes.offer]
consent = "offer_channels"
suppress = ["northern"]
personal = ["city"]

[policy.purposes.care]
personal = ["city"]

[policy.channels.sms]
cost = 0.05

[policy.channels.call]
capacity = 5
cost = 3

[policy.contacts]
channel = "way"
campaign = "campaign"
where = "direction = 'out'"

[[policy.caps]]
most = 1
days = 7
"""
MANY = tuple(f"M{number:02}" for number in range(40))


@pytest.fixture
def made(tmp_path: Path) -> Contacting:
    """Seven customers, whom care and offers may contact once a week."""
    return Contacting(tmp_path / "contacting", policy=POLICY).make()


@pytest.fixture
def pull(made: Contacting, c360: CommandLine) -> CommandLine:
    """The command line over them."""
    c360.workspace = made  # type: ignore[assignment]
    return c360


@pytest.fixture
def crowd(made: Contacting) -> Contacting:
    """Forty customers more, who said yes to everything; two of them live in each house."""
    made.add("customer", *(f"{key} 2020-01-01 40 house{int(key[1:]) // 2:02}" for key in MANY))
    made.add("consent", *(f"{key} 2026-01-01 {channel} yes -" for key in MANY for channel in ("sms", "call")))
    return made


def export(pull: CommandLine, name: str, *options: str, segment: str = "everybody", purpose: str = "care") -> Answer:
    """Write a list into the file *name*; without a purpose where it is empty."""
    asked = ("--purpose", purpose) if purpose else ()
    return pull("export", segment, *asked, "-o", str(place(pull, name)), *options)


def place(pull: CommandLine, name: str) -> Path:
    """Return where a file of that name is written."""
    assert pull.workspace is not None
    return pull.workspace.folder.parent / name


def rows(pull: CommandLine, name: str) -> list[dict[str, str]]:
    """Return the rows of a file."""
    return list(csv.DictReader(place(pull, name).read_text(encoding="utf-8-sig").splitlines()))


def keys(pull: CommandLine, name: str, key: str = "customer_id") -> list[str]:
    """Return the keys in a file."""
    return [row[key] for row in rows(pull, name)]


def manifest(pull: CommandLine, name: str) -> dict[str, Any]:
    """Return the manifest of a list."""
    told: dict[str, Any] = json.loads(place(pull, f"{name}.manifest.json").read_text(encoding="utf-8"))
    return told


def audited(made: Contacting, event: str) -> list[dict[str, Any]]:
    """Return the lines of the audit log about an event."""
    files = sorted((made.folder / ".c360" / "records" / "audit").glob("*.jsonl"))
    lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line["event"] == event]
