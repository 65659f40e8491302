"""Examples beside definitions: a catalogue in, one verdict a definition out; knows the reference engine and no data.

The rows are the author's own, so messages show values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from c360.catalog.model import Catalog
from c360.datatypes import BOOLEAN, DataType
from c360.engines.reference import ReferenceEngine
from c360.errors import C360Error, did_you_mean
from c360.expr.nodes import SegmentRef
from c360.language.definitions import Definition
from c360.language.example import Example, parse_cell


@dataclass(frozen=True)
class ExampleResult:
    """What came of one definition's example: nothing to say, or each thing that is not as expected."""

    name: str
    where: str
    failures: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything came out as expected."""
        return not self.failures


def run_examples(catalog: Catalog) -> list[ExampleResult]:
    """Run the example of every definition that has one, as of its date, and compare with what it gives."""
    return [
        _run(catalog, definition, definition.example)
        for definition in catalog.definitions.values()
        if definition.example is not None
    ]


def _run(catalog: Catalog, definition: Definition, example: Example) -> ExampleResult:
    try:
        found = _values(catalog, definition, example)
        failures = list(_failures(definition, example, found))
    except C360Error as error:
        hint = f"; {error.hint}" if error.hint else ""
        failures = [f"{definition.name}: the example does not run: {error.message}{hint}"]
    return ExampleResult(definition.name, example.where or definition.where, tuple(failures))


def _values(catalog: Catalog, definition: Definition, example: Example) -> dict[str, object]:
    """Return the value for every row of the entity in the example; of a segment whether the row is a member."""
    tables = example.rows(catalog.schema)
    engine = ReferenceEngine(catalog.schema, {name: [*rows] for name, rows in tables.items()}, catalog.definitions)
    is_segment = definition.kind == "segment"
    node = SegmentRef(BOOLEAN, definition.name, definition.entity) if is_segment else definition.node
    return engine.values(node, definition.entity, example.date_of(tables, catalog.schema))


def _failures(definition: Definition, example: Example, found: dict[str, object]) -> Iterator[str]:
    if not example.expected:
        yield f"{definition.name}: the example expects nothing; add .gives(key=value)"
    for key, value in example.expected:
        told = f"{definition.name}, {definition.entity} {key}: expected {_told(value)}"
        if str(key) not in found:
            there = ", ".join(sorted(found)) or "none"
            yield f"{told}, found no such {definition.entity} in the example's rows (there are: {there})"
        elif not _equal(value, found[str(key)], definition.type):
            yield f"{told}, found {_told(found[str(key)])}{_hint(value, definition.type)}"


def _equal(expected: object, found: object, type: DataType) -> bool:
    """Compare exactly: numbers by value whatever their Python type, dates also with their text."""
    if isinstance(expected, bool) or isinstance(found, bool) or expected is None or found is None:
        return expected is found
    if isinstance(expected, (int, float, Decimal)) and isinstance(found, (int, float, Decimal)):
        return Decimal(str(expected)) == Decimal(str(found))
    if isinstance(expected, str) and isinstance(found, date):
        return bool(parse_cell(expected, type, "expected") == found)
    return bool(expected == found)


def _hint(expected: object, type: DataType) -> str:
    if type.kind != "category" or expected in (None, *type.all_levels):
        return ""
    return f"; {expected!r} is no level, {did_you_mean(str(expected), type.all_levels)}"


def _told(value: object) -> str:
    match value:
        case None:
            return "null"
        case date():
            return value.isoformat()
        case str():
            return f"'{value}'"
    return str(value)
