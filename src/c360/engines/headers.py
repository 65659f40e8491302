"""Parquet files, a table or a query in, their column names and types out; reads no values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlglot import exp

from c360.bindings.csv_files import Header
from c360.bindings.settings import SourceBinding
from c360.engines.duckdb import DuckDBEngine
from c360.errors import DamagedFile, InternalError, SourceError
from c360.sql.relations import given_query, of_catalog, parquet
from c360.sql.render import to_text


def headers_of(
    engine: DuckDBEngine, binding: SourceBinding, files: Sequence[Path], data_folder: Path, catalog: str
) -> tuple[Header, ...]:
    """Return the header of each of the Parquet *files*; of a table or a query, in the database *catalog*, its one header.

    The files of a query are found from *data_folder* on.
    """
    if binding.kind == "parquet":
        return _of_one(engine, files[0]) if len(files) == 1 else _of_many(engine, files)
    where = "c360.toml, a sql binding" if binding.sql is not None else "c360.toml, a table binding"
    query = exp.select("*")
    if binding.sql is not None:
        query = query.from_(given_query(binding.sql, where, data_folder, catalog).subquery("given"))
    else:
        query = query.from_(of_catalog(exp.to_table(binding.table or ""), catalog))
    try:
        return (engine.describe(to_text(query), where),)
    except InternalError as error:
        raise SourceError(error.message, hint="mend the binding", where=where) from None


def damaged(file: Path) -> DamagedFile:
    """Return the error for a file that cannot be read as Parquet."""
    told = f"{file.name} ({file.stat().st_size:,} bytes) is damaged, or no Parquet file"
    return DamagedFile(told, hint="write or fetch it again", where=file.name)


def _of_one(engine: DuckDBEngine, file: Path) -> tuple[Header, ...]:
    relation = parquet([str(file.resolve())], SourceBinding(path=str(file)))
    try:
        return (engine.describe(to_text(exp.select("*").from_(relation)), file.name),)
    except DamagedFile:
        raise damaged(file) from None


def _of_many(engine: DuckDBEngine, files: Sequence[Path]) -> tuple[Header, ...]:
    """Return the header of each file, from one question about all of their last bytes."""
    texts = [exp.Literal.string(str(file.resolve())) for file in files]
    asked = exp.Anonymous(this="parquet_schema", expressions=[exp.Array(expressions=texts)])
    columns = [exp.column(name) for name in ("file_name", "name", "num_children", "duckdb_type")]
    query = to_text(exp.select(*columns).from_(exp.Table(this=asked)))
    try:
        rows = engine.rows(query, "the files of a pattern")
    except DamagedFile:
        for file in files:
            _of_one(engine, file)
        raise
    found: dict[str, list[tuple[Any, ...]]] = {}
    for path, *row in rows:
        found.setdefault(path, []).append(tuple(row))
    return tuple(tuple(_top_level(found[str(file.resolve())])) for file in files)


def _top_level(rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
    """Yield the columns of a file; its root comes first, and what lies inside a column comes behind it."""
    inside = 0
    for name, children, type_ in rows[1:]:
        if inside == 0:
            yield name, type_ or "STRUCT"
        inside = max(inside - 1, 0) + (children or 0)
