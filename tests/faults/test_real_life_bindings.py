"""Sources as they lie in real life: many files, folders that are columns, databases, bad rows, files that change."""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from c360.engines.duckdb import DuckDBEngine
from tiny import BILLS, CUSTOMERS, LINES, TICKETS, CommandLine, Workspace, bill_frame

ACTIVE, KEEPING = "4", "3"  # members of the two segments, whatever way the files lie


@pytest.fixture
def lake(workspace: Workspace) -> Path:
    """The bills as one Parquet file a month, bound by a pattern."""
    folder = workspace.data / "lake"
    folder.mkdir()
    for month in (8, 9, 10):
        day = date(2026, month, 1)
        bill_frame().filter(pl.col("month") == day).write_parquet(folder / f"bill-2026-{month:02}.parquet")
    workspace.settings('path = "bill.parquet"', 'path = "lake/*.parquet"')
    return folder


# Patterns.


def test_a_pattern_is_all_its_files(c360: CommandLine, workspace: Workspace, lake: Path) -> None:
    before = c360("export", "worth_keeping", "-c", "arpu_3m").out
    assert before.splitlines()[1:] != []
    workspace.settings('path = "lake/*.parquet"', 'path = "bill.parquet"')
    assert c360("export", "worth_keeping", "-c", "arpu_3m").out == before


def test_a_pattern_of_csv_files_is_read_by_name(c360: CommandLine, workspace: Workspace) -> None:
    before = c360("export", "active", "-c", "name,lines_active").out
    head, *rows = LINES.splitlines()
    (workspace.data / "line-1.csv").write_text("\n".join([head, *rows[:3]]) + "\n", encoding="utf-8-sig")
    turned = [",".join(reversed(row.split(","))) for row in (head, *rows[3:])]
    (workspace.data / "line-2.csv").write_text("\n".join(turned) + "\n", encoding="utf-8")
    workspace.settings('path = "line.csv"', 'path = "line-*.csv"')
    assert c360("export", "active", "-c", "name,lines_active").out == before


def test_files_of_a_pattern_may_end_their_lines_differently(c360: CommandLine, workspace: Workspace) -> None:
    rows = TICKETS.splitlines()
    (workspace.data / "ticket-1.csv").write_bytes(("\r\n".join(rows[:3]) + "\r\n").encode())
    (workspace.data / "ticket-2.csv").write_bytes(("\n".join([rows[0], *rows[3:]])).encode())
    before = c360("export", "worth_keeping", "-c", "tickets_90d").out
    workspace.settings('path = "ticket.csv"', 'path = "ticket-*.csv"')
    assert c360("export", "worth_keeping", "-c", "tickets_90d").out == before


def test_a_pattern_reaches_through_folders_but_not_into_unfinished_ones(
    c360: CommandLine, workspace: Workspace, lake: Path
) -> None:
    for name in ("2026", "_temporary", ".hidden"):
        (lake / name).mkdir()
    (lake / "bill-2026-09.parquet").rename(lake / "2026" / "bill-2026-09.parquet")
    for name in ("_temporary", ".hidden"):
        bill_frame().write_parquet(lake / name / "bill-half.parquet")
    workspace.settings("lake/*.parquet", "lake/**/*.parquet")
    assert source(c360, "bill")["rows"] == len(BILLS) * 3


def test_s02_glob_empty(c360: CommandLine, workspace: Workspace) -> None:
    workspace.settings('path = "bill.parquet"', 'path = "lake/bill-*.parquet"')
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["message"] == "source bill is bound to 'lake/bill-*.parquet', which matches no file"
    assert "mend [sources.bill] path" in answer.json["hint"]
    assert c360("size", "active", "--as-of", "2026-11-01").code == 0


