"""A list as a table in a DuckDB file: every value as it was, the account beside it, nothing else in the bytes."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from c360.datatypes import BOOLEAN, DATE, LIST, MONEY, RATE, TEXT, key_of
from c360.deliver.account import ColumnAccount, Form, ListAccount, Subject
from c360.deliver.aim import Aim
from c360.deliver.database import write_duckdb
from c360.deliver.own_process import run_in_own_process
from c360.deliver.waterfall import Stage, Waterfall
from c360.errors import InternalError

COLUMNS = tuple(
    ColumnAccount(name, title, type, title)
    for name, title, type in (
        ("customer_id", "客户编号", key_of("customer")), ("note", "备注", TEXT), ("bill", "账单", MONEY), ("rate", "比率", RATE),
        ("joined", "入网", DATE), ("vip", "贵宾", BOOLEAN), ("topics", "主题", LIST),
    )
)  # fmt: skip
STAGES = (Stage("all", "all", "all customers", 20, 0, 0, 20), Stage("rule 1", "rule", "ARPU is at least 100", 20, 18, 1, 2))
ACCOUNT = ListAccount(
    "en", Subject("active", "Active", "has a line", "0a1b"), date(2026, 10, 31), "cafe", 2, Waterfall(STAGES), COLUMNS
)
ROWS = [
    ("00017", "=1+1\n\r\t\x00🙂", Decimal("120.50"), 0.1, date(2026, 1, 2), True, ["a", "b"]),
    ("123456789012345678", None, None, None, None, None, []),
]
FRAME = pl.DataFrame(
    ROWS,
    schema={
        "customer_id": pl.String, "note": pl.String, "bill": pl.Decimal(18, 2), "rate": pl.Float64, "joined": pl.Date,
        "vip": pl.Boolean, "topics": pl.List(pl.String),
    },
    orient="row",
)  # fmt: skip


def written(folder: Path, account: ListAccount = ACCOUNT, frame: pl.DataFrame = FRAME) -> Path:
    """Return the file of a list."""
    file = io.BytesIO()
    assert write_duckdb(frame, file, Form(account, scratch=folder)) == 0
    (folder / "list.duckdb").write_bytes(file.getvalue())
    return folder / "list.duckdb"


def asked(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Return what a query of the file answers."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_list_is_a_table_of_its_name(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert asked(path, "FROM active") == ROWS
    types = [row[1] for row in asked(path, "DESCRIBE active")]
    assert types == ["VARCHAR", "VARCHAR", "DECIMAL(18,2)", "DOUBLE", "DATE", "BOOLEAN", "VARCHAR[]"]
    assert [path.name for path in tmp_path.iterdir()] == ["list.duckdb"]


def test_the_account_stands_beside_it(tmp_path: Path) -> None:
    path = written(tmp_path)
    facts = dict(asked(path, "FROM about"))  # type: ignore[arg-type]
    assert (facts["definition"], facts["as of"], facts["run id"], facts["rows"]) == ("has a line", "2026-10-31", "cafe", "2")
    assert asked(path, "FROM about_funnel") == [
        (1, "all", "all", "all customers", 20, 0, 0, 20),
        (2, "rule 1", "rule", "ARPU is at least 100", 20, 18, 1, 2),
    ]
    assert asked(path, "SELECT name, title, type, class, is_masked FROM about_columns LIMIT 1") == [
        ("customer_id", "客户编号", "key", "internal", False)
    ]


def test_an_older_duckdb_opens_it(tmp_path: Path) -> None:
    path = written(tmp_path)
    (told,) = asked(path, "SELECT tags['storage_version'] FROM duckdb_databases() WHERE path LIKE '%list.duckdb'")
    assert str(told[0]).startswith("v1.2.0")


@pytest.mark.thorough
def test_the_same_list_gives_the_same_bytes(tmp_path: Path) -> None:
    frame = pl.concat([FRAME, *(FRAME.with_columns(note=pl.lit(f"备注 {i} 需要回访")) for i in range(2000))])
    assert written(tmp_path, frame=frame).read_bytes() == written(tmp_path, frame=frame).read_bytes()


def test_what_this_process_knows_is_not_in_the_file(tmp_path: Path) -> None:
    secrets = [f"secret of customer {number}" for number in range(50_000)]  # left in memory, and not on the list
    assert len(pl.DataFrame({"x": secrets}).filter(pl.col("x").str.contains("7"))) < len(secrets)
    assert b"secret of customer" not in written(tmp_path).read_bytes()


def test_rows_without_an_account_are_a_table_too(tmp_path: Path) -> None:
    file = io.BytesIO()
    write_duckdb(FRAME, file, Form())
    (tmp_path / "left_out.duckdb").write_bytes(file.getvalue())
    assert asked(tmp_path / "left_out.duckdb", "SELECT count(*) FROM list") == [(2,)]


def test_a_campaigns_list_has_the_campaigns_name(tmp_path: Path) -> None:
    assert asked(written(tmp_path, replace(ACCOUNT, aim=Aim("care", "autumn"))), "SELECT count(*) FROM autumn") == [(2,)]


@pytest.mark.parametrize(("name", "table"), [("about", "about_"), ('a"; DROP TABLE about; --', 'a"; DROP TABLE about; --')])
def test_a_name_that_wants_to_be_more(tmp_path: Path, name: str, table: str) -> None:
    path = written(tmp_path, replace(ACCOUNT, subject=replace(ACCOUNT.subject, segment=name)))
    names = {str(row[0]) for row in asked(path, "SELECT table_name FROM duckdb_tables()")}
    assert names == {table, "about", "about_funnel", "about_columns"}


# No file may grow over so many bytes, as on a full disk: the rows' own files fit, the database does not.
FULL = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from c360.deliver.writers import prepare
from c360.errors import ResourceError
from test_database import ACCOUNT, FRAME, Form, Path, write_duckdb
resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))
try:
    prepare(Path(sys.argv[2]), lambda file: write_duckdb(FRAME, file, Form(ACCOUNT)))
except ResourceError as error:
    print(error.message)
"""


@pytest.mark.thorough
def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL, str(Path(__file__).parent), str(tmp_path / "list.duckdb")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("the disk is full; list.duckdb was not written\n", "")
    assert list(tmp_path.iterdir()) == []


def test_another_fault_says_nothing_of_the_rows() -> None:
    with pytest.raises(InternalError, match="a process that writes a database ended with 70") as caught:
        run_in_own_process(["SELECT 张金丝雀"])
    assert "张金丝雀" not in str(caught.value)
