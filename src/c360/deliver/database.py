"""A list and its account in, a DuckDB file with both as tables out; readable by DuckDB from 1.2 on."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from c360.deliver.about import facts_of
from c360.deliver.account import Form, ListAccount
from c360.deliver.own_process import run_in_own_process
from c360.quoting import files, quoted, text

if TYPE_CHECKING:
    import polars

STORAGE = "v1.2.0"  # of DuckDB 2 no older one opens the files
# These pick what they learn from by chance, so that no two files would be alike.
BY_CHANCE = "fsst,dict_fsst"
ABOUT, FUNNEL, COLUMNS, NAMELESS = "about", "about_funnel", "about_columns", "list"


def write_duckdb(frame: polars.DataFrame, file: BinaryIO, form: Form) -> int:
    """Write a database: the list as a table of its name, what it is in `about`, `about_funnel` and `about_columns`.

    Rows without an account are the table `list`. Every value stays what it is, so no cell is changed; a database never runs a text.
    """
    account = form.account
    made = {NAMELESS: frame}
    if account is not None:
        made = {_name_of(account): frame, ABOUT: _facts(account), FUNNEL: _funnel(account), COLUMNS: _columns(account)}
    with tempfile.TemporaryDirectory(prefix="list-", dir=form.scratch) as name:
        folder = Path(name)
        path = folder / "list.duckdb"
        statements = [
            f"SET disabled_compression_methods = {text(BY_CHANCE)}",
            f"ATTACH {text(str(path))} AS list (STORAGE_VERSION {text(STORAGE)})",
        ]
        for number, (table, rows) in enumerate(made.items()):
            held = folder / f"{number}.parquet"
            rows.write_parquet(held, compression="lz4")
            statements.append(f"CREATE TABLE list.{quoted(table)} AS SELECT * FROM {files([str(held)])}")
        run_in_own_process([*statements, "DETACH list"])
        with path.open("rb") as whole:
            shutil.copyfileobj(whole, file)
    return 0


def _name_of(account: ListAccount) -> str:
    """Return the name of the list's table: its campaign's, else its segment's; an underscore behind one that is taken."""
    campaign = "" if account.aim is None else account.aim.campaign
    name = campaign or account.subject.segment
    return f"{name}_" if name.lower() in (ABOUT, FUNNEL, COLUMNS) else name


def _facts(account: ListAccount) -> polars.DataFrame:
    return _table({"fact": str, "value": str}, [(label, str(value)) for label, value in facts_of(account)])


def _funnel(account: ListAccount) -> polars.DataFrame:
    head = {
        "stage": int, "name": str, "kind": str, "condition": str, "entered": int, "removed": int, "unknown": int, "left": int,
    }  # fmt: skip
    stages = account.waterfall.stages
    rows = [(n, s.name, s.kind, s.words, s.entered, s.removed, s.unknown, s.left) for n, s in enumerate(stages, 1)]
    return _table(head, rows)


def _columns(account: ListAccount) -> polars.DataFrame:
    head = {"name": str, "title": str, "meaning": str, "type": str, "unit": str, "class": str, "is_masked": bool}
    rows = [(c.name, c.title, c.words, c.type.kind, c.unit, c.sensitivity, c.is_masked) for c in account.columns]
    return _table(head, rows)


def _table(head: dict[str, Any], rows: list[tuple[Any, ...]]) -> polars.DataFrame:
    import polars as pl

    return pl.DataFrame(rows, schema=head, orient="row")
