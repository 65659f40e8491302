"""The names that authors of definitions and callers of the library use, and nothing else; loads no engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from c360.errors import C360Error
from c360.language.definitions import Segment, Tag, segment, tag
from c360.language.example import given
from c360.language.expression import as_of, greatest, least, param
from c360.language.recipes import first_match, tiers, when
from c360.language.sources import (
    Attributes,
    Boolean,
    Category,
    Date,
    Entity,
    Facts,
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
)
from c360.language.windows import days, months

if TYPE_CHECKING:
    from pathlib import Path

    from c360.workspace import Workspace

__all__ = [
    "Attributes", "Boolean", "C360Error", "Category", "Date", "Entity", "Facts", "Integer", "Key", "Money", "Month", "Number",
    "Ordered", "Segment", "Tag", "Text", "Volume", "as_of", "column", "current", "days", "event", "first_match", "fixed",
    "given", "greatest", "later", "least", "months", "open", "param", "planned", "segment", "since", "tag", "tiers", "when",
]  # fmt: skip


def open(path: str | Path = ".") -> Workspace:  # noqa: A001 - the library's one entry, read as c360.open
    """Open the workspace at *path*, or the nearest one above it that holds a ``c360.toml``."""
    from c360.workspace import Workspace

    return Workspace.find(path)
