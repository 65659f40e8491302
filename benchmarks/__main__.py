"""`python -m benchmarks`: data, equal, run, page; where the data goes is C360_BENCH, else build/bench."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks.data import write
from benchmarks.running import ROOT

SIZES = {"100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("command", choices=("data", "equal", "run", "page"))
    parser.add_argument("--size", default="100k", help="100k, 1m, 10m or a number of customers")
    given = parser.parse_args()
    customers = SIZES.get(given.size) or int(given.size)
    folder = folder_of(given.size)
    write(folder, customers, only_bills=given.size == "10m")
    if given.command == "equal":
        from benchmarks.equality import digests

        with tempfile.TemporaryDirectory(prefix="c360-bench-") as scratch:
            found = digests(folder / "data", Path(scratch), print)
        print(f"{len(found)} ways, equal")


def folder_of(size: str) -> Path:
    """Return where the data of a size lies."""
    return Path(os.environ.get("C360_BENCH") or ROOT / "build" / "bench") / size


if __name__ == "__main__":
    main()
