"""Random expressions on random tables: the reference and DuckDB give the same values of the same types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from signatures import AGGREGATED, CALLS, RANKED
from smallest import agree_or_explain, written
from strategies import bound, random_expression, random_nodes
from tables import CHANCE, DAYS, Tables, random_tables
from world import DEFINITIONS, SCHEMA, Customer, universe

from agreement import on_duckdb
from c360 import segment, tag
from c360.datatypes import BOOLEAN
from c360.engines.duckdb import DuckDBEngine
from c360.expr.canonical import NODE_KINDS
from c360.expr.nodes import Node, SegmentRef, TagRef, walk
from c360.expr.operator import AGGREGATES, OPERATORS, RANKS
from c360.plan.strategies import FactShape

BATCH = 10
ENTITIES = ("customer", "customer", "customer", "line", "plan", "agent")
UNIVERSES = (None, "has_line", "worthy", "due")
# Parameters are constants before anything runs; only the catalogue resolves them.
NOT_RUN = {"Param"}


@dataclass(frozen=True)
class Case:
    """Expressions about one entity on one set of tables."""

    day: date
    entity: str
    nodes: dict[str, Node]
    rows: Tables


def random_case(draw: Random) -> Case:
    """Return a batch of expressions and rows."""
    day, entity = draw.choice(DAYS), draw.choice(ENTITIES)
    return Case(day, entity, random_nodes(draw, entity, BATCH), random_tables(draw, day))


def test_reference_and_duckdb_agree(duckdb_engine: DuckDBEngine, for_all: Callable[..., None]) -> None:
    def check(case: Case) -> None:
        agree_or_explain(duckdb_engine, case.nodes, case.rows, case.entity, case.day)

    for_all(check, CHANCE.map(random_case), 100)


def test_every_stretch_of_days_read_alone_changes_nothing(duckdb_engine: DuckDBEngine, for_all: Callable[..., None]) -> None:
    def dense(source: str, entity: str) -> FactShape:
        return FactShape(10**9, 1, date(1900, 1, 1), date(2100, 1, 1), 0.1)

    def check(case: Case) -> None:
        asked = (duckdb_engine, SCHEMA, case.rows, case.nodes, case.entity, case.day, DEFINITIONS)
        assert on_duckdb(*asked, shape_of=dense) == on_duckdb(*asked), [written(node) for node in case.nodes.values()]

    for_all(check, CHANCE.map(random_case), 25)


def test_a_definition_gives_what_its_expression_gives(duckdb_engine: DuckDBEngine, for_all: Callable[..., None]) -> None:
    def check(draw: Random) -> None:
        day, within = draw.choice(DAYS), draw.choice(UNIVERSES)
        rows, value, rule = random_tables(draw, day), *(random_expression(draw, "customer", t) for t in (None, BOOLEAN))
        named = tag(value, name="random_tag", entity=Customer)
        among = universe(within) if within else None
        chosen = segment(rule, name="random_segment", entity=Customer, universe=among)
        nodes = {
            "value": bound(value, "customer"),
            "tag": TagRef(value.type, "random_tag", "customer"),
            "rule": bound(rule, "customer"),
            "inside": SegmentRef(BOOLEAN, "random_segment", "customer"),
            "outside": SegmentRef(BOOLEAN, "random_segment", "customer", outside=True),
        }
        if within:
            nodes["universe"] = SegmentRef(BOOLEAN, within, "customer")
        defined = {**DEFINITIONS, **{one.name: one.draft.finished() for one in (named, chosen)}}
        found = on_duckdb(duckdb_engine, SCHEMA, rows, nodes, "customer", day, defined)
        told = f"{written(nodes['value'])}\n{written(nodes['rule'])} within {within}\nas of {day}"
        assert found["tag"] == found["value"], told
        for key, met in found["rule"].items():
            belongs = found["universe"][key] if within else True
            assert found["inside"][key] is (belongs and met is True), told
            assert found["outside"][key] is (belongs and met is not True), told

    for_all(check, CHANCE, 12)


def test_every_operator_has_a_signature() -> None:
    assert set(CALLS) == set(OPERATORS)
    assert set(AGGREGATED) == set(AGGREGATES)
    assert set(RANKED) == set(RANKS)


def test_every_operator_and_node_kind_is_drawn(for_all: Callable[..., None]) -> None:
    drawn: Counter[str] = Counter()
    kinds: Counter[str] = Counter()

    def check(draw: Random) -> None:
        for part in (part for node in random_nodes(draw, "customer", BATCH).values() for part in walk(node)):
            drawn[getattr(part, "op", "")] += 1
            kinds[type(part).__name__] += 1

    for_all(check, CHANCE, 50)
    assert {*OPERATORS, *AGGREGATES, *RANKS} <= set(drawn)
    assert set(NODE_KINDS) - NOT_RUN <= set(kinds)
