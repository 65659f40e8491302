"""A Parquet file, a query or a table with a fault: exit 4, what and how many, one fix; never the engine's own words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from c360.sql.checks import checks_of
from c360.sql.sources import SourceSql
from c360.workspace import Workspace as Opened
from tiny import CommandLine, Workspace, bill_frame, score_frame

ENGINE_WORDS = ("Exception", "magic bytes", "Parquet magic", "Snappy", "Error:", "duckdb", "read_parquet", "polars")


def truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flipped(content: bytes) -> bytes:
    return content[:40] + bytes(255 - byte for byte in content[40:80]) + content[80:]


DAMAGES = {
    "truncated": truncated,
    "zero bytes": lambda content: b"",
    "another kind": lambda content: b"customer_id,risk\nC1,0.5\n" * 20,
    "footer cut": lambda content: content[:-4] + b"XXXX",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_s07_truncated_parquet_and_s09_zero_byte(c360: CommandLine, workspace: Workspace, damage: Any) -> None:
    path = workspace.data / "score.parquet"
    path.write_bytes(damage(path.read_bytes()))
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4, answer.err
    assert answer.json["kind"] == "DamagedFile"
    size = path.stat().st_size
    assert answer.json["message"] == f"score.parquet ({size:,} bytes) is damaged, or no Parquet file"
    assert answer.json["where"] == "score.parquet"
    assert not [word for word in ENGINE_WORDS if word in answer.err]
    assert c360("size", "active").code == 0


def test_s08_bitflip(c360: CommandLine, workspace: Workspace) -> None:
    path = workspace.data / "score.parquet"
    path.write_bytes(flipped(path.read_bytes()))
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4, answer.err
    assert "score.parquet" in answer.err
    assert not [word for word in ENGINE_WORDS if word in answer.err]


NAN, INFINITY = float("nan"), float("inf")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("values", "count"),
    [
        ((NAN, INFINITY, -INFINITY, 0.5, None), 3),
        # Alone, a NaN is not in the file's own smallest and largest, which the engine believes.
        ((NAN, 0.5, 0.5, 0.5, None), 1),
    ],
)
def test_s20_nan_inf_are_refused_with_a_count(
    c360: CommandLine, workspace: Workspace, values: tuple[float | None, ...], count: int
) -> None:
    score_frame().with_columns(pl.Series("risk", values)).write_parquet(workspace.data / "score.parquet")
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    rows = "rows" if count > 1 else "row"
    told = f"score.parquet row 1, column risk: not a finite number; {count} bad {rows} of 5"
    assert answer.json["message"] == told
    assert 'nan = "null"' in answer.json["hint"]
    workspace.settings('path = "score.parquet"', 'path = "score.parquet"\ncolumns = { risk = { nan = "null" } }')
    assert c360("size", "worth_keeping").code == 0
    tags = c360("export", "active", "-c", "risk", "--order", "customer_id").rows
    known = dict(zip(score_frame()["customer_id"], values, strict=True))
    expected = {key: "0.5" if value == 0.5 else "" for key, value in known.items()}
    assert {row["customer_id"]: row["risk"] for row in tags} == {k: v for k, v in expected.items() if k != "C4"}


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_an_amount_that_is_no_number(c360: CommandLine, workspace: Workspace, number: float) -> None:
    totals = pl.Series("total", [number] + [60.0] * 14)
    bill_frame().with_columns(totals).write_parquet(workspace.data / "bill.parquet")
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["message"] == "bill.parquet row 1, column total: not a finite number; 1 bad row of 15"
    workspace.settings('path = "bill.parquet"', 'path = "bill.parquet"\ncolumns = { total = { nan = "null" } }')
    assert c360("size", "worth_keeping").code == 0


AMOUNTS = {
    "float dust": (pl.Float64, 414.09000000000003, Decimal("414.09")),
    "dust from adding": (pl.Float64, 0.1 + 0.2, Decimal("0.30")),
    "dust as text": (pl.String, "414.09000000000003", Decimal("414.09")),
    "a 32-bit float": (pl.Float32, 414.09, Decimal("414.09")),
    "a whole number": (pl.Int32, 414, Decimal("414.00")),
    "more places than needed": (pl.Decimal(18, 4), Decimal("414.0900"), Decimal("414.09")),
    "a power of ten": (pl.String, "4.1409e2", Decimal("414.09")),
    "three decimals": (pl.Float64, 414.095, None),
    "three decimals as text": (pl.String, "414.095", None),
    "three decimals as a decimal": (pl.Decimal(18, 4), Decimal("414.0950"), None),
    "a comma": (pl.String, "1,414.09", None),
    "an underscore": (pl.String, "1_414.09", None),
    "a word": (pl.String, "much", None),
    "too much": (pl.Float64, 1e20, None),
}


@pytest.mark.parametrize(("kind", "amount", "expected"), AMOUNTS.values(), ids=AMOUNTS)
def test_amounts(c360: CommandLine, workspace: Workspace, kind: Any, amount: Any, expected: Decimal | None) -> None:
    frame = pl.DataFrame({"line_id": ["L1"], "month": [date(2026, 10, 1)], "total": pl.Series([amount], dtype=kind)})
    frame.write_parquet(workspace.data / "bill.parquet")
    workspace.replace("tags/value.py", "sum(), entity=Line", "max(), entity=Line")
    workspace.add("segments/keeping.py", "from tags.value import line_bill\nbilled = segment(line_bill > 0)\n")
    answer = c360("export", "billed", "-c", "line_bill")
    if expected is None:
        assert answer.code == 4
        assert "bill.parquet row 1, column total: not an amount with at most 2 decimals; 1 bad row of 1" in answer.err
        assert str(amount) not in answer.err
    else:
        assert answer.code == 0, answer.err
        assert answer.rows == [{"line_id": "L1", "line_bill": str(expected)}]


MONTHS = {
    "a date": date(2026, 10, 7),
    "a text": "2026-10",
    "a text without -": "202610",
    "a day as text": "2026-10-07",
    "a day as digits": "20261007",
    "a number": 202610,
    "a day as a number": 20261007,
}
NO_MONTHS = ("2026-13", "2026-1", "2026/10", "202610xyz", "2026-02-30", "10-2026", 2026, "2026-10-07 12:00")


@pytest.mark.parametrize("month", MONTHS.values(), ids=MONTHS)
def test_months(c360: CommandLine, workspace: Workspace, month: Any) -> None:
    write_month(workspace, month)
    assert c360("plan", "line_bill").err.startswith("as of 2026-11-29")
    assert c360("sources").rows[2]["first_day"] == "2026-10-31"


@pytest.mark.parametrize("month", NO_MONTHS, ids=str)
def test_no_months(c360: CommandLine, workspace: Workspace, month: Any) -> None:
    write_month(workspace, month)
    answer = c360("size", "worth_keeping")
    assert answer.code == 4
    assert "bill.parquet row 1, column month: not a month; 1 bad row of 1" in answer.err


def write_month(workspace: Workspace, month: Any) -> None:
    frame = pl.DataFrame({"line_id": ["L1"], "month": [month], "total": [Decimal("1.00")]})
    frame.write_parquet(workspace.data / "bill.parquet")


def test_dates_as_numbers_and_stamps(c360: CommandLine, workspace: Workspace) -> None:
    from datetime import UTC, datetime

    night = datetime(2026, 10, 1, 17, 0, tzinfo=UTC)  # 1 a.m. of 2 October in Shanghai
    tickets = pl.DataFrame({"customer_id": ["C2"], "opened_on": [night], "topic": ["bill"]})
    tickets.write_parquet(workspace.data / "ticket.parquet")
    workspace.settings('path = "ticket.csv"', 'path = "ticket.parquet"')
    assert c360("sources").rows[3]["last_day"] == "2026-10-02"
    tickets.with_columns(opened_on=pl.lit(20261002)).write_parquet(workspace.data / "ticket.parquet")
    answer = c360("size", "worth_keeping")
    assert answer.code == 4
    assert "ticket.parquet row 1, column opened_on: not a date" in answer.err
    workspace.settings('path = "ticket.parquet"', 'path = "ticket.parquet"\ndate_format = "%Y%m%d"')
    assert c360("sources").rows[3]["last_day"] == "2026-10-02"


def test_s04_missing_column_of_parquet(c360: CommandLine, workspace: Workspace) -> None:
    bill_frame().rename({"total": "totals"}).write_parquet(workspace.data / "bill.parquet")
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["message"] == "source bill: column total is not in the file (no 'total') and not bound"
    assert "did you mean 'totals'?" in answer.json["hint"]


def test_keys_that_became_fractions(c360: CommandLine, workspace: Workspace) -> None:
    score_frame().with_columns(customer_id=pl.Series([1.0, 2.0, 3.0, 4.0, None])).write_parquet(workspace.data / "score.parquet")
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["message"] == ("source score, column customer_id: keys are of type DOUBLE, expected text or whole numbers")


def test_s05_type_changed(c360: CommandLine, workspace: Workspace) -> None:
    bill_frame().with_columns(total=pl.lit([1, 2])).write_parquet(workspace.data / "bill.parquet")
    answer = c360("size", "worth_keeping")
    assert answer.code == 4
    assert "bill.parquet row 1, column total: not an amount with at most 2 decimals; 15 bad rows of 15" in answer.err


def test_an_attribute_row_that_stands_twice(c360: CommandLine, workspace: Workspace) -> None:
    pl.concat([score_frame(), score_frame().head(2)]).write_parquet(workspace.data / "score.parquet")
    answer = c360("size", "worth_keeping")
    assert answer.code == 4
    assert "score.parquet, column customer_id: 2 rows whose key stands already, of 7; expected one row a customer" in answer.err


def test_s03_stale(c360: CommandLine, workspace: Workspace) -> None:
    answer = c360("size", "worth_keeping", "--as-of", "2026-12-31", "--json")
    assert answer.code == 4
    assert answer.json["kind"] == "StaleSource"
    assert answer.json["where"] == "bill.parquet"
    assert "covers up to 2026-11-29" in answer.json["message"]
    marked = c360("size", "worth_keeping", "--as-of", "2026-12-31", "--allow-stale")
    assert marked.code == 0
    assert "note: stale: bill covers up to 2026-11-29" in marked.err


# Queries and tables.


def sql_binding(workspace: Workspace, sql: str) -> None:
    workspace.settings('path = "score.parquet"', f"sql = '''{sql}'''")


def test_a_query_as_a_source(c360: CommandLine, workspace: Workspace) -> None:
    sql_binding(workspace, "SELECT 'C' || i AS customer_id, i / 10.0 AS risk, 'low' AS Grade FROM range(9) AS t(i)")
    rows = c360("export", "active", "-c", "risk").rows
    assert {row["customer_id"]: row["risk"] for row in rows} == {"00017": "", "C2": "0.2", "C3": "0.3", "CANARY-KEY": ""}


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELEC 1", "a sql binding is one SELECT"),
        ("SELECT 1; SELECT 2", "a sql binding is one SELECT"),
        ("COPY (SELECT 1) TO ''x.csv''", "a sql binding is one SELECT"),
        ("SELECT * FROM nowhere", "the engine refused the query"),
        ("SELECT nothing FROM range(3)", "the engine refused the query"),
        ("SELECT 'CANARY-KEY' AS customer_id, CAST('CANARY-KEY' AS INTEGER) AS risk", "does not fit its type"),
    ],
)
def test_a_query_that_does_not_run(c360: CommandLine, workspace: Workspace, sql: str, told: str) -> None:
    sql_binding(workspace, sql)
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4, answer.err
    assert told in answer.json["message"]
    assert c360("size", "active").code == 0


def test_a_table_that_is_not_there(c360: CommandLine, workspace: Workspace) -> None:
    workspace.settings('path = "score.parquet"', 'table = "scores"')
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert "scores" in answer.json["message"]


def test_s24_sum_overflow(c360: CommandLine, workspace: Workspace) -> None:
    huge = pl.lit(Decimal("9000000000000000.00")).cast(pl.Decimal(18, 2))
    bill_frame().with_columns(total=huge).write_parquet(workspace.data / "bill.parquet")
    for asked in (("size", "worth_keeping"), ("export", "worth_keeping", "-o", str(workspace.folder / "list.csv"))):
        answer = c360(*asked, "--json")
        assert answer.code == 4, answer.err
        assert "tag arpu_3m: a value does not fit its type" in answer.json["message"]
        assert "bill.total" in answer.json["hint"] and answer.json["where"].startswith("tags/value.py:")
    assert not (workspace.folder / "list.csv").exists()


@pytest.mark.parametrize(
    ("stored", "asked"), [(pl.Decimal(18, 2), False), (pl.Decimal(10, 0), False), (pl.Decimal(18, 4), True), (pl.Float64, True)]
)
def test_a_type_that_holds_only_amounts_is_not_asked_value_by_value(workspace: Workspace, stored: Any, asked: bool) -> None:
    bill_frame().with_columns(pl.col("total").cast(stored)).write_parquet(workspace.data / "bill.parquet")
    opened = Opened(workspace.folder, data_folder=workspace.data)
    bill = opened.bindings.get("bill")
    kinds = {(check.column, check.kind) for check in checks_of(bill, SourceSql(bill, "Asia/Shanghai"))}
    opened.close()
    assert (("total", "type") in kinds) is asked
    assert ("month", "type") not in kinds and ("month", "range") in kinds
