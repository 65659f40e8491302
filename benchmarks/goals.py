"""The goals, and which figure answers each; figures of several sizes in, what is met and by how much it is missed out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.rows import Figure


@dataclass(frozen=True)
class Goal:
    """One goal: a figure's name and its limit; *tried* is what was tried where it is missed."""

    words: str
    figure: str
    limit: float
    at_least: bool = False
    unit: str = ""
    tried: str = ""

    def met_by(self, value: float) -> bool:
        """Whether *value* reaches the goal."""
        return value >= self.limit if self.at_least else value <= self.limit

    def verdict(self, figure: Figure | None) -> str:
        """Say whether the goal is met, else by how much it is missed and what was tried."""
        if figure is None:
            return f"not reached: {self.tried}" if self.tried else "not measured"
        if self.met_by(figure.value):
            return "met"
        above, below = (self.limit, figure.value) if self.at_least else (figure.value, self.limit)
        off = above / below if below else float("inf")
        missed = "missed" if off == float("inf") else f"missed by {off:.2f}×"
        return f"{missed}: {self.tried}" if self.tried else missed

    def target(self) -> str:
        """Say the limit."""
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}{self.unit}"


# What was tried where a goal is missed, said once where several rows miss it for the same reason.
BUILD = (
    "shared passes, stretches of days, checks from the files' ends, tables in memory, columns kept once took it from 2.9 at "
    "100,000; left: usage's casts, eight sorted and hashed files for one, what is kept for the next day, 1.4 s of Python"
)
AS_ABOVE = "as for the first row"
DAYS = (
    "the pass over usage goes on from yesterday's, and rows that are others are mended; joins, derived columns and files of "
    "every family that reads moved days are made again"
)
MONTH = "windows of months at a month's end are computed anew; then as for the next day"
NOTHING = "a second of imports, catalogue and keys, the same at any size"
MEMORY = "steps hold only what is read, and drop it behind the last reader"
PARTS = "at 1,000,000 two parts held 0.51 of the memory at 1.38 times the CPU; three held no less"
SMALL = "a fixed cost of the library, 15 to 20 ms a call and 0.2 GB: it weighs less the more customers there are"

GOALS = (
    Goal("full build, by the best SQL written by hand", "build/best", 1.1, tried=BUILD),
    Goal("… by ordinary SQL, one pass a fact with FILTER", "build/filter", 0.5, tried=AS_ABOVE),
    Goal("… by one query and table a tag", "build/table_a_tag", 0.22, tried=AS_ABOVE),
    Goal("… by a scan of the columns only", "build/scan", 5, tried=AS_ABOVE),
    Goal("… by Polars streaming, CPU", "build/polars", 0.9, tried=AS_ABOVE),
    Goal("… by Polars streaming, memory", "build/polars memory", 0.43, tried=SMALL),
    Goal("next day, times faster than full", "full/next day", 8, at_least=True, tried=DAYS),
    Goal("month close, times faster than full", "full/month close", 3, at_least=True, tried=MONTH),
    Goal("nothing changed, times faster than full", "full/nothing", 50, at_least=True, tried=NOTHING),
    Goal("memory a customer, in one part", "bytes a customer", 2400, unit=" B", tried=MEMORY),
    Goal("CPU in parts that keep to 0.43 of the memory, by one part", "parts/whole", 2.5, tried=PARTS),
    Goal("10 million customers with 12 bills complete within 16 GB", "10 million within the limit", 1, at_least=True),
    Goal("50 segment counts at once, by 50 queries", "50 counts/50 queries", 0.5, tried=SMALL),
    Goal("overlap 50 × 50, by those counts", "overlap/50 counts", 2),
    Goal("overlap 50 × 50 from stored masks, by those counts", "overlap of masks/50 counts", 0.1, tried=SMALL),
    Goal("count of 5 conditions on a snapshot, by the raw query", "count/raw", 1.3, tried=SMALL),
    Goal("cold `c360 size`, by imports and the query", "cold size/floor", 1.8),
    Goal("`c360 --help`, by `import typer`", "help/typer", 2),
    Goal("workbook of 100,000 × 12, by xlsxwriter's constant memory", "xlsx/plain", 0.25),
    Goal("CSV of 100,000 × 12, by bare COPY", "csv/plain", 1.2),
    Goal("Parquet of 100,000 × 12, by bare COPY", "parquet/plain", 1.2),
    Goal("builds whose content differs: 1 and 2 threads, in parts, incremental", "contents that differ", 0),
)  # fmt: skip


def best_known(results: Mapping[str, Mapping[str, Figure]], figure: str) -> tuple[str, Figure] | None:
    """Return the figure of the largest size that has it, and that size."""
    sizes = sorted(results, key=customers_of, reverse=True)
    return next(((size, results[size][figure]) for size in sizes if figure in results[size]), None)


def customers_of(size: str) -> int:
    """Return how many customers a size has: 100k, 1m, or a number."""
    return int(size.replace("k", "000").replace("m", "000000"))
