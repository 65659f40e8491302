"""Paths of stored files in, the tree that reads exactly them out; knows no snapshot."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp


def stored_files(paths: Sequence[str], alias: str = "") -> exp.Table:
    """Return the reader of exactly these Parquet files; a folder above them that is called ``a=b`` is no column."""
    texts = exp.Array(expressions=[exp.Literal.string(path) for path in paths])
    plain = exp.EQ(this=exp.to_identifier("hive_partitioning"), expression=exp.false())
    reader = exp.Table(this=exp.Anonymous(this="read_parquet", expressions=[texts, plain]))
    if alias:
        reader.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return reader
