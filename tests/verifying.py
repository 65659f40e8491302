"""A list of three of the tiny workspace, and what `verify` says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tiny import CommandLine


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the list goes."""
    return tmp_path / "list.csv"


@pytest.fixture
def listed(c360: CommandLine, target: Path) -> Path:
    """A list of three, by value."""
    answer = c360("export", "worth_keeping", "-c", "value_tier,arpu_3m,visits", "--order", "-arpu_3m", "-o", str(target))
    assert answer.code == 0, answer.err
    return target


def verified(c360: CommandLine, path: Path, *options: str) -> tuple[int, Any]:
    """Return the exit code and what `verify` found."""
    answer = c360("verify", str(path), "--json", *options)
    assert answer.out.startswith("{"), answer.err
    return answer.code, answer.json


def told(found: Any, kind: str) -> list[str]:
    """Return the names of what differs of one kind."""
    return [one["name"] for one in found["differences"] if one["kind"] == kind]


def manifest_of(path: Path) -> Path:
    """Return the manifest of a list."""
    return path.with_name(path.name + ".manifest.json")


def edited_csv(path: Path) -> None:
    """Change one cell of the list."""
    path.write_bytes(path.read_bytes().replace(b"120.0", b"121.0"))
