"""A sqlglot tree in, readable text out: the one place that prints SQL, with room for deep trees."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlglot import exp

from c360.errors import Refused
from c360.sql.names import quote_names
from c360.sql.terms import DIALECTS

RECURSION_LIMIT = 10_000
TAKE_CTES_APART = ("duckdb", "postgres")  # what knows NOT MATERIALIZED


def with_ctes(query: exp.Select, relations: Iterable[tuple[str, exp.Select]]) -> exp.Select:
    """Return *query* over *relations* as CTEs.

    What one relation names several times, it reads some days of each time: such a CTE must not be read whole and kept.
    """
    relations = list(relations)
    often = {name for _, select in relations for name, times in _named(select).items() if times > 1}
    ctes = [
        exp.CTE(this=select, alias=exp.TableAlias(this=exp.to_identifier(name)), materialized=False if name in often else None)
        for name, select in relations
    ]
    if ctes:
        query.set("with_", exp.With(expressions=ctes))
    return query


def _named(select: exp.Select) -> Counter[str]:
    """Return how often *select* reads each relation inside subqueries of its own: a key's spine may be joined twice."""
    return Counter(table.name for table in select.find_all(exp.Table) if table.parent_select is not select)


def to_text(tree: exp.Expr, dialect: str = "duckdb", head: Sequence[str] = ()) -> str:
    """Return the text of *tree* in *dialect*, under a comment head; every name is quoted where it must be."""
    with deep_recursion():
        _refuse_foreign(tree, dialect)
        for cte in tree.find_all(exp.CTE) if dialect not in TAKE_CTES_APART else ():
            cte.set("materialized", None)
        text = quote_names(tree).sql(dialect=dialect, pretty=True, identify=False, max_text_width=100, comments=False)
    return "".join(f"-- {line}\n" for line in head) + text + "\n"


def _refuse_foreign(tree: exp.Expr, dialect: str) -> None:
    """Refuse a raw SQL expression that was not written for *dialect*."""
    for part in tree.find_all(exp.Paren):
        known = part.meta.get(DIALECTS)
        if known is not None and dialect not in known:
            raise Refused(
                f"a raw SQL expression is written for {', '.join(known)}, not for {dialect}",
                hint=f"check what its SQL means there, then add '{dialect}' to its dialects=(…)",
            )


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Raise Python's recursion limit while sqlglot walks a deep tree."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
