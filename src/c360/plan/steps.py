"""A plan as data: the steps in the order they run, and what they read; knows no SQL and no binding."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from c360.expr.nodes import Aggregate, Followed, Node, Rank, Shifted
from c360.expr.operator import Part


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
class RowValue:
    """An expression of one row and the column that holds it; *day* where it says another thing on another date."""

    alias: str
    node: Node
    day: date | None = None


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
    values: tuple[RowValue, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True)
class PassColumn:
    """One column of a pass: of the rows of *first* to *last*, as they are known on *day*.

    It holds a *part* of the aggregates that are put together from it, like *node*; without one it holds *node* itself.
    """

    alias: str
    node: Aggregate
    first: date | None
    last: date | None
    day: date
    part: Part | None = None


@dataclass(frozen=True)
class Pass:
    """One reading of a source's rows: every column that can be made together, one row an owner."""

    name: str
    entity: str
    rows: Rows
    columns: tuple[PassColumn, ...]
    reason: str


@dataclass(frozen=True)
class Rollup:
    """The parts of a pass brought up to whoever owns its owners, one row each; rows of the source are not read again."""

    name: str
    entity: str
    of: Pass
    owner: Node
    links: tuple[Link, ...]
    columns: tuple[PassColumn, ...]
    day: date
    reason: str


@dataclass(frozen=True)
class Pick:
    """One value taken from each owner's first or last row."""

    name: str
    entity: str
    rows: Rows
    column: PassColumn
    reason: str


@dataclass(frozen=True)
class Measure:
    """An aggregate as a frame holds it: put together from columns of parts, or one column as it is."""

    alias: str
    node: Aggregate
    parts: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True)
class Taken:
    """What a frame takes of the pass, roll-up or pick called *name*."""

    name: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Join:
    """The spine with one row an entity: passes, attributes and followed keys joined to it."""

    name: str
    entity: str
    day: date
    spine: str
    columns: tuple[Named, ...]
    passes: tuple[Taken, ...]
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


Step = ReadSource | Spine | Pass | Rollup | Pick | Join | Place | Layer


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
