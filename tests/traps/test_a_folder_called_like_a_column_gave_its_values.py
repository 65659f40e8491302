"""A folder called ``city=east``: the engine took its name for the column ``city`` of sources and stored files below it."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from c360.errors import BadValues, SourceError
from c360.snapshots.content import content_of
from c360.workspace import Workspace
from growing import Growing, mb, yuan

DAY = date(2026, 10, 15)
TABLES = {
    "customer": [("A", date(2026, 1, 1), "north"), ("B", date(2026, 2, 1), "south")],
    "line": [("L1", "A", date(2026, 1, 1), True), ("L2", "B", date(2026, 2, 1), False)],
    "usage": [("L1", DAY, mb("5"), 3), ("L2", DAY, mb("2"), 1)],
    "bill": [("L1", date(2026, 9, 1), yuan("60")), ("L2", date(2026, 9, 1), yuan("20"))],
    "ticket": [("A", DAY, None, None)],
}


def built(folder: Path, *edits: tuple[str, str]) -> tuple[object, object]:
    """Build in *folder*, and again after each edit; return the digest of the last snapshot, and the cities in it."""
    growing = Growing(folder, TABLES).make()
    opened = Workspace(folder)
    opened.build(as_of=DAY)
    for old, new in edits:
        opened.close()
        growing.replace("tags/all.py", old, new)
        opened = Workspace(folder)
        opened.build(as_of=DAY, replace=True)
    snapshot = opened.snapshots.current(DAY)
    assert snapshot is not None
    with snapshot:
        found = content_of(opened.engine, snapshot), opened.table("city", as_of=DAY)["city"].to_list()
    opened.close()
    return found


@pytest.mark.thorough
@pytest.mark.parametrize("edits", [(), (("days(7)).mb.sum()", "days(8)).mb.sum()"),)])
def test_a_folder_called_like_a_column(tmp_path: Path, edits: tuple[tuple[str, str], ...]) -> None:
    plain = built(tmp_path / "plain", *edits)
    shutil.rmtree(tmp_path / "plain")
    assert built(tmp_path / "city=east" / "w", *edits) == plain
    assert plain[1] == ["north", "south"]


def test_a_folder_above_a_csv_file(tmp_path: Path) -> None:
    growing = Growing(tmp_path / "city=east" / "w", TABLES).make()
    rows = "customer_id,joined_on,city\nA,2026-01-01,north\nB,2026-02-01,south\n"
    (growing.folder / "data" / "customer.csv").write_text(rows, encoding="utf-8")
    growing.replace("c360.toml", "customer.parquet", "customer.csv")
    with closing(growing.opened()) as opened:
        assert opened.table("city", as_of=DAY)["city"].to_list() == ["north", "south"]


def test_a_folder_above_those_that_are_columns(tmp_path: Path) -> None:
    """Told of folders, the engine takes them all: it cannot be asked for the file's own column then."""
    growing = Growing(tmp_path, TABLES).make()
    data = growing.folder / "data"
    (data / "City=east" / "region=1").mkdir(parents=True)
    (data / "customer.parquet").rename(data / "City=east" / "region=1" / "customer.parquet")
    growing.replace("c360.toml", 'path = "customer.parquet"', 'path = "*/*/customer.parquet"\npartitions = ["region"]')
    told = r"customer.parquet: a folder above it is called City=…, and the file has a column of that name"
    with closing(growing.opened()) as opened, pytest.raises(BadValues, match=told):
        opened.table("city", as_of=DAY)


@pytest.mark.parametrize("files", ["'customer.parquet'", "read_parquet(['customer.parquet'])"])
def test_a_folder_above_the_files_of_a_query(tmp_path: Path, files: str) -> None:
    growing = Growing(tmp_path / "city=east" / "w", TABLES).make()
    growing.replace("c360.toml", 'path = "customer.parquet"', f'sql = "SELECT * FROM {files}"')
    with closing(growing.opened()) as opened, pytest.raises(SourceError, match="a folder above the data is called city=east"):
        opened.table("city", as_of=DAY)
    growing.replace("c360.toml", files, "read_parquet('customer.parquet', hive_partitioning = false)")
    with closing(growing.opened()) as opened:
        assert opened.table("city", as_of=DAY)["city"].to_list() == ["north", "south"]
