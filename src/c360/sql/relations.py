"""A bound source in, what stands after FROM out: a table, a query, or a reader of its files; knows no contract."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import sqlglot
from sqlglot import exp

from c360.bindings.csv_files import Header
from c360.bindings.files import is_pattern
from c360.bindings.resolve import BoundSource
from c360.bindings.settings import SourceBinding
from c360.errors import SourceError
from c360.sql.render import deep_recursion

FILE_ENDINGS = {".csv", ".tsv", ".parquet", ".json", ".jsonl", ".ndjson"}
READERS = ("readcsv", "readparquet", "readjson", "readndjson", "readtext", "parquetscan", "glob")
PATHS_TOLD = 3  # of more files than these, readable SQL names their pattern


def relation_of(source: BoundSource, folder: Path | None = None) -> exp.Expr:
    """Return what is read.

    Without *folder* it is exactly the files the source was found to have. With it, for people to read and to run from
    there: paths relative to *folder*, and the binding's pattern instead of many files.
    """
    binding = source.binding
    if binding.table is not None:
        return of_catalog(exp.to_table(binding.table), source.catalog)
    if binding.sql is not None:
        given = given_query(binding.sql, f"[sources.{source.spec.name}] sql", source.folder, source.catalog, folder)
        return exp.Subquery(this=given, alias=exp.TableAlias(this=exp.to_identifier("given")))
    if binding.kind == "parquet":
        return parquet(_paths(source, source.files, folder), binding)
    groups: dict[Header, list[Path]] = {}
    for file, header in zip(source.files, source.headers, strict=True):
        groups.setdefault(header, []).append(file)
    if len(groups) == 1:
        return csv(_paths(source, source.files, folder), source.header, binding)
    return _together(source, groups, folder)


def parquet(paths: Sequence[str], binding: SourceBinding) -> exp.Table:
    """Return the reader of Parquet files; columns are found by name."""
    return _reader("read_parquet", paths, _folder_options(binding))


def csv(paths: Sequence[str], header: Header, binding: SourceBinding) -> exp.Table:
    """Return the reader of CSV files that all have *header*, every value as text."""
    fields = [_field(name, exp.Literal.string("VARCHAR")) for name, _ in header if name not in binding.partitions]
    options: dict[str, exp.Expr] = {
        "header": exp.true(),
        "auto_detect": exp.false(),
        "delim": exp.Literal.string(binding.delimiter),
        "quote": exp.Literal.string('"'),
        "escape": exp.Literal.string('"'),
        "columns": exp.Struct(expressions=fields),
    }
    return _reader("read_csv", paths, {**options, **_folder_options(binding)})


def given_query(sql: str, where: str, data_folder: Path, catalog: str = "", folder: Path | None = None) -> exp.Query:
    """Return the one SELECT that a sql binding is; raises SourceError.

    Its tables are those of the database *catalog*; the paths of its files start in *data_folder*, as every binding's do, and
    are written in full, or relative to *folder*.
    """
    try:
        with deep_recursion():
            found = sqlglot.parse(sql, read="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError):
        found = []
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise SourceError("a sql binding is one SELECT", hint="write one query, without semicolons", where=where)
    query = found[0]
    own = {cte.alias.lower() for cte in query.find_all(exp.CTE)}
    for table in query.find_all(exp.Table):
        is_named = isinstance(table.this, exp.Identifier)
        if is_named and not table.catalog and (table.db or table.name.lower() not in own) and not _is_file(table):
            of_catalog(table, catalog)
        for path in _file_paths(table):
            _refuse_folders(table, path.name, data_folder, where)
            path.set("this", _from_data_folder(path.name, data_folder, folder))
    return query


def _is_file(table: exp.Table) -> bool:
    """Whether a table is named as a file is: FROM 'bill.csv'."""
    suffixes = {suffix.lower() for suffix in Path(table.name).suffixes[-2:]}
    return not table.db and isinstance(table.this, exp.Identifier) and table.this.quoted and bool(suffixes & FILE_ENDINGS)


def _file_paths(table: exp.Table) -> list[exp.Expr]:
    """Return the parts of a table that are paths: its name, or what a reader of files is given first."""
    if isinstance(table.this, exp.Identifier):
        return [table.this] if _is_file(table) else []
    reader = table.this
    name = reader.name if isinstance(reader, exp.Anonymous) else reader.key
    if not name.lower().replace("_", "").startswith(READERS):
        return []
    given = [part for part in (None if isinstance(reader, exp.Anonymous) else reader.this, *reader.expressions) if part][:1]
    texts = given[0].expressions if given and isinstance(given[0], exp.Array) else given
    return [text for text in texts if isinstance(text, exp.Literal) and text.is_string]


def _refuse_folders(table: exp.Table, path: str, data_folder: Path, where: str) -> None:
    """Refuse a path from a data folder below one called ``a=b``: the engine would take that for a column, over the file's own."""
    above = next((part for part in Path(os.path.abspath(data_folder)).parts if "=" in part), "")
    if not above or "://" in path or os.path.isabs(path):
        return
    if not any(part.this.name.lower() == "hive_partitioning" for part in table.this.find_all(exp.EQ)):
        raise SourceError(
            f"a folder above the data is called {above}, which the engine would read as a column of {path}",
            hint=f"write read_parquet('{path}', hive_partitioning = false), or rename the folder",
            where=where,
        )


