"""Names, texts and paths in, the SQL text that stands for exactly them out; knows no tree and no engine."""

from __future__ import annotations

from collections.abc import Sequence


def quoted(name: str) -> str:
    """Return *name* as an SQL identifier.

    >>> quoted('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return *value* as an SQL text.

    >>> text("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def files(paths: Sequence[str]) -> str:
    """Return the reader of exactly these Parquet files; a folder above them that is called ``a=b`` is no column.

    >>> files(["keys.parquet"])
    "read_parquet(['keys.parquet'], hive_partitioning = false)"
    """
    return f"read_parquet([{', '.join(text(path) for path in paths)}], hive_partitioning = false)"
