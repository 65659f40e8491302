"""A plan as data: the steps in the order they run, and what they read; knows no SQL and no binding."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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
    """The rows a pass goes over: their owner's key, their date and each row expression once.

    With *only*, the rows of the owners that stand in the relation of this name.
    """

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
    only: str = ""


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
class Strategy:
    """How a pass goes over its rows: ``case``, in one reading, or ``branches``, one reading for the days before each of *cuts*."""

    kind: str
    cuts: tuple[date, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Pass:
    """One reading of a source's rows: every column that can be made together, one row an owner."""

    name: str
    entity: str
    rows: Rows
    columns: tuple[PassColumn, ...]
    reason: str
    strategy: Strategy = Strategy("case")


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
class ReadKept:
    """Columns of a pass as an earlier build kept them: one row an owner; *state* says which files they lie in."""

    name: str
    entity: str
    state: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class SlidColumn:
    """How one column of a pass comes from what was *kept* of an earlier day; kept nowhere, from the relation *anew*.

    *enters* and *leaves* are (relation, column) pairs over the days that are new in the window and those that left it. A sum is
    null where the column *known* is 0. A last day is gone where it lies before *since*. A least or greatest that may have left is
    that of *mending*, which looks for it again, and of the *tail*, what was kept of the later days of the window.
    """

    alias: str
    part: Part | None
    node: Aggregate
    kept: str = ""
    enters: tuple[tuple[str, str], ...] = ()
    leaves: tuple[tuple[str, str], ...] = ()
    known: str = ""
    since: date | None = None
    tail: str = ""
    mending: str = ""
    anew: str = ""

    @property
    def is_guarded(self) -> bool:
        """Whether the least or greatest may have left the window."""
        return self.part is not None and self.part.combine in ("min", "max") and bool(self.leaves)


@dataclass(frozen=True)
class Slid:
    """A pass put together from columns kept of an earlier day and passes over the days that came and went.

    *lost* names the owners whose least or greatest values may have left, *mending* the passes that look for those again.
    """

    name: str
    entity: str
    owner: Node
    kept: str
    beside: tuple[str, ...]
    columns: tuple[SlidColumn, ...]
    reason: str
    lost: str = ""
    mending: tuple[str, ...] = ()

    @property
    def inner(self) -> tuple[str, ...]:
        """The steps that are a part of this one: nothing else reads them."""
        return (self.kept, *self.beside, *((self.lost,) if self.lost else ()), *self.mending)


@dataclass(frozen=True)
class Lost:
    """The owners of a slid pass whose least or greatest values may have left with rows that went."""

    name: str
    entity: str
    slid: Slid
    reason: str = "a least or greatest value that may have left is looked for again, for its owners only"


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


Step = ReadSource | Spine | Pass | ReadKept | Lost | Slid | Rollup | Pick | Join | Place | Layer


@dataclass(frozen=True)
class Need:
    """What a request reads of one source: the days its windows span, for the coverage check."""

    source: str
    first: date | None
    last: date


@dataclass(frozen=True)
class Answer:
    """The outputs of one more entity, and the relation that holds them."""

    entity: str
    relation: str
    outputs: tuple[Named, ...]


@dataclass(frozen=True)
class Plan:
    """Everything a request does, in order; *relation* holds the outputs, *others* those of other entities asked for with it.

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
    others: tuple[Answer, ...] = ()

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What is answered for each entity."""
        return (Answer(self.entity, self.relation, self.outputs), *self.others)

    def about(self, entity: str) -> Plan:
        """Return the same plan as one whose answer is that for *entity*."""
        chosen = next(answer for answer in self.answers if answer.entity == entity)
        rest = tuple(answer for answer in self.answers if answer.entity != entity)
        return replace(self, entity=entity, relation=chosen.relation, outputs=chosen.outputs, others=rest)

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
