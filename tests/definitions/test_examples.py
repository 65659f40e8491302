"""Every definition of the reference catalogue says what it is, and its example comes out on every engine."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agreement import on_duckdb, on_reference, shown
from c360.catalog import Catalog, assemble, findings, load, run_examples
from c360.datatypes import BOOLEAN
from c360.engines.duckdb import DuckDBEngine
from c360.errors import DefinitionError
from c360.expr.nodes import Node, SegmentRef
from c360.language.definitions import Definition
from c360.language.example import Row
from project import ROOT

LOADED = load(ROOT)
CATALOG: Catalog = assemble(LOADED.schema, LOADED.definitions, {})
DEFINITIONS = [pytest.param(definition, id=name) for name, definition in CATALOG.definitions.items()]


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_definition_says_what_it_is(definition: Definition) -> None:
    assert definition.title and definition.zh and definition.owner and definition.source
    assert re.search(r"[\u4e00-\u9fff]", definition.zh)
    assert bool(definition.unit) == definition.type.is_number
    assert definition.example is not None and definition.example.expected


@pytest.mark.thorough
@pytest.mark.parametrize("definition", DEFINITIONS)
def test_example_comes_out_on_both_engines(definition: Definition, duckdb_engine: DuckDBEngine) -> None:
    assert definition.example is not None
    # An entity without a table is made of the keys of its facts, which only the owner of the definition may be here.
    no_rows: dict[str, list[Row]] = {s: [] for s in CATALOG.schema.sources if s != definition.entity}
    tables = no_rows | definition.example.rows(CATALOG.schema)
    day = definition.example.date_of(tables, CATALOG.schema)
    value: Node = definition.node
    if definition.kind == "segment":
        value = SegmentRef(BOOLEAN, definition.name, definition.entity)
    request: Any = (CATALOG.schema, tables, {"value": value}, definition.entity, day, CATALOG.definitions)
    reference = on_reference(*request)["value"]
    assert shown(on_duckdb(duckdb_engine, *request)["value"]) == shown(reference)
    assert set(dict(definition.example.expected)) == set(reference), "the example says what every row gives"


@pytest.mark.thorough
def test_examples_give_what_they_say() -> None:
    results = run_examples(CATALOG)
    assert [failure for result in results for failure in result.failures] == []
    assert len(results) == len(CATALOG.definitions)


@pytest.mark.thorough
@pytest.mark.parametrize("way", [-1, 1])
@pytest.mark.parametrize("name", CATALOG.parameters)
def test_a_moved_cut_is_noticed_by_an_example(name: str, way: int) -> None:
    parameter = CATALOG.parameters[name]
    value = moved(parameter.default, way)
    if isinstance(value, int) and value < 1:
        return  # a window of no day, a count of nothing
    try:
        catalog = assemble(LOADED.schema, LOADED.definitions, {name: value})
    except DefinitionError:
        assert isinstance(value, str), "only a text can be no level of what it is compared with"
        return
    # All examples of the catalogue for every parameter take an hour; those that can notice it are enough.
    touched = {*parameter.used_by, *(user for used in parameter.used_by for user in catalog.dependents(used))}
    examples = {n: d if n in touched else replace(d, example=None) for n, d in catalog.definitions.items()}
    assert not all(result.ok for result in run_examples(replace(catalog, definitions=examples)))


def moved(default: object, way: int) -> int | float | Decimal | date | str:
    """Return a parameter's value one step *way*: a whole number by one, another by a tenth, a day by one; a text changes."""
    match default:
        case int():
            return default + way
        case float():
            return default * (1 + way / 10)
        case Decimal():
            return default * (10 + way) / 10
        case date():
            return default + timedelta(days=way)
        case str():
            return default + "x" * (way + 2)
    raise AssertionError(type(default))


def test_nothing_is_found_in_the_catalogue() -> None:
    assert findings(CATALOG) == []


def test_parameters_of_the_workspace_file_are_those_of_the_catalogue() -> None:
    text = (ROOT / "c360.toml").read_text(encoding="utf-8")
    listed = [line.removeprefix("# ") for line in text.splitlines() if re.match(r"# (\[params|[a-z0-9_]+ = )", line)]
    params = tomllib.loads("\n".join(listed))["params"]
    defaults = {f"{area}.{name}": value for area, values in params.items() for name, value in values.items()}
    assert defaults == {name: parameter.default for name, parameter in CATALOG.parameters.items()}
    sources = [line.rpartition("# ")[2] for line in listed if not line.startswith("[")]
    assert dict(zip(defaults, sources, strict=True)) == {n: p.source for n, p in CATALOG.parameters.items()}
