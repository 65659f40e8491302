"""Tasks that say themselves what they cost: what is loaded or warmed up first is not counted; the last line is ``cpu=…``."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RULE = (
    "value_tier >= 'mid' and calls_out_30d > 20 and arrears = 0 and days_to_contract_end between 0 and 400 and data_mb_30d > 1000"
)
RAW_RULE = (
    "value_tier IN ('mid', 'high') AND calls_out_30d > 20 AND arrears = 0 AND days_to_contract_end BETWEEN 0 AND 400"
    " AND data_mb_30d > 1000"
)
NEEDED = ("value_tier", "calls_out_30d", "arrears", "days_to_contract_end", "data_mb_30d")
LIST = (
    "customer_id", "customer_kind", "value_tier", "churn_risk", "revenue_12m", "arpu_3m", "minutes_out_30d", "data_mb_30d",
    "days_with_us", "contract_end", "is_to_renew", "payment_habit",
)  # fmt: skip
LIST_ROWS = 100_000


def count_raw(folder: str, data: str, times: str) -> None:
    """Count the customers of five conditions by plain SQL over the snapshot's files."""
    query = count_query(Path(folder))
    connection = _connection()
    _timed(lambda: [connection.execute(query).fetchall() for _ in range(int(times))], connection.execute(query).fetchall)


def count_c360(folder: str, data: str, times: str) -> None:
    """Count the same by the library."""
    workspace = _workspace(folder, data)
    _timed(lambda: [workspace.size(where=RULE) for _ in range(int(times))], lambda: workspace.size(where=RULE))


def sizes(folder: str, data: str) -> None:
    """Count the fifty segments at once."""
    workspace = _workspace(folder, data)
    names = sorted(workspace.segments)
    _timed(lambda: workspace.sizes(*names), lambda: workspace.size(names[0]))


def overlap(folder: str, data: str) -> None:
    """Count the members that each two of the fifty segments share."""
    workspace = _workspace(folder, data)
    names = sorted(workspace.segments)
    _timed(lambda: workspace.overlap(*names), lambda: workspace.size(names[0]))


def single_queries(folder: str, data: str) -> None:
    """Run the fifty queries that count one segment each, as the library writes them, by the bare engine."""
    workspace = _workspace(folder, data)
    asked = _listened(workspace.engine)
    queries = []
    for name in sorted(workspace.segments):
        asked.clear()
        workspace.size(name)
        queries.append(asked[-1])
    connection = _connection()
    _timed(lambda: [connection.execute(query).fetchall() for query in queries], connection.execute(queries[0]).fetchall)


def deliver(kind: str, table: str, target: str) -> None:
    """Write a list of 100,000 customers and twelve columns by c360's writer of the *kind*."""
    from c360.deliver import writers

    frame, form = _frame(table), _form() if kind == "xlsx" else writers.PLAIN
    write: Any = {"xlsx": writers.write_xlsx, "csv": writers.write_csv, "parquet": writers.write_parquet}[kind]

    def fill() -> None:
        with open(target, "wb") as file:
            write(frame, file, form)

    _timed(fill)


def deliver_plain(kind: str, table: str, target: str) -> None:
    """Write the same by xlsxwriter's constant memory, or by the engine's COPY."""
    if kind == "xlsx":
        frame = _frame(table)
        import xlsxwriter

        def fill() -> None:
            with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
                sheet = book.add_worksheet()
                sheet.write_row(0, 0, frame.columns)
                for number, row in enumerate(frame.iter_rows(), 1):
                    sheet.write_row(number, 0, row)

        _timed(fill)
        return
    connection = _connection()
    columns = ", ".join(LIST)
    query = f"SELECT {columns} FROM read_parquet('{table}') ORDER BY customer_id LIMIT {LIST_ROWS}"
    connection.execute(f"CREATE TABLE list AS {query}")
    form = "HEADER" if kind == "csv" else "FORMAT parquet, COMPRESSION zstd"
    _timed(lambda: connection.execute(f"COPY list TO '{target}' ({form})"))


def cold_count(folder: str, data: str) -> None:
    """Import what a command line needs, and count: the floor of a cold start."""
    import pydantic
    import typer

    assert pydantic and typer
    query = Path(folder, "count.sql").read_text(encoding="utf-8")
    print(_connection().execute(query).fetchall())


