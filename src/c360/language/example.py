"""Example rows of a definition: small text tables in, typed rows out; the checks that run them live in the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from c360.datatypes import SCALES, DataType
from c360.errors import DefinitionError, UnknownName, author_line
from c360.expr.dates import month_end
from c360.expr.schema import Schema, SourceSpec

Row = dict[str, Any]
UNDATED = date(2000, 12, 31)


@dataclass(frozen=True)
class Example:
    """Tables as text, the as-of date, and the value expected for each key."""

    tables: tuple[tuple[str, str], ...]
    as_of: date | None
    expected: tuple[tuple[str, object], ...] = ()
    where: str = ""

    def gives(self, values: dict[str, object] | None = None, /, **by_key: object) -> Example:
        """Say what comes out for each key: ``.gives(C1=40, C2=None)``, or a dict for keys that are no Python names."""
        expected = tuple({**(values or {}), **by_key}.items())
        return Example(self.tables, self.as_of, expected, self.where)

    def rows(self, schema: Schema) -> dict[str, list[Row]]:
        """Return the tables as typed rows by source name."""
        sources = {_class_like(name): name for name in schema.sources}
        found = {}
        for label, text in self.tables:
            name = sources.get(label) or sources.get(_class_like(label))
            if name is None:
                raise UnknownName.among("source", label, sources, where=self.where)
            found[name] = parse_table(text, schema.source(name), self.where)
        return found

    def date_of(self, tables: dict[str, list[Row]], schema: Schema) -> date:
        """Return the as-of date: as given, else the last date of the rows, else (nothing is dated) `UNDATED`."""
        if self.as_of is not None:
            return self.as_of
        days = []
        for name, rows in tables.items():
            dated = schema.source(name).date_column
            days += [row[dated.name] for row in rows if dated is not None and row.get(dated.name) is not None]
        return max(days, default=UNDATED)


def given(as_of: str | date | None = None, /, **tables: str) -> Example:
    """Write example rows, one small table a source: ``given(Bill="line|month|total; L1|2026-10|90")``.

    The first line names columns, a blank cell is null; lines end with ``;`` or a line break. Without *as_of* the last event
    in the rows is D; rows without any date run as of 2000-12-31.
    """
    day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    return Example(tuple(tables.items()), day, where=author_line() or "")


def parse_table(text: str, spec: SourceSpec, where: str = "") -> list[Row]:
    """Return the rows of a text table in the types of *spec*; columns it does not name are null."""
    lines = [line.strip() for line in text.replace("\n", ";").split(";") if line.strip()]
    if not lines:
        raise DefinitionError(f"the {spec.name} table of an example is empty; expected a line of columns", where=where or None)
    names = [name.strip() for name in lines[0].split("|")]
    columns = [spec.column(name) for name in names]
    rows = []
    for line in lines[1:]:
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != len(names):
            raise DefinitionError(
                f"a row of the {spec.name} table has {len(cells)} cells, its head has {len(names)}", where=where or None
            )
        row: Row = dict.fromkeys(spec.by_name)
        for column, cell in zip(columns, cells, strict=True):
            row[column.name] = parse_cell(cell, column.type, f"{spec.name}.{column.name}", where)
        rows.append(row)
    return rows


def parse_cell(cell: str, type: DataType, told: str, where: str = "") -> Any:
    """Return the value a cell of an example stands for; blank is null."""
    if cell == "":
        return None
    try:
        match type.kind:
            case "integer":
                return int(cell)
            case "number" | "rate":
                return float(cell)
            case "money" | "volume":
                return Decimal(cell).quantize(SCALES[type.kind])
            case "date":
                return date.fromisoformat(cell)
            case "month":
                return month_end(date.fromisoformat(cell if cell.count("-") == 2 else f"{cell}-01"))
            case "boolean":
                return {"T": True, "F": False}[cell]
            case "category" if cell not in type.all_levels:
                raise ValueError(cell)
    except (ValueError, KeyError, InvalidOperation):
        raise DefinitionError(f"'{cell}' is no {type} ({told})", where=where or None) from None
    return cell


def _class_like(name: str) -> str:
    return name.replace("_", "").lower()