def test_readable_sql_names_the_pattern(
    c360: CommandLine, workspace: Workspace, lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "data/lake/bill-2026-08.parquet" in c360("sql", "arpu_3m").out
    workspace.settings("lake/*.parquet", "lake/b*.parquet")
    bill_frame().head(0).write_parquet(lake / "bill-2026-11.parquet")
    sql = c360("sql", "arpu_3m").out
    assert "data/lake/b*.parquet" in sql and "bill-2026-08" not in sql
    monkeypatch.chdir(workspace.folder)
    assert len(duckdb.connect().execute(sql).fetchall()) == 6


@pytest.mark.parametrize(
    ("change", "kind", "told"),
    [
        (
            lambda bills: bills.with_columns(pl.col("total").cast(pl.Float64)), "BadValues",
            "bill-2026-09.parquet, column total: expected DECIMAL(18,2) as in bill-2026-08.parquet, found DOUBLE",
        ),
        (
            lambda bills: bills.drop("total"), "MissingColumn",
            "bill-2026-09.parquet lacks column total, expected DECIMAL(18,2) as in bill-2026-08.parquet",
        ),
    ],
)  # fmt: skip
def test_s06_mixed_schema_files(
    c360: CommandLine, lake: Path, change: Callable[[pl.DataFrame], pl.DataFrame], kind: str, told: str
) -> None:
    second = lake / "bill-2026-09.parquet"
    change(pl.read_parquet(second)).write_parquet(second)
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert (answer.json["kind"], answer.json["message"]) == (kind, told)
    assert "write bill-2026-09.parquet like the others" in answer.json["hint"]
    assert answer.json["affects"] == ["arpu_3m", "value_tier", "line_bill", "worth_keeping"]


def test_a_column_that_only_later_files_have_does_not_vanish(c360: CommandLine, lake: Path) -> None:
    first = lake / "bill-2026-08.parquet"
    pl.read_parquet(first).drop("total").write_parquet(first)
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["message"] == "bill-2026-08.parquet lacks column total, expected DECIMAL(18,2) as in bill-2026-09.parquet"


def test_a_later_csv_file_that_lacks_a_column(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.data / "ticket-2.csv").write_text("customer_id,opened_on,theme\n", encoding="utf-8")
    workspace.settings('path = "ticket.csv"', 'path = "ticket*.csv"')
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["message"] == "ticket-2.csv lacks column topic, expected VARCHAR as in ticket.csv"


@pytest.mark.thorough
def test_a_bad_value_is_found_in_its_file(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.data / "ticket-2.csv").write_text(
        "customer_id,opened_on,topic\nC2,2026-10-01,bill\nC2,soon,bill\n", encoding="utf-8"
    )
    workspace.settings('path = "ticket.csv"', 'path = "ticket*.csv"')
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["message"] == "ticket-2.csv line 3, column opened_on: not a date; 1 bad row of 7"


@pytest.mark.parametrize("where", ["header", "rows"])
def test_a_damaged_file_of_a_pattern_is_named(c360: CommandLine, lake: Path, where: str) -> None:
    second = lake / "bill-2026-09.parquet"
    whole = second.read_bytes()
    half = len(whole) // 2
    second.write_bytes(whole[:half] if where == "header" else b"PAR1" + b"\0" * 40 + whole[44:])
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["kind"] == "DamagedFile", answer.json
    assert "bill-2026-09.parquet" in answer.json["message"] and "is damaged" in answer.json["message"]


# Folders that are columns.


def test_folders_are_columns_where_a_binding_says_so(c360: CommandLine, workspace: Workspace) -> None:
    before = c360("export", "worth_keeping", "-c", "arpu_3m").out
    for month in (8, 9, 10):
        folder = workspace.data / "lake" / f"month=2026-{month:02}"
        folder.mkdir(parents=True)
        bill_frame().filter(pl.col("month") == date(2026, month, 1)).drop("month").write_parquet(folder / "part-0.parquet")
    workspace.settings('path = "bill.parquet"', 'path = "lake/*/*.parquet"\npartitions = ["month"]')
    assert c360("export", "worth_keeping", "-c", "arpu_3m").out == before


def test_folders_are_columns_of_csv_files_too(c360: CommandLine, workspace: Workspace) -> None:
    head, *rows = TICKETS.splitlines()
    for topic in ("network", "bill"):
        folder = workspace.data / "tickets" / f"topic={topic}"
        folder.mkdir(parents=True)
        kept = [head, *(row for row in rows if row.endswith(topic))]
        (folder / "part.csv").write_text("".join(row.rpartition(",")[0] + "\n" for row in kept), encoding="utf-8")
    before = c360("size", "worth_keeping").out
    workspace.settings('path = "ticket.csv"', 'path = "tickets/*/*.csv"\npartitions = ["topic"]')
    assert c360("size", "worth_keeping").out == before
    (workspace.data / "tickets" / "topic=bill").rename(workspace.data / "tickets" / "topic=noise")
    assert "none of the levels network, bill; 3 bad rows of 5" in c360("check").out


def test_folders_are_columns_of_other_encodings_too(c360: CommandLine, workspace: Workspace) -> None:
    before = c360("export", "active", "-c", "name,kind").out
    head, *rows = [row.split(",") for row in CUSTOMERS.replace('"two\nlines"', "two lines").splitlines()]
    place = head.index("kind")
    for kind in ("person", "family", "organisation"):
        folder = workspace.data / "customers" / f"kind={kind}"
        folder.mkdir(parents=True)
        kept = [row[:place] + row[place + 1 :] for row in (head, *(row for row in rows if row[place] == kind))]
        (folder / "part.csv").write_bytes("".join(",".join(row) + "\r\n" for row in kept).encode("gb18030"))
    workspace.settings('path = "customer.csv"', 'path = "customers/*/*.csv"\npartitions = ["kind"]\nencoding = "gb18030"')
    answer = c360("export", "active", "-c", "name,kind")
    assert answer.out == before, answer.err


def test_a_file_outside_the_folders(c360: CommandLine, workspace: Workspace, lake: Path) -> None:
    workspace.settings('path = "lake/*.parquet"', 'path = "lake/*.parquet"\npartitions = ["region"]')
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["message"].startswith("bill-2026-08.parquet: no folder above it is called region=…")


# Databases.


@pytest.fixture
def database(workspace: Workspace) -> Path:
    """The bills as a table of a DuckDB file."""
    path = workspace.data / "crm data.duckdb"
    with duckdb.connect(str(path)) as made:
        made.execute("CREATE SCHEMA billing")
        made.execute(f"CREATE TABLE billing.bill AS FROM read_parquet('{workspace.data / 'bill.parquet'}')")
        made.execute("CREATE TABLE bill AS FROM billing.bill LIMIT 1")
    return path


BOUND = 'database = "crm data.duckdb"\n'


@pytest.mark.parametrize(
    "binding",
    [
        'table = "billing.bill"',
        'sql = "SELECT * FROM billing.bill"',
        'sql = "WITH all_bills AS (SELECT * FROM billing.bill) SELECT * FROM all_bills"',
    ],
)
def test_a_table_of_a_database(c360: CommandLine, workspace: Workspace, database: Path, binding: str) -> None:
    before = c360("export", "worth_keeping", "-c", "arpu_3m").out
    workspace.settings('path = "bill.parquet"', BOUND + binding)
    state = database.read_bytes()
    assert c360("export", "worth_keeping", "-c", "arpu_3m").out == before
    assert database.read_bytes() == state


def test_sql_over_a_database_says_how_to_attach_it(
    c360: CommandLine, workspace: Workspace, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.settings('path = "bill.parquet"', BOUND + 'table = "billing.bill"')
    sql = c360("sql", "arpu_3m").out
    (statement,) = [line.partition("first: ")[2] for line in sql.splitlines() if "first: " in line]
    assert statement == "ATTACH 'data/crm data.duckdb' AS \"crm_data\" (READ_ONLY);"
    monkeypatch.chdir(workspace.folder)
    connection = duckdb.connect()
    connection.execute(statement)
    assert len(connection.execute(sql).fetchall()) == 6


@pytest.mark.thorough
@pytest.mark.parametrize(
    "place",
    ["'bill.parquet'", "read_parquet('bill.parquet')", "read_parquet(['bill.parquet'])", "parquet_scan('./b*l.parquet')"],
)
@pytest.mark.parametrize("binding", ["", BOUND])
def test_files_of_a_query_lie_in_the_data_folder(
    c360: CommandLine, workspace: Workspace, database: Path, monkeypatch: pytest.MonkeyPatch, place: str, binding: str
) -> None:
    before = c360("export", "worth_keeping", "-c", "arpu_3m").out
    workspace.settings('path = "bill.parquet"', f'{binding}sql = """WITH all_bills AS (SELECT * FROM {place}) FROM all_bills"""')
    assert c360("export", "worth_keeping", "-c", "arpu_3m").out == before  # whatever folder one stands in
    sql = c360("sql", "arpu_3m").out
    assert str(workspace.folder) not in sql
    monkeypatch.chdir(workspace.folder)
    connection = duckdb.connect()
    for line in sql.splitlines():
        if "first: " in line:
            connection.execute(line.partition("first: ")[2])
    assert len(connection.execute(sql).fetchall()) == 6


def test_a_file_that_a_query_names_in_vain_is_told(c360: CommandLine, workspace: Workspace) -> None:
    workspace.settings('path = "bill.parquet"', "sql = \"SELECT * FROM 'bills.parquet'\"")
    answer = c360("export", "worth_keeping", "-c", "arpu_3m")
    assert answer.code == 4
    assert "the file is not there in c360.toml, a sql binding" in answer.err


@pytest.mark.parametrize(
    ("binding", "code", "told"),
    [
        ('database = "none.duckdb"\ntable = "bill"', 4, "source bill is bound to 'none.duckdb', which is not there"),
        ('database = "line.csv"\ntable = "bill"', 4, "line.csv (190 bytes) is damaged, or no DuckDB database"),
        (BOUND + 'table = "bills"', 4, "Table with name bills does not exist"),
        (BOUND + 'path = "bill.parquet"', 3, "leave out path"),
        ('table = "a"\nsql = "SELECT 1"', 3, "give exactly one of path, table, sql"),
    ],
)
def test_a_database_that_does_not_answer(
    c360: CommandLine, workspace: Workspace, database: Path, binding: str, code: int, told: str
) -> None:
    workspace.settings('path = "bill.parquet"', binding)
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == code
    assert told in answer.json["message"]


def test_s26_db_locked(c360: CommandLine, workspace: Workspace, database: Path) -> None:
    workspace.settings('path = "bill.parquet"', BOUND + 'table = "billing.bill"')
    holding = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", holding, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None and writer.stdin is not None
        writer.stdout.readline()
        answer = c360("size", "worth_keeping", "--json")
        writer.stdin.close()
    assert answer.code == 6
    assert answer.json["message"] == f"another process holds the database (pid {writer.pid})"


# Files that change.


def test_a_file_that_changes_while_it_is_read(c360: CommandLine, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    path, asked = workspace.data / "bill.parquet", DuckDBEngine.record

    def meanwhile(engine: DuckDBEngine, sql: str, where: str | None = None) -> dict[str, object]:
        if " AS m0" in sql:
            bill_frame().head(3).write_parquet(path)
        return asked(engine, sql, where)

    monkeypatch.setattr(DuckDBEngine, "record", meanwhile)
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert (answer.json["kind"], answer.json["where"]) == ("ChangedFile", "bill.parquet")
    assert answer.json["message"].startswith("bill.parquet changed while it was read (size, time")


def test_s25_source_changes_during_an_export(
    c360: CommandLine, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, asked = workspace.data / "line.csv", DuckDBEngine.frame

    def meanwhile(engine: DuckDBEngine, sql: str, where: str | None = None) -> pl.DataFrame:
        if not path.with_suffix(".old").exists():  # once: a second new file could get the first one's inode
            os.replace(path, path.with_suffix(".old"))
            path.write_bytes(path.with_suffix(".old").read_bytes())
        return asked(engine, sql, where)

    monkeypatch.setattr(DuckDBEngine, "frame", meanwhile)
    answer = c360("export", "worth_keeping", "-o", str(tmp_path / "list.csv"), "--json")
    assert answer.code == 4
    assert "line.csv changed while it was read" in answer.json["message"] and "inode" in answer.json["message"]
    assert not list(tmp_path.glob("list.csv*"))


def test_an_open_workspace_sees_new_files(workspace: Workspace, lake: Path) -> None:
    from c360.workspace import Workspace as Opened

    opened = Opened.find(workspace.folder)
    assert opened.size("worth_keeping").members == int(KEEPING)
    workspace.add("data/line.csv", "L7,C5,2023-05-01,\n")
    (lake / "bill-2026-07.parquet").write_bytes((lake / "bill-2026-08.parquet").read_bytes())
    assert opened.size("active").members == int(ACTIVE) + 1
    assert opened.bindings.facts("bill").rows == len(BILLS) * 4
    opened.close()


# Bad rows.


@pytest.fixture
def spoilt(workspace: Workspace) -> None:
    """Two tickets that cannot be read, among five that can."""
    workspace.add("data/ticket.csv", "CANARY-KEY,2026-13-01,network\nC2,2026-10-01,张金丝雀\n")


@pytest.mark.thorough
@pytest.mark.usefixtures("spoilt")
def test_bad_rows_are_left_out_where_a_binding_lets_them(c360: CommandLine, workspace: Workspace, tmp_path: Path) -> None:
    assert c360("size", "worth_keeping").code == 4
    workspace.settings('path = "ticket.csv"', 'path = "ticket.csv"\nmax_bad_rows = 2')
    answer = c360("size", "worth_keeping")
    assert answer.code == 0, answer.err
    assert answer.rows[0]["members"] == KEEPING
    assert "note: ticket: 2 bad rows of 7 left out (.c360/rejects/ticket.csv)" in answer.err
    report = workspace.folder / ".c360" / "rejects" / "ticket.csv"
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    with report.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["file", "line", "column", "kind"], ["ticket.csv", "7", "opened_on", "type"], ["ticket.csv", "8", "topic", "type"],
        ]  # fmt: skip
    assert c360("check").code == 0
    c360("export", "worth_keeping", "-o", str(tmp_path / "list.csv"))
    told = json.loads((tmp_path / "list.csv.manifest.json").read_text(encoding="utf-8"))["inputs"]
    assert told["sources"]["ticket"]["bad_rows_left_out"] == 2
    assert "ticket: 2 bad rows of 7 left out (.c360/rejects/ticket.csv)" in told["marks"]
    assert "bad_rows_left_out" not in told["sources"]["bill"]


@pytest.mark.usefixtures("spoilt")
def test_more_bad_rows_than_a_binding_lets_through(c360: CommandLine, workspace: Workspace) -> None:
    workspace.settings('path = "ticket.csv"', 'path = "ticket.csv"\nmax_bad_rows = 1')
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["message"] == "ticket.csv: 2 bad rows of 7, expected at most 1 (max_bad_rows)"
    assert answer.json["hint"].startswith(".c360/rejects/ticket.csv lists them")
    assert c360("check").code == 4


def test_a_bad_row_is_out_whatever_is_asked(c360: CommandLine, workspace: Workspace) -> None:
    """A customer whose birthday cannot be read is out of every list, not only of those that show birthdays."""
    workspace.replace("data/customer.csv", "1985-02-02", "1985-02-31")
    workspace.settings('path = "customer.csv"', 'path = "customer.csv"\nmax_bad_rows = 3')
    assert c360("size", "active").rows[0]["members"] == str(int(ACTIVE) - 1)
    assert [row["customer_id"] for row in c360("export", "active", "-c", "visits").rows] == ["00017", "C3", "CANARY-KEY"]


def test_a_key_that_stands_twice_is_never_left_out(c360: CommandLine, workspace: Workspace) -> None:
    workspace.add("data/customer.csv", CUSTOMERS.splitlines()[1] + "\n")
    workspace.settings('path = "customer.csv"', 'path = "customer.csv"\nmax_bad_rows = 9')
    answer = c360("size", "active", "--json")
    assert answer.code == 4
    assert answer.json["kind"] == "KeyFault"


def test_a_key_that_stands_again_in_a_bad_row_stands_once(c360: CommandLine, workspace: Workspace) -> None:
    workspace.add("data/customer.csv", CUSTOMERS.splitlines()[1].replace("1980-01-01", "1980-01-00") + "\n")
    workspace.settings('path = "customer.csv"', 'path = "customer.csv"\nmax_bad_rows = 1')
    assert c360("size", "active").rows[0]["members"] == ACTIVE


def test_a_file_of_bad_rows_only_is_refused(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.data / "ticket.csv").write_text("customer_id,opened_on,topic\nC2,soon,bill\n", encoding="utf-8")
    workspace.settings('path = "ticket.csv"', 'path = "ticket.csv"\nmax_bad_rows = 5')
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["message"] == "source ticket has 0 rows that are sound"


# Encodings.


def test_a_fault_behind_an_encoding_has_its_line(c360: CommandLine, workspace: Workspace) -> None:
    text = CUSTOMERS.replace("1985-02-02", "1985-02-31")
    (workspace.data / "customer.csv").write_bytes(text.encode("utf-16"))
    workspace.settings('path = "customer.csv"', 'path = "customer.csv"\nencoding = "utf-16"')
    assert "customer.csv line 3, column birth_on: not a date; 1 bad row of 6" in c360("check").out


def test_a_copy_that_a_killed_process_left_is_gone_at_the_next_start(c360: CommandLine, workspace: Workspace) -> None:
    left = workspace.folder / ".c360" / "decoded" / "run-gone" / "0"
    left.mkdir(parents=True)
    (left / "customer.csv").write_text(CUSTOMERS, encoding="utf-8")
    (workspace.data / "customer.csv").write_bytes(CUSTOMERS.encode("gb18030"))
    workspace.settings('path = "customer.csv"', 'path = "customer.csv"\nencoding = "gb18030"')
    assert c360("size", "active").rows[0]["members"] == ACTIVE
    assert not left.exists()


def test_sql_over_another_encoding_says_so(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.data / "customer.csv").write_bytes(CUSTOMERS.encode("gb18030"))
    workspace.settings('path = "customer.csv"', 'path = "customer.csv"\nencoding = "gb18030"')
    sql = c360("sql", "active").out
    assert "-- first: save customer.csv as UTF-8, it is gb18030" in sql
    assert "data/customer.csv" in sql and ".c360" not in sql


def source(c360: CommandLine, name: str) -> dict[str, object]:
    """Return what `c360 sources` says of one."""
    found: dict[str, object] = next(s for s in c360("sources", "--json").json["sources"] if s["name"] == name)
    return found
