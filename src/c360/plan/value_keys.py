"""Definitions, a day and the states of sources in, a key for each definition's values out: same key, same value of every row.

A row that is there under two equal keys has the same value under both, whatever the days. The key covers what the definition means,
the rows that its windows can reach in the files as they are now, how their columns are read, and other rows of an entity where a
rank or a followed key asks for them. A window is clipped to the days a file holds: a day that passes without rows changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from c360.bindings.fingerprints import KNOWN_ON, FilePart, SourceState, Span
from c360.catalog import Catalog
from c360.expr.canonical import digest
from c360.expr.dates import Moment
from c360.expr.schema import FACTS, Schema
from c360.plan.dependence import Dependence, Others, Read, Today, Uses

VERSION = 1
SHORT = 8
DEFINITION, DAY = "definition", "day"
ALL, NONE = "all", "none"


@dataclass(frozen=True)
class ValueKey:
    """What tells the values of a definition on one day from those on another.

    *text* is what to keep: the key, then one short part for the definition, the day and each source, so that `why` can say what
    is new. *is_known* is false where a table or a query is read, of which nothing tells whether it is the same. *is_local* says
    that the value of a row asks for no other row of its entity: rows may be added to a family without the others.

    *row* is the key without what tables say of the row itself and of the rows it owns, such as its lines: under the same *row* the
    value is the same as before unless one of these rows, as the reads *tracked* see them, is another one.
    """

    text: str
    is_known: bool
    is_local: bool
    sources: tuple[str, ...]
    row: str = ""
    tracked: frozenset[Read] = frozenset()

    def same_as(self, text: str) -> bool:
        """Whether values kept under *text* are these values."""
        return self.is_known and self.text == text


@dataclass(frozen=True)
class _Found:
    """The key of one definition at one moment, and what lies behind it."""

    key: str
    parts: frozenset[tuple[str, str]]
    others: frozenset[str]
    is_known: bool
    row: str
    tracked: frozenset[Read]


def value_keys(
    names: Iterable[str], catalog: Catalog, tables: frozenset[str], day: date, state: Callable[[str], SourceState]
) -> dict[str, ValueKey]:
    """Return the key of each of *names* at *day*; *tables* are the bound sources, *state* gives the state of one.

    *state* is asked once for each source that is read.
    """
    keys = _Keys(catalog, tables, state)
    return {name: keys.of(name, day) for name in names}


def sources_read(names: Iterable[str], catalog: Catalog, tables: frozenset[str], day: date) -> tuple[str, ...]:
    """Return the sources that the values of *names* are read from, sorted."""
    keys = _Keys(catalog, tables, lambda name: SourceState(name, {}, "", ()))
    return tuple(sorted({source for name in names for source in keys.of(name, day).sources}))


def why(before: str, now: ValueKey, changed: Container[str] = ()) -> str:
    """Say in words why values kept under the text *before* are not those of the key *now*; empty where they are.

    *changed* are the sources whose fingerprint is another one than it was then.

    >>> why("k1 definition=a bill=r1", ValueKey("k2 definition=a bill=r2", True, True, ("bill",)))
    'other days of bill'
    """
    if now.same_as(before):
        return ""
    old, new = (dict(part.split("=", 1) for part in text.split()[1:]) for text in (before, now.text))
    if old.get(DEFINITION) != new.get(DEFINITION):
        return "changed definition"
    moved = [source for source in now.sources if old.get(source) != new[source]]
    rows = [source for source in moved if source in changed]
    days = [source for source in moved if source not in changed]
    told = [f"other rows in {', '.join(rows)}"] if rows else []
    told += [f"other days of {', '.join(days)}"] if days else []
    told += ["another day"] if not told and old.get(DAY) != new.get(DAY) else []
    return "; ".join(told) or "nothing tells whether its source is the same"


class _Keys:
    def __init__(self, catalog: Catalog, tables: frozenset[str], state: Callable[[str], SourceState]) -> None:
        self._catalog, self._reads = catalog, ReadDigests(catalog.schema, state)
        self._dependence = Dependence(catalog.schema, catalog.definitions, tables)
        self._found: dict[Uses, _Found] = {}

    def of(self, name: str, day: date) -> ValueKey:
        entity = self._catalog.definition(name).entity
        found = self._at(Uses(name, entity, Moment(day)))
        by_source: dict[str, list[str]] = {}
        for source, part in sorted(found.parts):
            by_source.setdefault(source, []).append(part)
        days = by_source.pop(DAY, [])
        told = [f"{DEFINITION}={self._catalog.hash_of(name)[:SHORT]}"]
        told += [f"{DAY}={_short(days)}"] if days else []
        told += [f"{source}={_short(parts)}" for source, parts in by_source.items()]
        followed = found.others & {entity, *(read.source for read in found.tracked)}
        return ValueKey(
            " ".join((found.key, *told)), found.is_known, not followed, tuple(by_source), found.row, found.tracked,
        )  # fmt: skip

    def there(self, entity: str, day: date) -> tuple[Read, ...]:
        """Return what says which rows of *entity* are there."""
        return self._dependence.there(entity, day)

    def _at(self, one: Uses) -> _Found:
        if one not in self._found:
            self._found[one] = self._made(one)
        return self._found[one]

    def _made(self, one: Uses) -> _Found:
        """Put together what a definition means and, in the order of its tree, the keys of all it needs."""
        listed: list[str] = [str(VERSION), self._catalog.hash_of(one.name)]
        row, tracked = list(listed), set[Read]()
        parts: set[tuple[str, str]] = set()
        others: set[str] = set()
        is_known = True
        for need in self._dependence.of(one):
            match need:
                case Today():
                    listed.append(need.day.isoformat())
                    row.append(listed[-1])
                    parts.add((DAY, need.day.isoformat()))
                case Others():
                    others |= set() if need.own else {need.entity}
                case Uses():
                    used = self._at(need)
                    listed.append(used.key)
                    row.append(used.row if need.own else used.key)
                    tracked |= used.tracked if need.own else set()
                    parts |= used.parts
                    others |= used.others
                    is_known = is_known and used.is_known
                case Read():
                    listed.append(self._reads.of(need))
                    if self._reads.is_tracked(need):
                        row.append(self._reads.way(need))
                        tracked.add(need)
                    else:
                        row.append(listed[-1])
                    parts.add((need.source, listed[-1]))
                    is_known = is_known and self._reads.source(need.source).is_known
        return _Found(digest(listed), frozenset(parts), frozenset(others), is_known, digest(row), frozenset(tracked))


class ReadDigests:
    """What of sources can hold the rows of a read, as one number; *state* gives the state of a source, each asked for once."""

    def __init__(self, schema: Schema, state: Callable[[str], SourceState]) -> None:
        self._schema, self._state = schema, state
        self._states: dict[str, SourceState] = {}
        self._known: dict[Read, str] = {}

    def source(self, name: str) -> SourceState:
        """Return the state of a source."""
        if name not in self._states:
            self._states[name] = self._state(name)
        return self._states[name]

    def is_tracked(self, read: Read) -> bool:
        """Whether the rows of *read* are told apart one by one: rows of tables that the row itself owns, or is."""
        return read.own and self._schema.source(read.source).kind != FACTS and not self.source(read.source).is_late

    def way(self, read: Read) -> str:
        """Return how the rows of *read* are read, whatever is in them and whatever the day."""
        state = self.source(read.source)
        columns = [[name, state.columns.get(name, "")] for name in sorted(read.columns)]
        return digest([read.source, columns, state.rows, read.dated, read.undated, read.says])

    def of(self, read: Read) -> str:
        """Return the digest of the files within reach, the days at which they are cut and how their columns are read."""
        if read not in self._known:
            state = self.source(read.source)
            spec = self._schema.source(read.source)
            waited = sorted({spec.column(name).by for name in read.columns if spec.column(name).role == "later"})
            waited += [KNOWN_ON] if state.is_late else []
            files = sorted(digest(seen) for part in state.files if (seen := _seen(part, read, waited)) is not None)
            columns = [[name, state.columns.get(name, "")] for name in sorted(read.columns)]
            self._known[read] = digest([read.source, columns, state.rows, read.dated, files])
        return self._known[read]


def _seen(part: FilePart, read: Read, waited: list[str]) -> list[Any] | None:
    """Return what of a file can hold rows of a read: its identity and the days at which it is cut; None for nothing."""
    span = part.days.get(read.dated) if read.dated else None
    first, last = read.first, read.last
    outside = span is not None and ((first is not None and first > span.last) or (last is not None and last < span.first))
    if span is not None and outside and not (read.undated and span.has_unknown):
        return None
    if span is not None:
        first = None if first is None or first <= span.first else first
        last = None if last is None or last >= span.last else last
    known = [_clipped(part.days.get(name), read.day) for name in waited]
    return [part.identity, *(None if day is None else day.isoformat() for day in (first, last)), known]


def _clipped(span: Span | None, day: date) -> str:
    """Return how far a column's dates are known on *day*: all, none, or up to that day."""
    if span is None:
        return day.isoformat()
    return ALL if span.last <= day else NONE if span.first > day else day.isoformat()


def _short(parts: list[str]) -> str:
    return digest(parts)[:SHORT]
