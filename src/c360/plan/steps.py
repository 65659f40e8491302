"""A plan as data: the steps in the order they run, and what they read; knows no SQL and no binding."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from c360.expr.nodes import Aggregate, Followed, Node, Rank, Shifted


@dataclass(frozen=True)
class Named:
    """A node and the column that holds its value."""

    alias: str
    node: Node


@dataclass(frozen=True)
class Link:
    """A key followed, or a row's own past: each row joined to the one row of *relation* whose *key* is the value of *via*.

    *day* is the date that relation speaks of.
    """

    relation: str
    alias: str
    via: Node
    key: str
    follows: tuple[Followed | Shifted, ...]
    day: date


@dataclass(frozen=True)
class ReadSource:
    """The columns of a source that the request needs, in contract names and types."""

    name: str
    source: str
    columns: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True)
class Spine:
    """The rows of an entity that are there at *day*: of its table, or the distinct keys other sources name."""

    name: str
    entity: str
    day: date
    columns: tuple[Named, ...]
    table: str
    keys_from: tuple[tuple[str, str], ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Rows:
    """The rows a pass goes over: their owner's key, their date and each row expression once."""

    relation: str
    source: str
    day: date
    owner: Node
    date_column: str
    date_node: Node | None
    first: date | None
    last: date | None
    values: tuple[Named, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Measure:
    """One aggregate and the window it counts in."""

    alias: str
    node: Aggregate
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Pass:
    """One reading of a source's rows: every aggregate that can be made together, one row an owner."""

    name: str
    entity: str
    rows: Rows
    measures: tuple[Measure, ...]
    reason: str


@dataclass(frozen=True)
class Pick:
    """One value taken from each owner's first or last row."""

    name: str
    entity: str
    rows: Rows
    measure: Measure
    reason: str


@dataclass(frozen=True)
class Join:
    """The spine with one row an entity: passes, attributes and followed keys joined to it."""

    name: str
    entity: str
    day: date
    spine: str
    columns: tuple[Named, ...]
    passes: tuple[Pass | Pick, ...]
    attributes: tuple[tuple[str, tuple[Named, ...]], ...]
    links: tuple[Link, ...]
    reason: str = ""


@dataclass(frozen=True)
class Place:
    """A population of (key, value) pairs and each one's rank in it; narrow, joined back by the layer that offers it."""

    name: str
    alias: str
    entity: str
    relation: str
    day: date
    node: Rank
    reason: str = "a window over (key, value) only, joined back"


@dataclass(frozen=True)
class Layer:
    """Definitions that need only what came before: one column each, and the ranks that are ready."""

    name: str
    relation: str
    day: date
    columns: tuple[Named, ...]
    reason: str = ""
    entity: str = ""
    places: tuple[Place, ...] = ()


Step = ReadSource | Spine | Pass | Pick | Join | Place | Layer


@dataclass(frozen=True)
class Need:
    """What a request reads of one source: the days its windows span, for the coverage check."""

    source: str
    first: date | None
    last: date


@dataclass(frozen=True)
class Plan:
    """Everything a request does, in order; *relation* holds the outputs.

    *leaves* says for each relation which column holds which node; definitions are columns by their own name.
    """

    entity: str
    day: date
    steps: tuple[Step, ...]
    relation: str
    outputs: tuple[Named, ...]
    leaves: dict[str, dict[Node, str]] = field(repr=False, default_factory=dict)
    needs: tuple[Need, ...] = ()
    current_columns: tuple[tuple[str, str, date], ...] = ()
    tags: tuple[str, ...] = ()
    outcomes: tuple[Shifted, ...] = ()

    @property
    def last_day(self) -> date:
        """The last date that any row is asked for: D, or the end of an outcome."""
        return max((step.day for step in self.steps if isinstance(step, Spine)), default=self.day)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources the request reads, in order of first use."""
        return tuple(step.source for step in self.steps if isinstance(step, ReadSource))

    def columns(self, source: str) -> tuple[str, ...]:
        """The columns the request reads of *source*."""
        return next((s.columns for s in self.steps if isinstance(s, ReadSource) and s.source == source), ())
