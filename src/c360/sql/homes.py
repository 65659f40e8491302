"""The columns asked of the last table of a chain of layers in, which table of the chain holds each out; and queries over them.

Each layer adds a few columns to hundreds. Where layers are kept in tables, a column stays in the first that has it; what is asked
of the last is joined by key: every table of a chain has the same rows.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from sqlglot import exp

from c360.plan.steps import Join, Layer, Step


def homes_of(steps: Mapping[str, Step], kept: Container[str], last: str, wanted: Iterable[str]) -> dict[str, str]:
    """Return, for each column *wanted* of *last*, the first table that holds it among those *kept*; the key's is *last*."""
    chain = [last]
    while isinstance(step := steps[chain[-1]], Layer):
        chain.append(step.relation)
    step = steps[last]
    key = step.entity if isinstance(step, (Layer, Join)) else ""
    homes: dict[str, str] = {}
    made: set[str] = set()
    home = last
    for name in chain:
        home = name if name in kept else home
        step = steps[name]
        own = _made(step) if isinstance(step, Layer) else None
        for column in wanted:
            if column not in made and (own is None or column in own):
                homes[column] = last if column == key else home
                made.add(column)
    return homes


def joined(query: exp.Select, homes: Mapping[str, Mapping[str, str]], keys: Mapping[str, str]) -> exp.Select:
    """Return *query* with what it asks of a chain's last table taken from the tables that hold it; *keys* names each one's key."""
    for table in list(query.find_all(exp.Table)):
        if table.name not in homes or table.db:
            continue
        last, alias = table.name, table.alias_or_name
        elsewhere: dict[str, None] = {}
        for column in query.find_all(exp.Column):
            home = homes[last].get(column.name, last) if column.table == alias else last
            if home != last:
                column.set("table", exp.to_identifier(home))
                elsewhere[home] = None
        for home in elsewhere:
            same = exp.EQ(this=exp.column(keys[last], table=home), expression=exp.column(keys[last], table=alias))
            _select_of(table).join(exp.to_table(home), on=same, join_type="LEFT", copy=False)
    return query


def _made(step: Layer) -> set[str]:
    """Return the columns that a layer adds."""
    return {*(named.alias for named in step.columns), *(place.alias for place in step.places)}


def _select_of(table: exp.Table) -> exp.Select:
    found = table.parent_select
    assert isinstance(found, exp.Select), "what is asked of a table stands in a SELECT"
    return found
