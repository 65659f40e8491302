"""Columns and who may see them: a frame and each column's sensitivity in, a frame with personal values masked out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from c360.errors import Refused

if TYPE_CHECKING:
    import polars

PHONE = r"^\+?[0-9][0-9 \-]{9,16}$"
CHINA = r"^86(1[0-9]{10})$"
PHONE_DIGITS = 11  # fewer, and three at the front and four at the end would be most of the number
HIDDEN = "***"


def refuse_sensitive(classes: Mapping[str, str]) -> None:
    """Refuse a list that holds a sensitive column."""
    for name, sensitivity in classes.items():
        if sensitivity == "sensitive":
            told = f"column '{name}' is sensitive and never leaves in a list"
            raise Refused(told, hint=f"leave '{name}' out of the columns")


def masked(frame: polars.DataFrame, classes: Mapping[str, str]) -> polars.DataFrame:
    """Return *frame* with personal and sensitive columns masked; null stays null.

    Personal: phones 138****1234, other texts their first character and a star, dates their year, other values not at
    all. Nothing of a sensitive value is left.
    """
    import polars as pl

    columns = []
    for name, sensitivity in classes.items():
        if sensitivity not in {"personal", "sensitive"}:
            continue
        column, kind = pl.col(name), frame.schema[name]
        if sensitivity == "sensitive" or kind not in (pl.String, pl.Date):
            shown = pl.lit(HIDDEN)
        elif kind == pl.Date:
            shown = column.dt.strftime("%Y-**-**")
        else:
            shown = _masked_text(column)
        columns.append(pl.when(column.is_null()).then(None).otherwise(shown).alias(name))
    return frame.with_columns(columns) if columns else frame


def _masked_text(column: polars.Expr) -> polars.Expr:
    import polars as pl

    digits = column.str.replace_all(r"[^0-9]", "").str.replace(CHINA, "$1")
    is_phone = column.str.contains(PHONE) & (digits.str.len_chars() >= PHONE_DIGITS)
    phone = digits.str.slice(0, 3) + "****" + digits.str.slice(-4)
    return pl.when(is_phone).then(phone).otherwise(column.str.slice(0, 1) + "*")
