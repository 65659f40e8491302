"""Many segments in one scan, and over stored columns: the same counts and pairs as each segment's rows one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from random import Random

import pytest
from strategies import random_expression
from tables import CHANCE, DAYS, Tables, random_tables
from test_set_algebra import UNIVERSES, algebra, members
from world import DEFINITIONS, SCHEMA, Customer

from agreement import on_reference, queries_over
from c360 import tag
from c360.audience.asking import member_outputs, size_questions, unknown_name, unknown_outputs
from c360.audience.size import Size, size_from
from c360.datatypes import BOOLEAN
from c360.engines.duckdb import DuckDBEngine
from c360.expr.nodes import Node, SegmentRef, TagRef
from c360.language.definitions import Definition
from c360.plan import Request
from c360.plan.stored import stored_plan
from c360.snapshots.masks import StoredSegment, counts_sql
from c360.sql.masks import counts_of, mask_columns, pairs_of, patterns_of, stored_pairs, words_for
from c360.sql.queries import PlanSql
from c360.sql.stored import StoredFamily, StoredTable

Definitions = Mapping[str, Definition]
TAGS = ("value", "quiet", "open_tickets", "first", "second")


def world(draw: Random, within: str | None) -> dict[str, Definition]:
    """Return the definitions of this world, two random yes/no tags, and segments over these within a universe."""
    p, q = (random_expression(draw, "customer", BOOLEAN) for _ in "pq")
    tags = [tag(rule, name=name, entity=Customer) for name, rule in (("first", p), ("second", q))]
    made = algebra(tags[0], tags[1], within)
    return {**DEFINITIONS, **{one.name: one.draft.finished() for one in tags}, **{n: s.draft.finished() for n, s in made.items()}}


def segments_of(defined: Definitions) -> list[str]:
    """Return the segments of customers, those of this world too."""
    return [name for name, one in defined.items() if one.kind == "segment" and one.entity == "customer"]


def by_hand(rows: Tables, names: list[str], day: date, defined: Definitions) -> dict[str, Size]:
    """Return the sizes as the reference engine has them, row by row."""
    nodes: dict[str, Node] = {}
    for name in names:
        nodes[f"rule {name}"] = defined[name].node
        if defined[name].universe:
            nodes[f"universe {name}"] = SegmentRef(BOOLEAN, defined[name].universe, "customer")
    values = on_reference(SCHEMA, rows, nodes, "customer", day, defined)
    found = {}
    for name in names:
        rule = values[f"rule {name}"]
        inside = [rule[key] for key in rule if not defined[name].universe or values[f"universe {name}"][key]]
        counts = [inside.count(value) for value in (True, False, None)]
        found[name] = Size(name, "customer", day, len(inside), *counts)
    return found


def universes_of(defined: Definitions) -> dict[str, str]:
    """Return each segment's universe."""
    return {name: one.universe for name, one in defined.items() if one.kind == "segment"}


@pytest.mark.thorough
def test_sizes_in_one_scan_are_those_of_each(duckdb_engine: DuckDBEngine, for_all: Callable[..., None]) -> None:
    def check(draw: Random) -> None:
        day, defined = draw.choice(DAYS), world(draw, draw.choice(UNIVERSES))
        rows, names = random_tables(draw, day), segments_of(defined)
        asked = size_questions({name: defined[name].node for name in names}, universes_of(defined), "customer")
        queries = queries_over(SCHEMA, rows, {o.name: o.node for o in asked.outputs}, "customer", day, defined)
        questions = [(one.universe, one.rule) for one in asked.questions]
        counts = duckdb_engine.record(queries.over_rows(lambda asked_rows: counts_of(asked_rows, questions)))
        found = {name: size_from(name, "customer", day, place, counts, (), None) for place, name in enumerate(names)}
        assert found == by_hand(rows, names, day, defined)

    for_all(check, CHANCE, 6)


def test_pairs_over_several_words_are_those_of_the_sets(duckdb_engine: DuckDBEngine, for_all: Callable[..., None]) -> None:
    def check(draw: Random) -> None:
        day, defined = draw.choice(DAYS), world(draw, draw.choice(UNIVERSES))
        rows, names = random_tables(draw, day), (segments_of(defined) * 4)[:70]
        nodes: dict[str, Node] = {o.name: o.node for o in member_outputs(names, "customer")}
        queries = queries_over(SCHEMA, rows, nodes, "customer", day, defined)
        sql = queries.over_rows(lambda asked: pairs_of(patterns_of(asked, list(nodes)), len(nodes)))
        values = on_reference(SCHEMA, rows, nodes, "customer", day, defined)
        sets = [members(values, name) for name in nodes]
        expected = {(a, b): len(x & y) for a, x in enumerate(sets) for b, y in enumerate(sets) if x & y}
        assert {(a, b): n for a, b, n in duckdb_engine.rows(sql)} == expected
        assert words_for(len(nodes)) == ["mask_0", "mask_1"]

    for_all(check, CHANCE, 4)