def _from_data_folder(path: str, data_folder: Path, folder: Path | None) -> str:
    if "://" in path:
        return path
    full = os.path.abspath(data_folder / path)
    return full if folder is None else os.path.relpath(full, folder)


def of_catalog(table: exp.Table, catalog: str) -> exp.Table:
    """Return *table*, in the database *catalog* unless it names another."""
    if catalog and not table.catalog:
        table.set("db", table.args.get("db") or exp.to_identifier("main"))
        table.set("catalog", exp.to_identifier(catalog))
    return table


def _together(source: BoundSource, groups: dict[Header, list[Path]], folder: Path | None) -> exp.Subquery:
    """Return CSV files of different headers as one relation of the columns that all have, by name."""
    shared = [name for name, _ in source.header if all(name in dict(header) for header in groups)]
    columns = [exp.column(exp.to_identifier(name, quoted=False)) for name in shared]
    parts = [
        exp.select(*(column.copy() for column in columns)).from_(csv(_paths(source, files, folder), header, source.binding))
        for header, files in groups.items()
    ]
    union: exp.Query = parts[0]
    for part in parts[1:]:
        union = exp.union(union, part, distinct=False)
    return exp.Subquery(this=union, alias=exp.TableAlias(this=exp.to_identifier("files")))


def _paths(source: BoundSource, files: Sequence[Path], folder: Path | None) -> list[str]:
    if folder is None:
        return [os.path.abspath(source.reads(file)) for file in files]  # not resolved: a link's folders may be columns
    pattern = source.binding.path or ""
    if len(files) > PATHS_TOLD and len(files) == len(source.files) and is_pattern(pattern):
        return [os.path.relpath(source.folder / pattern, folder)]
    return [os.path.relpath(file, folder) for file in files]


def _reader(name: str, paths: Sequence[str], options: dict[str, exp.Expr]) -> exp.Table:
    texts = [exp.Literal.string(path) for path in paths]
    first: exp.Expr = texts[0] if len(texts) == 1 else exp.Array(expressions=texts)
    named = [exp.EQ(this=exp.to_identifier(option), expression=value) for option, value in options.items()]
    return exp.Table(this=exp.Anonymous(this=name, expressions=[first, *named]))


def _folder_options(binding: SourceBinding) -> dict[str, exp.Expr]:
    """Return the options that read folder names as columns: as text, like all that is not typed by its file.

    Without partitions no folder is a column; the engine by itself takes each ``a=b`` above a file for one, even over its own.
    """
    if not binding.partitions:
        return {"hive_partitioning": exp.false()}
    types = [_field(name, exp.Literal.string("VARCHAR")) for name in binding.partitions]
    return {"hive_partitioning": exp.true(), "hive_types": exp.Struct(expressions=types)}


def _field(name: str, value: exp.Expr) -> exp.PropertyEQ:
    return exp.PropertyEQ(this=exp.Literal.string(name), expression=value)
