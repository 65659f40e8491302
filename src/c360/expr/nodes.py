"""The tree: few node kinds, frozen plain data; knows no author sugar, no SQL and no file.

Every node carries its type. Its grain (whose row it speaks of) is computed by `grain.py`:

    Literal, Param, AsOf      no grain: fits everywhere
    Column                    a row of its source
    Call                      the grain its arguments share
    Aggregate                 up: many rows of a source become one value of an entity
    Followed                  along a key: the value of the one row the key names
    Shifted                   its value's: the same row at an earlier date
    Rank                      its value's: an entity's row among others
    TagRef, SegmentRef        a row of the definition's entity
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from c360.datatypes import BOOLEAN, DATE, DataType

Option = tuple[str, object]
STRETCH = "stretch"


@dataclass(frozen=True, slots=True)
class Node:
    """One expression; *type* is the type of its value."""

    type: DataType


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant, held as the plain Python value of its type."""

    value: object


@dataclass(frozen=True, slots=True)
class Param(Node):
    """A named parameter; the catalogue puts a literal in its place before anything is hashed or planned."""

    name: str
    default: object
    source: str


@dataclass(frozen=True, slots=True)
class AsOf(Node):
    """The as-of date D."""


@dataclass(frozen=True, slots=True)
class Column(Node):
    """A contract column of one source."""

    source: str
    name: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    """An operator on arguments of one grain."""

    op: str
    args: tuple[Node, ...]
    options: tuple[Option, ...] = ()

    def option(self, name: str) -> object:
        """Return the value of one option."""
        return dict(self.options)[name]


@dataclass(frozen=True, slots=True)
class Window:
    """The last *count* days, or complete months, that end at D, or where *before* starts.

    The unit ``stretch`` is that of outcomes, and counts nothing: the days after the original D up to the date looked at.
    """

    unit: str
    count: Node
    before: Window | None = None


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """Rows of *source* (those of *window* where *where* holds) brought up to one value of *entity*.

    *entity* is empty until the definition that holds the aggregate says whose value it is. *by* is a second value of the same
    rows: what a top list weighs by, the month a slope runs over.
    """

    op: str
    source: str
    value: Node | None
    where: Node | None
    window: Window | None
    entity: str = ""
    by: Node | None = None
    options: tuple[Option, ...] = ()

    def option(self, name: str) -> object:
        """Return the value of one option."""
        return dict(self.options)[name]


@dataclass(frozen=True, slots=True)
class Followed(Node):
    """*value*, of the one row that the key *via* names; null where there is no such row."""

    via: Node
    value: Node


@dataclass(frozen=True, slots=True)
class Shifted(Node):
    """*value* as it was *months* and *days* before D; null for a row that was not there yet.

    Negative counts look forward from D: an outcome, which only evaluation may ask for. A count may be a parameter.
    """

    value: Node
    months: int | Node
    days: int | Node

    @property
    def counts(self) -> tuple[int, int]:
        """Months and days as plain numbers; a parameter that is not resolved yet speaks by its default."""
        months, days = (part.default if isinstance(part, Param) else part for part in (self.months, self.days))
        assert isinstance(months, int) and isinstance(days, int)
        return months, days

    @property
    def is_outcome(self) -> bool:
        """Whether the value lies after D."""
        return min(self.counts) < 0


@dataclass(frozen=True, slots=True)
class Rank(Node):
    """The place of *value* among the rows of a population: the segment *among*, or all rows of the entity.

    *within* splits the population into groups. The population is that of the date the rank speaks of, never a request's filter.
    """

    op: str
    value: Node
    among: SegmentRef | None = None
    within: Node | None = None
    options: tuple[Option, ...] = ()

    def option(self, name: str) -> object:
        """Return the value of one option."""
        return dict(self.options)[name]


@dataclass(frozen=True, slots=True)
class TagRef(Node):
    """The value of another tag of *entity*."""

    name: str
    entity: str


@dataclass(frozen=True, slots=True)
class SegmentRef(Node):
    """Whether the row is a member of a segment, or (*outside*) of its universe and not a member; never unknown."""

    name: str
    entity: str
    outside: bool = False


AS_OF = AsOf(DATE)
TRUE = Literal(BOOLEAN, True)


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes that *node* is made of, in order."""
    match node:
        case Call():
            yield from node.args
        case Aggregate():
            for part in (node.value, node.where, node.by):
                if part is not None:
                    yield part
            yield from _window_parts(node.window)
            yield from _option_parts(node.options)
        case Followed():
            yield node.via
            yield node.value
        case Shifted():
            yield node.value
            yield from (part for part in (node.months, node.days) if isinstance(part, Node))
        case Rank():
            yield from (part for part in (node.value, node.among, node.within) if part is not None)
            yield from _option_parts(node.options)


def walk(node: Node) -> Iterator[Node]:
    """Yield *node* and everything below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def rebuild(node: Node, change: object) -> Node:
    """Return *node* with ``change(child)`` in the place of every child."""
    assert callable(change)
    match node:
        case Call():
            return replace(node, args=tuple(change(arg) for arg in node.args))
        case Aggregate():
            return replace(
                node,
                value=None if node.value is None else change(node.value),
                where=None if node.where is None else change(node.where),
                window=_rebuild_window(node.window, change),
                by=None if node.by is None else change(node.by),
                options=_rebuild_options(node.options, change),
            )
        case Followed():
            return replace(node, via=change(node.via), value=change(node.value))
        case Shifted():
            (_, months), (_, days) = _rebuild_options((("months", node.months), ("days", node.days)), change)
            assert isinstance(months, (int, Node)) and isinstance(days, (int, Node))
            return replace(node, value=change(node.value), months=months, days=days)
        case Rank():
            within = None if node.within is None else change(node.within)
            return replace(node, value=change(node.value), within=within, options=_rebuild_options(node.options, change))
    return node


def field_names(node: Node) -> tuple[str, ...]:
    """Return the names of a node's fields, the type first."""
    return tuple(field.name for field in fields(node))


def _window_parts(window: Window | None) -> Iterator[Node]:
    while window is not None:
        yield window.count
        window = window.before


def _option_parts(options: tuple[Option, ...]) -> Iterator[Node]:
    return (value for _, value in options if isinstance(value, Node))


def _rebuild_options(options: tuple[Option, ...], change: object) -> tuple[Option, ...]:
    """Change the parameters among options; a literal becomes the plain value that operators read."""
    assert callable(change)
    found: list[Option] = []
    for name, value in options:
        changed = change(value) if isinstance(value, Node) else value
        found.append((name, changed.value if isinstance(changed, Literal) else changed))
    return tuple(found)


def _rebuild_window(window: Window | None, change: object) -> Window | None:
    assert callable(change)
    if window is None:
        return None
    return Window(window.unit, change(window.count), _rebuild_window(window.before, change))
