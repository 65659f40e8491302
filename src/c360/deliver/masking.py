"""Columns and who may see them: a frame and each column's sensitivity in, a frame with personal values masked out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from c360.errors import Refused

if TYPE_CHECKING:
    import polars


def refuse_sensitive(classes: Mapping[str, str]) -> None:
    """Refuse a list that holds a sensitive column."""
    for name, sensitivity in classes.items():
        if sensitivity == "sensitive":
            raise Refused(
                f"column '{name}' is sensitive and never leaves in a list", hint=f"leave '{name}' out of the columns"
            )


def masked(frame: polars.DataFrame, classes: Mapping[str, str]) -> polars.DataFrame:
    """Return *frame* with personal columns masked: phones 138****1234, other texts their first character, dates their year."""
    import polars as pl

    columns = []
    for name, sensitivity in classes.items():
        if sensitivity != "personal":
            continue
        column, kind = pl.col(name), frame.schema[name]
        if kind == pl.String:
            digits = column.str.replace_all(r"[^0-9]", "")
            phone = column.str.contains(r"^\+?[0-9][0-9 \-]{5,16}$") & (digits.str.len_chars() >= 7)
            hidden = (
                pl.when(phone)
                .then(digits.str.slice(0, 3) + "****" + digits.str.slice(-4))
                .otherwise(column.str.slice(0, 1) + "**")
            )
            columns.append(pl.when(column.is_null()).then(None).otherwise(hidden).alias(name))
        elif kind == pl.Date:
            columns.append(column.dt.strftime("%Y-**-**").alias(name))
        else:
            columns.append(pl.when(column.is_null()).then(None).otherwise(pl.lit("***")).alias(name))
    return frame.with_columns(columns) if columns else frame
