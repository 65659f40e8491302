"""A seed and a number of customers go in, Parquet files of a made-up telecom operator come out; knows no tag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

__all__ = ["AS_OF", "NOISE", "VERSION", "DemoFacts", "Told", "place_of", "write_demo"]

VERSION = "3"
"""Version of the generator: another version may write other rows for the same seed."""

AS_OF = date(2026, 10, 31)
"""The usual last day of the history: 16 months of bills and nine of usage end here."""

NOISE = 0.05
"""The usual share of signs that go astray."""

Told = Callable[[str, int, float], None]
"""Hears the name of each step that is done, the rows it wrote, and the share of the work behind it."""


@dataclass(frozen=True)
class DemoFacts:
    """Say what a demo folder holds: rows per source, and the planted behaviours as counts."""

    folder: Path
    as_of: date
    customers: int
    rows: dict[str, int]
    answers: dict[str, int]
    reused: bool
    noise: float = NOISE

    def place(self, source: str) -> str:
        """Return the file of *source*, or the pattern of its files."""
        return place_of(self.folder, source)


def place_of(folder: Path, source: str) -> str:
    """Return the file of a source in a demo's *folder*, or the pattern of its files."""
    return str(folder / source / "*.parquet") if source == "usage" else str(folder / f"{source}.parquet")


def write_demo(
    folder: Path, customers: int = 20_000, seed: int = 42, *, as_of: date = AS_OF, noise: float = NOISE, told: Told | None = None
) -> DemoFacts:
    """Write one Parquet file per source into *folder*, then ``demo.json`` with what is in them.

    ``usage`` is a folder of files, one a month or, for large demos, one a day. ``truth/customer.parquet`` says what each
    customer was made as, before *noise* (0 to 0.5) led signs astray; ``future/`` holds what happens in the 90 days after
    *as_of*: neither is a source. The files appear whole: they are made beside *folder* and renamed into place. A folder that
    already holds this very demo is left as it is (``reused`` is then true). The same arguments give the same rows whatever the
    threads; seeds count modulo 2**32.

    Raises UsageError for arguments that cannot be, TargetExists where a file stands in the folder's place.
    """
    from c360.demo.files import Recipe, publish, recorded

    recipe = Recipe(customers, seed, as_of, noise)
    return recorded(folder, recipe) or publish(folder, recipe, told)