def tags(folder: str, data: str) -> None:
    """Say which tags can be built of the data."""
    workspace = _workspace(folder, data)
    lacking = workspace.unavailable()
    print(",".join(name for name in workspace.tags if name not in lacking))


def say_count_query(folder: str) -> None:
    """Say the SQL that counts the customers of five conditions."""
    print(count_query(Path(folder)))


def say_present() -> None:
    """Say which ways can run here."""
    from benchmarks.ways import present

    print(*present())


def say_digest(*files: str) -> None:
    """Say the digest of a table in files."""
    from benchmarks.digest import of_files

    print(of_files([Path(file) for file in files]))


def say_digest_of_snapshot(folder: str) -> None:
    """Say the digest of the customers' tags in the snapshot that stands."""
    from benchmarks.equality import snapshot_files

    say_digest(*(str(file) for file in snapshot_files(Path(folder))))


def write_data(folder: str, customers: str, usage_days: str = "90", only_bills: str = "") -> None:
    """Write the data of so many customers."""
    from benchmarks.data import write

    write(Path(folder), int(customers), usage_days=int(usage_days), only_bills=bool(only_bills))
    print("written")


TASKS: dict[str, Callable[..., None]] = {
    "count_raw": count_raw, "count_c360": count_c360, "sizes": sizes, "overlap": overlap, "single_queries": single_queries,
    "deliver": deliver, "deliver_plain": deliver_plain, "cold_count": cold_count,
    "tags": tags, "count_query": say_count_query, "present": say_present, "digest": say_digest,
    "digest_of_snapshot": say_digest_of_snapshot, "write": write_data,
}  # fmt: skip


def count_query(folder: Path) -> str:
    """Return the SQL that counts the customers of five conditions over the files of the snapshot in *folder*."""
    from benchmarks.equality import families

    homes = [files for columns, files in families(folder) if set(columns) & set(NEEDED)]
    relations = [f"read_parquet({[str(file) for file in files]}) AS part_{number}" for number, files in enumerate(homes)]
    return (
        f"SELECT count(*) FROM {relations[0]} {' '.join(f'JOIN {r} USING (customer_id)' for r in relations[1:])} WHERE {RAW_RULE}"
    )


def _timed(what: Callable[[], object], warm: Callable[[], object] = lambda: None) -> None:
    warm()
    start = time.process_time()
    what()
    print(f"cpu={time.process_time() - start:.6f}")


def _workspace(folder: str, data: str) -> Any:
    from c360.workspace import Workspace

    return Workspace(Path(folder), data_folder=Path(data), threads=2)


def _connection() -> Any:
    import duckdb

    connection = duckdb.connect(":memory:", config={"threads": 2})
    connection.execute("SET async_threads = 0; SET enable_progress_bar = false")
    return connection


def _listened(engine: Any) -> list[str]:
    """Return the list in which every query that the engine is asked from now on will stand."""
    asked: list[str] = []
    for name in ("record", "records", "rows"):
        ask = getattr(engine, name)

        def heard(sql: str, *given: Any, _ask: Any = ask) -> Any:
            asked.append(sql)
            return _ask(sql, *given)

        setattr(engine, name, heard)
    return asked


def _frame(table: str) -> Any:
    import polars

    return polars.read_parquet(table, columns=list(LIST)).sort("customer_id").head(LIST_ROWS)


def _form() -> Any:
    """Return what a workbook says of itself: the least that the writer takes."""
    from datetime import date

    from c360.datatypes import BOOLEAN, DATE, INTEGER, MONEY, RATE, TEXT, VOLUME, key_of
    from c360.deliver.account import ColumnAccount, Form, ListAccount, Subject
    from c360.deliver.waterfall import Stage, Waterfall

    types = (key_of("customer"), TEXT, TEXT, TEXT, MONEY, RATE, VOLUME, VOLUME, INTEGER, DATE, BOOLEAN, TEXT)
    columns = tuple(ColumnAccount(name, name, type, name) for name, type in zip(LIST, types, strict=True))
    stages = Waterfall((Stage("written", "written", "rows", LIST_ROWS, 0, 0, LIST_ROWS),))
    subject = Subject("everybody", "Everybody", "all customers", "0a1b2c3d")
    return Form(ListAccount("en", subject, date(2026, 10, 31), "cafe0123", LIST_ROWS, stages, columns))
