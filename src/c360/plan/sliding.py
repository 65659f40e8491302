"""A pass and what was kept of it on an earlier day in, the steps that go on from there out; knows no file and no SQL.

A window that moves by a day gains the rows of one day and loses those of another. Counts and sums add the one and take off the
other; the least and greatest only where no row that left may have held them. That holds where the rows that were read then are the
same now: their files tell.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from c360.expr.canonical import digest, plain
from c360.expr.nodes import Column, Node, walk
from c360.expr.schema import FACTS, Schema
from c360.operators.aggregates import ROWS
from c360.plan.dependence import Read
from c360.plan.grouping import says_another_thing
from c360.plan.steps import Lost, Pass, PassColumn, ReadKept, Rows, Slid, SlidColumn, Step, Strategy

VERSION = 1
ONE_DAY = timedelta(days=1)
TAIL = timedelta(days=7)  # a longer one is computed anew less often, and leaves more days to read again
FEWEST_TIMES = 3  # how many times the days that came and went must go into the days of the windows
MOST_EDGES = 16
EVER = 3650
EXTREMES = ("min", "max")


@dataclass(frozen=True)
class KeptColumn:
    """One column kept of a pass: what it *says* of which days, and the digest of the rows it was made from."""

    name: str
    says: str
    first: date | None
    last: date
    rows: str


@dataclass(frozen=True)
class KeptPass:
    """The columns that an earlier build kept of a pass over *source* by *entity*; *state* leads to their files."""

    state: str
    source: str
    entity: str
    columns: tuple[KeptColumn, ...]


@dataclass(frozen=True)
class _Choice:
    """Where a column comes from: what was *kept*, as it is or over the days that came and went; nothing: computed anew."""

    column: PassColumn
    says: str
    kept: KeptColumn | None = None
    enters: tuple[date, date] | None = None
    leaves: tuple[date, date] | None = None
    since: date | None = None
    known: str = ""
    tail: KeptColumn | None = None

    @property
    def edges(self) -> list[tuple[date, date]]:
        return [edge for edge in (self.enters, self.leaves) if edge is not None]


class Slider:
    """Says what to keep of passes, and goes on from what was kept.

    *rows* gives the digest of the files that a read can reach, *is_filled* whether a column of a source is never null. *late* are
    the sources whose rows became known on a day of their own.
    """

    def __init__(
        self, schema: Schema, rows: Callable[[Read], str], is_filled: Callable[[str, str], bool], late: Container[str]
    ) -> None:
        self._schema, self._rows, self._is_filled, self._late = schema, rows, is_filled, late

    def to_keep(self, step: Pass, kept: Iterable[KeptPass] = ()) -> Pass | None:
        """Return *step* with what it needs to be gone on from: a count for each sum, a tail for each least or greatest.

        A tail is the least or greatest of the later days of a window: where that of all days has left, only the days before the
        tail are read again. It goes on from a tail that was *kept* until its window begins there. None where nothing is worth it.
        """
        spec = self._schema.source(step.rows.source)
        is_plain = not step.rows.links and step.rows.source not in self._late and isinstance(step.rows.owner, Column)
        if spec.kind != FACTS or spec.is_monthly or step.rows.date_node is None or not is_plain:
            return None
        if not any(self._is_kept(step, column) for column in step.columns):
            return None
        counted = replace(step, columns=tuple(self._with_counts(step)))
        known = [one for one in kept if (one.source, one.entity) == (step.rows.source, step.entity)]
        return replace(counted, columns=(*counted.columns, *self._tails(counted, known)))

    def kept(self, step: Pass) -> tuple[KeptColumn, ...]:
        """Return what is kept of a step that `to_keep` returned."""
        columns = [column for column in step.columns if self._is_kept(step, column)]
        return tuple(
            KeptColumn(column.alias, _says(step, column), column.first, _last(column), self._rows(_read(step, column)))
            for column in columns
        )

    def go_on(self, step: Pass, kept: Iterable[KeptPass]) -> tuple[Step, ...]:
        """Return the steps that make the table of *step* from what was kept; none where it is better computed anew."""
        known = [one for one in kept if (one.source, one.entity) == (step.rows.source, step.entity)]
        offers = [(one, self._choices(step, one)) for one in known]
        offers = [(one, choices) for one, choices in offers if _is_worth_it(choices)]
        if not offers:
            return ()
        best, choices = min(offers, key=lambda offer: (_anew(offer[1]), sum(len(choice.edges) for choice in offer[1])))
        return _steps(step, best, choices)

    # What is kept.

    def _is_kept(self, step: Pass, column: PassColumn) -> bool:
        spec = self._schema.source(step.rows.source)
        return column.part is not None and not any(says_another_thing(node, spec) for node in _nodes(column))

    def _with_counts(self, step: Pass) -> Iterator[PassColumn]:
        there = {_what(step, column) for column in step.columns}
        for column in step.columns:
            yield column
            count = self._count_for(step, column)
            if count is not None and _what(step, count) not in there:
                there.add(_what(step, count))
                yield count

    def _count_for(self, step: Pass, column: PassColumn) -> PassColumn | None:
        """Return the count that says by 0 that a sum is null: of the rows, where the value is never null, else of known values."""
        part, node = column.part, column.node
        if part is None or part.known is None or column.first is None or not self._is_kept(step, column):
            return None
        value = node.value
        if isinstance(value, Column) and self._is_filled(value.source, value.name):
            counted = replace(node, op="count", value=None, by=None, options=())
            return replace(column, alias=f"rows_for_{column.alias}", node=counted, part=ROWS)
        return replace(column, alias=f"known_for_{column.alias}", node=replace(node, op="count_known", by=None), part=part.known)

    def _tails(self, step: Pass, kept: Iterable[KeptPass]) -> Iterator[PassColumn]:
        starts: dict[str, list[date]] = {}
        for one in (column for state in kept for column in state.columns if column.first is not None):
            starts.setdefault(one.says, []).append(one.first or one.last)
        for column in step.columns:
            if not self._is_kept(step, column) or not _has_tail(step, column):
                continue
            assert column.first is not None
            after = [day for day in starts.get(_says(step, column), []) if column.first < day <= column.first + TAIL]
            yield replace(column, alias=f"tail_of_{column.alias}", first=min(after, default=column.first + TAIL))

    # Going on.

    def _choices(self, step: Pass, kept: KeptPass) -> list[_Choice]:
        by_meaning: dict[str, list[KeptColumn]] = {}
        for one in kept.columns:
            by_meaning.setdefault(one.says, []).append(one)
        return self._with_their_counts(step, [self._choice(step, column, by_meaning) for column in step.columns])

    def _choice(self, step: Pass, column: PassColumn, kept: dict[str, list[KeptColumn]]) -> _Choice:
        if not self._is_kept(step, column):
            return _Choice(column, "")
        says, now = _says(step, column), self._rows(_read(step, column))
        for one in kept.get(says, []):
            if one.rows == now:
                return _Choice(column, says, one)
        found = [
            self._slid(step, column, says, one)
            for one in kept.get(says, [])
            if _reaches(one, column) and one.rows == self._rows(_read(step, replace(column, first=one.first, last=one.last)))
        ]
        best = min(found, key=lambda choice: sum(map(_length, choice.edges)), default=_Choice(column, says))
        return replace(best, tail=self._tail(step, best, kept.get(says, []))) if best.leaves is not None else best

    def _tail(self, step: Pass, choice: _Choice, kept: Iterable[KeptColumn]) -> KeptColumn | None:
        """Return what was kept of the later days of a window whose least or greatest may have left."""
        column, part = choice.column, choice.column.part
        if choice.kept is None or part is None or part.combine not in EXTREMES or column.first is None:
            return None
        found = [
            one
            for one in kept
            if one.first is not None and one.first > column.first and one.last == choice.kept.last
            if one.rows == self._rows(_read(step, replace(column, first=one.first, last=one.last)))
        ]
        return min(found, key=lambda one: one.first or one.last, default=None)

    def _slid(self, step: Pass, column: PassColumn, says: str, kept: KeptColumn) -> _Choice:
        last = _last(column)
        enters = (kept.last + ONE_DAY, last) if kept.last < last else None
        leaves = None
        if kept.first is not None and column.first is not None and kept.first < column.first:
            leaves = (kept.first, column.first - ONE_DAY)
        assert column.part is not None
        if leaves is not None and column.part.combine == "max" and column.node.value == step.rows.date_node:
            return _Choice(column, says, kept, enters, None, column.first)  # a last day lies in the window, or none does
        return _Choice(column, says, kept, enters, leaves)

    def _with_their_counts(self, step: Pass, choices: list[_Choice]) -> list[_Choice]:
        """Compute sums anew that lose rows and whose counts are not gone on from."""
        known = {_what(step, choice.column): choice.column.alias for choice in choices if choice.kept is not None}
        found = []
        for choice in choices:
            count = self._count_for(step, choice.column) if choice.leaves is not None else None
            if count is None:
                found.append(choice)
            elif _what(step, count) in known:
                found.append(replace(choice, known=known[_what(step, count)]))
            else:
                found.append(_Choice(choice.column, choice.says))
        return found


def _reaches(kept: KeptColumn, column: PassColumn) -> bool:
    """Whether a window has moved on from where it was kept, and still holds a part of it."""
    if (kept.first is None) != (column.first is None) or kept.last > _last(column):
        return False
    return kept.first is None or column.first is None or kept.first <= column.first <= kept.last + ONE_DAY


def _is_worth_it(choices: Sequence[_Choice]) -> bool:
    if _anew(choices) * 2 > len(choices):
        return False
    edges = _segments(choices)
    windows = [(choice.column.first, _last(choice.column)) for choice in choices if choice.edges]
    days = max((EVER if first is None else _length((first, last)) for first, last in windows), default=0)
    return len(edges) <= MOST_EDGES and sum(map(_length, edges)) * FEWEST_TIMES <= days


def _anew(choices: Sequence[_Choice]) -> int:
    return sum(choice.kept is None for choice in choices)


def _segments(choices: Iterable[_Choice]) -> list[tuple[date, date]]:
    """Return the days that came and went, cut so that each stretch is one for every column."""
    edges = {edge for choice in choices for edge in choice.edges}
    cuts = sorted({edge[0] for edge in edges} | {edge[1] + ONE_DAY for edge in edges})
    stretches = [(start, end - ONE_DAY) for start, end in zip(cuts, cuts[1:], strict=False)]
    return [one for one in stretches if any(edge[0] <= one[0] and one[1] <= edge[1] for edge in edges)]


def _steps(step: Pass, kept: KeptPass, choices: list[_Choice]) -> tuple[Step, ...]:
    segments = _segments(choices)
    edges = {segment: _edge(step, segment, choices) for segment in segments}
    anew = [choice.column for choice in choices if choice.kept is None]
    passes = [one for one in edges.values() if one.columns]
    if anew:
        whole = _narrowed(step, f"{step.name}_anew", anew, f"{len(anew)} columns that nothing was kept of")
        passes.append(replace(whole, strategy=step.strategy))
    columns = tuple(_slid_column(step, choice, edges) for choice in choices)
    mending = _mending(step, choices)
    names = dict.fromkeys(one.name for choice in choices for one in (choice.kept, choice.tail) if one is not None)
    read = ReadKept(f"{step.name}_kept", step.entity, kept.state, tuple(names))
    moved = sum(bool(choice.edges) for choice in choices)
    told = f"{len(names)} columns kept, {moved} of them moved on by {sum(map(_length, segments))} days"
    slid = Slid(step.name, step.entity, step.rows.owner, read.name, tuple(one.name for one in passes), columns, told)
    if not any(column.is_guarded for column in columns):
        return (read, *passes, slid)
    slid = replace(slid, lost=f"{step.name}_lost", mending=tuple(one.name for one in mending))
    again = [replace(one, rows=replace(one.rows, only=slid.lost)) for one in mending]
    return (read, *passes, Lost(slid.lost, step.entity, slid), *again, slid)


def _mending(step: Pass, choices: Sequence[_Choice]) -> list[Pass]:
    """Return the passes over the days in which a least or greatest that may have left is looked for again, one a stretch."""
    wanted: dict[tuple[date | None, date], list[PassColumn]] = {}
    for choice in choices:
        days = _to_mend(choice)
        if days is not None:
            wanted.setdefault(days, []).append(replace(choice.column, first=days[0], last=days[1]))
    told = "least and greatest values that may have left"
    return [_narrowed(step, _mending_name(step, days), columns, told) for days, columns in wanted.items()]


def _to_mend(choice: _Choice) -> tuple[date, date] | None:
    """Return the days that are read again: those before the tail; None where the tail is all, or nothing may have left."""
    column = choice.column
    if choice.leaves is None or column.part is None or column.part.combine not in EXTREMES or column.first is None:
        return None
    last = _last(column) if choice.tail is None or choice.tail.first is None else choice.tail.first - ONE_DAY
    return (column.first, last) if column.first <= last else None


def _mending_name(step: Pass, days: tuple[date | None, date]) -> str:
    return f"{step.name}_mending_{days[0]:%Y_%m_%d}_{days[1]:%Y_%m_%d}"


def _edge(step: Pass, segment: tuple[date, date], choices: Iterable[_Choice]) -> Pass:
    """Return the pass over one stretch of days: each different thing that came or went there once."""
    wanted = {c.says: c.column for c in choices if any(edge[0] <= segment[0] and segment[1] <= edge[1] for edge in c.edges)}
    columns = [replace(column, first=segment[0], last=segment[1]) for column in wanted.values()]
    reason = "came or went" if segment[0] == segment[1] else f"to {segment[1]} came or went"
    return _narrowed(step, f"{step.name}_{segment[0]:%Y_%m_%d}", columns, f"{segment[0]} {reason}")


def _slid_column(step: Pass, choice: _Choice, edges: dict[tuple[date, date], Pass]) -> SlidColumn:
    column = choice.column
    if choice.kept is None:
        return SlidColumn(column.alias, column.part, column.node, anew=f"{step.name}_anew")
    sides = []
    for edge in (choice.enters, choice.leaves):
        within = [(one, made) for one, made in edges.items() if edge is not None and edge[0] <= one[0] and one[1] <= edge[1]]
        sides.append(tuple((made.name, _alias_of(step, made, choice.says)) for _, made in within))
    days, tail = _to_mend(choice), "" if choice.tail is None else choice.tail.name
    return SlidColumn(
        column.alias, column.part, column.node, choice.kept.name, sides[0], sides[1], choice.known, choice.since, tail,
        "" if days is None else _mending_name(step, days),
    )  # fmt: skip


def _alias_of(step: Pass, made: Pass, says: str) -> str:
    return next(column.alias for column in made.columns if _says(step, column) == says)


def _narrowed(step: Pass, name: str, columns: Sequence[PassColumn], reason: str) -> Pass:
    """Return a pass over fewer columns, and the rows and row expressions that they need."""
    nodes = {node for column in columns for node in _nodes(column)}
    firsts = [column.first for column in columns]
    rows: Rows = replace(
        step.rows,
        values=tuple(value for value in step.rows.values if value.node in nodes),
        first=None if None in firsts else min((day for day in firsts if day is not None), default=None),
        last=max((_last(column) for column in columns), default=step.rows.last),
    )
    return replace(step, name=name, rows=rows, columns=tuple(columns), reason=reason, strategy=Strategy("case"))


def _has_tail(step: Pass, column: PassColumn) -> bool:
    """Whether a column is a least or greatest of a window long enough; a last day needs no looking again."""
    part = column.part
    if part is None or part.combine not in EXTREMES or column.first is None:
        return False
    is_last_day = part.combine == "max" and column.node.value == step.rows.date_node
    return not is_last_day and _length((column.first, _last(column))) >= 3 * TAIL.days


def _nodes(column: PassColumn) -> list[Node]:
    return [node for node in (column.node.value, column.node.where, column.node.by) if node is not None]


def _read(step: Pass, column: PassColumn) -> Read:
    """Return the rows that a column is made from."""
    assert isinstance(step.rows.owner, Column) and isinstance(step.rows.date_node, Column)
    nodes = (*_nodes(column), step.rows.owner, step.rows.date_node)
    columns = frozenset(part.name for node in nodes for part in walk(node) if isinstance(part, Column))
    return Read(step.rows.source, columns, _last(column), step.rows.date_node.name, column.first, column.last)


def _says(step: Pass, column: PassColumn) -> str:
    """Return what a column says of any day: its part and what it is a part of, of whose rows."""
    part, node = column.part, column.node
    assert part is not None
    value = None if part == ROWS else node.value
    return digest([VERSION, step.rows.source, plain(step.rows.owner), part.name, part.combine, plain(value), plain(node.where)])


def _what(step: Pass, column: PassColumn) -> str:
    """Return what a column says of the days of its window."""
    said = _says(step, column) if column.part is not None else column.alias
    return digest([said, plain(column.first), plain(column.last)])


def _last(column: PassColumn) -> date:
    assert column.last is not None, "dated facts are read up to a day"
    return column.last


def _length(edge: tuple[date, date]) -> int:
    return (edge[1] - edge[0]).days + 1
