"""The names that authors of definitions and callers of the library use, and nothing else; each is imported when first asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from c360.errors import C360Error
    from c360.language.campaigns import Campaign, Offer, apart, campaign
    from c360.language.columns import (
        Boolean,
        Category,
        Date,
        Integer,
        Key,
        Money,
        Month,
        Number,
        Ordered,
        Text,
        Volume,
        column,
        current,
        event,
        fixed,
        later,
        planned,
        since,
    )  # fmt: skip
    from c360.language.definitions import Segment, Tag, segment, tag
    from c360.language.example import given
    from c360.language.expression import as_of, greatest, least, outcome, param
    from c360.language.plays import Play, play
    from c360.language.raw import sql_expr
    from c360.language.recipes import first_match, listed, tiers, when
    from c360.language.scoring import dominant, grid, ranking, scorecard
    from c360.language.sources import Attributes, Entity, Facts
    from c360.language.windows import days, months
    from c360.workspace import Workspace

HOMES = {
    "errors": ("C360Error",),
    "language.campaigns": ("Campaign", "Offer", "apart", "campaign"),
    "language.definitions": ("Segment", "Tag", "segment", "tag"),
    "language.example": ("given",),
    "language.expression": ("as_of", "greatest", "least", "outcome", "param"),
    "language.plays": ("Play", "play"),
    "language.raw": ("sql_expr",),
    "language.recipes": ("first_match", "listed", "tiers", "when"),
    "language.scoring": ("dominant", "grid", "ranking", "scorecard"),
    "language.columns": (
        "Boolean", "Category", "Date", "Integer", "Key", "Money", "Month", "Number", "Ordered", "Text", "Volume", "column",
        "current", "event", "fixed", "later", "planned", "since",
    ),
    "language.sources": ("Attributes", "Entity", "Facts"),
    "language.windows": ("days", "months"),
    "workspace": ("Workspace",),
}  # fmt: skip
_HOME_OF = {name: home for home, names in HOMES.items() for name in names}

__all__ = [
    "Attributes", "Boolean", "C360Error", "Campaign", "Category", "Date", "Entity", "Facts", "Integer", "Key", "Money",
    "Month", "Number", "Offer", "Ordered", "Play", "Segment", "Tag", "Text", "Volume", "Workspace", "apart", "as_of",
    "campaign", "column", "current", "days", "dominant", "event", "first_match", "fixed", "given", "greatest", "grid",
    "later", "least", "listed", "months", "open", "outcome", "param", "planned", "play", "ranking", "scorecard",
    "segment", "since", "sql_expr", "tag", "tiers", "when",
]  # fmt: skip


def open(path: str | Path = ".") -> Workspace:  # noqa: A001 - the library's one entry, read as c360.open
    """Open the workspace at *path*, or the nearest one above it that holds a ``c360.toml``."""
    from c360.workspace import Workspace

    return Workspace.find(path)


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'c360' has no attribute '{name}'")
    value = getattr(importlib.import_module(f"c360.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
