"""Columns of a contract as authors write them: types to annotate with, and what a column says at a past date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from c360.datatypes import BOOLEAN, DATE, INTEGER, MONEY, MONTH, NUMBER, TEXT, VOLUME, DataType, category
from c360.errors import DefinitionError, UnknownName

Boolean, Integer, Number, Money, Volume, Text, Date, Month = BOOLEAN, INTEGER, NUMBER, MONEY, VOLUME, TEXT, DATE, MONTH
SENSITIVITIES = ("public", "internal", "personal", "sensitive")

# What levels outside a category's order are called where an author does not say.
OUTSIDE_ZH = {"unknown": "未知", "missing": "缺失", "mixed": "混合", "none": "无"}


class Category:
    """``Category["a", "b"]``: a text column with known levels."""

    def __class_getitem__(cls, levels: str | tuple[str, ...]) -> DataType:
        return category(*((levels,) if isinstance(levels, str) else levels))


class Ordered:
    """``Ordered["low", "high"]``: levels from low to high, which compare."""

    def __class_getitem__(cls, levels: str | tuple[str, ...]) -> DataType:
        return category(*((levels,) if isinstance(levels, str) else levels), ordered=True)


@dataclass(frozen=True)
class KeyTo:
    """A key column's annotation: which entity's row it names."""

    target: Any


class Key:
    """``Key[Line]``: a column that names one row of an entity."""

    def __class_getitem__(cls, target: Any) -> KeyTo:
        return KeyTo(target)


@dataclass(frozen=True)
class Options:
    """What an author says of a column besides its type."""

    role: str
    by: str = ""
    min: float | None = None
    max: float | None = None
    unit: str = ""
    sensitivity: str = ""
    parent: bool = True
    zh: str = ""
    levels_zh: Mapping[str, str] | None = None


def column(**options: Any) -> Options:
    """Describe a column of facts: ``min= max= unit= sensitivity= zh=``, and ``parent=False`` for a key that is no owner.

    *levels_zh* names a category's levels in Chinese: ``levels_zh={"person": "个人"}``.
    """
    return Options("value", **options)


def event(**options: Any) -> Options:
    """Mark the date of a fact's row; rows after D are never seen."""
    return Options("event", **options)


def since(**options: Any) -> Options:
    """Mark the date from which an entity's row is there."""
    return Options("since", **options)


def fixed(**options: Any) -> Options:
    """Mark a column that does not change while its row is there."""
    return Options("fixed", **options)


def current(**options: Any) -> Options:
    """Mark a column without history: as it is today, refused for a past D."""
    return Options("current", **options)


def planned(**options: Any) -> Options:
    """Mark a date that may lie in the future, such as a contract's end."""
    return Options("planned", **options)


def later(*, by: str, **options: Any) -> Options:
    """Mark a column that is null while the date column *by* is null or after D."""
    return Options("later", by=by, **options)


def level_names(type: DataType, names: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """Return *names* of a category's levels, or of a list's items, as pairs.

    Raises DefinitionError for another type, UnknownName for what is no level.
    """
    if not names:
        return ()
    if type.kind == "list":
        return tuple(names.items())
    if type.kind != "category":
        raise DefinitionError(f"levels_zh names the levels of a category or the items of a list; found {type}", hint="leave it out")
    for level in names:
        if level not in type.all_levels:
            raise UnknownName.among("level", level, type.all_levels)
    usual = {level: said for level, said in OUTSIDE_ZH.items() if level in type.outside}
    return tuple({**usual, **names}.items())
