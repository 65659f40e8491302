"""The reference catalogue's parameters in, the commented list of their defaults at the end of c360.toml out."""

from __future__ import annotations

import json
from datetime import date

from c360.catalog.parameters import Parameter
from c360.workspace import Workspace
from reference import ROOT

FILE = ROOT / "c360.toml"
OPENING = "# Every cut of the catalogue is a parameter."


def settings_text() -> str:
    """Return c360.toml with the list of all parameters as they are now: what stands above it is kept."""
    written = FILE.read_text(encoding="utf-8")
    kept = written[: written.index(OPENING)]
    return kept + "\n".join([*_head(), *_lines(Workspace(ROOT).catalog.parameters)]) + "\n"


def _head() -> list[str]:
    return [
        f"{OPENING} These are the defaults; take the # off a line and off its head to override it.",
        "# S: the field's sources say so; D: our default. `make docs` writes this list.",
    ]


def _lines(parameters: dict[str, Parameter]) -> list[str]:
    lines, area = [], ""
    for name in sorted(parameters):
        head, _, own = name.rpartition(".")
        if head != area:
            area = head
            lines.append(f"# [params.{area}]")
        lines.append(f"# {own} = {_written(parameters[name].default)}  # {parameters[name].source}")
    return lines


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
