"""Benchmarks of c360 builds and answers; data lies in C360_BENCH, else build/bench, and results in benchmarks/results.json."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.goals import customers_of
from benchmarks.rows import GROUPS, Place
from benchmarks.running import ROOT, answer

MANY = ("10m",)  # sizes of which only bills are written


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "command", choices=("data", "run", "page"), help="write the data; measure and write the page; the page alone"
    )
    parser.add_argument("--size", default="100k", help="100k, 1m, 10m or a number of customers")
    parser.add_argument("--rows", default="", help=f"groups with commas, else all that fit the size: {', '.join(GROUPS)}")
    parser.add_argument("--without", default="", help="ways to leave out of the comparison, with commas: slow ones at a large size")
    parser.add_argument("--times", type=int, default=5, help="how often each command runs, in turn with the others")
    given = parser.parse_args(arguments)
    if given.command != "page":
        folder = Path(os.environ.get("C360_BENCH") or ROOT / "build" / "bench").resolve() / given.size
        answer("write", folder, customers_of(given.size), 90, "only bills" if given.size in MANY else "")
        if given.command == "run":
            without = tuple(name for name in given.without.split(",") if name)
            _run(folder, given.size, _groups(given.rows, given.size), given.times, without)
    if given.command != "data":
        from benchmarks.page import render

        print(render())


def _groups(asked: str, size: str) -> list[str]:
    """Return the groups to run; other ways are compared for equality before any is timed."""
    if size in MANY:
        return ["ten_million"]
    groups = asked.split(",") if asked else [name for name in GROUPS if name != "ten_million"]
    unknown = [name for name in groups if name not in GROUPS]
    if unknown:
        raise SystemExit(f"no such rows: {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    return ["equal", *groups] if "builds" in groups and "equal" not in groups else groups


def _run(folder: Path, size: str, groups: Sequence[str], times: int, without: tuple[str, ...]) -> None:
    from benchmarks.page import keep

    with tempfile.TemporaryDirectory(prefix="scratch-", dir=folder.parent) as scratch:
        for name in groups:
            print(f"{name}, {size}", flush=True)
            made = Path(scratch) / name
            made.mkdir()
            place = Place(folder, made, customers_of(size), times, lambda text: print(text, flush=True), without)
            GROUPS[name](place)
            keep(size, place.figures, datetime.now(UTC).date())


if __name__ == "__main__":
    main()