class Stored:
    """A tag table written to files as a build does: keys, two families of tags, masks of some segments."""

    def __init__(self, engine: DuckDBEngine, rows: Tables, day: date, defined: Definitions, names: list[str], folder: Path) -> None:
        self.defined, self.day, self.names, self.folder = defined, day, names, folder
        rules, universes = {name: defined[name].node for name in names}, universes_of(defined)
        nodes: dict[str, Node] = {name: TagRef(defined[name].type, name, "customer") for name in TAGS}
        nodes |= {name: SegmentRef(BOOLEAN, name, "customer") for name in names}
        nodes |= {output.name: output.node for output in unknown_outputs(rules, universes, "customer")}
        queries = queries_over(SCHEMA, rows, nodes, "customer", day, defined)
        for file, tags in (("keys", ()), ("some", TAGS[:2]), ("others", TAGS[2:])):
            engine.execute(f"COPY ({queries.stored(tags)}) TO '{self.path(file)}' (FORMAT parquet)")
        packed = queries.stored((), (*names, *map(unknown_name, names)), mask_columns)
        engine.execute(f"COPY ({packed}) TO '{self.path('masks')}' (FORMAT parquet)")

    def path(self, file: str) -> str:
        """Return the full path of a file."""
        return str(self.folder / f"{file}.parquet")

    def queries(self, nodes: Mapping[str, Node], is_whole: bool) -> PlanSql:
        """Return the queries over the files alone."""
        from c360.plan import Output

        outputs = tuple(Output(name, node) for name, node in nodes.items())
        stored = {*TAGS, *self.names}
        plan = stored_plan(Request("customer", self.day, outputs, frozenset()), SCHEMA, self.defined, lambda n: n in stored)
        families = tuple(
            StoredFamily(tuple(tags), (self.path(file),), is_whole) for file, tags in (("some", TAGS[:2]), ("others", TAGS[2:]))
        )
        masks = StoredFamily(tuple(words_for(2 * len(self.names))), (self.path("masks"),), is_whole)
        bits = {name: place for place, name in enumerate(self.names)}
        table = StoredTable("customer", "customer_id", (self.path("keys"),), families, masks, bits)
        return PlanSql(plan, SCHEMA, table, universes_of(self.defined))


@pytest.mark.thorough
def test_stored_columns_answer_as_the_sources_do(duckdb_engine: DuckDBEngine, for_all: Callable[..., None], tmp_path: Path) -> None:
    def check(draw: Random) -> None:
        day, within, is_whole = draw.choice(DAYS), draw.choice(UNIVERSES), draw.choice((True, False))
        defined, rows = world(draw, within), random_tables(draw, day)
        asked = ["joined", "minus", "neither", "not_a", "absorbed"]
        kept = [name for name in (within, "a", "shared") if name]  # the others are computed from stored tags
        stored = Stored(duckdb_engine, rows, day, defined, kept, tmp_path)
        nodes: dict[str, Node] = {name: SegmentRef(BOOLEAN, name, "customer") for name in asked}
        nodes |= {name: TagRef(defined[name].type, name, "customer") for name in TAGS}
        nodes |= {f"rule of {name}": defined[name].node for name in asked}
        expected = on_reference(SCHEMA, rows, nodes, "customer", day, defined)
        found: dict[str, dict[str, object]] = {name: {} for name in nodes}
        for key, *values in duckdb_engine.rows(stored.queries(nodes, is_whole).table()):
            for name, value in zip(nodes, values, strict=True):
                found[name][key] = value
        assert found == expected

    for_all(check, CHANCE, 4)


@pytest.mark.thorough
def test_stored_masks_count_and_pair_as_the_sources_do(
    duckdb_engine: DuckDBEngine, for_all: Callable[..., None], tmp_path: Path
) -> None:
    def check(draw: Random) -> None:
        day, within = draw.choice(DAYS), draw.choice(UNIVERSES)
        defined, rows = world(draw, within), random_tables(draw, day)
        names = segments_of(defined)
        stored = Stored(duckdb_engine, rows, day, defined, names, tmp_path)
        bits = {name: place for place, name in enumerate(names)}
        places = [
            StoredSegment(bits[name], len(names) + bits[name], bits[defined[name].universe] if defined[name].universe else None)
            for name in names
        ]
        counts = duckdb_engine.record(counts_sql([stored.path("masks")], places))
        found = {name: size_from(name, "customer", day, place, counts, (), None) for place, name in enumerate(names)}
        assert found == by_hand(rows, names, day, defined)

        few = draw.sample(names, 5)
        nodes: dict[str, Node] = {name: SegmentRef(BOOLEAN, name, "customer") for name in few}
        values = on_reference(SCHEMA, rows, nodes, "customer", day, defined)
        sets = [*(members(values, name) for name in few), frozenset(values[few[0]])]
        expected = {(a, b): len(x & y) for a, x in enumerate(sets) for b, y in enumerate(sets) if x & y}
        shared = duckdb_engine.rows(stored_pairs([stored.path("masks")], [bits[name] for name in few], None))
        assert {(a, b): n for a, b, n in shared} == expected

    for_all(check, CHANCE, 4)
