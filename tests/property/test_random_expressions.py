"""Random expressions on random tables: the reference and DuckDB give the same values of the same types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from agreement import check_agreement
from hypothesis import strategies as st
from strategies import bound, expressions
from tables import DAY, Tables, tables
from world import DEFINITIONS, SCHEMA

from c360.datatypes import BOOLEAN
from c360.engines.duckdb import DuckDBEngine
from c360.expr.canonical import NODE_KINDS
from c360.expr.nodes import Node, SegmentRef, TagRef, walk
from c360.expr.operator import AGGREGATES, OPERATORS
from c360.language.definitions import Definition

BATCH = 10
ENTITIES = ("customer", "customer", "customer", "line", "plan", "agent")


@dataclass(frozen=True)
class Case:
    """Expressions about one entity on one set of tables."""

    day: date
    entity: str
    nodes: dict[str, Node]
    rows: Tables


@st.composite
def cases(draw: Callable[..., Any]) -> Case:
    """Return a batch, so that one query answers many expressions."""
    day, entity = draw(DAY), draw(st.sampled_from(ENTITIES))
    some = [bound(draw(expressions(entity)), entity) for _ in range(BATCH)]
    return Case(day, entity, {f"e{i}": node for i, node in enumerate(some)}, draw(tables(day)))


def test_reference_and_duckdb_agree_on_random_expressions(
    duckdb_engine: DuckDBEngine, for_all: Callable[..., None]
) -> None:
    def check(case: Case) -> None:
        check_agreement(duckdb_engine, SCHEMA, case.rows, case.nodes, case.entity, case.day, DEFINITIONS)

    for_all(check, cases(), 20)
