"""A plan's relations in; statements that keep them in tables, and queries over those, out; runs nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from c360.plan.steps import Join, Layer, Plan, ReadSource, Rollup, Slid, Spine, Step
from c360.sql.homes import homes_of, joined
from c360.sql.needed import narrowed
from c360.sql.parts import WHOLE, Parts, part_name
from c360.sql.render import to_text, with_ctes

Relations = list[tuple[str, exp.Select]]

# Fewer steps than this are one query: what most segments and lists ask for. The whole catalogue has over two hundred.
MANY_STEPS = 40


@dataclass(frozen=True)
class Kept:
    """The relations that stand in tables of the schema *folder*.

    Of each that is asked for, *homes* says which table holds a column, and *keys* what its key is called.
    """

    folder: str
    names: frozenset[str]
    homes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Statement:
    """What makes the table of one step, in the parts of *cut*; *drops* are the relations that nothing reads after it.

    *sources* are those whose rows it reads.
    """

    name: str
    folder: str
    body: str
    cut: Parts
    reads: tuple[str, ...]
    drops: tuple[str, ...]
    sources: tuple[str, ...] = ()

    @property
    def parts(self) -> int:
        """In how many parts it is computed."""
        return self.cut.count

    def make(self, part: int = 0) -> str:
        """Return the SQL that makes the table, or the table of one part."""
        name = self.name if self.parts == 1 else self.cut.filled(part_name(self.name), part)
        return f"CREATE TABLE {self.folder}.{_quoted(name)} AS\n{self.cut.filled(self.body, part)}"

    def unite(self) -> list[str]:
        """Return the SQL that lets the tables of all parts be read as one."""
        if self.parts == 1:
            return []
        tables = [
            f"SELECT * FROM {self.folder}.{_quoted(self.cut.filled(part_name(self.name), part))}" for part in range(self.parts)
        ]
        return [f"CREATE VIEW {self.folder}.{_quoted(self.name)} AS\n" + "\nUNION ALL ".join(tables)]

    def tidy(self, parts_of: Mapping[str, int]) -> list[str]:
        """Return the SQL that drops what is not read again; *parts_of* says how many parts each relation has."""
        found = []
        for name in self.drops:
            parts = parts_of[name]
            if parts == 1:
                found.append(f"DROP TABLE {self.folder}.{_quoted(name)}")
                continue
            found.append(f"DROP VIEW {self.folder}.{_quoted(name)}")
            found += [f"DROP TABLE {self.folder}.{_quoted(Parts(parts).filled(part_name(name), part))}" for part in range(parts)]
        return found


def kept_steps(
    relations: Relations, plan: Plan, folder: str, wanted: Mapping[str, Iterable[str]], parts: Parts = WHOLE
) -> tuple[list[Statement], Kept]:
    """Return statements that make, in order, a table of each step, and what they keep; *wanted* are columns asked of the last.

    Rows of sources are read where they are needed; a layer that only the next layer reads is computed with it. A table holds
    the columns that later steps read, and is dropped behind the last one; what outputs are computed from stays where it is made.
    """
    steps = {step.name: step for step in plan.steps}
    names = frozenset(_kept(steps, _reached(_reads(dict(relations)), wanted), wanted))
    homes = {last: homes_of(steps, names, last, columns) for last, columns in wanted.items()}
    kept = Kept(folder, names, homes, {answer.relation: answer.entity for answer in plan.answers})
    held: dict[str, set[str]] = {last: set() for last in wanted}
    for columns in homes.values():
        for column, home in columns.items():
            held.setdefault(home, set()).add(column)
    selects = narrowed(dict(relations), steps, held)
    reads = _reads(selects)
    bodies = _Bodies(steps, selects, reads, kept, parts.count)
    made = [name for name, _ in relations if name in names and name in selects]
    used = {name: bodies.used(name) for name in made}
    last = {read: name for name in made for read in used[name]}
    return [
        Statement(name, folder, bodies.text(name),
                  parts if is_parted(steps[name]) else WHOLE, tuple(used[name]),
                  tuple(read for read, reader in last.items() if reader == name and read not in held), bodies.sources(name))
        for name in made
    ], kept  # fmt: skip


def _reads(selects: Mapping[str, exp.Select]) -> dict[str, list[str]]:
    return {name: list(dict.fromkeys(table.name for table in select.find_all(exp.Table))) for name, select in selects.items()}


def _reached(reads: Mapping[str, Sequence[str]], last: Iterable[str]) -> dict[str, Sequence[str]]:
    """Return what the relations *last* rest on, in order."""
    wanted, waiting = set(last), list(last)
    while waiting:
        for name in reads.get(waiting.pop(), ()):
            if name in reads and name not in wanted:
                wanted.add(name)
                waiting.append(name)
    return {name: read for name, read in reads.items() if name in wanted}


def is_parted(step: Step) -> bool:
    """Whether a step is computed one part of its owners at a time: all but rows of sources, and ranks, which need everybody."""
    return isinstance(step, (Spine, Slid, Rollup, Join, Layer)) or hasattr(step, "rows")


def over(query: exp.Select, relations: Relations, kept: Kept | None) -> exp.Select:
    """Return *query* over the relations: as CTEs, or where they are kept from their tables."""
    return with_ctes(query, relations) if kept is None else _located(joined(query, kept.homes, kept.keys), kept)


def _kept(steps: Mapping[str, Step], reads: Mapping[str, Sequence[str]], last: Container[str]) -> list[str]:
    readers: dict[str, list[str]] = {}
    for name, read in reads.items():
        for other in read:
            readers.setdefault(other, []).append(name)
    inner = {name for step in steps.values() if isinstance(step, Slid) for name in step.inner}
    found = []
    for name in reads:
        step, by = steps[name], [steps[reader] for reader in readers.get(name, ())]
        if isinstance(step, ReadSource) or name in inner:
            continue
        inline = isinstance(step, (Join, Layer)) and len(by) == 1 and isinstance(by[0], Layer) and by[0].relation == name
        if name in last or not inline:
            found.append(name)
    return found


class _Bodies:
    """The SELECT of each kept step as text, with what is not kept before it as CTEs."""

    def __init__(
        self,
        steps: Mapping[str, Step],
        selects: Mapping[str, exp.Select],
        reads: Mapping[str, Sequence[str]],
        kept: Kept,
        parts: int,
    ) -> None:
        self._steps, self._reads, self._kept, self._parts = steps, reads, kept, parts
        self._texts = {name: to_text(self._placed(steps[name], select)) for name, select in selects.items()}

    def text(self, name: str) -> str:
        """Return the query of a step."""
        ctes = ",\n".join(f"{_quoted(other)} AS {self._how(other)}(\n{self._texts[other]})" for other in self._within(name))
        return (f"WITH {ctes}\n" if ctes else "") + self._texts[name]

    def _how(self, name: str) -> str:
        # The engine would keep all rows of a source that two passes read, and then each would read all of them.
        return "NOT MATERIALIZED " if isinstance(self._steps[name], ReadSource) else ""

    def sources(self, name: str) -> tuple[str, ...]:
        """Return the sources that the query of a step reads."""
        steps = (self._steps[part] for part in self._within(name))
        return tuple(dict.fromkeys(step.source for step in steps if isinstance(step, ReadSource)))

    def used(self, name: str) -> list[str]:
        """Return the kept relations that the query of a step reads."""
        found = dict.fromkeys(read for part in (*self._within(name), name) for read in self._reads[part])
        return [read for read in found if read in self._kept.names]

    def _within(self, name: str) -> list[str]:
        """Return what the query of a step computes on its way, first things first."""
        found: dict[str, None] = {}
        for read in self._reads[name]:
            if read in self._steps and read not in self._kept.names:
                found.update(dict.fromkeys([*self._within(read), read]))
        return list(found)

    def _placed(self, step: Step, select: exp.Select) -> exp.Select:
        """Let tables be read from where they are kept; a part's own rows from the tables of that part."""
        own = _own_rows(step) if self._parts > 1 else ()
        for table in select.find_all(exp.Table):
            if table.name not in self._kept.names or table.db:
                continue
            table.set("db", exp.to_identifier(self._kept.folder))
            if table.name in own and not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
                table.set("this", exp.to_identifier(part_name(table.name)))
        return select


def _own_rows(step: Step) -> tuple[str, ...]:
    """Return the relations of which a step's part reads only the same part: those with the same key."""
    if isinstance(step, Join):
        return (step.spine, *(one.name for one in step.passes))
    return (step.relation,) if isinstance(step, Layer) else ()


def _located(select: exp.Select, kept: Kept) -> exp.Select:
    for table in select.find_all(exp.Table):
        if table.name in kept.names and not table.db:
            table.set("db", exp.to_identifier(kept.folder))
    return select


def _quoted(name: str) -> str:
    return to_text(exp.to_identifier(name)).strip()
