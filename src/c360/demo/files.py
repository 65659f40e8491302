"""A folder and a recipe go in, the published files come out; knows no rule of the data."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.demo import VERSION, DemoFacts, Told
from c360.demo.answers import known_answers
from c360.errors import ResourceError, TargetExists, UsageError

if TYPE_CHECKING:
    import duckdb

RECORD = "demo.json"
MOST_CUSTOMERS = 99_999_999  # a phone number has room for eight digits of the customer's number
EARLIEST, LATEST = date(2020, 1, 1), date(2100, 1, 1)  # the oldest customers came twelve years before the as-of date
PLANTED = ("truth/", "future/")
"""Folders of what no source says."""
FORMAT = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"  # a fifth of the time less, for 2 % more bytes
FOLDERS = ("usage", "truth", "future")


@dataclass(frozen=True)
class Recipe:
    """Everything the rows depend on."""

    customers: int
    seed: int
    as_of: date
    noise: float

    def check(self) -> None:
        """Refuse what cannot be made; raises UsageError."""
        if not 1 <= self.customers <= MOST_CUSTOMERS:
            raise UsageError(f"expected 1 to {MOST_CUSTOMERS} customers, found {self.customers}", hint="20000 is the usual size")
        if not EARLIEST <= self.as_of <= LATEST:
            raise UsageError(f"expected a day from {EARLIEST} to {LATEST}, found {self.as_of}", hint="2026-10-31 is the usual day")
        if not 0 <= self.noise <= 0.5:
            raise UsageError(f"expected a noise from 0 to 0.5, found {self.noise}", hint="0.05 is the usual noise")

    def as_json(self) -> dict[str, Any]:
        """Return the recipe as the record keeps it."""
        return {"version": VERSION, **asdict(self), "as_of": self.as_of.isoformat()}


def recorded(folder: Path, recipe: Recipe) -> DemoFacts | None:
    """Return what *folder* holds if it is this very demo and every file has its recorded size, else None."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        wanted = recipe.as_json()
        if {name: record[name] for name in wanted} != wanted:
            return None
        if any((folder / name).stat().st_size != file["bytes"] for name, file in record["files"].items()):
            return None
        return _facts(folder, record, reused=True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # no record, or one that was cut off or edited


def publish(folder: Path, recipe: Recipe, told: Told | None = None) -> DemoFacts:
    """Make the files in a private folder beside *folder* and rename them into place, the record last."""
    recipe.check()
    target = folder.resolve()
    if target.exists() and not target.is_dir():
        raise TargetExists("expected a folder or nothing, found a file", where=str(folder), hint="name another folder")
    private = target.with_name(f"{target.name}.tmp-{os.getpid()}")
    try:
        shutil.rmtree(private, ignore_errors=True)
        private.mkdir(parents=True)
        record = _generate(private, recipe, told)
        _move(private, target, list(record["files"]))
    except OSError as fault:
        raise _unwritable(fault.strerror or type(fault).__name__, folder) from fault
    finally:
        shutil.rmtree(private, ignore_errors=True)
    return _facts(folder, record, reused=False)


def _generate(private: Path, recipe: Recipe, told: Told | None) -> dict[str, Any]:
    """Write every source and the record into *private*; return the record."""
    import duckdb

    from c360.demo.mixing import connect

    try:
        with connect(private / "spill", recipe.customers, recipe.seed, recipe.as_of, recipe.noise) as connection:
            files = _written(connection, private, recipe, told)
            answers = known_answers(connection)
    except duckdb.OperationalError as fault:  # disk or memory ran out
        raise _unwritable(type(fault).__name__, private) from fault
    shutil.rmtree(private / "spill", ignore_errors=True)
    record = recipe.as_json() | {"files": files, "answers": answers}
    (private / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return record


def _written(connection: duckdb.DuckDBPyConnection, private: Path, recipe: Recipe, told: Told | None) -> dict[str, dict[str, int]]:
    """Run the areas' steps in order and write their files; return rows and bytes per file."""
    files: dict[str, dict[str, int]] = {}
    jobs = list(_jobs(recipe))
    for done, (name, query) in enumerate(jobs, start=1):
        rows = 0
        if name.endswith(".parquet"):
            path = private / name
            path.parent.mkdir(exist_ok=True)
            written = connection.execute(f"COPY ({query}) TO $1 ({FORMAT})", [str(path)])
            rows = int((written.fetchone() or (0,))[0])
            files[name] = {"rows": rows, "bytes": path.stat().st_size}
        else:
            connection.execute(query)
        if told is not None:
            told(name.removesuffix(".parquet"), rows, done / len(jobs))
    return files


def _jobs(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """Yield every statement in order: a step with its area's name, a query with its file's."""
    from c360.demo import charges, contracts, groups, lines, market, people, service, truth, usage

    people_then = people.ACCOUNT
    for area, steps, queries in (
        ("people", people.STEPS, {}),
        ("groups", groups.STEPS, people.FILES | groups.FILES),
        ("lines", lines.STEPS, lines.FILES | people_then),
        ("contracts", contracts.STEPS, contracts.FILES),
        ("charges", charges.STEPS, charges.FILES | {"future/bill": charges.FUTURE_BILL}),
        ("market", market.STEPS, market.FILES),
        ("service", service.STEPS, service.FILES),
        ("truth", truth.STEPS, truth.FILES | truth.TRUTH_FILES),
    ):
        for step in steps:
            yield area, step
        for name, query in queries.items():
            yield f"{name}.parquet", query
    for step in usage.STEPS:
        yield "usage", step
    yield from usage.usage_files(recipe.as_of, recipe.customers)


def _move(private: Path, target: Path, names: list[str]) -> None:
    """Rename *private* to *target*, or its files one by one into a folder that is there already."""
    if not target.exists():
        try:
            os.rename(private, target)
            return
        except OSError:
            if not target.is_dir():  # else another writer was first: go on file by file
                raise
    # A crash in between must not leave an old record that vouches for mixed files.
    (target / RECORD).unlink(missing_ok=True)
    (target / "usage.parquet").unlink(missing_ok=True)  # what the first version wrote, beside which a folder would be read twice
    for folder in FOLDERS:
        (target / folder).mkdir(exist_ok=True)
        for stale in (target / folder).glob("*.parquet"):
            if f"{folder}/{stale.name}" not in names:  # a file of another size or day would be read with the new ones
                stale.unlink()
    for name in (*names, RECORD):
        os.replace(private / name, target / name)


def _facts(folder: Path, record: dict[str, Any], *, reused: bool) -> DemoFacts:
    rows: dict[str, int] = {}
    for name, file in record["files"].items():
        if not name.startswith(PLANTED):
            source = name.partition("/")[0].removesuffix(".parquet")
            rows[source] = rows.get(source, 0) + file["rows"]
    return DemoFacts(
        folder=folder,
        as_of=date.fromisoformat(record["as_of"]),
        customers=record["customers"],
        rows=rows,
        answers=dict(record["answers"]),
        reused=reused,
        noise=record["noise"],
    )


def _unwritable(reason: str, folder: Path) -> ResourceError:
    return ResourceError(
        f"expected room to write the demo, found {reason}",
        where=str(folder),
        hint="free disk or memory, or name a folder that can be written",
    )
