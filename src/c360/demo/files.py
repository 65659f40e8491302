"""A folder, a number of customers and a seed go in, the published files come out; knows no rule of the data."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.demo import AS_OF, VERSION, DemoFacts
from c360.demo.answers import known_answers
from c360.errors import ResourceError, TargetExists, UsageError

if TYPE_CHECKING:
    import duckdb

RECORD = "demo.json"
MOST_CUSTOMERS = 99_999_999  # a phone number has room for eight digits of the customer's number


def recorded(folder: Path, customers: int, seed: int) -> DemoFacts | None:
    """Return what *folder* holds if it is this very demo and every file has its recorded size, else None."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        if (record["version"], record["seed"], record["customers"]) != (VERSION, seed, customers):
            return None
        if any((folder / name).stat().st_size != file["bytes"] for name, file in record["files"].items()):
            return None
        return _facts(folder, record, reused=True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # no record, or one that was cut off or edited


def publish(folder: Path, customers: int, seed: int) -> DemoFacts:
    """Make the files in a private folder beside *folder* and rename them into place, the record last."""
    if not 1 <= customers <= MOST_CUSTOMERS:
        raise UsageError(f"expected 1 to {MOST_CUSTOMERS} customers, found {customers}", hint="20000 is the usual size")
    target = folder.resolve()
    if target.exists() and not target.is_dir():
        raise TargetExists("expected a folder or nothing, found a file", where=str(folder), hint="name another folder")
    private = target.with_name(f"{target.name}.tmp-{os.getpid()}")
    try:
        shutil.rmtree(private, ignore_errors=True)
        private.mkdir(parents=True)
        record = _generate(private, customers, seed)
        _move(private, target, list(record["files"]))
    except OSError as fault:
        raise _unwritable(fault.strerror or type(fault).__name__, folder) from fault
    finally:
        shutil.rmtree(private, ignore_errors=True)
    return _facts(folder, record, reused=False)


def _generate(private: Path, customers: int, seed: int) -> dict[str, Any]:
    """Write every source and the record into *private*; return the record."""
    import duckdb

    from c360.demo.mixing import connect

    try:
        with connect(private / "spill", customers, seed) as connection:
            files = _sources(connection, private)
            answers = known_answers(connection)
    except duckdb.OperationalError as fault:  # disk or memory ran out
        raise _unwritable(type(fault).__name__, private) from fault
    shutil.rmtree(private / "spill", ignore_errors=True)
    record = {
        "version": VERSION,
        "seed": seed,
        "customers": customers,
        "as_of": AS_OF.isoformat(),
        "files": files,
        "answers": answers,
    }
    (private / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return record


def _sources(connection: duckdb.DuckDBPyConnection, private: Path) -> dict[str, dict[str, int]]:
    """Run the areas' steps in order and write their sources; return rows and bytes per file."""
    from c360.demo import charges, lines, people, service, usage

    files: dict[str, dict[str, int]] = {}
    for steps, sources in (
        (people.STEPS, people.FILES),
        (lines.STEPS, lines.FILES),
        (charges.STEPS, charges.FILES),
        (usage.STEPS, usage.FILES),
        (service.STEPS, service.FILES),
    ):
        for step in steps:
            connection.execute(step)
        for source, query in sources.items():
            path = private / f"{source}.parquet"
            written = connection.execute(f"COPY ({query}) TO $1 (FORMAT parquet, COMPRESSION zstd)", [str(path)])
            (rows,) = written.fetchone() or (0,)
            files[path.name] = {"rows": int(rows), "bytes": path.stat().st_size}
    return files


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
    for name in (*names, RECORD):
        os.replace(private / name, target / name)


def _facts(folder: Path, record: dict[str, Any], *, reused: bool) -> DemoFacts:
    return DemoFacts(
        folder=folder,
        as_of=date.fromisoformat(record["as_of"]),
        customers=record["customers"],
        rows={name.removesuffix(".parquet"): file["rows"] for name, file in record["files"].items()},
        answers=dict(record["answers"]),
        reused=reused,
    )


def _unwritable(reason: str, folder: Path) -> ResourceError:
    return ResourceError(
        f"expected room to write the demo, found {reason}",
        where=str(folder),
        hint="free disk or memory, or name a folder that can be written",
    )
