"""Columns and who may see them: a frame and each column's sensitivity in, a frame with personal values masked out."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import TYPE_CHECKING

from c360.errors import Refused

if TYPE_CHECKING:
    import polars

PHONE = r"^\+?[0-9][0-9 \-]{9,16}$"
BARE_PHONE = r"^\+?[0-9]{5,15}$"
CHINA = r"^86(1[0-9]{10})$"
PHONE_DIGITS = 11  # fewer, and three at the front and four at the end would be most of the number
HIDDEN = "***"


def refuse_sensitive(classes: Mapping[str, str]) -> None:
    """Refuse a list that holds a sensitive column."""
    for name, sensitivity in classes.items():
        if sensitivity == "sensitive":
            told = f"column '{name}' is sensitive and never leaves in a list"
            raise Refused(told, hint=f"leave '{name}' out of the columns")


def masked(frame: polars.DataFrame, classes: Mapping[str, str], unmasked: Container[str] = ()) -> polars.DataFrame:
    """Return *frame* with personal and sensitive columns masked, but for personal ones *unmasked*; null stays null.

    Personal: phones 138****1234, other texts their first character and a star, dates their year, other values not at
    all. A column of no known class is personal. Nothing of a sensitive value is left. Unmasked phones are digits alone.
    """
    import polars as pl

    columns = []
    for name, sensitivity in classes.items():
        if sensitivity in {"public", "internal"}:
            continue
        column, kind = pl.col(name), frame.schema[name]
        if sensitivity != "sensitive" and name in unmasked:
            shown = _dialled(column) if kind == pl.String else column
        elif sensitivity == "sensitive" or kind not in (pl.String, pl.Date):
            shown = pl.lit(HIDDEN)
        elif kind == pl.Date:
            shown = column.dt.strftime("%Y-**-**")
        else:
            shown = _masked_text(column)
        columns.append(pl.when(column.is_null()).then(None).otherwise(shown).alias(name))
    return frame.with_columns(columns) if columns else frame


def _masked_text(column: polars.Expr) -> polars.Expr:
    import polars as pl

    digits = _digits(column).str.replace(CHINA, "$1")
    is_phone = column.str.contains(PHONE) & (digits.str.len_chars() >= PHONE_DIGITS)
    phone = digits.str.slice(0, 3) + "****" + digits.str.slice(-4)
    return pl.when(is_phone).then(phone).otherwise(column.str.slice(0, 1) + "*")


def _dialled(column: polars.Expr) -> polars.Expr:
    """Return phones as diallers take them; other texts as they are."""
    import polars as pl

    digits = _digits(column)
    is_phone = column.str.contains(PHONE) & (digits.str.len_chars() >= PHONE_DIGITS)
    return pl.when(is_phone | column.str.contains(BARE_PHONE)).then(digits).otherwise(column)


def _digits(column: polars.Expr) -> polars.Expr:
    return column.str.replace_all(r"[^0-9]", "")
