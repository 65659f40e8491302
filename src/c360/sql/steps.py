"""A plan's relations in; statements that keep them in tables, and queries over those, out; runs nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from c360.plan.steps import Plan, ReadSource
from c360.sql.render import to_text, with_ctes

Relations = list[tuple[str, exp.Select]]

# Fewer steps than this are one query: what most segments and lists ask for. The whole catalogue has over two hundred.
MANY_STEPS = 40


@dataclass(frozen=True)
class Kept:
    """The relations that stand in tables of the schema *folder*."""

    folder: str
    names: frozenset[str]


def kept_steps(relations: Relations, plan: Plan, folder: str) -> tuple[list[str], Kept]:
    """Return statements that make, in order, a table of each step, and what they keep.

    Rows of sources are read where they are needed. A table is dropped behind the last statement that reads it; what the
    plan's outputs are computed from stays.
    """
    sources = {step.name for step in plan.steps if isinstance(step, ReadSource)}
    kept = Kept(folder, frozenset(name for name, _ in relations if name not in sources))
    reads = {name: [table.name for table in select.find_all(exp.Table)] for name, select in relations}
    texts = {name: to_text(_located(select, kept)) for name, select in relations}
    names = [name for name, _ in relations if name in kept.names]
    statements = {}
    for name in names:
        read = dict.fromkeys(other for other in reads[name] if other in sources)
        ctes = ",\n".join(f"{_quoted(other)} AS (\n{texts[other]})" for other in read)
        head = f"WITH {ctes}\n" if ctes else ""
        statements[name] = f"CREATE TABLE {folder}.{_quoted(name)} AS\n{head}{texts[name]}"
    return _with_drops(statements, reads, kept, plan.relation), kept


def over(query: exp.Select, relations: Relations, kept: Kept | None) -> exp.Select:
    """Return *query* over the relations: as CTEs, or where they are kept from their tables."""
    return with_ctes(query, relations) if kept is None else _located(query, kept)


def _located(select: exp.Select, kept: Kept) -> exp.Select:
    for table in select.find_all(exp.Table):
        if table.name in kept.names and not table.db:
            table.set("db", exp.to_identifier(kept.folder))
    return select


def _with_drops(statements: Mapping[str, str], reads: Mapping[str, Sequence[str]], kept: Kept, last: str) -> list[str]:
    """Put a drop behind the last statement that reads a table."""
    used = {read: name for name in statements for read in reads[name] if read in kept.names}
    found = []
    for name, statement in statements.items():
        found.append(statement)
        over_now = [read for read, reader in used.items() if reader == name and read != last]
        found += [f"DROP TABLE {kept.folder}.{_quoted(read)}" for read in over_now]
    return found


def _quoted(name: str) -> str:
    return to_text(exp.to_identifier(name)).strip()
