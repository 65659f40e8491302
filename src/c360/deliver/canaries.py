"""A list and the company's own customers in, the list with one of them out, so that a leak can be traced; reads one CSV file.

The row stands where a keyed hash puts it, looks like its neighbour in every column that the file does not give, and is
nobody's: it is counted apart, and it is no contact.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from c360.errors import BadValues, KeyFault, MissingColumn, MissingSource, Refused

if TYPE_CHECKING:
    import polars

    from c360.records.secret import Secret

RECIPIENT = "recipient"


def read_canaries(path: Path, key_name: str) -> polars.DataFrame:
    """Return the rows of a canary file, all of them text: ``recipient``, the key, and columns as the list calls them.

    One row a recipient. Raises MissingSource, MissingColumn or KeyFault.
    """
    import polars as pl

    try:
        rows = pl.read_csv(path, infer_schema=False, null_values=[""], encoding="utf8")
    except OSError:
        raise MissingSource(
            "the file of canaries is not there", hint="[policy] canaries in c360.toml names it", where=str(path)
        ) from None
    except pl.exceptions.PolarsError:
        raise BadValues("the file of canaries is no CSV in UTF-8", hint=f"write recipient,{key_name},…", where=str(path)) from None
    rows = rows.rename({name: name.removeprefix("\ufeff").strip() for name in rows.columns})
    for name in (RECIPIENT, key_name):
        if name not in rows.columns:
            raise MissingColumn(
                f"the file of canaries has no column '{name}'", hint=f"write recipient,{key_name},…", where=str(path)
            )
        if rows[name].null_count() or rows[name].n_unique() < rows.height:
            told = f"the file of canaries has '{name}' empty or twice"
            raise KeyFault(told, hint="give each recipient one customer of its own", where=str(path))
    return rows


def with_canary(
    frame: polars.DataFrame, rows: polars.DataFrame, recipient: str, secret: Secret, personal: Collection[str] = ()
) -> polars.DataFrame:
    """Return *frame*, its key first, with the canary of *recipient* from *rows* (as `read_canaries` gives them) in it.

    The place is decided by the keyed hash of recipient and list, so the same list has it at the same place. Columns that the
    file lacks take the neighbour's value, so the canary cannot be told by its gaps; those in *personal* must be in the file,
    for a customer's own values are never copied. A list of nobody stays empty.

    Raises Refused where the recipient has no canary, or the list holds it already as a customer; MissingColumn and BadValues
    where the file does not fit the list.
    """
    import polars as pl

    if frame.is_empty():
        return frame
    key = frame.columns[0]
    mine = rows.filter(pl.col(RECIPIENT) == recipient)
    if mine.is_empty():
        told = "lists leave with a canary, and the file of canaries has none for this recipient"
        raise Refused(told, hint="name a --recipient that it knows, or add a row for the new one", where="[policy] canaries")
    lacking = [name for name in frame.columns if name in personal and name not in rows.columns]
    if lacking:
        told = f"the file of canaries has no column {', '.join(lacking)}"
        raise MissingColumn(told, hint="the list holds it, and no customer's own is copied", where="[policy] canaries")
    known = mine[key][0]
    if frame.select((pl.col(key).cast(pl.String) == known).any()).item():
        told = "the canary of this recipient is on the list as a customer"
        raise Refused(
            told, hint="keep the company's own customers out: name a file of their keys in never_lists", where="[policy] canaries"
        )
    place = int(secret.hash(f"canary:{recipient}:{_digest(frame, key)}")[:12], 16) % (frame.height + 1)
    look = frame.slice(min(place, frame.height - 1), 1)
    given = {name: _cast(mine[name], frame.schema[name], name) for name in frame.columns if name in mine.columns}
    canary = look.with_columns(**given)
    return pl.concat([frame.head(place), canary, frame.slice(place)])


def _digest(frame: polars.DataFrame, key: str) -> str:
    import hashlib

    return hashlib.sha256("\n".join(map(str, frame[key].to_list())).encode()).hexdigest()


def _cast(values: polars.Series, kind: polars.DataType, name: str) -> polars.Series:
    import polars as pl

    if kind == pl.List:
        return values.str.split("|").cast(kind).alias(name)
    if kind == pl.Boolean:
        found = values.str.to_lowercase().replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
    else:
        found = values.str.to_date("%Y-%m-%d", strict=False) if kind == pl.Date else values.cast(kind, strict=False)
    if found.null_count() > values.null_count():
        told = f"the file of canaries: column '{name}' is not a {kind}"
        raise BadValues(
            told, hint="write it as the list has it; dates as 2026-01-31, yes/no as true or false", where="[policy] canaries"
        )
    return found.alias(name)
