"""Makes docs/reference/ out of the operator records, the docstrings, the specs and the command line's own help."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPECS = ROOT / "tests" / "spec"
# The specs and the contracts they speak of are no package.
sys.path += [place for place in (str(ROOT / "tests"), str(SPECS)) if place not in sys.path]
