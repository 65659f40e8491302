"""Bound facts in, how their rows lie out: read from the footers of Parquet files, no page of data; knows no plan."""

from __future__ import annotations

from datetime import date

from c360.bindings.resolve import BoundSource
from c360.engines.duckdb import DuckDBEngine
from c360.engines.sources import Sources
from c360.errors import C360Error
from c360.plan.strategies import FactShape
from c360.quoting import text

# Fewer bytes are read in one go so fast that nothing is to be won, and their SQL stays the shorter for it.
SMALL = 48_000_000
DATES = ("DATE", "TIMESTAMP")


class Shapes:
    """What the bound facts of a workspace look like; measured once for files as they are."""

    def __init__(self, sources: Sources, engine: DuckDBEngine, small: int = SMALL) -> None:
        self._sources, self._engine, self._small = sources, engine, small
        self._known: dict[tuple[object, ...], FactShape | None] = {}

    def of(self, source: str, entity: str) -> FactShape | None:
        """Return the shape of the fact *source* whose nearest key is that of *entity*; None where it is small or cannot be told."""
        facts, owners = self._found(source), self._found(entity)
        if facts is None or owners is None or sum(state.size for state in facts.states) < self._small:
            return None
        said = (source, entity, facts.states, owners.states)
        if said not in self._known:
            self._known[said] = self._measured(facts, owners)
        return self._known[said]

    def _found(self, name: str) -> BoundSource | None:
        """Return a source of Parquet files; None for any other, and for one that a request will tell of in its own words."""
        try:
            bound = self._sources.get(name) if name in self._sources.bound else None
        except C360Error:
            return None
        return bound if bound is not None and bound.binding.kind == "parquet" and bound.files else None

    def _measured(self, facts: BoundSource, owners: BoundSource) -> FactShape | None:
        dated = facts.spec.date_column
        bound = None if dated is None else facts.columns.get(dated.name)
        if bound is None or bound.binding.expression or not bound.physical_type.startswith(DATES):
            return None
        low, high = (f"TRY_CAST(stats_{end}_value AS DATE)" for end in ("min", "max"))
        rows, first, last, days = self._engine.rows(
            f"SELECT SUM(row_group_num_rows), MIN({low}), MAX({high}), "
            f"SUM(row_group_num_rows * (DATE_DIFF('day', {low}, {high}) + 1)) / SUM(row_group_num_rows) "
            f"FROM parquet_metadata({_paths(facts)}) WHERE path_in_schema = {text(bound.physical)}"
        )[0]
        keys = self._engine.rows(f"SELECT SUM(num_rows) FROM parquet_file_metadata({_paths(owners)})")[0][0]
        if not rows or not keys or not isinstance(first, date) or not isinstance(last, date) or days is None:
            return None
        return FactShape(int(rows), int(keys), first, last, float(days))


def _paths(bound: BoundSource) -> str:
    return f"[{', '.join(text(str(path.absolute())) for path in bound.files)}]"
