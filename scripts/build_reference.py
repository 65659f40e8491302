"""Writes docs/reference/; `make docs` runs it, tests/docs/test_reference.py says when it is due."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from reference.build import write

    write()
