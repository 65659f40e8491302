"""A seed and a number of customers go in, Parquet files of a made-up telecom operator come out; knows no tag."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

__all__ = ["AS_OF", "VERSION", "DemoFacts", "write_demo"]

VERSION = "1"
"""Version of the generator: another version may write other rows for the same seed."""

AS_OF = date(2026, 10, 31)
"""The last day of the history; it begins on 2025-11-01."""


@dataclass(frozen=True)
class DemoFacts:
    """Say what a demo folder holds: rows per source, and the planted behaviours as counts."""

    folder: Path
    as_of: date
    customers: int
    rows: dict[str, int]
    answers: dict[str, int]
    reused: bool


def write_demo(folder: Path, customers: int = 20_000, seed: int = 42) -> DemoFacts:
    """Write one Parquet file per source into *folder*, then ``demo.json`` with what is in them.

    The files appear whole: they are made beside *folder* and renamed into place. A folder that already holds this
    seed, number of customers and generator version is left as it is (``reused`` is then true).
    The same seed gives the same files whatever the threads; seeds count modulo 2**32.

    Raises UsageError for a number of customers that cannot be, TargetExists where a file stands in the folder's place.
    """
    from c360.demo.files import publish, recorded

    return recorded(folder, customers, seed) or publish(folder, customers, seed)
