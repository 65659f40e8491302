"""Starting out: a new workspace from the reference catalogue, and the demo that ends with a target list in hand."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import c360
from c360.demo import AS_OF, NOISE
from c360.errors import TargetExists, UsageError

if TYPE_CHECKING:
    from c360.deliver.listing import ListResult
    from c360.demo import DemoFacts, Told
    from c360.workspace import Workspace

PARTS = ("c360.toml", "tags", "segments")
DEMO_SEGMENT = "churn_warning_list"
DEMO_COLUMNS = ("value_tier", "arpu_3m", "lifecycle_stage", "days_to_contract_end", "churn_signals", "phone")
DEMO_ORDER = ("-churn_signals", "-arpu_3m")
DEMO_PURPOSE, DEMO_CHANNELS, DEMO_HOLDOUT = "retention", ("call",), 0.1
DEMO_FOLDER = "c360-demo"
EMPTY_SOURCES = '''"""Contracts of the sources: what each table means; where it lies stands in c360.toml."""

from c360 import Date, Entity, since


class Customer(Entity):
    """One row a customer."""

    default = True
    joined_on: Date = since()
'''
EMPTY_SETTINGS = """# Where each source of tags/sources.py lies. Paths are relative to data_folder.
time_zone = "UTC"
data_folder = "."

# [sources.customer]
# path = "customers.csv"
# columns = { customer = "CUST_NO", joined_on = "OPEN_DATE" }
"""


@dataclass(frozen=True)
class DemoResult:
    """The demo's data, its first list, and where the list's SQL stands."""

    data: DemoFacts
    listed: ListResult
    sql: Path


def reference_catalogue() -> Path:
    """Return the folder of the reference catalogue: inside the installed package, else the repository's root."""
    package = Path(c360.__file__).parent
    return package / "catalogue" if (package / "catalogue").is_dir() else package.parents[1]


def init(folder: Path, *, empty: bool = False) -> list[str]:
    """Make a workspace in *folder* and return what was made; refuses where one of its parts stands already."""
    there = [part for part in PARTS if (folder / part).exists()]
    if there:
        raise TargetExists(f"{folder} holds {', '.join(there)} already", hint="choose another folder")
    folder.mkdir(parents=True, exist_ok=True)
    if empty:
        (folder / "tags").mkdir()
        (folder / "segments").mkdir()
        (folder / "tags" / "sources.py").write_text(EMPTY_SOURCES, encoding="utf-8")
        (folder / "c360.toml").write_text(EMPTY_SETTINGS, encoding="utf-8")
        return list(PARTS)
    origin = reference_catalogue()
    for part in PARTS:
        if (origin / part).is_dir():
            shutil.copytree(origin / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        else:
            shutil.copyfile(origin / part, folder / part)
    return list(PARTS)


def demo(
    workspace: Workspace, *, customers: int, seed: int, as_of: date = AS_OF, noise: float = NOISE, told: Told | None = None
) -> DemoResult:
    """Write the synthetic operator into the workspace's demo folder and pull the churn warning list from it."""
    from c360.demo import write_demo

    folder = workspace.data_folder
    if folder.name != DEMO_FOLDER or DEMO_SEGMENT not in workspace.segments:
        raise UsageError(
            f"this workspace is not the reference catalogue on its demo data (data folder: {folder.name})",
            hint="make one with: c360 init demo && cd demo && c360 demo",
        )
    _refuse_other_day(workspace, as_of)
    data = write_demo(folder, customers, seed, as_of=as_of, noise=noise, told=told)
    listed = _first_list(workspace, folder / f"{DEMO_SEGMENT}.csv", reused=data.reused)
    sql = folder / f"{DEMO_SEGMENT}.sql"
    sql.write_text(workspace.sql(DEMO_SEGMENT), encoding="utf-8")
    return DemoResult(data, listed, sql)


def _first_list(workspace: Workspace, path: Path, *, reused: bool) -> ListResult:
    """Write the demo's list. With other customers the lists of the demos before are about nobody any more.

    A demo of another size has a list of another size; no guard is needed to see that.
    """
    ledger = workspace.records.ledger
    for past in () if reused else ledger.lists():
        if past.file == str(path.resolve()):
            ledger.remove(past.list_id)
    asked: dict[str, Any] = {
        "columns": DEMO_COLUMNS, "order": DEMO_ORDER, "force": True, "allow_empty": True, "snapshot": False,
        "purpose": DEMO_PURPOSE, "channels": DEMO_CHANNELS, "holdout": DEMO_HOLDOUT,
    }  # fmt: skip
    before = ledger.last(DEMO_SEGMENT, DEMO_PURPOSE)
    rows = 0 if before is None else workspace.export(DEMO_SEGMENT, path, dry_run=True, **asked).frame.height
    return workspace.export(DEMO_SEGMENT, path, accept_size=rows, **asked)


def _refuse_other_day(workspace: Workspace, as_of: date) -> None:
    """Refuse a day that c360.toml does not say its bills go up to: every date would be judged by the wrong last day."""
    said = {name: b.covers_to for name, b in workspace.settings.sources.items() if b.covers_to not in (None, as_of)}
    for name, day in said.items():
        raise UsageError(
            f"c360.toml says that {name} covers up to {day}, the demo would end on {as_of}",
            hint=f"write covers_to = {as_of} under [sources.{name}], then run this again",
            where="c360.toml",
        )
