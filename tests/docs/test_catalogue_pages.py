"""docs/reference/catalogue/ is what `make docs` makes today, with a card for each definition."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from reference.build import CATALOGUE, catalogue  # noqa: E402


@pytest.mark.thorough
def test_the_pages_are_current_and_none_is_left_over() -> None:
    made = catalogue()
    written = {path.name: path.read_text(encoding="utf-8") for path in CATALOGUE.glob("*.md")}
    stale = sorted(name for name in {*made, *written} if made.get(name) != written.get(name))
    assert not stale, f"out of date: {', '.join(stale)}; run `make docs`"
