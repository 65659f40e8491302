"""Tags of one entity in, which of them are written together out: by what moves them, so that little is written anew; no data.

Values that no day moves, values that move when a month ends and values that move every day lie apart. Where many tags of one pace
rest on the same fact alone they have a family of their own: a late row of that fact, or a new day of it, leaves the others as they
are. The rest share one family a pace, for each costs its keys once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from c360.catalog import Catalog
from c360.expr.dates import Moment, month_end
from c360.expr.schema import FACTS, Schema
from c360.plan.dependence import Dependence, Need, Read, Today, Uses

STILL, MONTHLY, DAILY = "still", "monthly", "daily"
FEWEST = 6  # tags that are worth files of their own
PROBE = Moment(date(2000, 6, 15))  # the middle of a month: a window that ends with a month is one of months


def families(names: Iterable[str], catalog: Catalog, tables: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return the tags *names* of one entity by family, in order; a family is called by its pace, and by its fact if it has one.

    It depends on the definitions alone, not on the day and the data.
    """
    closures = _Closures(catalog, tables)
    wanted: dict[str, list[str]] = {}
    for name in names:
        needs = closures.of(Uses(name, catalog.definition(name).entity, PROBE))
        facts = sorted({need.source for need in needs if isinstance(need, Read) and _is_fact(need, catalog.schema)})
        own = f"{_pace(needs, catalog.schema)}_{facts[0]}" if len(facts) == 1 else _pace(needs, catalog.schema)
        wanted.setdefault(own, []).append(name)
    found: dict[str, list[str]] = {}
    for family, tags in wanted.items():
        found.setdefault(family if len(tags) >= FEWEST else family.partition("_")[0], []).extend(tags)
    order = {name: place for place, name in enumerate(names)}
    return {family: tuple(sorted(found[family], key=order.__getitem__)) for family in sorted(found)}


class _Closures:
    def __init__(self, catalog: Catalog, tables: frozenset[str]) -> None:
        self._dependence = Dependence(catalog.schema, catalog.definitions, tables)
        self._known: dict[Uses, frozenset[Need]] = {}

    def of(self, one: Uses) -> frozenset[Need]:
        """Return all that a definition needs, itself and through others."""
        if one not in self._known:
            needs: set[Need] = set()
            for need in self._dependence.of(one):
                needs |= self.of(need) if isinstance(need, Uses) else {need}
            self._known[one] = frozenset(needs)
        return self._known[one]


def _is_fact(need: Need, schema: Schema) -> bool:
    return isinstance(need, Read) and schema.source(need.source).kind == FACTS


def _pace(needs: Iterable[Need], schema: Schema) -> str:
    """Return when values move though no row is new: every day, when a month ends, or never."""
    pace = STILL
    for need in needs:
        if isinstance(need, Today):
            return DAILY
        if isinstance(need, Read) and need.dated and schema.source(need.source).kind == FACTS:
            if not _of_months(need, schema):
                return DAILY
            pace = MONTHLY
    return pace


def _of_months(read: Read, schema: Schema) -> bool:
    """Whether only the end of a month moves what is read: the source has a row a month, or the window is of whole months."""
    if schema.source(read.source).is_monthly:
        return True
    return read.first is not None and read.first.day == 1 and read.last is not None and read.last == month_end(read.last)
