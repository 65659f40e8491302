"""Keys held against the rows they name: orphans and disagreeing paths as counts; never a key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from c360.engines.duckdb import DuckDBEngine
from c360.engines.sources import Sources
from c360.expr.schema import Schema
from c360.plan.steps import ReadSource
from c360.sql.render import to_text

LAST_DAY = date(9999, 12, 31)


@dataclass(frozen=True)
class KeyFinding:
    """Rows of *source* whose *column* names no row of *target*, or another one than a second path leads to."""

    source: str
    column: str
    target: str
    kind: str
    count: int

    @property
    def message(self) -> str:
        """Say what was found."""
        if self.kind == "orphan":
            return (
                f"{self.count:,} rows of {self.source} name a {self.target} that is not there ({self.column}); "
                "nothing of it is known for them"
            )
        return (
            f"{self.count:,} rows of {self.source} name another {self.target} than their {self.column} does; "
            f"their own {self.target} counts"
        )


def key_findings(sources: Sources, schema: Schema, engine: DuckDBEngine) -> list[KeyFinding]:
    """Return orphans and disagreeing paths of all bound sources whose files can be read."""
    found = []
    for name, column, target, kind, query in _questions(sources, schema):
        count = engine.rows(to_text(query), f"source {name}")[0][0]
        if count:
            found.append(KeyFinding(name, column, target, kind, count))
    return found


def _questions(sources: Sources, schema: Schema) -> Iterator[tuple[str, str, str, str, exp.Select]]:
    readable = {s.name for s in sources.statuses() if s.state in {"ok", "partial"}}
    for name in sorted(readable):
        there = sources.get(name).columns
        parents = {entity: column for entity, column in schema.source(name).parents.items() if column in there}
        for entity, column in parents.items():
            if entity not in readable:
                continue
            yield name, column, entity, "orphan", _orphans(sources, name, column, entity)
            for other, key in parents.items():
                second = schema.source(entity).parents.get(other)
                if other != entity and second is not None and second in sources.get(entity).columns:
                    yield name, column, other, "path", _disagreeing(sources, name, column, key, entity, second)


def _read(sources: Sources, name: str, *columns: str) -> exp.Subquery:
    return sources.reader(LAST_DAY)(ReadSource(name, name, tuple(dict.fromkeys(columns)))).subquery(f"{name}_rows")


def _orphans(sources: Sources, name: str, column: str, entity: str) -> exp.Select:
    key, target = exp.column(column, table=f"{name}_rows"), exp.column(entity, table=f"{entity}_named")
    named = sources.reader(LAST_DAY)(ReadSource(entity, entity, (entity,))).subquery(f"{entity}_named")
    return (
        exp.select(exp.Count(this=exp.Star()))
        .from_(_read(sources, name, column))
        .join(named, on=exp.EQ(this=target, expression=key), join_type="LEFT")
        .where(exp.Not(this=exp.Is(this=key.copy(), expression=exp.Null())))
        .where(exp.Is(this=target.copy(), expression=exp.Null()))
    )


def _disagreeing(sources: Sources, name: str, column: str, key: str, entity: str, second: str) -> exp.Select:
    """Count rows whose own key differs from the one reached through *column*; rows without either agree."""
    named = sources.reader(LAST_DAY)(ReadSource(entity, entity, (entity, second))).subquery(f"{entity}_named")
    step = exp.EQ(this=exp.column(entity, table=f"{entity}_named"), expression=exp.column(column, table=f"{name}_rows"))
    differs = exp.NEQ(this=exp.column(key, table=f"{name}_rows"), expression=exp.column(second, table=f"{entity}_named"))
    return exp.select(exp.Count(this=exp.Star())).from_(_read(sources, name, column, key)).join(named, on=step).where(differs)
