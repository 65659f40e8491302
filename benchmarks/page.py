"""Measured figures in, the table of docs/explanation/performance.md out, between its marks; the rest of the page is not touched."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.goals import GOALS, best_known, customers_of
from benchmarks.rows import Figure
from benchmarks.running import HERE, ROOT

RESULTS = HERE / "results.json"
PAGE = ROOT / "docs" / "explanation" / "performance.md"
START, END = "<!-- made by `make bench` -->", "<!-- end of what `make bench` makes -->"
WORDS = {
    "c360": "`c360 build`", "best": "best SQL by hand", "filter": "one pass a fact, FILTER", "table_a_tag": "one table a tag",
    "polars": "Polars streaming", "ibis": "Ibis", "scan": "scan only",
}  # fmt: skip


def keep(size: str, figures: dict[str, Figure], taken: date) -> None:
    """Add the figures of a size to the results, in the place of what was measured of them before."""
    results = _read()
    machine = {"machine": _machine(), "versions": _versions()}
    sizes = results.get("sizes", {})
    one = sizes.setdefault(size, {})
    one["taken"] = taken.isoformat()
    one["figures"] = {**one.get("figures", {}), **{name: asdict(figure) for name, figure in figures.items()}}
    RESULTS.write_text(json.dumps({**machine, "sizes": sizes}, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def render() -> str:
    """Write the table into the page, and return it."""
    results = _read()
    sizes = {size: {n: Figure(**f) for n, f in one["figures"].items()} for size, one in results["sizes"].items()}
    table = "\n\n".join((_told(results), _goals(sizes), _builds(sizes), _growth(sizes)))
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    PAGE.write_text(f"{before}{START}\n\n{table}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return table


def _goals(sizes: dict[str, dict[str, Figure]]) -> str:
    lines = ["| goal | at | measured | from pair to pair | customers | |", "|---|---|---|---|---|---|"]
    for goal in GOALS:
        found = best_known(sizes, goal.figure)
        if found is None:
            lines.append(f"| {goal.words} | {goal.target()} | – | – | – | {goal.verdict(None)} |")
            continue
        size, figure = found
        spread = "–" if figure.least == figure.greatest else f"{_number(figure.least)} to {_number(figure.greatest)}"
        measured = f"{_number(figure.value)}{goal.unit}"
        cells = (goal.words, goal.target(), measured, spread, f"{customers_of(size):,}", goal.verdict(figure))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _builds(sizes: dict[str, dict[str, Figure]]) -> str:
    lines = ["| the same wide table | customers | CPU s | memory GB |", "|---|---|---|---|"]
    for size in sorted(sizes, key=customers_of):
        for name, words in WORDS.items():
            if f"cpu/{name}" in sizes[size]:
                cpu, memory = sizes[size][f"cpu/{name}"].value, sizes[size][f"memory/{name}"].value
                lines.append(f"| {words} | {customers_of(size):,} | {_number(cpu)} | {memory:.2f} |")
    return "\n".join(lines)


def _growth(sizes: dict[str, dict[str, Figure]]) -> str:
    found = best_known(sizes, "growth/cpu/days 90")
    if found is None:
        return "How the cost grows is not measured yet."
    figures = sizes[found[0]]
    lines = ["| a full build grows with | | CPU s | memory GB |", "|---|---|---|---|"]
    rows = [name.removeprefix("growth/cpu/").split(" ") for name in figures if name.startswith("growth/cpu/")]
    for kind, count in sorted(rows, key=lambda row: (row[0], int(row[1]))):
        cpu, memory = figures[f"growth/cpu/{kind} {count}"].value, figures[f"growth/memory/{kind} {count}"].value
        lines.append(f"| {kind} | {int(count):,} | {_number(cpu)} | {memory:.2f} |")
    return "\n".join(lines)


def _told(results: dict[str, Any]) -> str:
    sizes = results["sizes"]
    days = sorted({one["taken"] for one in sizes.values()})
    versions = ", ".join(f"{name} {number}" for name, number in sorted(results["versions"].items()))
    machine = results["machine"]
    return f"Measured {' and '.join(days)} on {machine['cores']} cores, {machine['memory']}, {machine['system']}: {versions}."


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _machine() -> dict[str, object]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"cores": os.cpu_count(), "memory": f"{memory:.0f} GiB", "system": f"{platform.system()} {platform.machine()}"}


def _versions() -> dict[str, str]:
    found = {"Python": platform.python_version()}
    for name in ("duckdb", "polars", "ibis-framework", "xlsxwriter", "sqlglot"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _read() -> dict[str, Any]:
    return dict(json.loads(RESULTS.read_text(encoding="utf-8"))) if Path(RESULTS).is_file() else {"sizes": {}}
