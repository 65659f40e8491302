"""Relations in, the same with only the columns that later steps read out; knows no engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from c360.plan.steps import Join, Layer, Spine, Step

EVERYTHING = frozenset({"*"})


def narrowed(
    selects: Mapping[str, exp.Select], steps: Mapping[str, Step], wanted: Mapping[str, Iterable[str]]
) -> dict[str, exp.Select]:
    """Return the relations that those *wanted* rest on, spines, joins and layers without the columns that nobody reads.

    *wanted* says which columns are asked of the last ones. ``alias.*`` becomes the columns that are read.
    """
    needed: dict[str, set[str]] = {name: set(columns) for name, columns in wanted.items()}
    found: dict[str, exp.Select] = {}
    for name in reversed(list(selects)):
        if name not in needed:
            continue
        select = selects[name]
        if isinstance(steps[name], (Spine, Join, Layer)):
            _narrow(select, steps[name], needed[name])
        for table in select.find_all(exp.Table):
            needed.setdefault(table.name, set()).update(_columns_read(select, table))
        found[name] = select
    return dict(reversed(found.items()))


def _narrow(select: exp.Select, step: Step, needed: set[str]) -> None:
    """Keep the key and the columns that are *needed*."""
    if needed >= EVERYTHING:
        return
    kept: list[exp.Expr] = []
    made = {one.alias_or_name for one in select.expressions if not one.is_star}
    entity = getattr(step, "entity", "")
    for one in select.expressions:
        if one.is_star and isinstance(one, exp.Column):
            kept += [exp.column(name, table=one.table) for name in sorted(needed | {entity}) if name not in made]
        elif one.alias_or_name in needed or one.alias_or_name == entity:
            kept.append(one)
    select.set("expressions", kept)


def _columns_read(select: exp.Select, table: exp.Table) -> set[str]:
    """Return the columns that *select* reads of *table*; all of them where it does not say."""
    alias = table.alias_or_name
    found = set()
    for column in select.find_all(exp.Column):
        if column.table == alias:
            found.add("*" if column.is_star else column.name)
        elif not column.table and table.parent_select is column.parent_select:
            return set(EVERYTHING)
    return found
