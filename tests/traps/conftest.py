"""The `agree` of traps: an expression, the values expected, tables of the telecom contracts as text; `tag_gives`, one of tags/."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from agreement import check_agreement
from c360.catalog import Catalog, assemble, load
from c360.engines.duckdb import DuckDBEngine
from c360.expr.schema import FACTS
from c360.language.example import Example, Row
from project import ROOT
from telecom import agree_on
from tiny import c360, workspace  # noqa: F401 - fixtures


@pytest.fixture
def agree(duckdb_engine: DuckDBEngine) -> Callable[..., None]:
    """Assert that every engine gives the expected values."""
    return functools.partial(agree_on, duckdb_engine)


@pytest.fixture(scope="session")
def catalogue() -> Catalog:
    """Load the reference catalogue, with its default parameters."""
    loaded = load(ROOT)
    return assemble(loaded.schema, loaded.definitions, {})


@pytest.fixture
def tag_gives(duckdb_engine: DuckDBEngine, catalogue: Catalog) -> Callable[[str, Example], None]:
    """Assert that every engine gives a tag of the reference catalogue the values of an example."""

    def check(name: str, example: Example) -> None:
        definition = catalogue.definitions[name]
        no_facts: dict[str, list[Row]] = {s.name: [] for s in catalogue.schema.sources.values() if s.kind == FACTS}
        tables = no_facts | example.rows(catalogue.schema)
        day = example.date_of(tables, catalogue.schema)
        outputs = {"value": definition.node}
        found = check_agreement(duckdb_engine, catalogue.schema, tables, outputs, definition.entity, day, catalogue.definitions)
        assert found["value"] == dict(example.expected)

    return check
