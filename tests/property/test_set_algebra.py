"""Segments are sets: a rule splits its rows into three, and what holds for sets holds for segments within their universe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

from smallest import written
from strategies import bound, random_expression
from tables import CHANCE, DAYS, Tables, random_tables
from world import DEFINITIONS, SCHEMA, Customer, universe

from agreement import on_duckdb, on_reference, queries_over
from c360 import segment
from c360.datatypes import BOOLEAN
from c360.engines.duckdb import DuckDBEngine
from c360.expr.nodes import Node, SegmentRef
from c360.language.definitions import Definition, Segment
from c360.language.expression import Expression, apply

Keys = frozenset[str]
UNIVERSES = (None, "has_line", "due")


def kept(engine: DuckDBEngine, rows: Tables, node: Node, day: date) -> list[str]:
    """Return the keys of the rows for which *node* is true, by WHERE."""
    queries = queries_over(SCHEMA, rows, {"rule": node}, "customer", day, DEFINITIONS)
    return [key for (key,) in engine.rows(queries.table(only="rule"))]


def test_a_rule_its_negation_and_unknown_split_the_rows(duckdb_engine: DuckDBEngine, for_all: Callable[..., None]) -> None:
    def check(draw: Random) -> None:
        day, rule = draw.choice(DAYS), random_expression(draw, "customer", BOOLEAN)
        rows = random_tables(draw, day)
        parts = [kept(duckdb_engine, rows, bound(part, "customer"), day) for part in (rule, apply("not", rule), rule.is_null())]
        true = bound(rule.is_null() | ~rule.is_null(), "customer")
        everyone = kept(duckdb_engine, rows, true, day)
        told = f"{written(bound(rule, 'customer'))} as of {day}"
        assert sorted(key for part in parts for key in part) == sorted(everyone), told
        assert not set(parts[0]) & set(parts[1]) and not set(parts[2]) & (set(parts[0]) | set(parts[1])), told

    for_all(check, CHANCE, 8)


def test_counts_say_what_where_keeps(duckdb_engine: DuckDBEngine, for_all: Callable[..., None]) -> None:
    def check(draw: Random) -> None:
        day, rule = draw.choice(DAYS), random_expression(draw, "customer", BOOLEAN)
        rows = random_tables(draw, day)
        node = bound(rule, "customer")
        queries = queries_over(SCHEMA, rows, {"rule": node}, "customer", day, DEFINITIONS)
        counted = duckdb_engine.record(queries.counts(["rule"]))
        values = list(on_reference(SCHEMA, rows, {"rule": node}, "customer", day, DEFINITIONS)["rule"].values())
        expected = {"all_rows": len(values), "rule_true": values.count(True), "rule_unknown": values.count(None)}
        assert counted == expected, written(node)

    for_all(check, CHANCE, 8)


def algebra(p: Expression, q: Expression, within: str | None) -> dict[str, Segment]:
    """Return two segments within a universe and what can be made of them."""
    among: Any = universe(within) if within else None
    a, b = (segment(rule, name=name, entity=Customer, universe=among) for name, rule in (("a", p), ("b", q)))
    made = {
        "joined": a | b, "shared": a & b, "minus": a - b, "a_and_not_b": a & ~b, "not_union": ~(a | b), "neither": ~a & ~b,
        "not_both": ~(a & b), "either_not": ~a | ~b, "not_a": ~a, "not_not_a": ~~a, "a_or_not_a": a | ~a, "a_and_not_a": a & ~a,
        "a_and_a": a & a, "absorbed": a | (a & b), "b_or_a": b | a, "b_and_a": b & a,
    }  # fmt: skip
    named = {name: segment(rule, name=name, entity=Customer, universe=among) for name, rule in made.items()}
    return {"a": a, "b": b, **named}


def members(found: dict[str, dict[str, Any]], name: str) -> Keys:
    """Return the keys in a segment; membership is never unknown."""
    assert None not in found[name].values(), name
    return frozenset(key for key, inside in found[name].items() if inside)


def check_algebra(sets: dict[str, Keys], everyone: Keys) -> None:
    """Check the laws of sets."""
    a, b = sets["a"], sets["b"]
    assert a | b <= everyone
    assert sets["joined"] == sets["b_or_a"] == a | b
    assert sets["shared"] == sets["b_and_a"] == a & b
    assert sets["minus"] == sets["a_and_not_b"] == a - b
    assert sets["not_union"] == sets["neither"] == everyone - (a | b)
    assert sets["not_both"] == sets["either_not"] == everyone - (a & b)
    assert sets["not_a"] == everyone - a
    assert sets["not_not_a"] == sets["a_and_a"] == sets["absorbed"] == a
    assert sets["a_or_not_a"] == everyone
    assert sets["a_and_not_a"] == frozenset()
    assert len(sets["joined"]) + len(sets["shared"]) == len(a) + len(b)


def test_segments_obey_the_laws_of_sets(duckdb_engine: DuckDBEngine, for_all: Callable[..., None]) -> None:
    def check(draw: Random) -> None:
        day, within = draw.choice(DAYS), draw.choice(UNIVERSES)
        p, q = (random_expression(draw, "customer", BOOLEAN) for _ in "pq")
        rows = random_tables(draw, day)
        made = algebra(p, q, within)
        defined: dict[str, Definition] = {**DEFINITIONS, **{name: one.draft.finished() for name, one in made.items()}}
        nodes: dict[str, Node] = {name: SegmentRef(BOOLEAN, name, "customer") for name in made}
        if within:
            nodes["everyone"] = SegmentRef(BOOLEAN, within, "customer")
        for found in (
            on_reference(SCHEMA, rows, nodes, "customer", day, defined),
            on_duckdb(duckdb_engine, SCHEMA, rows, nodes, "customer", day, defined),
        ):
            everyone = members(found, "everyone") if within else frozenset(found["a"])
            check_algebra({name: members(found, name) for name in made}, everyone)

    for_all(check, CHANCE, 8)
